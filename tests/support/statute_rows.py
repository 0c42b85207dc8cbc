"""Valid rows of what the statute adds to an inquiry: notices, letters, disputes, joint cases, urging, leads, 实施细则."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from backend import models
from backend.domain import vocabulary as v
from tests.support.rows import DAY, NOW, inquiry_text, insert_row


def matter(session: Session, unit: models.Unit, **given: Any) -> models.Matter:
    defaults = {
        "unit_id": unit.id,
        "name": "食品经营许可",
        "regime": v.Regime.PERMIT,
        "basis": "《食品经营许可和备案管理办法》",
        "legal_days": 20,
        "procedure": "申请、审查、决定",
        "documents": ["申请书"],
        "created_at": NOW,
    }
    return insert_row(session, models.Matter, defaults, given)


def promise(session: Session, unit: models.Unit, **given: Any) -> models.UnitPromise:
    defaults = {
        "unit_id": unit.id,
        "category": v.Category.CONSULT,
        "working_days": 1,
        "basis": "实施细则第三条",
        "created_at": NOW,
    }
    return insert_row(session, models.UnitPromise, defaults, given)


def unit_record(session: Session, unit: models.Unit, **given: Any) -> models.UnitRecord:
    defaults = {
        "unit_id": unit.id,
        "kind": v.UnitRecordKind.RULES,
        "title": "实施细则",
        "document_number": "〔2026〕1号",
        "dated_on": date(2026, 3, 1),
        "body": "第一条",
        "created_at": NOW,
    }
    return insert_row(session, models.UnitRecord, defaults, given)


def notice(session: Session, inquiry: models.Inquiry, by: models.Staff, **given: Any) -> models.Notice:
    text = inquiry_text(session, inquiry).id
    defaults = {
        "inquiry_id": inquiry.id,
        "round": 1,
        "position": 1,
        "given_by_id": by.id,
        "given_at": NOW,
        "basis_text_id": text,
        "limit_text_id": text,
        "procedure_text_id": text,
        "limit_days": 20,
        "limit_kind": v.LimitBasis.LEGAL,
    }
    return insert_row(session, models.Notice, defaults, given)


def letter(
    session: Session, inquiry: models.Inquiry, by: models.Staff, **given: Any
) -> models.ExternalHandoff:
    """A letter to an authority that is not on the system, served by post."""
    defaults = {
        "inquiry_id": inquiry.id,
        "round": 1,
        "state": v.ExternalState.SERVED,
        "from_unit_id": inquiry.first_unit_id,
        "name": "某省某局",
        "address": "北京路1号",
        "phone": "025-83580000",
        "reason_text_id": inquiry_text(session, inquiry, kind="reason").id,
        "clause": "第六条第（四）项",
        "made_by_id": by.id,
        "made_at": NOW,
        "served_at": NOW,
        "served_recorded_at": NOW + DAY,
        "served_by_id": by.id,
        "served_how": v.ServiceMethod.POST,
        "receipt_text_id": inquiry_text(session, inquiry, kind="receipt").id,
    }
    return insert_row(session, models.ExternalHandoff, defaults, given)


def dispute(
    session: Session, inquiry: models.Inquiry, handoff: models.Handoff, **given: Any
) -> models.Dispute:
    defaults = {
        "inquiry_id": inquiry.id,
        "round": 1,
        "handoff_id": handoff.id,
        "level": v.DisputeLevel.GENERAL_POST,
        "arbiter_unit_id": inquiry.first_unit_id,
        "state": v.DisputeState.OPEN,
        "opened_at": NOW,
    }
    return insert_row(session, models.Dispute, defaults, given)


def joint(session: Session, inquiry: models.Inquiry, by: models.Staff, **given: Any) -> models.JointHandling:
    defaults = {
        "inquiry_id": inquiry.id,
        "round": 1,
        "lead_unit_id": inquiry.first_unit_id,
        "state": v.JointState.REPORTED,
        "matter_text_id": inquiry_text(session, inquiry).id,
        "found_at": NOW,
        "started_by_id": by.id,
        "reported_at": NOW,
    }
    return insert_row(session, models.JointHandling, defaults, given)


def joint_opinion(
    session: Session, joint: models.JointHandling, by: models.Staff, text: models.InquiryText, **given: Any
) -> models.JointOpinion:
    defaults = {
        "joint_id": joint.id,
        "unit_id": by.unit_id,
        "staff_id": by.id,
        "kind": v.OpinionKind.OPINION,
        "text_id": text.id,
        "at": NOW,
    }
    return insert_row(session, models.JointOpinion, defaults, given)


def supervision(
    session: Session, inquiry: models.Inquiry, by: models.Staff, **given: Any
) -> models.Supervision:
    defaults = {
        "inquiry_id": inquiry.id,
        "kind": v.SupervisionKind.SUPERVISION,
        "staff_id": by.id,
        "text_id": inquiry_text(session, inquiry).id,
        "at": NOW,
    }
    return insert_row(session, models.Supervision, defaults, given)


def lead(session: Session, clock: models.Clock, **given: Any) -> models.AccountabilityLead:
    defaults = {
        "inquiry_id": clock.inquiry_id,
        "measure": clock.measure,
        "item": "第十条（一）2",
        "against": v.LeadAgainst.FIRST_RESPONDER,
        "ground": v.LeadGround.BREACH,
        "clock_id": clock.id,
        "unit_id": clock.bearer_unit_id,
        "at": clock.due_at,
        "recorded_at": clock.due_at,
        "state": v.LeadState.OPEN,
    }
    return insert_row(session, models.AccountabilityLead, defaults, given)


def lead_decision(
    session: Session,
    lead: models.AccountabilityLead,
    by: models.Staff,
    text: models.InquiryText,
    *measures: v.DecisionMeasure,
    **given: Any,
) -> models.LeadDecision:
    defaults = {
        "lead_id": lead.id,
        "decided_on": date(2026, 12, 1),
        "body": "机关党委",
        "document": "〔2026〕2号",
        "text_id": text.id,
        "recorded_by_id": by.id,
        "recorded_at": NOW,
    }
    decision = insert_row(session, models.LeadDecision, defaults, given)
    for measure in measures:
        insert_row(session, models.LeadMeasure, {"lead_id": lead.id, "measure": measure}, {})
    return decision
