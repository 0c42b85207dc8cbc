"""转交 and 移交: offer, accept, return, silence. The giver holds until somebody accepts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from backend.domain.actors import SYSTEM
from backend.domain.clocks import due_in_working_days
from backend.domain.errors import HandoffPending, NotHolder, OfferCancelled
from backend.domain.handoffs import Giver, Person, Target, check_target
from backend.domain.identity import Identity
from backend.domain.states import Step
from backend.domain.times import local
from backend.domain.vocabulary import (
    Category,
    HandoffKind,
    HandoffMode,
    HandoffState,
    Measure,
    PostKind,
    Role,
    Status,
)
from backend.models import Handoff, Inquiry, LedgerEntry, Section, Staff, Unit
from backend.models.types import new_id
from backend.services.changing import ensure_holder, move, name_first_responder
from backend.services.changing_clocks import pass_on_clocks
from backend.services.clocks import end_clocks_by, end_clocks_of, start_clocks
from backend.services.holdings import bearers, hold, live_holding
from backend.services.ledger import record
from backend.services.outbox import message_citizen, message_staff
from backend.services.presence import can_bear, is_staff_present, keepers, present_handlers, unit_post
from backend.services.routing import subject_of_inquiry
from backend.services.texts import store_text
from backend.services.work import Work
from backend.statute.model import Event


@dataclass(frozen=True, slots=True)
class Offer:
    """What the giver asks for. `to_unit_id` None means: the unit of the section or person named."""

    to_unit_id: str | None
    to_section_id: str | None
    to_staff_id: str | None
    mode: HandoffMode
    reason: str
    written: bool | None


def offer_handoff(
    work: Work, identity: Identity, inquiry: Inquiry, offer: Offer
) -> tuple[Handoff, LedgerEntry]:
    """Offer an inquiry to another section, or in writing to another unit (送达 = the moment it is recorded).

    坛 六（二）、七（二） inside the unit; 坛 六（四） to another unit; 泸 附件2 办理情况.
    Raises NotHolder, HandoffPending, IllegalTransition, HandoffTargetUnavailable, HandoffToSelf, SubjectConflict.
    """
    holding = ensure_holder(work, identity, inquiry, Step.OFFER)
    target = _target(work, offer)
    giver = Giver(holding.unit_id, holding.section_id, identity.staff_id)
    kind = check_target(giver, target, subject_of_inquiry(inquiry))
    if target is None:
        raise AssertionError("check_target refuses a missing target")
    prior = inquiry.status
    if prior is Status.IN_HANDOFF:
        raise HandoffPending()
    move(inquiry, Step.OFFER)
    named = name_first_responder(work, inquiry, holding, identity.staff_id)
    reason, digest = store_text(work, inquiry, "reason", offer.reason)
    giving_unit = work.session.get_one(Unit, holding.unit_id)
    silence = work.tools.statute.number("offer-silence")
    lapses = due_in_working_days(work.calendar, work.hours_of(giving_unit), work.now, silence)
    handoff = Handoff(
        id=new_id(),
        inquiry_id=inquiry.id,
        kind=kind,
        mode=offer.mode,
        state=HandoffState.OFFERED,
        is_written=kind is HandoffKind.UNIT or bool(offer.written),
        from_holding_id=holding.id,
        from_unit_id=holding.unit_id,
        from_section_id=holding.section_id,
        to_unit_id=target.unit_id,
        to_section_id=target.section_id,
        to_staff_id=target.staff_id,
        reason_text_id=reason.id,
        clause=_clause(work, inquiry, kind),
        prior_status=prior,
        offered_by_id=identity.staff_id,
        offered_at=work.now,
        served_at=work.now if kind is HandoffKind.UNIT else None,
        lapses_at=lapses.due_at,
    )
    work.session.add(handoff)
    work.session.flush()
    if kind is HandoffKind.UNIT:
        # 送达 meets written-transfer, and a later return does not undo it; the authority must accept at once.
        end_clocks_by(work, inquiry, Event.UNIT_HANDOFF_SERVED)
        start_clocks(
            work, inquiry, Event.UNIT_HANDOFF_SERVED, since=work.now, holding=holding, handoff=handoff
        )
    else:
        end_clocks_by(work, inquiry, Event.SECTION_HANDOFF)
    entry = record(
        work,
        "offered",
        inquiry,
        unit_id=inquiry.unit_id,
        holding=holding,
        facts=_facts(handoff)
        | named
        | {"mode": handoff.mode.value, "lapses_at": local(handoff.lapses_at).isoformat()},
        texts={"reason": (reason.id, digest)},
    )
    told = [person.staff_id for person in target.people]
    message_staff(work, "offered", inquiry, told, handoff=handoff.id)
    message_citizen(work, "progress", inquiry, event="offered")
    return handoff, entry


def accept_handoff(work: Work, identity: Identity, inquiry: Inquiry, handoff: Handoff) -> LedgerEntry:
    """Take over in person: the accepter becomes the named 承办人员 and bears 首问责任 (坛 六（二）).

    Raises OfferCancelled when the offer is closed, NotHolder when it was made to somebody else.
    """
    _ensure_open(handoff)
    if not may_answer(work.session, identity, handoff, work.now):
        raise NotHolder("这次转交不是给您或您所在科室的。")
    giving_unit_id = inquiry.unit_id
    move(inquiry, Step.ACCEPT)
    handoff.state = HandoffState.ACCEPTED
    handoff.decided_at = work.now
    handoff.decided_by_id = identity.staff_id
    holding = hold(work, inquiry, staff=work.session.get_one(Staff, identity.staff_id))
    end_clocks_by(work, inquiry, Event.HANDOFF_ACCEPTED, handoff=handoff)
    if handoff.kind is HandoffKind.SECTION:
        pass_on_clocks(work, inquiry, holding)
    entry = record(
        work,
        "accepted",
        inquiry,
        unit_id=holding.unit_id,
        # Acceptance by another unit stands in both chains (design 4).
        mirror_unit_ids=(giving_unit_id,),
        holding=holding,
        facts=_facts(handoff),
    )
    message_staff(work, "accepted", inquiry, [handoff.offered_by_id], handoff=handoff.id)
    message_citizen(work, "progress", inquiry, event="accepted")
    return entry


def return_handoff(
    work: Work, identity: Identity, inquiry: Inquiry, handoff: Handoff, *, reason: str, clause: str
) -> LedgerEntry:
    """Give an offer back with a reason and its clause (泸: 职责依据). Raises OfferCancelled, NotHolder."""
    _ensure_open(handoff)
    if not may_answer(work.session, identity, handoff, work.now):
        raise NotHolder("这次转交不是给您或您所在科室的。")
    reason_row, reason_digest = store_text(work, inquiry, "reason", reason)
    clause_row, clause_digest = store_text(work, inquiry, "clause", clause)
    move(inquiry, Step.RETURN, before_offer=handoff.prior_status)
    handoff.state = HandoffState.RETURNED
    handoff.decided_at = work.now
    handoff.decided_by_id = identity.staff_id
    handoff.return_reason_text_id = reason_row.id
    handoff.return_clause_text_id = clause_row.id
    work.session.flush()
    end_clocks_by(work, inquiry, Event.HANDOFF_RETURNED, handoff=handoff)
    return _back_to_giver(
        work,
        inquiry,
        handoff,
        "returned",
        texts={"reason": (reason_row.id, reason_digest), "clause": (clause_row.id, clause_digest)},
    )


def lapse_handoff(work: Work, inquiry: Inquiry, handoff: Handoff) -> LedgerEntry:
    """Silence of one working day returns an offer (系统设定); the authority's own limit keeps its breach."""
    _ensure_open(handoff)
    work = work.acting_as(SYSTEM)
    move(inquiry, Step.LAPSE, before_offer=handoff.prior_status)
    handoff.state = HandoffState.LAPSED
    handoff.decided_at = work.now
    work.session.flush()
    end_clocks_of(work, inquiry, handoff)
    return _back_to_giver(work, inquiry, handoff, "lapsed", texts={})


