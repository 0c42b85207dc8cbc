"""What a unit has laid down for itself, as anybody may read it: hours, promises beside the law, 事项目录, papers."""

from __future__ import annotations

from typing import Any

from backend.domain.clocks import Season
from backend.domain.errors import NotFound
from backend.domain.vocabulary import UnitRecordKind
from backend.models import Matter, Unit, UnitPromise, UnitRecord
from backend.queries.clocks import OWN_PROMISE
from backend.services.unit_rules import law_limit, live_matters, live_promises, papers
from backend.services.work import Work, find_by_id

PUBLIC = (UnitRecordKind.RULES, UnitRecordKind.SIMPLIFICATION)
"""实施细则 and 简化优化措施 (坛 八、十一); whom a commendation honours stands elsewhere."""


def rules_shape(work: Work, unit_id: str) -> dict[str, Any]:
    """The rules in force of an active unit. Raises NotFound."""
    unit = find_by_id(work.session, Unit, unit_id)
    if unit is None or not unit.is_active:
        raise NotFound("没有这个单位。")
    statute = work.tools.statute
    measure = statute.measures[unit.measure]
    hours = work.hours_of(unit)
    return {
        "unit": {"id": unit.id, "name": unit.name},
        "measure": {
            "id": measure.id.value,
            "term": measure.terms.system,
            "title": measure.title,
            "document": measure.document_number,
        },
        "hours": {
            "closes_at": f"{hours.closes_at:%H:%M}",
            "is_own": bool(hours.seasons or unit.closes_at),
            "seasons": [season_shape(season) for season in hours.seasons],
        },
        "reading_label": statute.reading_label,
        "promises": [_promise(work, unit, row) for row in live_promises(work.session, unit.id)],
        "matters": [_matter(row) for row in live_matters(work.session, unit.id)],
        "records": [_record(row) for row in papers(work.session, unit.id, *PUBLIC)],
    }


def season_shape(season: Season) -> dict[str, str]:
    """From when in the year the unit closes when."""
    month, day = season.starts_on.split("-")
    return {
        "starts_on": season.starts_on,
        "starts_text": f"{int(month)}月{int(day)}日",
        "closes_at": f"{season.closes_at:%H:%M}",
    }


def _promise(work: Work, unit: Unit, row: UnitPromise) -> dict[str, Any]:
    duty = law_limit(work.tools.statute, unit.measure, row.category)
    return {
        "category": row.category.value,
        "category_label": row.category.label,
        "label": OWN_PROMISE,
        "working_days": row.working_days,
        "basis": row.basis,
        "law": {"clause": duty.clause, "short_clause": duty.short_clause, "days": duty.limit.days}
        if duty is not None
        else None,
        "no_limit_note": None
        if duty is not None
        else work.tools.statute.measures[unit.measure].no_limit_note,
    }


def _matter(row: Matter) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.name,
        "regime": row.regime.value if row.regime else None,
        "regime_label": row.regime.label if row.regime else None,
        "basis": row.basis,
        "legal_days": row.legal_days,
        "promised_days": row.promised_days,
        "procedure": row.procedure or None,
        "documents": list(row.documents),
    }


def _record(row: UnitRecord) -> dict[str, Any]:
    return {
        "id": row.id,
        "kind": row.kind.value,
        "kind_label": row.kind.label,
        "title": row.title,
        "document_number": row.document_number or None,
        "dated_on": row.dated_on.isoformat(),
        "dated_text": f"{row.dated_on.year}年{row.dated_on.month}月{row.dated_on.day}日",
        "body": row.body or None,
    }
