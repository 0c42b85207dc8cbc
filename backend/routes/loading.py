"""Find the inquiry a request is about, inside what the caller may see; outside it, nothing exists."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select

from backend.domain.errors import NotFound
from backend.domain.identity import Identity
from backend.domain.numbers import parse_number
from backend.models import Handoff, Inquiry
from backend.queries.visibility import not_about, visible_to
from backend.routes.access import Access
from backend.routes.pipeline import locked
from backend.services.handing_over import may_answer
from backend.services.work import Work, find_by_id

Load = Callable[[Work], Inquiry]


def by_number(number: str, identity: Identity) -> Load:
    """The inquiry of a number inside the person's chain, locked. Raises NotFound outside it."""

    def load(work: Work) -> Inquiry:
        return locked(work, find_visible(work, number, identity))

    return load


def find_visible(work: Work, number: str, identity: Identity) -> Inquiry:
    """The inquiry of a number, if this person may see it. Raises NotFound."""
    inquiry = work.session.scalar(
        select(Inquiry).where(Inquiry.number == (parse_number(number) or ""), visible_to(identity))
    )
    if inquiry is None:
        raise NotFound()
    return inquiry


def by_capability(number: str | None, access: Access) -> Load:
    """The inquiry a capability opens, locked; with a number, only that one. Raises NotFound."""

    def load(work: Work) -> Inquiry:
        return locked(work, find_tracked(work, number, access))

    return load


def find_tracked(work: Work, number: str | None, access: Access) -> Inquiry:
    """The inquiry a capability opens, or one that a signed-in citizen filed. Raises NotFound for any other number."""
    if access.inquiry_id is None:
        return _find_own(work, number, access)
    inquiry = work.session.get(Inquiry, access.inquiry_id)
    if inquiry is None or (number is not None and parse_number(number) != inquiry.number):
        raise NotFound()
    return inquiry


def _find_own(work: Work, number: str | None, access: Access) -> Inquiry:
    inquiry = work.session.scalar(
        select(Inquiry).where(
            Inquiry.number == (parse_number(number or "") or ""), Inquiry.account_id == access.account_id
        )
    )
    if inquiry is None or access.account_id is None:
        raise NotFound()
    return inquiry


def by_handoff(handoff_id: str, identity: Identity, found: dict[str, Handoff]) -> Load:
    """The inquiry of an offer, for whom it was made to as well: they are told when it is no longer open."""

    def load(work: Work) -> Inquiry:
        row = find_by_id(work.session, Handoff, handoff_id)
        if row is None:
            raise NotFound()
        asked = may_answer(work.session, identity, row, work.now)
        seen = not_about(identity) if asked else visible_to(identity)
        inquiry = work.session.scalar(select(Inquiry).where(Inquiry.id == row.inquiry_id, seen))
        if inquiry is None:
            raise NotFound()
        inquiry = locked(work, inquiry)
        work.session.refresh(row)
        found["handoff"] = row
        return inquiry

    return load
