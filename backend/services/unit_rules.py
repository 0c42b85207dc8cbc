"""Take a unit's 实施细则 (坛 十一; 泸 二（二）1): hours, promises and matters as one document, whole or not at all.

What no longer stands in the document ends, what changed ends and is made anew, what is the same stays the same row:
limits that run keep the matter and the promise they were started with.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.domain.unit_rules import MatterEntry, Promise, RecordEntry, RulesInvalid, UnitRules
from backend.domain.vocabulary import Category, UnitRecordKind
from backend.domain.vocabulary import Measure as MeasureId
from backend.models import Matter, Unit, UnitHours, UnitPromise, UnitRecord
from backend.models.types import new_id
from backend.services.work import Work
from backend.statute.model import Duty, Event, LimitKind, Statute

Row = TypeVar("Row", UnitPromise, Matter)


class Part(NamedTuple):
    """What became of one part of the document."""

    made: int
    ended: int
    kept: int


class Changes(NamedTuple):
    """What taking a document did, or would do."""

    hours_changed: bool
    promises: Part
    matters: Part
    records_added: int


def law_limit(statute: Statute, measure: MeasureId, category: Category) -> Duty | None:
    """The duty whose days, counted from receipt to the answer, a promise for `category` stands beside; often none."""
    for duty in statute.duties_started_by(measure, Event.FILED, category, written=True):
        if duty.limit.kind is LimitKind.WORKING_DAYS and Event.CLOSED in duty.met_by:
            return duty
    return None


def load_unit_rules(work: Work, unit: Unit, rules: UnitRules) -> Changes:
    """Put the document in force from now on. Raises RulesInvalid where it would weaken what the law says."""
    _ensure_lawful(work.tools.statute, unit.measure, rules)
    changes = Changes(
        _take_hours(work, unit, rules),
        _take(
            work, live_promises(work.session, unit.id), [_promise_row(work, unit, p) for p in rules.promises]
        ),
        _take(work, live_matters(work.session, unit.id), [_matter_row(work, unit, m) for m in rules.matters]),
        sum(_add_record(work, unit, record) for record in rules.records),
    )
    work.session.flush()
    return changes


def live_promises(session: Session, unit_id: str) -> list[UnitPromise]:
    """What the unit promises now, in the order of the categories."""
    rows = session.scalars(
        select(UnitPromise).where(UnitPromise.unit_id == unit_id, UnitPromise.ended_at.is_(None))
    )
    order = list(Category)
    return sorted(rows, key=lambda row: order.index(row.category))


def live_matters(session: Session, unit_id: str) -> list[Matter]:
    """The 事项目录 as it stands."""
    query = select(Matter).where(Matter.unit_id == unit_id, Matter.ended_at.is_(None))
    return list(session.scalars(query.order_by(Matter.name, Matter.id)))


def papers(session: Session, unit_id: str, *kinds: UnitRecordKind) -> list[UnitRecord]:
    """The unit's dated papers of these kinds, newest first."""
    query = select(UnitRecord).where(UnitRecord.unit_id == unit_id, UnitRecord.kind.in_(kinds))
    return list(session.scalars(query.order_by(UnitRecord.dated_on.desc(), UnitRecord.title, UnitRecord.id)))


def document_of(session: Session, unit: Unit) -> dict[str, Any]:
    """The rules in force, in the shape of the document that loads them."""
    return {
        "hours": {row.starts_on: f"{row.closes_at:%H:%M}" for row in unit.seasons},
        "promises": [
            {"category": row.category.value, "working_days": row.working_days, "basis": row.basis}
            for row in live_promises(session, unit.id)
        ],
        "matters": [_matter_shape(row) for row in live_matters(session, unit.id)],
        "records": [
            {
                "kind": row.kind.value,
                "title": row.title,
                "document_number": row.document_number,
                "dated_on": row.dated_on.isoformat(),
                "body": row.body,
            }
            for row in papers(session, unit.id, *UnitRecordKind)
            if row.section_id is None and row.staff_id is None
        ],
    }


