"""Enter a call, a visit or a letter for somebody; most end on the spot, so closing can be the same step."""

from __future__ import annotations

from datetime import datetime, timedelta

from backend.domain.errors import BackdatingNotAllowed, FieldInvalid, RoleRequired
from backend.domain.external_numbers import ExternalGiven
from backend.domain.identity import Identity
from backend.domain.times import local_date
from backend.domain.vocabulary import AboutKind, Category, Channel, Role, Source
from backend.models import LedgerEntry, Section, Staff, Unit
from backend.services.changing import acts_for
from backend.services.closing import Closing, close_inquiry
from backend.services.contacts import Contact
from backend.services.filing import Filed, NewInquiry, file_inquiry
from backend.services.presence import section_post
from backend.services.routing import Destination
from backend.services.work import Work

EARLIEST = timedelta(days=30)
"""How far back a late entry may reach."""

REGISTRARS = (Role.HANDLER, Role.POST_HOLDER, Role.SECTION_HEAD, Role.GENERAL_POST)


def ensure_registrar(identity: Identity) -> None:
    """Whoever answers to the public may register. Raises RoleRequired."""
    if not identity.holds(*REGISTRARS):
        raise RoleRequired()


def register_inquiry(
    work: Work,
    identity: Identity,
    *,
    channel: Channel,
    category: Category,
    content: str,
    summary: str | None,
    contact: Contact,
    about: AboutKind | None,
    about_name: str | None,
    written: bool | None,
    occurred_at: datetime | None,
    closing: Closing | None,
    external: ExternalGiven | None = None,
) -> tuple[Filed, LedgerEntry | None]:
    """Register, and close at once where `closing` is given. The registrar is the 首问负责人 (坛 第二条).

    `occurred_at` is when it happened: clocks start there, and an entry of another day is marked 补录. Returns what
    was filed and, where it was closed, the entry of that. Raises RoleRequired, BackdatingNotAllowed, FieldInvalid.
    """
    ensure_registrar(identity)
    if occurred_at is not None and not work.now - EARLIEST <= occurred_at <= work.now:
        raise BackdatingNotAllowed()
    staff = work.session.get_one(Staff, identity.staff_id)
    section = work.session.get(Section, staff.section_id) if staff.section_id else None
    destination = Destination(
        work.session.get_one(Unit, staff.unit_id),
        section,
        section_post(work.session, section.id) if section else None,
        None,
    )
    filed = file_inquiry(
        work,
        NewInquiry(
            destination=destination,
            category=category,
            content=content,
            channel=channel,
            source=Source.STAFF,
            written=written,
            contact=contact,
            about=about,
            about_name=about_name,
            occurred_at=occurred_at,
            summary=summary,
            registered_by=staff,
            external=external,
            is_late_entry=occurred_at is not None and local_date(occurred_at) != local_date(work.now),
        ),
    )
    if closing is None:
        return filed, None
    if not acts_for(work, identity, filed.holding):
        raise FieldInvalid("/closing", "投诉由机关纪委或总岗办理，不能在登记时办结。")
    return filed, close_inquiry(work, identity, filed.inquiry, closing)
