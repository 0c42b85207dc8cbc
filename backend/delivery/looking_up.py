"""What a batch of messages is composed from, read with one statement a kind of thing, whatever the size of the batch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import and_, select
from sqlalchemy.orm import Session, aliased

from backend.delivery.leases import Leased
from backend.domain.complaints import Subject
from backend.domain.consents import Voucher
from backend.domain.messages import Topic, While
from backend.domain.vocabulary import HandoffState, Status
from backend.models import (
    Clock,
    FollowUp,
    Handoff,
    Holding,
    Inquiry,
    OutboxItem,
    Section,
    Staff,
    StaffBinding,
    Unit,
    WechatAccount,
)
from backend.services.accounts import openid_of
from backend.services.consents import free_vouchers
from backend.services.outbox import ACCOUNT, STAFF
from backend.services.work import Tools
from backend.settings import WechatSettings


@dataclass(frozen=True, slots=True)
class Addressee:
    """The WeChat a message goes to."""

    account_id: str
    openid: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Person:
    """A member of staff a message is for; `account_id` where they have bound their WeChat."""

    id: str
    unit_id: str
    section_id: str | None
    is_active: bool
    account_id: str | None


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit as it stands now."""

    duty: str
    due_at: datetime
    is_running: bool


@dataclass(frozen=True, slots=True)
class InquiryNow:
    """An inquiry as it stands now: names of offices, never a text."""

    number: str
    round: int
    status: Status
    outcome: str
    closed_at: datetime | None
    is_confidential: bool
    subject: Subject
    unit: str
    first_unit: str
    section: str

    @property
    def is_closed(self) -> bool:
        return self.status is Status.CLOSED


@dataclass
class Batch:
    """Everything about a batch; vouchers that were given to one message are no longer there for the next."""

    wechat: WechatSettings
    created: Mapping[int, datetime]
    people: Mapping[str, Person]
    accounts: Mapping[str, WechatAccount]
    openids: Mapping[str, str]
    vouchers: dict[str, dict[str, list[Voucher]]]
    inquiries: Mapping[str, InquiryNow]
    limits: Mapping[str, Limit]
    offered: frozenset[str]
    """Hand-offs that still wait for an answer."""
    asked: frozenset[str]
    """Follow-ups that still wait for an answer."""

    def addressee(self, item: Leased) -> Addressee | str:
        """Whom the item goes to, else the problem."""
        account_id = item.recipient_id if item.recipient_kind == ACCOUNT else None
        if item.recipient_kind == STAFF:
            person = self.people[str(item.recipient_id)]
            problem = self._kept_from(item, person)
            if problem is not None:
                return problem
            account_id = person.account_id
        if account_id is None:
            return "no_wechat"
        if self.accounts[account_id].app_id != self.wechat.app_id:
            return "other_app"
        openid = self.openids.get(account_id)
        return Addressee(account_id, openid) if openid is not None else "erased"

    def _kept_from(self, item: Leased, person: Person) -> str | None:
        if not person.is_active:
            return "inactive"
        inquiry = self.inquiry(item)
        # It may have become a complaint about them after the message was written (design 4).
        if (
            inquiry is not None
            and inquiry.is_confidential
            and inquiry.subject.covers(person.id, person.section_id, person.unit_id)
        ):
            return "withheld"
        return None

    def inquiry(self, item: Leased) -> InquiryNow | None:
        """What the item is about; None for a matter of the office."""
        return self.inquiries[item.inquiry_id] if item.inquiry_id is not None else None

    def created_at(self, item: Leased) -> datetime:
        """When what it tells of happened."""
        return self.created[item.id]

    def limit(self, item: Leased, topic: Topic, now: datetime) -> Limit | None:
        """The limit a message is about, if it runs and the message is right about it: the earliest of several."""
        if topic.still is not While.RUNNING:
            return None
        running = [
            self.limits[one] for one in _clocks(item) if one in self.limits and self.limits[one].is_running
        ]
        if item.topic == "due_soon":
            running = [limit for limit in running if limit.due_at >= now]
        elif item.topic == "overdue":
            running = [limit for limit in running if limit.due_at < now]
        return min(running, key=lambda limit: limit.due_at, default=None)

    def still_holds(self, item: Leased, topic: Topic, limit: Limit | None) -> bool:
        """Whether what the message says is still so, and still news."""
        inquiry = self.inquiry(item)
        if topic.still is While.ALWAYS or inquiry is None:
            return True
        if inquiry.round != item.payload.get("round"):
            return False
        match topic.still:
            case While.CLOSED:
                return inquiry.is_closed
            case While.ASKED:
                return inquiry.is_closed and item.payload.get("follow_up") in self.asked
            case While.FILED:
                return inquiry.status is Status.FILED
            case While.OFFERED:
                return item.payload.get("handoff") in self.offered
            case While.RUNNING:
                return limit is not None
            case _:
                return not inquiry.is_closed

    def free(self, account_id: str) -> Mapping[str, Sequence[Voucher]]:
        """What is left for this account, of the templates this office has."""
        left = self.vouchers.get(account_id, {})
        return {key: vouchers for key, vouchers in left.items() if key in self.wechat.templates}

    def take(self, account_id: str, voucher: Voucher) -> None:
        """Give a voucher to a message of this batch."""
        if not voucher.is_long_term:
            self.vouchers[account_id][voucher.template].remove(voucher)