def _ensure_lawful(statute: Statute, measure: MeasureId, rules: UnitRules) -> None:
    """A unit may promise more than the law asks, never less (坛 十一 细化实化优化)."""
    for place, promise in enumerate(rules.promises, start=1):
        duty = law_limit(statute, measure, promise.category)
        if duty is not None and duty.limit.days is not None and promise.working_days > duty.limit.days:
            raise RulesInvalid(
                f"promises 第 {place} 条（{promise.category.label}）：承诺 {promise.working_days} 个工作日，"
                f"长于{duty.short_clause}规定的 {duty.limit.days} 个工作日"
            )


def _take_hours(work: Work, unit: Unit, rules: UnitRules) -> bool:
    before = [(row.starts_on, row.closes_at) for row in unit.seasons]
    if before == [tuple(season) for season in rules.seasons]:
        return False
    kept = {row.starts_on: row for row in unit.seasons}
    unit.seasons = [
        kept.get(start) or UnitHours(unit_id=unit.id, starts_on=start, closes_at=closes_at)
        for start, closes_at in rules.seasons
    ]
    for row, (_, closes_at) in zip(unit.seasons, rules.seasons, strict=True):
        row.closes_at = closes_at
    work.session.flush()
    return True


def _take(work: Work, live: Sequence[Row], wanted: Sequence[Row]) -> Part:
    """End what is not wanted any more, then add what is not there yet."""
    said = {_said(row) for row in wanted}
    ended = [row for row in live if _said(row) not in said]
    for row in ended:
        row.ended_at = work.now
    # One live row a name: the old one ends before the new one begins.
    work.session.flush()
    standing = {_said(row) for row in live}
    made = [row for row in wanted if _said(row) not in standing]
    work.session.add_all(made)
    return Part(len(made), len(ended), len(live) - len(ended))


def _said(row: UnitPromise | Matter) -> tuple[Any, ...]:
    """All that a row says, so that two that say the same can be told."""
    if isinstance(row, UnitPromise):
        return row.category, row.working_days, row.basis
    days = (row.legal_days, row.promised_days)
    return row.name, row.regime, row.basis, days, row.procedure, tuple(row.documents)


def _promise_row(work: Work, unit: Unit, promise: Promise) -> UnitPromise:
    return UnitPromise(
        id=new_id(),
        unit_id=unit.id,
        category=promise.category,
        working_days=promise.working_days,
        basis=promise.basis,
        created_at=work.now,
    )


def _matter_row(work: Work, unit: Unit, matter: MatterEntry) -> Matter:
    return Matter(
        id=new_id(),
        unit_id=unit.id,
        name=matter.name,
        regime=matter.regime,
        basis=matter.basis,
        legal_days=matter.legal_days,
        promised_days=matter.promised_days,
        procedure=matter.procedure,
        documents=list(matter.documents),
        created_at=work.now,
    )


def _matter_shape(row: Matter) -> dict[str, Any]:
    shape = {
        "name": row.name,
        "regime": row.regime.value if row.regime else None,
        "basis": row.basis,
        "legal_days": row.legal_days,
        "promised_days": row.promised_days,
        "procedure": row.procedure or None,
        "documents": row.documents,
    }
    return {key: value for key, value in shape.items() if value is not None}


def _add_record(work: Work, unit: Unit, record: RecordEntry) -> bool:
    """Add a paper unless it is on record; its text may be put right, its name, number and day are what it is."""
    row = work.session.scalar(
        select(UnitRecord).where(
            UnitRecord.unit_id == unit.id,
            UnitRecord.kind == record.kind,
            UnitRecord.title == record.title,
            UnitRecord.document_number == record.document_number,
            UnitRecord.dated_on == record.dated_on,
            UnitRecord.section_id.is_(None),
            UnitRecord.staff_id.is_(None),
        )
    )
    if row is not None:
        row.body = record.body
        return False
    work.session.add(
        UnitRecord(
            id=new_id(),
            unit_id=unit.id,
            kind=record.kind,
            title=record.title,
            document_number=record.document_number,
            dated_on=record.dated_on,
            body=record.body,
            created_at=work.now,
            created_by_id=work.actor.id,
        )
    )
    return True
