"""What stands behind `flask shouwen rules`: read a document, take it for a unit, show what is in force."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from backend.database import reading, unit_of_work
from backend.domain.actors import SYSTEM
from backend.domain.unit_rules import RulesInvalid, read_rules
from backend.models import Unit
from backend.services.calendar import working_calendar
from backend.services.unit_rules import Changes, document_of, load_unit_rules
from backend.services.work import Work


def take_file(unit: str, file: Path, now: datetime, *, dry_run: bool) -> Changes:
    """Take the document in `file` for the unit of this name or id; a dry run undoes all of it. Raises RulesInvalid."""
    document = read_rules(_parsed(file))
    with unit_of_work() as session:
        tools = current_app.extensions["shouwen_tools"]
        work = Work(session, SYSTEM, now, tools, working_calendar(session))
        with session.begin_nested() as attempt:
            changes = load_unit_rules(work, _unit(session, unit), document)
            if dry_run:
                attempt.rollback()
    return changes


def told(changes: Changes) -> Iterator[str]:
    """What taking a document did, in Chinese lines."""
    yield "作息：" + ("有变化" if changes.hours_changed else "没有变化")
    for name, part in (("承诺时限", changes.promises), ("事项目录", changes.matters)):
        yield f"{name}：新增 {part.made}，停用 {part.ended}，不变 {part.kept}"
    yield f"文件：新增 {changes.records_added}"


def shown(unit: str) -> str:
    """The rules in force as a JSON document that can be loaded again. Raises RulesInvalid."""
    with reading() as session:
        document = document_of(session, _unit(session, unit))
    return json.dumps(document, ensure_ascii=False, indent=2)


def _parsed(file: Path) -> dict[str, Any]:
    try:
        text = file.read_text(encoding="utf-8-sig")
        data = json.loads(text) if file.suffix.lower() == ".json" else tomllib.loads(text)
    except UnicodeDecodeError:
        raise RulesInvalid("文件要存成 UTF-8") from None
    except json.JSONDecodeError as error:
        raise RulesInvalid(f"不是有效的 JSON，第 {error.lineno} 行：{error.msg}") from None
    except tomllib.TOMLDecodeError as error:
        raise RulesInvalid(f"不是有效的 TOML：{error}") from None
    if not isinstance(data, dict):
        raise RulesInvalid("文件应当是一个表")
    return data


def _unit(session: Session, given: str) -> Unit:
    found = session.scalars(select(Unit).where(or_(Unit.id == given, Unit.name == given))).all()
    if len(found) != 1:
        trouble = f"叫“{given}”的单位不止一个，请改用编号" if found else f"没有“{given}”这个单位"
        raise RulesInvalid(trouble)
    return found[0]
