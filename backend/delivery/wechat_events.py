"""Deal with what WeChat pushed, once: vouchers, what became of messages, checks of photos, people who leave.

WeChat writes the same event in many ways: XML nests what JSON keeps flat, a list of one is no list, numbers are texts.
Nothing here trusts a field to be there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from backend.delivery.doing import settings, system_work
from backend.delivery.leases import Leased
from backend.delivery.settling import settle_sent
from backend.domain.vocabulary import Role
from backend.domain.vocabulary_contact import ConsentSource, ErasureReason
from backend.models import ContentCheck, RoleGrant, Staff, WechatAccount, WechatEvent
from backend.services.accounts import find_account
from backend.services.consents import record_results, void_free
from backend.services.content_checks import locked_check, note_unchecked, note_verdict
from backend.services.erasing import FILES, PHOTOS, erase_account, erase_files, erase_phone
from backend.services.outbox import notify_office
from backend.services.presence import is_present
from backend.services.wechat_events import open_event, settle_event
from backend.services.work import Work
from backend.settings import WechatSettings

Body = Mapping[str, Any]
Deal = Callable[[Work, WechatSettings, WechatEvent, Body], None]

WRAPPERS = ("SubscribeMsgPopupEvent", "SubscribeMsgChangeEvent", "SubscribeMsgSentEvent")
WAITED_FOR = timedelta(minutes=10)
"""WeChat's answer about a photo can be faster than our note of the question: until then it is tried again."""
TOLD_OF_PUNISHMENT = (Role.SYSADMIN, Role.OVERSEER)
PHONE, PHOTO_OR_VIDEO, FILE = "8", "14", "15"
"""RevokeInfo: what of WeChat's we keep anything of. A chosen file may be a photo too."""
REFUSED = "reject"
MSGID_LENGTH = 32
_PLAIN = re.compile(r"[!-~]{1,100}")


class CheckNotKnownYet(Exception):
    """The result of a check came before we wrote down that we asked."""


def handle_event(item: Leased) -> None:
    """Deal with one event and empty it, all in one transaction. Raises CheckNotKnownYet, settling.NotMarkedYet."""
    wechat = settings().wechat
    with system_work() as work:
        event = work.session.get(WechatEvent, item.payload["event"], with_for_update=True)
        body = open_event(work.tools, event) if event is not None else None
        if event is None or body is None:
            return
        deal = DEALS.get(event.event)
        if deal is not None and wechat is not None:
            deal(work, wechat, event, body)
        settle_event(work, event)


def _popup(work: Work, wechat: WechatSettings, event: WechatEvent, body: Body) -> None:
    """Somebody answered a prompt in the mini program."""
    account = _account(work, wechat, body)
    results = {key: result for key, result, _ in _templates(wechat, body, "SubscribeStatusString")}
    if account is not None and results:
        at = event.received_at
        record_results(work, account.id, results, ConsentSource.EVENT, wechat.long_term, at=at)


def _change(work: Work, wechat: WechatSettings, _event: WechatEvent, body: Body) -> None:
    """Somebody refused in WeChat's settings: what they had agreed to is void."""
    account = _account(work, wechat, body)
    for key, result, _ in _templates(wechat, body, "SubscribeStatusString"):
        if account is not None and result == REFUSED:
            void_free(work.session, account.id, key, work.now)


def _sent(work: Work, wechat: WechatSettings, _event: WechatEvent, body: Body) -> None:
    """A message arrived, or did not."""
    account = _account(work, wechat, body)
    for key, code, item in _templates(wechat, body, "ErrorCode"):
        if account is not None:
            settle_sent(
                work.session,
                account_id=account.id,
                template_key=key,
                message_id=_plain(item.get("MsgID"))[:MSGID_LENGTH] or None,
                ok=code == "0",
                now=work.now,
            )


