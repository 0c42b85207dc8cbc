"""分派: section head, general post and leaders name the person, inside their scope, without an offer."""

from __future__ import annotations

from sqlalchemy.orm import Session

from backend.domain.errors import (
    FieldInvalid,
    HandoffTargetUnavailable,
    IllegalTransition,
    RoleRequired,
    SubjectConflict,
)
from backend.domain.identity import Identity
from backend.domain.states import Step
from backend.domain.vocabulary import HandoffKind
from backend.models import Holding, Inquiry, LedgerEntry, Staff
from backend.services.changing import move, name_first_responder
from backend.services.changing_clocks import pass_on_clocks
from backend.services.clocks import end_clocks_by
from backend.services.holdings import hold, live_holding
from backend.services.ledger import record
from backend.services.outbox import message_citizen, message_staff
from backend.services.presence import can_bear
from backend.services.routing import subject_of_inquiry
from backend.services.texts import store_text
from backend.services.work import Work
from backend.statute.model import Event


def may_assign(session: Session, identity: Identity, inquiry: Inquiry) -> bool:
    """Whether the inquiry is held inside this person's scope."""
    holding = live_holding(session, inquiry)
    return holding is not None and identity.may_assign(holding.unit_id, holding.section_id)


def assign_inquiry(
    work: Work, identity: Identity, inquiry: Inquiry, *, to_staff_id: str, reason: str | None
) -> LedgerEntry:
    """Make a present person of the scope the holder; they bear 首问责任 from now (坛 六（二）).

    Raises RoleRequired, FieldInvalid, HandoffTargetUnavailable, SubjectConflict, IllegalTransition.
    """
    holding = live_holding(work.session, inquiry)
    if holding is None:
        raise IllegalTransition(status=inquiry.status.value, step=Step.ASSIGN.value)
    if not identity.may_assign(holding.unit_id, holding.section_id):
        raise RoleRequired()
    staff = work.session.get(Staff, to_staff_id)
    if staff is None or not identity.may_assign(staff.unit_id, staff.section_id):
        raise FieldInvalid("/to_staff", "您的范围里没有这位工作人员。", "staff_unknown")
    if not can_bear(work.session, staff.id, work.now):
        raise HandoffTargetUnavailable()
    if subject_of_inquiry(inquiry).covers(staff.id, staff.section_id, staff.unit_id):
        raise SubjectConflict()
    move(inquiry, Step.ASSIGN)
    texts = {}
    if reason:
        row, digest = store_text(work, inquiry, "reason", reason)
        texts["reason"] = (row.id, digest)
    _end_written_transfer(work, inquiry, holding, staff)
    return _pass_to(work, inquiry, staff, texts)


def replace_holder(work: Work, inquiry: Inquiry, holding: Holding, staff: Staff) -> LedgerEntry:
    """Somebody leaves their place: a present person of the same unit takes over what they held, all else stays as it is.

    The caller has the chains locked. Raises FieldInvalid, HandoffTargetUnavailable, SubjectConflict.
    """
    if staff.unit_id != holding.unit_id or staff.id == holding.staff_id:
        raise FieldInvalid("/reassign_to", "接手的人要是同一个单位的另一位同志。", "staff_unknown")
    if not can_bear(work.session, staff.id, work.now):
        raise HandoffTargetUnavailable("接手的人不在岗，或者不能承办事项，请另选。")
    if subject_of_inquiry(inquiry).covers(staff.id, staff.section_id, staff.unit_id):
        raise SubjectConflict("其中有投诉接手人本人、本科室或者本单位的，请另选。")
    move(inquiry, Step.REPLACE)
    return _pass_to(work, inquiry, staff, {}, replaces=holding.staff_id)


def _pass_to(
    work: Work,
    inquiry: Inquiry,
    staff: Staff,
    texts: dict[str, tuple[str, str]],
    **facts: str | None,
) -> LedgerEntry:
    taken = hold(work, inquiry, staff=staff)
    pass_on_clocks(work, inquiry, taken)
    named = name_first_responder(work, inquiry, taken, staff.id)
    entry = record(
        work,
        "assigned",
        inquiry,
        unit_id=inquiry.unit_id,
        holding=taken,
        facts={"to_staff": staff.id, "kind": HandoffKind.SECTION.value, **named, **facts},
        texts=texts,
    )
    message_staff(work, "assigned", inquiry, [staff.id])
    message_citizen(work, "progress", inquiry, event="assigned")
    return entry


def _end_written_transfer(work: Work, inquiry: Inquiry, holding: Holding, staff: Staff) -> None:
    """Naming a handler in another section of the unit shows that it is the unit's own duty, like a hand-off there."""
    if staff.section_id is not None and staff.section_id != holding.section_id:
        end_clocks_by(work, inquiry, Event.SECTION_HANDOFF)
