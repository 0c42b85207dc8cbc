"""DATA_DIR/demo.json: the addresses and accounts of a demo, for the visitor and for tests that walk through it.

It is the only place where the demo's passwords are written, so each start rewrites it from the one before: same
accounts, current addresses, without accounts that were closed or are absent and without retired signs.
"""

from __future__ import annotations

import json
import os
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from backend.models import Post, RoleGrant, Section, Sign, Staff
from backend.services.presence import is_present
from backend.settings import Settings

Handout = dict[str, Any]


def read_handout(path: Path) -> Handout | None:
    """The file of the former start, or None when there is none to be used."""
    try:
        found = json.loads(path.read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def write_handout(path: Path, handout: Handout) -> None:
    """Put the file in place whole, readable by its owner only."""
    temporary = path.with_name(f".{path.name}.new")
    temporary.unlink(missing_ok=True)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(handout, file, ensure_ascii=False, indent=2)
        file.flush()
        os.fsync(descriptor)
    temporary.replace(path)


def refresh(
    session: Session, former: Handout, settings: Settings, now: datetime, simulator_url: str | None = None
) -> Handout:
    """The former handout with today's addresses, names and roles; what no longer works is left out."""
    wechat = settings.wechat
    return {
        "base_url": settings.base_url,
        "simulator_url": simulator_url,
        "wechat": wechat and {"appid": wechat.app_id, "templates": dict(wechat.templates)},
        "signs": _live_signs(session, [entry["code"] for entry in former["signs"]], settings.base_url),
        "staff": _present_staff(session, former["staff"], now),
    }


def _live_signs(session: Session, codes: list[str], base_url: str) -> list[Handout]:
    signs = session.scalars(
        select(Sign)
        .where(Sign.code.in_(codes), Sign.retired_at.is_(None))
        .options(joinedload(Sign.post).joinedload(Post.unit), joinedload(Sign.post).joinedload(Post.section))
    )
    live = {sign.code: sign.post for sign in signs}
    return [
        {
            "code": code,
            "url": f"{base_url}/s/{code}",
            "unit": live[code].unit.name,
            "section": _name(live[code].section),
        }
        for code in codes
        if code in live
    ]


def _present_staff(session: Session, former: list[Handout], now: datetime) -> list[Handout]:
    names = [entry["username"] for entry in former]
    people = {
        person.username: person
        for person in session.scalars(
            select(Staff)
            .where(Staff.username.in_(names), is_present(now))
            .options(joinedload(Staff.unit), joinedload(Staff.section))
        )
    }
    return [
        entry | _post_of(session, people[entry["username"]])
        for entry in former
        if entry["username"] in people
    ]


def _post_of(session: Session, person: Staff) -> Handout:
    granted = session.scalars(select(RoleGrant.role).where(RoleGrant.staff_id == person.id))
    return {
        "roles": sorted({role.value for role in granted}),
        "unit": person.unit.name,
        "section": _name(person.section),
    }


def _name(section: Section | None) -> str | None:
    return section.name if section else None
