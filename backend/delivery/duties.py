"""What time alone brings about: silence returns an offer, limits come near and pass, what is unsigned is told; old rows go.

Every run looks at the database anew and every item is judged again under the lock of its inquiry, so it does not
matter how late, how often or by how many workers this runs. One item, one unit of work: a bad one stops no other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, time, timedelta
from threading import Event

import structlog
from flask import current_app
from sqlalchemy import Select, delete, exists, or_, select, text, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from backend import clock
from backend.database import reading, unit_of_work
from backend.delivery.doing import settings
from backend.delivery.leases import expire, server_time
from backend.domain.actors import SYSTEM
from backend.domain.clocks import due_in_working_days
from backend.domain.times import SHANGHAI, local, local_date
from backend.domain.vocabulary import HandoffState, PostKind, Role, Status
from backend.models import (
    AccessSession,
    Clock,
    ClockFact,
    Draft,
    Handoff,
    Holding,
    IdempotencyKey,
    Inquiry,
    OutboxItem,
    ScheduleSlot,
    Staff,
    Unit,
    WechatEvent,
)
from backend.services.calendar import working_calendar
from backend.services.clocks import note_breach, note_due_soon
from backend.services.drafts import KEPT_FOR as DRAFTS_KEPT_FOR
from backend.services.handing_over import lapse_handoff
from backend.services.holdings import bearers, live_holding
from backend.services.idempotency import KEPT_FOR
from backend.services.outbox import message_staff
from backend.services.presence import keepers, people_with_role, unit_post
from backend.services.routing import subject_of_inquiry
from backend.services.silence import is_over
from backend.services.wechat_events import KEPT_FOR as EVENTS_KEPT_FOR
from backend.services.work import Work

SESSIONS_KEPT_FOR = timedelta(days=30)
SLOTS_KEPT_FOR = timedelta(days=7)
TO_SECTION_HEAD, TO_GENERAL_POST = "head", "general"
"""The two steps of 未签收; each reaches a person once."""
ROUGH_PATCH = 3
"""So many database failures in a row and it is the database, not the item."""

_log = structlog.get_logger("duties")


def silent_now(now: datetime) -> Select[str]:
    """Inquiries with an offer nobody has answered by `now`, longest silent first."""
    return (
        select(Handoff.inquiry_id)
        .where(text("state = 'offered'"), Handoff.lapses_at < now)
        .order_by(Handoff.lapses_at, Handoff.id)
    )


def overdue_now(now: datetime) -> Select[str]:
    """Inquiries with a running limit that has passed by `now` and is not yet noted, once per limit."""
    return (
        select(Clock.inquiry_id)
        .where(text("ended_at IS NULL AND NOT is_overdue_noted AND paused_at IS NULL"), Clock.due_at < now)
        .order_by(Clock.due_at, Clock.id)
    )


def near_now(now: datetime) -> Select[str]:
    """Inquiries with a running limit to warn of at `now` and not yet warned of, once per limit."""
    return (
        select(Clock.inquiry_id)
        .where(
            text("ended_at IS NULL AND NOT is_due_soon_noted AND paused_at IS NULL"), Clock.due_soon_at <= now
        )
        .order_by(Clock.due_soon_at, Clock.id)
    )


def unsigned_now(now: datetime) -> Select[str]:
    """Inquiries of an earlier day that nobody has signed for and whose general post has not been told, oldest first."""
    today = datetime.combine(local_date(now), time.min, SHANGHAI)
    told = exists().where(
        OutboxItem.inquiry_id == Inquiry.id, OutboxItem.dedup_key.startswith(f"unsigned:{TO_GENERAL_POST}:")
    )
    return (
        select(Inquiry.id)
        .where(Inquiry.status == Status.FILED, Inquiry.received_at < today, ~told)
        .order_by(Inquiry.received_at, Inquiry.id)
    )


def lapse_offers(stop: Event) -> None:
    """Give offers back that nobody answered within their working day (系统设定 offer-silence).

    One whose day is only 暂定 waits for the calendar, at most a working day.
    """
    with reading() as session:
        silent = session.scalars(silent_now(clock.now())).all()
    each_inquiry(silent, _lapse_offer, stop)


def note_overdue(stop: Event) -> None:
    """Write each breach as one fact at its legal moment, and tell who answers for it."""
    with reading() as session:
        passed = session.scalars(overdue_now(clock.now())).all()
    each_inquiry(dict.fromkeys(passed), _note_overdue, stop)


def note_near(stop: Event) -> None:
    """Write once that a limit is near, and tell who answers for it."""
    with reading() as session:
        near = session.scalars(near_now(clock.now())).all()
    each_inquiry(dict.fromkeys(near), _note_near, stop)


def tell_unsigned(stop: Event) -> None:
    """Tell the head of the section, then the general post, what nobody has signed for (系统设定 unsigned-escalation)."""
    with reading() as session:
        unsigned = session.scalars(unsigned_now(clock.now())).all()
    each_inquiry(unsigned, _tell_unsigned, stop)


def expire_messages(_stop: Event) -> None:
    """End the messages nobody could send for three days, whatever held them up."""
    with unit_of_work() as session:
        expired = expire(session, clock.now(), server_time(session))
    if expired:
        _log.warning("messages expired", rows=expired)


def purge(_stop: Event) -> None:
    """Remove what nothing needs any more: spent idempotency keys, dead sessions, old drafts, old slots, empty events. Never a record.

    An event whose job gave up is emptied too: it names people, and what comes of it so late helps nobody.
    """
    now = clock.now()
    dead = now - SESSIONS_KEPT_FOR
    on_record = now - timedelta(days=settings().records_days)
    for statement in (
        delete(IdempotencyKey).where(IdempotencyKey.created_at < now - KEPT_FOR),
        # Sign-ins of staff are a record for longer (`flask shouwen retention`).
        delete(AccessSession).where(
            AccessSession.kind != "staff",
            or_(AccessSession.expires_at < dead, AccessSession.ended_at < dead),
        ),
        delete(AccessSession).where(AccessSession.kind == "staff", AccessSession.expires_at < on_record),
        delete(Draft).where(Draft.saved_at < now - DRAFTS_KEPT_FOR),
        delete(ScheduleSlot).where(ScheduleSlot.taken_at < now - SLOTS_KEPT_FOR),
        delete(WechatEvent).where(WechatEvent.handled_at < now - EVENTS_KEPT_FOR),
        update(WechatEvent)
        .where(text("handled_at IS NULL"), WechatEvent.received_at < now - EVENTS_KEPT_FOR)
        .values(sealed=None, wrapped_key=None, handled_at=now),
    ):
        with unit_of_work() as session:
            session.execute(statement)


def each_inquiry(inquiry_ids: Iterable[str], act: Callable[[Work, Inquiry], None], stop: Event) -> None:
    """Do `act` for one inquiry after the other, each under its lock in a unit of work of its own."""
    failures = 0
    for inquiry_id in inquiry_ids:
        if stop.is_set():
            return
        try:
            with unit_of_work() as session:
                inquiry = session.get_one(Inquiry, inquiry_id, with_for_update=True)
                act(_work(session), inquiry)
            failures = 0
        except OperationalError:
            failures += 1
            if failures == ROUGH_PATCH:
                raise
            _log.exception("item failed", duty=act.__name__, inquiry=inquiry_id)
        except Exception:  # noqa: BLE001 - one bad item stops no other
            _log.exception("item failed", duty=act.__name__, inquiry=inquiry_id)


def _work(session: Session) -> Work:
    tools = current_app.extensions["shouwen_tools"]
    return Work(session, SYSTEM, clock.now(), tools, working_calendar(session))


def _lapse_offer(work: Work, inquiry: Inquiry) -> None:
    offer = work.session.scalar(
        select(Handoff).where(
            Handoff.inquiry_id == inquiry.id,
            Handoff.state == HandoffState.OFFERED,
            Handoff.lapses_at < work.now,
        )
    )
    if offer is not None and is_over(work, offer):
        lapse_handoff(work, inquiry, offer)


def _note_overdue(work: Work, inquiry: Inquiry) -> None:
    for limit in _running(work, inquiry):
        if limit.due_at < work.now:
            _tell(work, inquiry, limit, note_breach(work, inquiry, limit))


def _note_near(work: Work, inquiry: Inquiry) -> None:
    for limit in _running(work, inquiry):
        if limit.due_soon_at is not None and limit.due_soon_at <= work.now:
            fact = note_due_soon(work, inquiry, limit)
            # After an outage both may be due at once; then only the breach is news.
            if limit.due_at >= work.now:
                _tell(work, inquiry, limit, fact)


def _tell_unsigned(work: Work, inquiry: Inquiry) -> None:
    """At the close of the next working day after receipt one step, a working day later the other: each once."""
    holding = live_holding(work.session, inquiry)
    if holding is None or inquiry.status is not Status.FILED:
        return
    hours = work.hours_of(work.session.get_one(Unit, holding.unit_id))
    pace = work.tools.statute.number("unsigned-escalation")
    post = unit_post(work.session, holding.unit_id, PostKind.GENERAL)
    general = keepers(work.session, post, work.now) if post is not None else []
    steps = ((TO_SECTION_HEAD, _heads(work, inquiry, holding) or general), (TO_GENERAL_POST, general))
    for place, (step, people) in enumerate(steps, 1):
        due = due_in_working_days(work.calendar, hours, inquiry.received_at, place * pace)
        if work.now > due.due_at:
            message_staff(work, "unsigned", inquiry, [person.id for person in people], once=step)


def _heads(work: Work, inquiry: Inquiry, holding: Holding) -> list[Staff]:
    """Who heads the section that holds it, those apart whom a complaint is about."""
    if holding.section_id is None:
        return []
    people = people_with_role(
        work.session, Role.SECTION_HEAD, work.now, unit_id=holding.unit_id, section_id=holding.section_id
    )
    subject = subject_of_inquiry(inquiry)
    return [person for person in people if not subject.covers(person.id, person.section_id, person.unit_id)]


def _running(work: Work, inquiry: Inquiry) -> list[Clock]:
    return list(
        work.session.scalars(
            select(Clock)
            .where(Clock.inquiry_id == inquiry.id, Clock.ended_at.is_(None))
            .order_by(Clock.due_at, Clock.id)
        )
    )


def _tell(work: Work, inquiry: Inquiry, limit: Clock, fact: ClockFact | None) -> None:
    """One message each to whoever can act for the holder, and to the head of the section."""
    holding = live_holding(work.session, inquiry)
    if fact is None or holding is None:
        return
    people = bearers(work.session, holding, work.now) + _heads(work, inquiry, holding)
    subject = subject_of_inquiry(inquiry)
    told = [p.id for p in people if not subject.covers(p.id, p.section_id, p.unit_id)]
    message_staff(
        work,
        fact.kind,
        inquiry,
        told,
        clock=limit.id,
        duty=limit.duty,
        due_at=local(limit.due_at).isoformat(),
    )
