"""催办, 督办 and 批示 as they are shown: how often, when again, and who may."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from backend.domain.clocks import date_phrase
from backend.domain.identity import Identity
from backend.domain.states import Step, allowed
from backend.domain.times import local, local_date
from backend.domain.urging import next_reminder_at
from backend.domain.vocabulary import Role, SupervisionKind
from backend.models import Inquiry, Reminder
from backend.services.urging import SUPERVISION_EVENTS, roles_to_supervise
from backend.services.work import Work

TITLES = {"reminded": "催办", "supervised": "督办", "instructed": "批示"}
TEXT_LABELS = {"reminder": "", "supervision": ""}
STAFF_ONLY_TEXTS = frozenset({"supervision"})
"""Citizens see that there was a 督办 or 批示, when and in which role, and not its words."""
_NAMES = {SupervisionKind.SUPERVISION: "supervise", SupervisionKind.INSTRUCTION: "instruct"}


def reminders_of(work: Work, inquiry: Inquiry) -> dict[str, Any]:
    """`{count, last_at, last_text, next_at, next_text}`; `next_at` is None where the citizen can urge right now."""
    count, last = work.session.execute(
        select(func.count(Reminder.id), func.max(Reminder.at)).where(Reminder.inquiry_id == inquiry.id)
    ).one()
    shape: dict[str, Any] = {"count": count, "last_at": None, "last_text": None}
    shape |= {"next_at": None, "next_text": None}
    if last is None:
        return shape
    shape |= {"last_at": local(last).isoformat(), "last_text": date_phrase(last, work.now)}
    following = next_reminder_at(last)
    if local_date(last) == local_date(work.now) and allowed(inquiry.status, Step.URGE):
        shape |= {"next_at": following.isoformat(), "next_text": f"{date_phrase(following, work.now)} 起"}
    return shape


def reminder_actions(work: Work, inquiry: Inquiry, base: str) -> list[dict[str, Any]]:
    """催办, while it is open and nobody did so today."""
    if not allowed(inquiry.status, Step.URGE) or reminders_of(work, inquiry)["next_at"] is not None:
        return []
    return [_action("remind", "催一催", f"{base}/reminder", ["text"])]


def supervision_actions(work: Work, identity: Identity, inquiry: Inquiry, base: str) -> list[dict[str, Any]]:
    """督办 and 批示, for those above the holder."""
    if not allowed(inquiry.status, Step.URGE):
        return []
    roles = roles_to_supervise(work, identity, inquiry)
    return [
        _action(name, kind.label, f"{base}/supervision", ["kind", "text"])
        for kind, name in _NAMES.items()
        if kind in roles
    ]


def supervisor_of(event: str, facts: dict[str, Any]) -> str | None:
    """In which role somebody supervised, which is all that citizens are told of them; None for another event."""
    return Role(facts["role"]).label if event in SUPERVISION_EVENTS.values() else None


def _action(name: str, label: str, href: str, fields: list[str]) -> dict[str, Any]:
    return {"name": name, "label": label, "method": "POST", "href": href, "fields": fields}
