"""What WeChat pushed: kept sealed, once, with the job that deals with it; emptied when that is done."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.models import WechatEvent
from backend.models.types import new_id
from backend.services.outbox import add_job
from backend.services.work import Tools, Work

JOB = "wechat_event"
KEPT_FOR = timedelta(days=8)
"""How long it is known that an event was dealt with; what comes again later is refused for its age."""


def event_mark(tools: Tools, body: Mapping[str, Any]) -> str:
    """By what an event is known again, however it was encrypted: everything it says, under a key of ours.

    That includes Event, FromUserName, CreateTime and what names the thing itself (trace_id, OpenID, MsgID): for events
    of the platform FromUserName and CreateTime alone are the same for several.
    """
    return tools.index.index("wechat_event", _canonical(body))


def knows_event(session: Session, mark: str) -> bool:
    """Whether this very event came before."""
    return session.scalar(select(WechatEvent.id).where(WechatEvent.dedup_hash == mark)) is not None


def keep_event(work: Work, mark: str, name: str, body: Mapping[str, Any]) -> bool:
    """Keep an event with its job. False when it was known already, which has no effect at all.

    Raises IntegrityError where another process keeps the same one at the same moment.
    """
    if knows_event(work.session, mark):
        return False
    event_id, wrapped = new_id(), work.tools.vault.new_data_key()
    work.session.add(
        WechatEvent(
            id=event_id,
            dedup_hash=mark,
            event=name,
            wrapped_key=wrapped,
            sealed=work.tools.vault.seal(wrapped, _canonical(body), _context(event_id)),
            received_at=work.now,
        )
    )
    work.session.flush()
    add_job(work, JOB, once=event_id, event=event_id)
    return True


def open_event(tools: Tools, event: WechatEvent) -> dict[str, Any] | None:
    """What the event says; None once it was dealt with."""
    if event.sealed is None or event.wrapped_key is None:
        return None
    body: dict[str, Any] = json.loads(
        tools.vault.unseal_text(event.wrapped_key, event.sealed, _context(event.id))
    )
    return body


def settle_event(work: Work, event: WechatEvent) -> None:
    """It was dealt with: nothing of what it says is kept."""
    event.sealed = None
    event.wrapped_key = None
    event.handled_at = work.now


def _canonical(body: Mapping[str, Any]) -> str:
    return json.dumps(body, sort_keys=True, ensure_ascii=True, separators=(",", ":"))


def _context(event_id: str) -> str:
    return f"wechat_event:{event_id}"
