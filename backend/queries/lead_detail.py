"""One lead in full: the clause, its elements with their evidence, what speaks for the person, statement and decision."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from backend.domain.accountability import MEASURES_WITH_WAYS
from backend.domain.clocks import date_phrase
from backend.domain.identity import Identity
from backend.domain.times import local
from backend.domain.vocabulary import DecisionMeasure, LeadState
from backend.models import (
    AccountabilityLead,
    Inquiry,
    InquiryText,
    LeadDecision,
    LeadElement,
    LeadMeasure,
    LeadStatement,
    Staff,
)
from backend.queries.lead_facts import evidence_of, exculpations_of, handoffs_of_lead, limit_of
from backend.queries.leads import NO_VERDICT, lead_line
from backend.queries.visibility import not_about, visible_to
from backend.services.lead_steps import deciding_role, is_concerned, item_of, may_find
from backend.services.texts import read_text
from backend.services.work import Work
from backend.statute.model import Element, ElementKind


def lead_detail(work: Work, identity: Identity, lead: AccountabilityLead) -> dict[str, Any]:
    """Everything that stands beside a lead, and exactly the acts open to this person.

    The inquiry itself is named by its number; its words are not here, so that whom it concerns can answer without
    seeing what they may no longer see.
    """
    inquiry = work.session.get_one(Inquiry, lead.inquiry_id)
    measure = work.tools.statute.measures[lead.measure]
    may_know = _holds(work, inquiry, not_about(identity))
    reporter = work.session.get(Staff, lead.reported_by_id) if lead.reported_by_id else None
    line = lead_line(work, lead)
    return {
        **line,
        "measure": {
            "id": lead.measure.value,
            "term": measure.terms.system,
            "title": measure.title,
            "document": measure.document_number,
        },
        "no_verdict": NO_VERDICT,
        "recorded_at": local(lead.recorded_at).isoformat(),
        "recorded_text": date_phrase(lead.recorded_at, work.now),
        "reported_by": reporter.name if reporter is not None and may_know else None,
        "note": _text(work, inquiry, lead.note_text_id),
        "inquiry_visible": _holds(work, inquiry, visible_to(identity)),
        "limit": limit_of(work, lead),
        "elements": [
            _element(work, inquiry, lead, element, line["fallen_note"])
            for element in item_of(work, lead).elements
        ],
        "exculpations": exculpations_of(work, lead),
        "handoffs": handoffs_of_lead(work, lead) if may_know else [],
        "tolerance": {
            "clause": measure.tolerance.clause,
            "quote": "……".join(measure.tolerance.quote),
        }
        if measure.tolerance is not None
        else None,
        "statements": _statements(work, inquiry, lead),
        "ways": [{"value": way.value, "label": way.label} for way in _ways(lead)],
        "decision": _decision(work, inquiry, lead),
        "actions": _actions(work, identity, lead),
    }


def _ways(lead: AccountabilityLead) -> list[DecisionMeasure]:
    return list(DecisionMeasure) if lead.measure in MEASURES_WITH_WAYS else []


def _element(
    work: Work, inquiry: Inquiry, lead: AccountabilityLead, element: Element, fallen_note: str | None
) -> dict[str, Any]:
    shape: dict[str, Any] = {
        "id": element.id,
        "text": element.text,
        "kind": element.kind.value,
        "kind_label": element.kind.label,
        "found": None,
        "evidence": [],
        "words": None,
        "found_by": None,
        "found_text": None,
    }
    if element.kind is ElementKind.FACT and fallen_note is not None:
        return shape | {"found": False, "evidence": [fallen_note]}
    if element.kind is ElementKind.FACT:
        evidence = evidence_of(work, lead)
        return shape | {"found": True if evidence else None, "evidence": evidence}
    row = work.session.get(LeadElement, (lead.id, element.id))
    if row is None:
        return shape
    return shape | {
        "found": row.is_found,
        "words": _text(work, inquiry, row.text_id),
        "found_by": work.session.get_one(Staff, row.found_by_id).name,
        "found_text": date_phrase(row.found_at, work.now),
    }


def _statements(work: Work, inquiry: Inquiry, lead: AccountabilityLead) -> list[dict[str, Any]]:
    rows = work.session.scalars(
        select(LeadStatement)
        .where(LeadStatement.lead_id == lead.id)
        .order_by(LeadStatement.at, LeadStatement.id)
    )
    return [
        {
            "id": row.id,
            "by": work.session.get_one(Staff, row.staff_id).name,
            "at": local(row.at).isoformat(),
            "at_text": date_phrase(row.at, work.now),
            "text": _text(work, inquiry, row.text_id),
        }
        for row in rows
    ]


def _decision(work: Work, inquiry: Inquiry, lead: AccountabilityLead) -> dict[str, Any] | None:
    row = work.session.get(LeadDecision, lead.id)
    if row is None:
        return None
    chosen = set(work.session.scalars(select(LeadMeasure.measure).where(LeadMeasure.lead_id == lead.id)))
    day = row.decided_on
    return {
        "decided_on": day.isoformat(),
        "decided_text": f"{day.year}年{day.month}月{day.day}日",
        "body": row.body,
        "document": row.document or None,
        "reason": _text(work, inquiry, row.text_id),
        "measures": [
            {"value": measure.value, "label": measure.label}
            for measure in DecisionMeasure
            if measure in chosen
        ],
        "dismissed": lead.state is LeadState.DISMISSED,
        "tolerance": row.tolerance.value if row.tolerance else None,
        "tolerance_label": row.tolerance.label if row.tolerance else None,
        "recorded_by": work.session.get_one(Staff, row.recorded_by_id).name,
        "recorded_text": date_phrase(row.recorded_at, work.now),
    }


def _actions(work: Work, identity: Identity, lead: AccountabilityLead) -> list[dict[str, Any]]:
    href = f"/api/v1/staff/leads/{lead.id}"
    actions = []
    is_open = lead.state is LeadState.OPEN
    if is_concerned(identity, lead):
        actions.append(_action("state", "写下本人说明", "POST", f"{href}/statements", ["text"]))
    if is_open and may_find(work, identity, lead):
        actions += [
            _action(
                "find",
                f"认定：{element.text}",
                "PUT",
                f"{href}/elements/{element.id}",
                ["found", "text"],
            )
            for element in item_of(work, lead).elements
            if element.kind is ElementKind.HUMAN
        ]
    if is_open and deciding_role(work, identity, lead) is not None:
        fields = ["decided_on", "body", "document", "reason", "dismissed"]
        fields += ["measures"] if _ways(lead) else []
        fields += ["tolerance"] if work.tools.statute.measures[lead.measure].tolerance is not None else []
        actions.append(_action("decide", "记录处理决定", "POST", f"{href}/decision", fields))
    return actions


def _action(name: str, label: str, method: str, href: str, fields: list[str]) -> dict[str, Any]:
    return {"name": name, "label": label, "method": method, "href": href, "fields": fields}


def _text(work: Work, inquiry: Inquiry, text_id: str | None) -> str | None:
    row = work.session.get(InquiryText, text_id) if text_id else None
    return read_text(work.tools, inquiry, row) if row is not None else None


def _holds(work: Work, inquiry: Inquiry, condition: Any) -> bool:
    return work.session.scalar(select(Inquiry.id).where(Inquiry.id == inquiry.id, condition)) is not None
