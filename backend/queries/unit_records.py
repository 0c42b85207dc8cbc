"""What a unit has put on record about itself, for everybody to read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import select, tuple_

from backend.domain.errors import NotFound
from backend.models import Section, Staff, Unit, UnitRecord
from backend.queries.cursors import read_cursor, write_cursor
from backend.queries.people import ref
from backend.services.work import Work, find_by_id

PAGE = 20


def unit_records(work: Work, unit_id: str, cursor: str | None) -> dict[str, Any]:
    """One page, newest first: `{unit, items, next_cursor}`. Raises NotFound, CursorInvalid."""
    unit = find_by_id(work.session, Unit, unit_id)
    if unit is None or not unit.is_active:
        raise NotFound("没有这个单位。")
    key = (UnitRecord.dated_on, UnitRecord.id)
    query = select(UnitRecord).where(UnitRecord.unit_id == unit.id)
    if cursor:
        at, row_id = read_cursor(cursor)
        query = query.where(tuple_(*key) < (at.date(), row_id))
    rows = list(work.session.scalars(query.order_by(*(column.desc() for column in key)).limit(PAGE + 1)))
    page = rows[:PAGE]
    more = write_cursor(_moment(page[-1].dated_on), page[-1].id) if len(rows) > PAGE else None
    return {
        "unit": ref(unit),
        "measure": unit.measure.value,
        "items": _shapes(work, page),
        "next_cursor": more,
    }


def record_shape(work: Work, row: UnitRecord) -> dict[str, Any]:
    """One record in full; `honours` is whom a commendation is for."""
    return _shapes(work, [row])[0]


def _shapes(work: Work, rows: Sequence[UnitRecord]) -> list[dict[str, Any]]:
    """A page of them; the names in two statements however many they are."""
    names = _names(work, Staff, {row.staff_id for row in rows}) | _names(
        work, Section, {row.section_id for row in rows}
    )
    return [_shape(row, names.get(row.staff_id or row.section_id or "")) for row in rows]


def _shape(row: UnitRecord, honours: str | None) -> dict[str, Any]:
    day = row.dated_on
    return {
        "id": row.id,
        "kind": row.kind.value,
        "kind_label": row.kind.label,
        "title": row.title,
        "document_number": row.document_number or None,
        "dated_on": day.isoformat(),
        "dated_text": f"{day.year}年{day.month}月{day.day}日",
        "body": row.body,
        "honours": honours,
    }


def _names(work: Work, kind: type[Staff | Section], ids: set[str | None]) -> dict[str, str]:
    """Names by id; nothing is asked where nobody is named."""
    wanted = ids - {None}
    if not wanted:
        return {}
    rows = work.session.execute(select(kind.id, kind.name).where(kind.id.in_(wanted)))
    return {row.id: row.name for row in rows}


def _moment(day: date) -> datetime:
    """A day as a place in the list."""
    return datetime.combine(day, time(), UTC)
