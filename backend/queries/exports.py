"""Copies of the ledger as they are shown: one's own, and those that wait for one's leave."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import or_, select, tuple_

from backend.domain.clocks import date_phrase
from backend.domain.errors import NotFound
from backend.domain.exports import (
    FULL_ROLES,
    ExportFormat,
    ExportState,
    file_name,
    is_job,
    standing,
    volumes_of,
)
from backend.domain.identity import Identity
from backend.domain.ledger_form import moment_text
from backend.domain.times import local
from backend.exports.copies import Copy, full_copy, masked_copy
from backend.models import ExportRequest, Section, Staff, Unit
from backend.queries.cursors import read_cursor, write_cursor
from backend.queries.ledger_books import Book, cover_of, find_book
from backend.services.organising import identity_of
from backend.services.work import Work

PAGE = 20
_KEY = (ExportRequest.requested_at, ExportRequest.id)
PROBLEMS = {
    "template_broken": "单位自己的 Word 模板有错，请改好后重新导出",
    "not_allowed": "申请人已经不能查看这本台账",
    "too_slow": "一直没有做完，请重新导出",
}


def export_list(work: Work, identity: Identity, cursor: str | None) -> dict[str, Any]:
    """One page, newest first: one's own, and others' with names of the units in which one may allow them."""
    units = identity.units_with(*FULL_ROLES)
    others = ExportRequest.is_full & ExportRequest.unit_id.in_(units)
    query = select(ExportRequest).where(or_(ExportRequest.requested_by_id == identity.staff_id, others))
    if cursor:
        query = query.where(tuple_(*_KEY) < read_cursor(cursor))
    rows = list(work.session.scalars(query.order_by(*(c.desc() for c in _KEY)).limit(PAGE + 1)))
    page = rows[:PAGE]
    more = write_cursor(page[-1].requested_at, page[-1].id) if len(rows) > PAGE else None
    return {"items": _shapes(work, identity, page), "next_cursor": more}


def export_shape(work: Work, identity: Identity, export: ExportRequest) -> dict[str, Any]:
    """One of them."""
    return _shapes(work, identity, [export])[0]


def exports_waiting(work: Work, identity: Identity) -> int | None:
    """How many requests of others wait for this person's leave; None for who gives none."""
    units = identity.units_with(*FULL_ROLES)
    if not units:
        return None
    waiting = select(ExportRequest.id).where(
        ExportRequest.unit_id.in_(units),
        ExportRequest.requested_by_id != identity.staff_id,
        ExportRequest.state == ExportState.WAITING,
        ExportRequest.expires_at > work.now,
    )
    return len(work.session.scalars(waiting.limit(100)).all())


def exports_ready(work: Work, identity: Identity) -> dict[str, Any] | None:
    """How many files this person can take now, and until when the first of them: a copy with names has ten minutes."""
    ready = (
        ExportRequest.requested_by_id == identity.staff_id,
        ExportRequest.state == ExportState.READY,
        ExportRequest.expires_at > work.now,
    )
    ends = work.session.scalars(
        select(ExportRequest.expires_at).where(*ready).order_by(ExportRequest.expires_at).limit(100)
    ).all()
    return {"count": len(ends), "until_text": date_phrase(ends[0], work.now)} if ends else None


def book_of(work: Work, export: ExportRequest) -> Book:
    """The book as whoever asked may read it now. Raises RoleRequired, NotFound once they may no more."""
    person = work.session.get_one(Staff, export.requested_by_id)
    if not person.is_active:
        raise NotFound()
    book = find_book(
        work, identity_of(person), scope=export.scope, year=export.year, section_id=export.section_id
    )
    if book.unit.id != export.unit_id:
        raise NotFound()
    return book


def copy_of(work: Work, export: ExportRequest) -> Copy:
    """What the copy says of itself, at the moment it is made."""
    names = _names(work, Staff, {export.requested_by_id, export.decided_by_id})
    moment = moment_text(work.now) or ""
    name = names[export.requested_by_id]
    if not export.is_full or export.decided_by_id is None:
        return masked_copy(name, moment)
    return full_copy(name, moment, export.reason or "", names[export.decided_by_id])


def name_of_file(work: Work, book: Book, form: ExportFormat, *, is_full: bool) -> str:
    """What a browser keeps the file as."""
    return file_name(cover_of(work, book), form, is_full=is_full)


def _shapes(work: Work, identity: Identity, rows: Sequence[ExportRequest]) -> list[dict[str, Any]]:
    people = _names(work, Staff, {id for row in rows for id in (row.requested_by_id, row.decided_by_id)})
    sections = _names(work, Section, {row.section_id for row in rows})
    units = _names(work, Unit, {row.unit_id for row in rows})
    return [_shape(work, identity, row, people, sections, units) for row in rows]


def _shape(
    work: Work,
    identity: Identity,
    row: ExportRequest,
    people: dict[str, str],
    sections: dict[str, str],
    units: dict[str, str],
) -> dict[str, Any]:
    state = standing(row, work.now)
    is_own = row.requested_by_id == identity.staff_id
    has_end = state in {ExportState.WAITING, ExportState.READY}
    return {
        "id": row.id,
        "scope": row.scope.value,
        "scope_label": row.scope.label,
        "unit": {"id": row.unit_id, "name": units[row.unit_id]},
        "section": {"id": row.section_id, "name": sections[row.section_id]} if row.section_id else None,
        "year": row.year,
        "format": row.format.value,
        "format_label": row.format.label,
        "full": row.is_full,
        "reason": row.reason,
        "state": state.value,
        "state_label": state.label,
        "rows": row.row_count,
        "done": row.done_count,
        "volumes": volumes_of(row.row_count) if _is_made_by_a_job(row) else 1,
        "requested_by": {"id": row.requested_by_id, "name": people[row.requested_by_id]},
        "requested_at": local(row.requested_at).isoformat(),
        "requested_text": moment_text(row.requested_at),
        "decided_by": {"id": row.decided_by_id, "name": people[row.decided_by_id]}
        if row.decided_by_id
        else None,
        "decided_at": local(row.decided_at).isoformat() if row.decided_at else None,
        "note": row.note,
        "expires_at": local(row.expires_at).isoformat() if has_end else None,
        "expires_text": moment_text(row.expires_at) if has_end else None,
        "downloaded_at": local(row.downloaded_at).isoformat() if row.downloaded_at else None,
        "downloaded_text": moment_text(row.downloaded_at),
        "problem": PROBLEMS.get(row.problem or "", "请重新导出") if state is ExportState.FAILED else None,
        "own": is_own,
        "may_decide": state is ExportState.WAITING and not is_own,
        "may_download": state is ExportState.READY and is_own,
    }


def _is_made_by_a_job(row: ExportRequest) -> bool:
    """Masked ones always; of those with names also the thick, which have a key while they are kept."""
    return not row.is_full or row.wrapped_key is not None or is_job(row.format, row.row_count)


def _names(work: Work, kind: type[Staff | Section | Unit], ids: set[str | None]) -> dict[str, str]:
    wanted = ids - {None}
    if not wanted:
        return {}
    return {
        row.id: row.name
        for row in work.session.execute(select(kind.id, kind.name).where(kind.id.in_(wanted)))
    }
