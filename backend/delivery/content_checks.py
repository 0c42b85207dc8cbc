"""Ask WeChat about texts and photos, outside every transaction; what gets no answer goes to people."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from threading import Event

from flask import current_app
from sqlalchemy import select, text

from backend.delivery.channels import MISCONFIGURED, PROBE_EVERY, UNREACHABLE, closed_channels
from backend.delivery.doing import NotNow, settings, system_work
from backend.delivery.leases import Leased
from backend.delivery.senders import WechatSender
from backend.domain.vocabulary_contact import CheckState
from backend.models import Attachment, ContentCheck, Inquiry, InquiryText, WechatAccount
from backend.services.accounts import openid_of
from backend.services.content_checks import (
    SEEN_WITHIN,
    UNANSWERED_AFTER,
    locked_check,
    note_unchecked,
    note_verdict,
)
from backend.services.texts import read_text
from backend.services.work import Work
from backend.vault.tokens import media_token
from backend.wechat.gateway import Gateway, Remedy, WechatProblem, gateway_of

FETCHED_WITHIN = timedelta(minutes=30)
"""How long WeChat can fetch a photo."""
COMES_AGAIN = frozenset({Remedy.LATER, Remedy.UNSURE, Remedy.NEXT_MINUTE})
"""After these the job is tried again; after any other, people look. A check asks twice without harm."""
AT_ONCE = 100
TRACE_LENGTH = 100
CLOSED_TO_ALL = frozenset({UNREACHABLE, MISCONFIGURED})
"""Why messages are not sent that concerns checks too; a quota concerns the one call."""


@dataclass(frozen=True, slots=True)
class Question:
    """What WeChat is asked: a text, or the address of a photo."""

    openid: str = field(repr=False)
    content: str = field(repr=False)


def check_text(item: Leased) -> None:
    """Ask about a text, unless it is decided. Raises WechatProblem where asking again may help, NotNow without asking."""
    gateway, asked = _prepared(item)
    if gateway is None or asked is None:
        return
    try:
        verdict = gateway.check_text(asked.openid, asked.content)
    except WechatProblem as problem:
        _give_up(item, problem)
        return
    with system_work() as work:
        check = locked_check(work, item.payload["check"])
        if check is not None:
            note_verdict(work, check, verdict.suggest, verdict.label)


def check_file(item: Leased) -> None:
    """Have WeChat fetch a photo; what it finds comes as an event. Raises as `check_text` does."""
    gateway, asked = _prepared(item)
    if gateway is None or asked is None:
        return
    try:
        trace_id = gateway.check_media(asked.openid, asked.content)
    except WechatProblem as problem:
        _give_up(item, problem)
        return
    with system_work() as work:
        check = locked_check(work, item.payload["check"])
        if check is not None:
            check.trace_id = trace_id[:TRACE_LENGTH]


def give_up(stop: Event) -> None:
    """Whatever WeChat has not answered in two hours goes to people: it was away, or its event never came."""
    left = AT_ONCE
    while left == AT_ONCE and not stop.is_set():
        with system_work() as work:
            waiting = work.session.scalars(
                select(ContentCheck)
                # Written out, not bound: only then can the partial index be used (performance.md section 3).
                .where(text("state = 'waiting'"), ContentCheck.created_at < work.now - UNANSWERED_AFTER)
                .order_by(ContentCheck.created_at)
                .limit(AT_ONCE)
                .with_for_update(skip_locked=True)
            ).all()
            for check in waiting:
                note_unchecked(work, check)
            left = len(waiting)


def _prepared(item: Leased) -> tuple[Gateway | None, Question | None]:
    """The gateway and what to ask it; nothing to ask where it is decided, asked already, or nobody can be asked for."""
    gateway = gateway_of(current_app)
    with system_work() as work:
        check = locked_check(work, item.payload["check"])
        if check is None or check.state is not CheckState.WAITING or check.trace_id is not None:
            return gateway, None
        openid = _openid(work, check)
        if gateway is None or openid is None:
            note_unchecked(work, check)
            return gateway, None
        _wait_for_wechat(work)
        inquiry = work.session.get_one(Inquiry, check.inquiry_id)
        if check.text_id is not None:
            row = work.session.get_one(InquiryText, check.text_id)
            return gateway, Question(openid, read_text(work.tools, inquiry, row))
        return gateway, _about_photo(work, check, openid)


def _wait_for_wechat(work: Work) -> None:
    """Leave it to the messages to find out when WeChat is back: one of them tries every half minute. Raises NotNow."""
    pause = closed_channels(work.session).get(WechatSender.channel)
    if pause is not None and pause.problem in CLOSED_TO_ALL:
        raise NotNow(max(pause.until, work.now + PROBE_EVERY))


def _openid(work: Work, check: ContentCheck) -> str | None:
    """Who sent it, while WeChat still knows them: within two hours of being seen (61010)."""
    account = work.session.get(WechatAccount, check.account_id) if check.account_id else None
    if account is None or work.now - account.seen_at > SEEN_WITHIN:
        return None
    return openid_of(work.tools, account)


def _about_photo(work: Work, check: ContentCheck, openid: str) -> Question | None:
    photo = work.session.get_one(Attachment, check.attachment_id)
    if photo.erased_at is not None:
        return None
    until = int((work.now + FETCHED_WITHIN).timestamp())
    token = media_token(work.tools.tracking_key, photo.id, until)
    return Question(openid, f"{settings().base_url}/media/{token}")


def _give_up(item: Leased, problem: WechatProblem) -> None:
    """To people, at once or when patience is over. Raises the problem where trying again may help."""
    if problem.remedy in COMES_AGAIN:
        raise problem
    with system_work() as work:
        check = locked_check(work, item.payload["check"])
        if check is not None:
            note_unchecked(work, check)
