"""Which messages went out about an inquiry, to whom, and what became of each: 未送达 is said, with its reason."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, select

from backend.domain.clocks import date_phrase
from backend.domain.identity import Identity
from backend.domain.messages import Audience, Shown, Topic, find_topic
from backend.domain.times import local
from backend.domain.undelivered import NO_CHANNEL, OUTDATED, reason_label
from backend.domain.vocabulary_contact import DeliveryState
from backend.models import ChannelState, Inquiry, OutboxItem, Staff
from backend.services.outbox import ACCOUNT, CITIZEN, STAFF
from backend.services.work import Work

CITIZEN_LABEL = "服务对象"
WECHAT = "wechat"
"""The channel of backend/delivery/ these messages go by."""


def citizen_deliveries(work: Work, inquiry: Inquiry) -> list[dict[str, Any]]:
    """What was sent to whoever filed it, oldest first."""
    return _shapes(
        work, [row for row in _messages(work, inquiry) if row.OutboxItem.recipient_kind in {ACCOUNT, CITIZEN}]
    )


def staff_deliveries(work: Work, identity: Identity, inquiry: Inquiry) -> list[dict[str, Any]]:
    """What was sent to the citizen, to this person, and to others of their unit, oldest first.

    Never a survey, nor its reminder: whether one was still wanted tells who has rated (design 5). Nor what somebody
    else was told about a lead.
    """
    return _shapes(work, [row for row in _messages(work, inquiry) if _may_see(identity, row)])


def _messages(work: Work, inquiry: Inquiry) -> list[Row[OutboxItem, Staff | None]]:
    """Messages with the member of staff they went to. None where not one had a way out: nobody expects any."""
    rows = work.session.execute(
        select(OutboxItem, Staff)
        .outerjoin(Staff, (OutboxItem.recipient_kind == STAFF) & (Staff.id == OutboxItem.recipient_id))
        .where(OutboxItem.inquiry_id == inquiry.id, OutboxItem.kind == "message")
        .order_by(OutboxItem.id)
    ).all()
    return list(rows) if any(_has_a_way_out(row.OutboxItem) for row in rows) else []


def _has_a_way_out(item: OutboxItem) -> bool:
    """Whether it is for a WeChat that is known, or some sender took it up, by WeChat or not."""
    is_for_wechat = item.lane is not None and item.lane.startswith(f"{ACCOUNT}:")
    was_taken_up = item.problem is not None and item.problem != NO_CHANNEL
    return is_for_wechat or was_taken_up or item.state == "done"


def _topic(item: OutboxItem) -> Topic | None:
    audience: Audience = "staff" if item.recipient_kind == STAFF else "citizen"
    return find_topic(audience, item.topic, item.payload)


def _may_see(identity: Identity, row: Row[OutboxItem, Staff | None]) -> bool:
    item, staff = row
    topic = _topic(item)
    shown = topic.shown if topic is not None else Shown.RECIPIENT
    if shown is Shown.NOBODY:
        return False
    if staff is None:
        return shown is Shown.UNIT
    is_own = staff.id == identity.staff_id
    return is_own or (shown is Shown.UNIT and staff.unit_id == identity.unit_id)


def _shapes(work: Work, rows: list[Row[OutboxItem, Staff | None]]) -> list[dict[str, Any]]:
    waiting = any(row.OutboxItem.state in {"pending", "leased"} for row in rows)
    closed = work.session.get(ChannelState, WECHAT) if waiting else None
    return [_shape(work, item, staff, closed) for item, staff in rows]


def _shape(work: Work, item: OutboxItem, staff: Staff | None, closed: ChannelState | None) -> dict[str, Any]:
    topic = _topic(item)
    state = _state(item)
    went = item.finished_at if state in {DeliveryState.SENT, DeliveryState.DELIVERED} else None
    problem, following = _trouble(work, item, state, closed)
    return {
        "title": topic.title if topic is not None else "消息",
        "to": staff.name if staff is not None else CITIZEN_LABEL,
        "to_citizen": staff is None,
        "at": local(item.created_at).isoformat(),
        "at_text": date_phrase(item.created_at, work.now),
        "state": state.value,
        "state_label": state.label,
        "sent_at": local(went).isoformat() if went is not None else None,
        "sent_text": date_phrase(went, work.now) if went is not None else None,
        "problem": problem,
        "next": following,
    }


def _state(item: OutboxItem) -> DeliveryState:
    if item.state in {"pending", "leased"}:
        return DeliveryState.PENDING
    if item.state == "done":
        return DeliveryState.DELIVERED if item.confirmed_at is not None else DeliveryState.SENT
    return DeliveryState.DROPPED if item.problem == OUTDATED else DeliveryState.UNDELIVERED


def _trouble(
    work: Work, item: OutboxItem, state: DeliveryState, closed: ChannelState | None
) -> tuple[str | None, str | None]:
    """What went wrong, and what happens next; nothing of either where all is well."""
    if state is not DeliveryState.PENDING:
        return (reason_label(item.problem), None) if item.problem else (None, None)
    problem, again = item.problem, item.available_at
    if closed is not None:
        problem, again = closed.problem, max(again, closed.paused_until)
    if again <= work.now:
        return (reason_label(problem), "马上再试") if problem else (None, None)
    when = date_phrase(again, work.now)
    return (reason_label(problem), f"将于 {when} 再试") if problem else (None, f"将于 {when} 发送")
