"""Imported files as whoever imports them sees them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from backend.domain.identity import Identity
from backend.domain.ledger_form import moment_text
from backend.domain.vocabulary_organisation import ImportKind, ImportState
from backend.models import ImportFile, Staff, Unit
from backend.services.imports import (
    COUNTED,
    can_be_dropped,
    findings_of,
    first_passwords,
    may_approve,
    may_import,
    within_reach,
)
from backend.services.work import Work

PAGE = 30


def import_kinds(identity: Identity) -> list[dict[str, str]]:
    """What this person may import."""
    return [{"value": kind.value, "label": kind.label} for kind in ImportKind if may_import(identity, kind)]


def import_list(work: Work, identity: Identity) -> list[dict[str, Any]]:
    """The latest files, newest first."""
    rows = work.session.scalars(
        select(ImportFile)
        .where(within_reach(work, identity))
        .order_by(ImportFile.created_at.desc(), ImportFile.id)
        .limit(PAGE)
    )
    return [_line(work, row) for row in rows]


def import_shape(work: Work, identity: Identity, file: ImportFile) -> dict[str, Any]:
    """One file: how far it is, what it makes, every mistake."""
    by = work.session.get(Staff, file.created_by_id) if file.created_by_id else None
    told = findings_of(work.tools, file)
    return _line(work, file) | {
        "by": by.name if by else "命令行",
        "is_ready": file.state is ImportState.READY,
        "may_approve": may_approve(work, identity, file),
        "is_waiting": file.state in {ImportState.CHECKING, ImportState.RUNNING} and file.problem is None,
        "is_stopped": file.problem is not None,
        "can_be_dropped": can_be_dropped(file),
        "percent": 100 * file.done_count // file.row_count if file.row_count else 0,
        "mistakes": told["lines"],
        "mistake_count": told["count"],
        "has_passwords": bool(first_passwords(work, file)) if file.kind is ImportKind.ORGANISATION else False,
    }


def _state_label(file: ImportFile) -> str:
    """How it stands; what was put on record before it stopped is never called nothing."""
    if file.problem is not None and file.state is ImportState.CHECKING:
        return "没有检查完"
    if file.problem is not None:
        return "部分导入" if file.done_count else "没有导入"
    if file.state is ImportState.DROPPED and file.done_count:
        return f"已放弃，导入了 {file.done_count} 行"
    return file.state.label


def _line(work: Work, file: ImportFile) -> dict[str, Any]:
    return {
        "id": file.id,
        "kind": file.kind.value,
        "unit": work.session.get_one(Unit, file.unit_id).name,
        "kind_label": file.kind.label,
        "state": file.state.value,
        "state_label": _state_label(file),
        "name": file.file_name,
        "created_text": moment_text(file.created_at),
        "finished_text": moment_text(file.finished_at),
        "rows": file.row_count,
        "done": file.done_count,
        "counts": [(COUNTED[name], count) for name, count in file.counts.items() if count],
    }
