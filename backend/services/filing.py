"""File an inquiry: a citizen through a sign or a unit's page, or staff for somebody at the desk or on the phone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from backend.domain.complaints import Subject, subject_of
from backend.domain.external_numbers import ExternalGiven
from backend.domain.numbers import new_number
from backend.domain.times import local
from backend.domain.vocabulary import AboutKind, Category, Channel, Disposition, Source, Status
from backend.models import Clock, Holding, Inquiry, LedgerEntry, Staff
from backend.models.types import new_id
from backend.services.clocks import start_clocks
from backend.services.contacts import Contact, keep_contact
from backend.services.content_checks import start_check
from backend.services.external_numbers import keep_external
from backend.services.holdings import bearers, hold
from backend.services.ledger import record
from backend.services.outbox import message_citizen, message_staff
from backend.services.routing import Bearer, Destination, bearer_of, complaint_bearer_of
from backend.services.texts import store_text
from backend.services.work import Work
from backend.statute.model import Event
from backend.vault.tokens import token_hash, tracking_token


@dataclass(frozen=True, slots=True)
class History:
    """What only a row of an old ledger says: who was asked and bore it, its 办理情况, its opinions and 备注. Nobody is told of it."""

    bearer: Bearer
    disposition: Disposition | None = None
    texts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NewInquiry:
    """What is filed. `occurred_at` is only for staff entries; `written` None means: as the category implies."""

    destination: Destination
    category: Category
    content: str
    channel: Channel
    source: Source
    written: bool | None = None
    contact: Contact = field(default_factory=Contact)
    about: AboutKind | None = None
    about_name: str | None = None
    occurred_at: datetime | None = None
    summary: str | None = None
    registered_by: Staff | None = None
    is_late_entry: bool = False
    account_id: str | None = None
    """The WeChat it is filed from, signed in."""
    history: History | None = None
    """Set where a row of an old ledger is put on record."""
    external: ExternalGiven | None = None
    """What another system gave: its number and limit (staff entries of hotline and mailbox)."""


@dataclass(frozen=True, slots=True)
class Filed:
    """The accepted inquiry, its first clocks, its first entry (the receipt) and the citizen's capability."""

    inquiry: Inquiry
    holding: Holding
    clocks: tuple[Clock, ...]
    entry: LedgerEntry
    tracking_token: str


def file_inquiry(work: Work, new: NewInquiry) -> Filed:
    """Accept an inquiry: number, holder, clocks, ledger entry and messages in one transaction.

    坛 第二条: whoever is asked first is the 首问负责人; responsibility and every clock run from here.
    Raises FieldInvalid for a wrong phone.
    """
    subject = (
        subject_of(new.about, new.destination.place) if new.category is Category.COMPLAINT else Subject()
    )
    bearer = _bearer(work, new, subject)
    inquiry = _inquiry(work, new, subject, bearer)
    texts = {"content": store_text(work, inquiry, "content", new.content)}
    if new.about_name and new.category is Category.COMPLAINT:
        texts["about_name"] = store_text(work, inquiry, "about_name", new.about_name)
    if new.registered_by is None:
        for row, _ in texts.values():
            start_check(work, inquiry, row)
    if new.history is not None:
        texts |= {role: store_text(work, inquiry, role, text) for role, text in new.history.texts.items()}
    if new.summary:
        texts["summary"] = store_text(work, inquiry, "summary", new.summary)
    external_due_at = new.external.due_at if new.external is not None else None
    if new.external is not None:
        texts |= keep_external(work, inquiry, new.external)
    holding = hold(work, inquiry, post=bearer.post, staff=None if bearer.post else bearer.staff)
    clocks = start_clocks(work, inquiry, Event.FILED, since=inquiry.received_at, holding=holding)
    entry = record(
        work,
        "filed",
        inquiry,
        unit_id=inquiry.unit_id,
        holding=holding,
        facts={
            "category": inquiry.category.value,
            "channel": inquiry.channel.value,
            "source": inquiry.source.value,
            "first_unit": inquiry.first_unit_id,
            "first_section": inquiry.first_section_id,
            "first_responder": inquiry.first_responder_id,
            "received_at": local(inquiry.received_at).isoformat(),
            "late_entry": inquiry.is_late_entry,
            "written": inquiry.is_written,
            **({"external_due_at": local(external_due_at).isoformat()} if external_due_at else {}),
            "clocks": [
                {
                    "id": c.id,
                    "duty": c.duty,
                    "due_at": local(c.due_at).isoformat(),
                    "provisional": c.is_provisional,
                }
                for c in clocks
            ],
        }
        | _history_facts(new),
        texts={role: (row.id, digest) for role, (row, digest) in texts.items()},
    )
    if new.history is None:
        people = bearers(work.session, holding, work.now)
        message_staff(work, "inquiry_filed", inquiry, [person.id for person in people])
        message_citizen(work, "received", inquiry)
    return Filed(inquiry, holding, tuple(clocks), entry, citizen_token(work, inquiry))


