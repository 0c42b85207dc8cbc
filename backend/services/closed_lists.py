"""Keep the lists of closed inquiries: written when an inquiry is closed, taken back when it is reopened."""

from __future__ import annotations

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from backend.models import ClosedPlace, Holding, Inquiry, JointHandling, JointUnit

REOPENED = "reopened"
JOINT = "joint:"
"""Before the id of a unit that took part in a joint case."""


def keep_closed_lists(session: Session, inquiry: Inquiry, event: str) -> None:
    """Bring the lists up to the entry that was just written. Who may look is asked when somebody looks."""
    if event == REOPENED:
        session.execute(delete(ClosedPlace).where(ClosedPlace.inquiry_id == inquiry.id))
    elif inquiry.closed_at is not None and not _is_listed(session, inquiry):
        rows = [
            {"place": place, "closed_at": inquiry.closed_at, "inquiry_id": inquiry.id}
            for place in sorted(_places(session, inquiry))
        ]
        session.execute(insert(ClosedPlace), rows)


def _is_listed(session: Session, inquiry: Inquiry) -> bool:
    found = select(ClosedPlace.place).where(ClosedPlace.inquiry_id == inquiry.id).limit(1)
    return session.scalar(found) is not None


def _places(session: Session, inquiry: Inquiry) -> set[str]:
    places = {inquiry.unit_id, inquiry.first_unit_id}
    columns = (Holding.unit_id, Holding.section_id, Holding.post_id, Holding.staff_id)
    for held in session.execute(select(*columns).where(Holding.inquiry_id == inquiry.id)):
        places.update(place for place in held if place is not None)
    partners = (
        select(JointUnit.unit_id)
        .join(JointHandling, JointHandling.id == JointUnit.joint_id)
        .where(JointHandling.inquiry_id == inquiry.id)
    )
    return places | {f"{JOINT}{unit_id}" for unit_id in session.scalars(partners)}
