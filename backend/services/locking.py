"""Which chains a step may write to, taken at once and in one order, so that two steps never wait for one another."""

from __future__ import annotations

from sqlalchemy import select

from backend.domain.vocabulary import HandoffState
from backend.models import Clock, Handoff, Inquiry, JointHandling, JointUnit
from backend.services.ledger import lock_chains
from backend.services.work import Work


def lock_concerned(work: Work, inquiry: Inquiry, *unit_ids: str) -> None:
    """Lock the chains of every unit concerned with an inquiry, and of `unit_ids`, in id order.

    Concerned are the units that hold it, were asked first, bear a running limit (whose breach may have to be noted),
    are offered it, or handle it together.
    """
    session = work.session
    bearers = select(Clock.bearer_unit_id).where(Clock.inquiry_id == inquiry.id, Clock.ended_at.is_(None))
    offered = select(Handoff.to_unit_id).where(
        Handoff.inquiry_id == inquiry.id, Handoff.state == HandoffState.OFFERED
    )
    together = (
        select(JointUnit.unit_id)
        .join(JointHandling, JointHandling.id == JointUnit.joint_id)
        .where(JointHandling.inquiry_id == inquiry.id, JointHandling.ended_at.is_(None))
    )
    concerned = session.scalars(bearers.union(offered, together))
    lock_chains(session, {inquiry.unit_id, inquiry.first_unit_id, *concerned, *unit_ids})