def citizen_token(work: Work, inquiry: Inquiry) -> str:
    """The tracking capability of an inquiry, derived again; only its hash is stored."""
    return tracking_token(work.tools.tracking_key, inquiry.id, inquiry.tracking_generation)


def _history_facts(new: NewInquiry) -> dict[str, str]:
    if new.history is None or new.history.disposition is None:
        return {}
    return {"disposition": new.history.disposition.value}


def _bearer(work: Work, new: NewInquiry, subject: Subject) -> Bearer:
    if new.history is not None:
        return new.history.bearer
    if new.category is Category.COMPLAINT:
        return complaint_bearer_of(work, new.destination, subject)
    if new.registered_by is not None:
        # Whoever was asked at the desk or on the phone is the 首问负责人 in person (坛 第二条).
        return Bearer(None, new.registered_by)
    return bearer_of(work, new.destination)


def _inquiry(work: Work, new: NewInquiry, subject: Subject, bearer: Bearer) -> Inquiry:
    inquiry_id = new_id()
    received_at = min(new.occurred_at or work.now, work.now)
    citizen = keep_contact(work, new.contact)
    # A text filed online as an application counts as a 书面申请 (reading; 参照民法典 469).
    implied = counts_as_written(new.category, new.source, new.channel)
    written = new.written if new.written is not None else implied
    # A complaint has no first section: it stands in no section's ledger (design 4).
    complaint = new.category is Category.COMPLAINT
    first_section = None if complaint else new.destination.section
    first_post = bearer.post if complaint else new.destination.post
    inquiry = Inquiry(
        id=inquiry_id,
        number=_free_number(work),
        status=Status.FILED,
        category=new.category,
        channel=new.channel,
        source=new.source,
        measure=new.destination.unit.measure,
        is_written=written,
        is_confidential=complaint,
        is_late_entry=new.is_late_entry,
        unit_id=bearer.post.unit_id if bearer.post else new.destination.unit.id,
        first_unit_id=new.destination.unit.id,
        first_section_id=first_section.id if first_section else None,
        first_post_id=first_post.id if first_post else None,
        first_responder_id=bearer.staff.id if bearer.staff else None,
        sign_id=new.destination.sign.id if new.destination.sign else None,
        registered_by_id=new.registered_by.id if new.registered_by else None,
        citizen_id=citizen.id if citizen else None,
        account_id=new.account_id,
        about_kind=new.about if complaint else None,
        subject_staff_id=subject.staff_id,
        subject_section_id=subject.section_id,
        subject_unit_id=subject.unit_id,
        received_at=received_at,
        recorded_at=work.now,
        occurred_at=new.occurred_at,
        wrapped_key=work.tools.vault.new_data_key(),
        tracking_hash=token_hash(tracking_token(work.tools.tracking_key, inquiry_id, 1)),
    )
    work.session.add(inquiry)
    work.session.flush()
    return inquiry


def counts_as_written(category: Category, source: Source, channel: Channel) -> bool:
    """Whether it is a 书面申请 without anybody saying so: an application filed online, or by letter (系统设定)."""
    online = source in {Source.SIGN, Source.MINIPROGRAM, Source.WEB}
    return category is Category.APPLICATION and (online or channel is Channel.LETTER)


def _free_number(work: Work) -> str:
    year = local(work.now).year
    while True:
        number = new_number(year)
        if work.session.scalar(select(Inquiry.id).where(Inquiry.number == number)) is None:
            return number
