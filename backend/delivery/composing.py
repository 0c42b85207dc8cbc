"""Turn rows of the outbox into messages WeChat will take: for whom, with which template, filled how, on whose voucher.

A batch is read with a handful of statements, whatever its size. What will never go out is told apart here, with its
reason, so that no call to WeChat is made for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from backend.delivery.leases import Leased
from backend.delivery.looking_up import Addressee, Batch, look_up
from backend.domain.consents import Voucher, choose_voucher
from backend.domain.messages import Audience, Topic, While, find_topic
from backend.domain.undelivered import OUTDATED
from backend.services.outbox import STAFF
from backend.services.work import Tools
from backend.settings import WechatSettings
from backend.vault.tokens import survey_token
from backend.wechat.messages import Facts, FieldRefused, fill_in, page_of
from backend.wechat.templates import load_templates


@dataclass(frozen=True, slots=True)
class Prepared:
    """One message, ready to go. `consent_id` is the voucher to spend once it went; None for a long-term template."""

    item: Leased
    account_id: str
    openid: str = field(repr=False)
    template_key: str
    template_id: str
    data: Mapping[str, str]
    page: str = field(repr=False)
    consent_id: str | None


@dataclass(frozen=True, slots=True)
class NotSendable:
    """A message that will never go out; `problem` is a code of backend/domain/undelivered.py."""

    item: Leased
    problem: str


def prepare_messages(
    session: Session, tools: Tools, wechat: WechatSettings, items: Sequence[Leased], now: datetime
) -> list[Prepared | NotSendable]:
    """Each item in the order given, about a hundred at most. No voucher is given to two of them.

    Nothing is written: the voucher is spent by whoever sends.
    """
    batch = look_up(session, tools, wechat, items)
    return [_prepare(batch, tools, wechat, item, now) for item in items]


def _prepare(
    batch: Batch, tools: Tools, wechat: WechatSettings, item: Leased, now: datetime
) -> Prepared | NotSendable:
    audience: Audience = "staff" if item.recipient_kind == STAFF else "citizen"
    topic = find_topic(audience, item.topic, item.payload)
    if topic is None:
        return NotSendable(item, "no_words")
    addressee = batch.addressee(item)
    if isinstance(addressee, str):
        return NotSendable(item, addressee)
    facts = _facts(batch, tools, item, topic, audience, now)
    if facts is None:
        return NotSendable(item, OUTDATED)
    voucher = _voucher(batch, wechat, addressee, item, topic)
    if isinstance(voucher, str):
        return NotSendable(item, voucher)
    try:
        data = fill_in(load_templates()[voucher.template], facts)
    except FieldRefused:
        return NotSendable(item, "data_invalid")
    batch.take(addressee.account_id, voucher)
    return Prepared(
        item=item,
        account_id=addressee.account_id,
        openid=addressee.openid,
        template_key=voucher.template,
        template_id=wechat.templates[voucher.template],
        data=data,
        page=page_of(facts),
        consent_id=None if voucher.is_long_term else voucher.id,
    )


def _voucher(
    batch: Batch, wechat: WechatSettings, addressee: Addressee, item: Leased, topic: Topic
) -> Voucher | str:
    """What it goes out on, else why it cannot."""
    templates = [key for key in topic.templates if key in wechat.templates]
    if not templates:
        return "no_template"
    inquiry = batch.inquiry(item)
    may_take_last = topic.is_closing or inquiry is None or inquiry.is_closed
    voucher = choose_voucher(templates, batch.free(addressee.account_id), may_take_last=may_take_last)
    return voucher or "no_consent"


def _facts(
    batch: Batch, tools: Tools, item: Leased, topic: Topic, audience: Audience, now: datetime
) -> Facts | None:
    """What the message tells; None when it is no longer so."""
    limit = batch.limit(item, topic, now)
    if not batch.still_holds(item, topic, limit):
        return None
    inquiry = batch.inquiry(item)
    at = batch.created_at(item)
    if inquiry is None:
        years = item.payload.get("years", ())
        return Facts(topic, audience, at, reference="/".join(str(year) for year in years))
    follow_up = item.payload.get("follow_up")
    tells_result = topic.still in {While.CLOSED, While.ASKED}
    return Facts(
        topic=topic,
        audience=audience,
        at=at,
        number=inquiry.number,
        unit=inquiry.first_unit if inquiry.is_confidential else inquiry.unit,
        section="" if inquiry.is_confidential else inquiry.section,
        outcome=inquiry.outcome if tells_result else "",
        closed_at=inquiry.closed_at if tells_result else None,
        duty=limit.duty if limit is not None else "",
        due_at=limit.due_at if limit is not None else None,
        survey_token=survey_token(tools.tracking_key, follow_up) if follow_up else None,
    )