def may_answer(session: Session, identity: Identity, handoff: Handoff, now: datetime) -> bool:
    """Whether this person may accept or return: the one named, any present handler of the section, or the unit's post."""
    if not is_staff_present(session, identity.staff_id, now):
        return False
    if handoff.to_staff_id is not None:
        return handoff.to_staff_id == identity.staff_id
    if handoff.to_section_id is not None:
        return handoff.to_section_id in identity.sections_with(Role.HANDLER)
    post = unit_post(session, handoff.to_unit_id, PostKind.GENERAL)
    return post is not None and identity.staff_id in {s.id for s in keepers(session, post, now)}


def _ensure_open(handoff: Handoff) -> None:
    if handoff.state is not HandoffState.OFFERED:
        raise OfferCancelled(state=handoff.state.value)


def _back_to_giver(
    work: Work, inquiry: Inquiry, handoff: Handoff, event: str, *, texts: dict[str, tuple[str, str]]
) -> LedgerEntry:
    holding = live_holding(work.session, inquiry)
    entry = record(
        work,
        event,
        inquiry,
        unit_id=inquiry.unit_id,
        # An offer between units is answered in both chains, so that neither side can deny it.
        mirror_unit_ids=(handoff.to_unit_id,),
        holding=holding,
        facts=_facts(handoff),
        texts=texts,
    )
    if holding is not None:
        people = [s.id for s in bearers(work.session, holding, work.now)]
        message_staff(work, event, inquiry, [*people, handoff.offered_by_id], handoff=handoff.id)
    message_citizen(work, "progress", inquiry, event=event)
    return entry


