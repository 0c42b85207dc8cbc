"""转交 and 移交: offer, accept, return, silence. The giver holds until somebody accepts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from backend.domain.actors import SYSTEM
from backend.domain.clocks import due_in_working_days
from backend.domain.errors import HandoffPending, NotHolder, OfferCancelled
from backend.domain.handoffs import Giver, check_target, cites_a_basis
from backend.domain.identity import Identity
from backend.domain.states import Step
from backend.domain.times import local
from backend.domain.vocabulary import (
    HandoffKind,
    HandoffMode,
    HandoffState,
    PostKind,
    Role,
    Status,
)
from backend.models import Handoff, Inquiry, LedgerEntry, Staff, Unit
from backend.models.types import new_id
from backend.services.changing import ensure_holder, move, name_first_responder
from backend.services.changing_clocks import pass_on_clocks, resume_clocks
from backend.services.clocks import end_clocks_by, end_clocks_of, start_clocks
from backend.services.disputes import Foreseen, begin_dispute, foresee_dispute
from backend.services.holdings import bearers, hold, live_holding
from backend.services.ledger import lock_chains, record
from backend.services.locking import lock_concerned
from backend.services.outbox import message_citizen, message_staff
from backend.services.pending import ensure_nothing_pending
from backend.services.presence import is_staff_present, keepers, unit_post
from backend.services.routing import subject_of_inquiry
from backend.services.targets import find_target
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
    Raises NotHolder, HandoffPending, DisputePending, IllegalTransition, HandoffTargetUnavailable, HandoffToSelf,
    SubjectConflict.
    """
    holding = ensure_holder(work, identity, inquiry, Step.OFFER)
    target = find_target(work, offer.to_unit_id, offer.to_section_id, offer.to_staff_id)
    giver = Giver(holding.unit_id, holding.section_id, identity.staff_id)
    kind = check_target(giver, target, subject_of_inquiry(inquiry))
    if target is None:
        raise AssertionError("check_target refuses a missing target")
    prior = inquiry.status
    if prior is Status.IN_HANDOFF:
        raise HandoffPending()
    ensure_nothing_pending(work, inquiry)
    lock_concerned(work, inquiry, target.unit_id)
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
    lock_concerned(work, inquiry)
    move(inquiry, Step.ACCEPT)
    handoff.state = HandoffState.ACCEPTED
    handoff.decided_at = work.now
    handoff.decided_by_id = identity.staff_id
    holding = hold(work, inquiry, staff=work.session.get_one(Staff, identity.staff_id))
    end_clocks_by(work, inquiry, Event.HANDOFF_ACCEPTED, handoff=handoff)
    pass_on_clocks(work, inquiry, holding)
    if handoff.prior_status is Status.AWAITING_CITIZEN:
        # Whoever takes over starts from a clean state and no longer waits; nor do the limits.
        resume_clocks(work, inquiry)
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
    foreseen = _take_chains(work, inquiry, handoff)
    end_clocks_by(work, inquiry, Event.HANDOFF_RETURNED, handoff=handoff)
    return _back_to_giver(
        work,
        inquiry,
        handoff,
        "returned",
        foreseen,
        texts={"reason": (reason_row.id, reason_digest), "clause": (clause_row.id, clause_digest)},
        clause_cited=cites_a_basis(clause, reason),
    )


def lapse_handoff(work: Work, inquiry: Inquiry, handoff: Handoff) -> LedgerEntry:
    """Silence of one working day returns an offer (系统设定); the authority's own limit keeps its breach."""
    _ensure_open(handoff)
    work = work.acting_as(SYSTEM)
    move(inquiry, Step.LAPSE, before_offer=handoff.prior_status)
    handoff.state = HandoffState.LAPSED
    handoff.decided_at = work.now
    work.session.flush()
    foreseen = _take_chains(work, inquiry, handoff)
    end_clocks_of(work, inquiry, handoff)
    return _back_to_giver(work, inquiry, handoff, "lapsed", foreseen, texts={})


def void_offer(work: Work, inquiry: Inquiry, handoff: Handoff) -> LedgerEntry:
    """The person it was offered to leaves their place: back to the giver at once, and no refusal of anybody's."""
    _ensure_open(handoff)
    move(inquiry, Step.LAPSE, before_offer=handoff.prior_status)
    handoff.state = HandoffState.CANCELLED
    handoff.decided_at = work.now
    work.session.flush()
    end_clocks_of(work, inquiry, handoff)
    return _back_to_giver(work, inquiry, handoff, "lapsed", None, texts={}, left=True)


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


def _take_chains(work: Work, inquiry: Inquiry, handoff: Handoff) -> Foreseen | None:
    """The dispute this refusal brings about, if any, with every chain locked that entries are about to go to."""
    foreseen = foresee_dispute(work, inquiry)
    chains = foreseen.chains if foreseen is not None else frozenset()
    lock_chains(work.session, chains | {inquiry.unit_id, handoff.to_unit_id})
    return foreseen


def _back_to_giver(
    work: Work,
    inquiry: Inquiry,
    handoff: Handoff,
    event: str,
    foreseen: Foreseen | None,
    *,
    texts: dict[str, tuple[str, str]],
    **facts: bool,
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
        facts=_facts(handoff) | facts,
        texts=texts,
    )
    if holding is not None:
        people = [s.id for s in bearers(work.session, holding, work.now)]
        message_staff(work, event, inquiry, [*people, handoff.offered_by_id], handoff=handoff.id)
    message_citizen(work, "progress", inquiry, event=event)
    if foreseen is not None:
        begin_dispute(work, inquiry, handoff, foreseen)
    return entry


def _clause(work: Work, inquiry: Inquiry, kind: HandoffKind) -> str:
    """What the hand-off is made under (坛 六（二）、六（四）, for consultations 七（二）、七（四）; 泸 附件2)."""
    clauses = work.tools.statute.measures[inquiry.measure].handoff_clauses
    cited = clauses.to_unit if kind is HandoffKind.UNIT else clauses.to_section
    return cited(inquiry.category).clause


def _facts(handoff: Handoff) -> dict[str, Any]:
    return {
        "handoff": handoff.id,
        "kind": handoff.kind.value,
        "from_unit": handoff.from_unit_id,
        "from_section": handoff.from_section_id,
        "to_unit": handoff.to_unit_id,
        "to_section": handoff.to_section_id,
        "to_staff": handoff.to_staff_id,
    }
