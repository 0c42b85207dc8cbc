"""谁经手过: the chain of holders from the first moment on, read from the ledger's entries."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import select

from backend.domain.clocks import date_phrase
from backend.domain.times import local
from backend.models import Inquiry, LedgerEntry, Post, Section, Staff, Unit
from backend.queries.people import holder_at, place_name, ref
from backend.services.work import Work

BEGINNINGS = {
    "filed": "提交",
    "accepted": "转交承接",
    "assigned": "分派",
    "dispute_decided": "裁定",
    "reclassified": "更正类别",
    "reopened": "重新打开",
}
"""What makes somebody the holder, as the chain calls it; any other event that changes the holder is 变更."""
ENDINGS = frozenset({"closed", "withdrawn"})
OTHERWISE = "变更承办"


def holders_of(work: Work, inquiry: Inquiry) -> list[dict[str, Any]]:
    """Every holder, oldest first: `{holder, unit, from, from_text, to, to_text, by, by_label}`.

    `to` is None while they hold it. A registration by staff begins with 登记.
    """
    legs: list[dict[str, Any]] = []
    holder: dict[str, Any] | None = None
    for entry, body in _entries(work, inquiry):
        if body.get("holder") and (body["holder"] != holder or entry.event == "reopened"):
            _end(work, legs, entry)
            holder = body["holder"]
            legs.append(_begin(work, entry, body))
        if entry.event in ENDINGS:
            _end(work, legs, entry)
            holder = None
    if holder is not None:
        # Only of the present holder it is known who keeps the post.
        legs[-1]["holder"] = (holder_at(work.session, holder) or {})["text"]
    return legs


def _entries(work: Work, inquiry: Inquiry) -> list[tuple[LedgerEntry, dict[str, Any]]]:
    entries = work.session.scalars(
        select(LedgerEntry).where(LedgerEntry.inquiry_id == inquiry.id, ~LedgerEntry.is_mirror)
    )
    bodies = [(entry, json.loads(entry.body)) for entry in entries]
    bodies.sort(key=lambda pair: (pair[1]["version"], pair[0].recorded_at, pair[0].sequence))
    return bodies


def _begin(work: Work, entry: LedgerEntry, body: dict[str, Any]) -> dict[str, Any]:
    place = body["holder"]
    label = BEGINNINGS.get(entry.event, OTHERWISE)
    if entry.event == "filed" and body["actor"]["kind"] == "staff":
        label = "登记"
    return {
        "holder": _named(work, place),
        "unit": ref(work.session.get_one(Unit, place["unit"])),
        "from": local(entry.recorded_at).isoformat(),
        "from_text": date_phrase(entry.recorded_at, work.now),
        "to": None,
        "to_text": None,
        "by": entry.event,
        "by_label": label,
    }


def _end(work: Work, legs: list[dict[str, Any]], entry: LedgerEntry) -> None:
    if legs and legs[-1]["to"] is None:
        legs[-1]["to"] = local(entry.recorded_at).isoformat()
        legs[-1]["to_text"] = date_phrase(entry.recorded_at, work.now)


def _named(work: Work, place: dict[str, Any]) -> str:
    """A past holder. Of a post it is not said who keeps it today: somebody else may have kept it then."""
    session = work.session
    unit = session.get_one(Unit, place["unit"])
    section = session.get(Section, place["section"]) if place.get("section") else None
    post = session.get(Post, place["post"]) if place.get("post") else None
    if post is not None:
        return f"{place_name(unit, section)} {post.kind.label}"
    staff = session.get(Staff, place["staff"]) if place.get("staff") else None
    return " ".join(filter(None, (place_name(unit, section), staff.name if staff is not None else None)))
