"""Answers rendered from stored facts, so that a replay says what was said the first time."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from backend.domain.numbers import display_number
from backend.domain.times import local
from backend.models import Attachment, Clock, LedgerEntry
from backend.queries.clocks import clock_shape, no_limit_note
from backend.queries.inquiry import attachment_shape, receipt_of
from backend.queries.people import holder_at
from backend.routes.installation import settings
from backend.routes.pipeline import Result
from backend.services.filing import citizen_token
from backend.services.work import Work


def tracking_url(token: str) -> str:
    """The citizen's own address of an inquiry."""
    return f"{settings().base_url}/t/{token}"


def filed_answer(work: Work, result: Result) -> dict[str, Any]:
    """The 201 of filing: number, capability, holder and clocks of that moment, and the receipt."""
    # A replay comes later: the limits are shown as they stood when it was filed.
    work = replace(work, now=result.entry.recorded_at)
    inquiry, body = result.inquiry, json.loads(result.entry.body)
    token = citizen_token(work, inquiry)
    ids = [clock["id"] for clock in body["facts"]["clocks"]]
    first = work.session.scalars(select(Clock).where(Clock.id.in_(ids)).order_by(Clock.starts_at, Clock.id))
    clocks = [clock_shape(work, clock) for clock in first]
    return {
        "number": inquiry.number,
        "display_number": display_number(inquiry.number),
        "status": body["status"],
        "version": body["version"],
        "received_at": local(inquiry.received_at).isoformat(),
        "tracking_token": token,
        "tracking_url": tracking_url(token),
        "holder": holder_at(work.session, body.get("holder")),
        "clocks": clocks,
        "no_limit_note": no_limit_note(work, inquiry, clocks),
        "receipt": receipt_of(result.entry),
    }


def registered_answer(work: Work, result: Result) -> dict[str, Any]:
    """The 201 of registering; `resource_id` is the entry of closing where that was the same step.

    It carries no capability: staff may not follow, rate or withdraw for the citizen (design 5). The visitor comes back
    with the number and the phone's tail.
    """
    answer = filed_answer(work, result)
    del answer["tracking_token"], answer["tracking_url"]
    answer["late_entry"] = result.inquiry.is_late_entry
    if result.resource_id is not None:
        closed = json.loads(work.session.get_one(LedgerEntry, result.resource_id).body)
        answer |= {"status": closed["status"], "version": closed["version"]}
    return answer


def step_answer(work: Work, result: Result) -> dict[str, Any]:
    """The answer of any further step: what its ledger entry says."""
    body = json.loads(result.entry.body)
    answer = {
        "number": body["number"],
        "status": body["status"],
        "version": body["version"],
        "event": body["event"],
        "at": body["at"],
        "holder": holder_at(work.session, body.get("holder")),
        "receipt": receipt_of(result.entry),
    }
    if result.resource_id is not None:
        answer["id"] = result.resource_id
    return answer


def rated_answer(work: Work, result: Result) -> dict[str, Any]:
    """The answer of rating: the grade as it was given."""
    return {**step_answer(work, result), "grade": json.loads(result.entry.body)["facts"]["grade"]}


def attached_answer(work: Work, result: Result) -> dict[str, Any]:
    """The answer of an upload: the stored file."""
    if result.resource_id is None:
        raise ValueError("an upload makes an attachment")
    row = work.session.get_one(Attachment, result.resource_id)
    shape = attachment_shape(work, result.inquiry, row)
    return {**shape, "url": f"/api/v1/inquiries/{result.inquiry.number}/attachments/{row.id}"}
