"""Which chains a step may write to, taken at once and in one order, so that two steps never wait for one another."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from backend.domain.vocabulary import HandoffState
from backend.models import Clock, Handoff, Inquiry, JointHandling, JointUnit
from backend.services.ledger import lock_chains
from backend.services.work import Work


def lock_concerned(work: Work, inquiry: Inquiry, *unit_ids: str) -> None:
    """Lock the chains of every unit concerned with an inquiry, and of `unit_ids`, in id order."""
    lock_chains(work.session, {*concerned_units(work, inquiry), *unit_ids})


def lock_all_concerned(work: Work, inquiries: Iterable[Inquiry]) -> None:
    """The same for several inquiries at once, whose rows are locked already."""
    lock_chains(work.session, {unit for inquiry in inquiries for unit in concerned_units(work, inquiry)})


def concerned_units(work: Work, inquiry: Inquiry) -> set[str]:
    """The units that hold it, were asked first, are offered it, handle it together, or bear a running limit.

    Of a limit the breach may have to be noted.
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
    return {inquiry.unit_id, inquiry.first_unit_id, *session.scalars(bearers.union(offered, together))}
