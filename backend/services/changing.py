"""What every step on an inquiry does alike: check the table of states, move the version, name who may act."""

from __future__ import annotations

from sqlalchemy import select

from backend.domain.errors import IllegalTransition, NotHolder
from backend.domain.identity import Identity
from backend.domain.states import Step, next_status
from backend.domain.vocabulary import HandoffState, Status
from backend.models import Handoff, Holding, Inquiry
from backend.services.changing_clocks import pass_on_clocks
from backend.services.holdings import bearers, live_holding
from backend.services.work import Work


def ensure_holder(work: Work, identity: Identity, inquiry: Inquiry, step: Step) -> Holding:
    """The live holding, if this person bears it or keeps the post that does.

    Raises NotHolder, and IllegalTransition for a closed inquiry: nobody holds it, and no `step` is left.
    """
    holding = live_holding(work.session, inquiry)
    if holding is None:
        raise IllegalTransition(status=inquiry.status.value, step=step.value)
    if not acts_for(work, identity, holding):
        raise NotHolder()
    return holding


def acts_for(work: Work, identity: Identity, holding: Holding) -> bool:
    """Whether this person may act for a holding: the person itself, or a present keeper of the post."""
    return identity.staff_id in {staff.id for staff in bearers(work.session, holding, work.now)}


def move(inquiry: Inquiry, step: Step, *, before_offer: Status | None = None) -> None:
    """Take a step of the state machine and count it. Raises IllegalTransition."""
    inquiry.status = next_status(inquiry.status, step, before_offer=before_offer)
    inquiry.version += 1


def name_first_responder(work: Work, inquiry: Inquiry, holding: Holding, staff_id: str) -> dict[str, str]:
    """Whoever first takes up what nobody was there for is the 首问负责人 (坛 第二条), and bears its limits.

    Returns what the ledger entry of that step says about it; empty where one was named at filing.
    """
    if inquiry.first_responder_id is not None:
        return {}
    inquiry.first_responder_id = staff_id
    work.session.flush()
    pass_on_clocks(work, inquiry, holding, staff_id=staff_id)
    return {"first_responder": staff_id}


def open_offer(work: Work, inquiry: Inquiry) -> Handoff | None:
    """The offer that waits for an answer, if any."""
    return work.session.scalar(
        select(Handoff).where(Handoff.inquiry_id == inquiry.id, Handoff.state == HandoffState.OFFERED)
    )


def cancel_offer(work: Work, inquiry: Inquiry) -> Handoff | None:
    """Closing or withdrawing cancels an open offer; a later acceptance is refused."""
    offer = open_offer(work, inquiry)
    if offer is not None:
        offer.state = HandoffState.CANCELLED
        offer.decided_at = work.now
        work.session.flush()
    return offer