def _clause(work: Work, inquiry: Inquiry, kind: HandoffKind) -> str:
    """What the hand-off is made under: for a consultation inside the unit 坛 七（二）, else the measure's first."""
    clauses = work.tools.statute.measures[inquiry.measure].handoff_clauses
    if kind is HandoffKind.UNIT:
        return clauses.unit[0].clause
    consult = inquiry.category is Category.CONSULT and inquiry.measure is Measure.TAN
    return clauses.section[1 if consult else 0].clause


def _facts(handoff: Handoff) -> dict[str, str | None]:
    return {
        "handoff": handoff.id,
        "kind": handoff.kind.value,
        "from_unit": handoff.from_unit_id,
        "from_section": handoff.from_section_id,
        "to_unit": handoff.to_unit_id,
        "to_section": handoff.to_section_id,
        "to_staff": handoff.to_staff_id,
    }


def _target(work: Work, offer: Offer) -> Target | None:
    """The target as it stands now; None when the request names nobody, or somebody who is not there to be named."""
    session = work.session
    staff = session.get(Staff, offer.to_staff_id) if offer.to_staff_id else None
    if offer.to_staff_id and (staff is None or not staff.is_active):
        return None
    section_id = offer.to_section_id or (staff.section_id if staff else None)
    section = session.get(Section, section_id) if section_id else None
    if section_id and (section is None or not section.is_active):
        return None
    named = section or staff
    unit_id = offer.to_unit_id or (named.unit_id if named else None)
    unit = session.get(Unit, unit_id) if unit_id else None
    if unit is None or not unit.is_active:
        return None
    if section is not None and section.unit_id != unit.id:
        return None
    if staff is not None and (
        staff.unit_id != unit.id or (section is not None and staff.section_id != section.id)
    ):
        return None
    return Target(
        unit_id=unit.id,
        section_id=section.id if section else None,
        staff_id=staff.id if staff else None,
        people=tuple(Person(s.id, s.section_id, s.unit_id) for s in _who_could(work, unit, section, staff)),
    )


def _who_could(work: Work, unit: Unit, section: Section | None, staff: Staff | None) -> list[Staff]:
    """The people an offer would wait for: the one named, the section's handlers, or whoever keeps the general post."""
    if staff is not None:
        return [staff] if can_bear(work.session, staff.id, work.now) else []
    if section is not None:
        return present_handlers(work.session, section.id, work.now)
    post = unit_post(work.session, unit.id, PostKind.GENERAL)
    return keepers(work.session, post, work.now) if post is not None else []