def look_up(session: Session, tools: Tools, wechat: WechatSettings, items: Sequence[Leased]) -> Batch:
    """Read what these items need: at most nine statements."""
    people = _people(session, {str(i.recipient_id) for i in items if i.recipient_kind == STAFF})
    account_ids = {str(i.recipient_id) for i in items if i.recipient_kind == ACCOUNT}
    account_ids |= {p.account_id for p in people.values() if p.account_id is not None}
    accounts = {
        row.id: row for row in session.scalars(select(WechatAccount).where(WechatAccount.id.in_(account_ids)))
    }
    openids = {account.id: openid_of(tools, account) for account in accounts.values()}
    return Batch(
        wechat=wechat,
        created=_created(session, [item.id for item in items]),
        people=people,
        accounts=accounts,
        openids={account_id: openid for account_id, openid in openids.items() if openid is not None},
        vouchers=free_vouchers(session, account_ids, wechat.long_term),
        inquiries=_inquiries(session, {item.inquiry_id for item in items if item.inquiry_id is not None}),
        limits=_limits(session, tools, {one for item in items for one in _clocks(item)}),
        offered=_offered(session, set(_named(items, "handoff"))),
        asked=_asked(session, set(_named(items, "follow_up"))),
    )


def _clocks(item: Leased) -> list[str]:
    one = item.payload.get("clock")
    return [one] if one is not None else list(item.payload.get("clocks", ()))


def _named(items: Iterable[Leased], name: str) -> Iterator[str]:
    return (item.payload[name] for item in items if item.payload.get(name))


def _created(session: Session, ids: Sequence[int]) -> dict[int, datetime]:
    rows = session.execute(select(OutboxItem.id, OutboxItem.created_at).where(OutboxItem.id.in_(ids)))
    return {row.id: row.created_at for row in rows}


def _people(session: Session, ids: set[str]) -> dict[str, Person]:
    if not ids:
        return {}
    rows = session.execute(
        select(Staff.id, Staff.unit_id, Staff.section_id, Staff.is_active, StaffBinding.account_id)
        .outerjoin(StaffBinding, and_(StaffBinding.staff_id == Staff.id, StaffBinding.ended_at.is_(None)))
        .where(Staff.id.in_(ids))
    )
    return {row.id: Person(*row) for row in rows}


def _inquiries(session: Session, ids: set[str]) -> dict[str, InquiryNow]:
    if not ids:
        return {}
    unit, first = aliased(Unit), aliased(Unit)
    rows = session.execute(
        select(Inquiry, unit.name, first.name, Section.name)
        .join(unit, unit.id == Inquiry.unit_id)
        .join(first, first.id == Inquiry.first_unit_id)
        .outerjoin(Holding, and_(Holding.inquiry_id == Inquiry.id, Holding.ended_at.is_(None)))
        .outerjoin(Section, Section.id == Holding.section_id)
        .where(Inquiry.id.in_(ids))
    )
    return {
        inquiry.id: InquiryNow(
            number=inquiry.number,
            round=inquiry.round,
            status=inquiry.status,
            outcome=inquiry.outcome.label if inquiry.outcome else "",
            closed_at=inquiry.closed_at,
            is_confidential=inquiry.is_confidential,
            subject=Subject(inquiry.subject_staff_id, inquiry.subject_section_id, inquiry.subject_unit_id),
            unit=unit_name,
            first_unit=first_name,
            section=section_name or "",
        )
        for inquiry, unit_name, first_name, section_name in rows
    }


def _limits(session: Session, tools: Tools, ids: set[str]) -> dict[str, Limit]:
    if not ids:
        return {}
    rows = session.execute(
        select(Clock.id, Clock.measure, Clock.duty, Clock.due_at, Clock.ended_at, Clock.paused_at).where(
            Clock.id.in_(ids)
        )
    )
    return {
        row.id: Limit(
            duty=tools.statute.duty(row.measure, row.duty).title,
            due_at=row.due_at,
            is_running=row.ended_at is None and row.paused_at is None,
        )
        for row in rows
    }


def _offered(session: Session, ids: set[str]) -> frozenset[str]:
    if not ids:
        return frozenset()
    return frozenset(
        session.scalars(select(Handoff.id).where(Handoff.id.in_(ids), Handoff.state == HandoffState.OFFERED))
    )


def _asked(session: Session, ids: set[str]) -> frozenset[str]:
    if not ids:
        return frozenset()
    return frozenset(
        session.scalars(select(FollowUp.id).where(FollowUp.id.in_(ids), FollowUp.ended_at.is_(None)))
    )