def _media(work: Work, _wechat: WechatSettings, event: WechatEvent, body: Body) -> None:
    """What WeChat found in a photo, or that it could not fetch it (-1008)."""
    trace_id = _plain(body.get("trace_id"))
    check_id = work.session.scalar(select(ContentCheck.id).where(ContentCheck.trace_id == trace_id))
    check = locked_check(work, check_id) if check_id is not None else None
    if check is None:
        if trace_id and work.now - event.received_at < WAITED_FOR:
            raise CheckNotKnownYet
        return
    result = body.get("result")
    told = result if isinstance(result, Mapping) else {}
    suggest, label = _plain(told.get("suggest")), _plain(told.get("label"))
    if _plain(body.get("errcode")) not in {"", "0"} or suggest not in {"pass", "review", "risky"}:
        note_unchecked(work, check)
    else:
        note_verdict(work, check, suggest, int(label) if re.fullmatch(r"[0-9]{1,9}", label) else None)


def _revoked(work: Work, wechat: WechatSettings, _event: WechatEvent, body: Body) -> None:
    """Somebody took back what the mini program may use: it is destroyed."""
    account = _account(work, wechat, body)
    if account is None:
        return
    revoked = set(re.findall(r"[0-9]+", str(body.get("RevokeInfo", ""))[:200]))
    if PHONE in revoked:
        erase_phone(work, account.id, ErasureReason.REVOKED)
    if FILE in revoked:
        erase_files(work, account.id, ErasureReason.REVOKED, FILES)
    elif PHOTO_OR_VIDEO in revoked:
        erase_files(work, account.id, ErasureReason.REVOKED, PHOTOS)


def _cancelled(work: Work, wechat: WechatSettings, _event: WechatEvent, body: Body) -> None:
    """Somebody closed their account with the mini program."""
    account = _account(work, wechat, body)
    if account is not None:
        erase_account(work, account.id, ErasureReason.CANCELLED)


def _punished(work: Work, _wechat: WechatSettings, event: WechatEvent, body: Body) -> None:
    """WeChat warns or bans the mini program: somebody has to know at once."""
    granted = select(RoleGrant.staff_id).where(RoleGrant.role.in_(TOLD_OF_PUNISHMENT))
    people = work.session.scalars(select(Staff.id).where(Staff.id.in_(granted), is_present(work.now)))
    kind = _plain(body.get("event_type"))
    notify_office(
        work,
        "wechat_punished",
        people.all(),
        once=event.id,
        kind=int(kind) if re.fullmatch(r"[1-9]", kind) else 0,
    )


DEALS: Mapping[str, Deal] = {
    "subscribe_msg_popup_event": _popup,
    "subscribe_msg_change_event": _change,
    "subscribe_msg_sent_event": _sent,
    "wxa_media_check": _media,
    "user_authorization_revoke": _revoked,
    "user_authorization_cancellation": _cancelled,
    "wxa_punish_event": _punished,
}


def _account(work: Work, wechat: WechatSettings, body: Body) -> WechatAccount | None:
    """Whom it is about: OpenID where the platform speaks of somebody, else the sender; None for whom we do not know."""
    openid = _plain(body.get("OpenID")) or _plain(body.get("FromUserName"))
    return find_account(work, wechat.app_id, openid) if openid else None


def _templates(wechat: WechatSettings, body: Body, field: str) -> Iterator[tuple[str, str, Body]]:
    """Our key of each template in the event's list, what `field` says of it, and the item itself."""
    keys = {template_id: key for key, template_id in wechat.templates.items()}
    for item in _listed(body):
        key = keys.get(_plain(item.get("TemplateId")))
        if key is not None:
            yield key, _plain(item.get(field)), item


def _listed(body: Body) -> list[Body]:
    wrapped = next((body[name] for name in WRAPPERS if isinstance(body.get(name), Mapping)), body)
    found = wrapped.get("List")
    items = found if isinstance(found, list) else [found]
    return [item for item in items if isinstance(item, Mapping)]


def _plain(value: Any) -> str:
    """A word or number as text; empty for anything else, which means nothing to us."""
    text = str(value) if isinstance(value, str | int) else ""
    return text if _PLAIN.fullmatch(text) else ""
