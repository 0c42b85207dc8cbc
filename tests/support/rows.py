"""Valid rows, one function a table: parents first, everything else overridden by keyword.

Each function adds its row, flushes and returns it. What a test is about, it says; the rest is believable.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any, TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend import models
from backend.domain import vocabulary as v
from backend.models.types import new_id

NOW = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)
"""A Tuesday, 10:30 in Shanghai."""
DAY = timedelta(days=1)

Row = TypeVar("Row")

_numbers = count(1)


def _digest(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()


def insert_row(session: Session, table: type[Row], defaults: dict[str, Any], given: dict[str, Any]) -> Row:
    row = table(**(defaults | given))
    session.add(row)
    session.flush()
    return row


def unit(session: Session, **given: Any) -> models.Unit:
    number = next(_numbers)
    defaults = {
        "name": f"某区第{number}局",
        "organ_type": v.OrganType.ADMINISTRATION,
        "measure": v.Measure.TAN,
    }
    return insert_row(session, models.Unit, defaults, given)


def section(session: Session, unit: models.Unit, **given: Any) -> models.Section:
    defaults = {"unit_id": unit.id, "name": f"第{next(_numbers)}科", "kind": v.SectionKind.OFFICE}
    return insert_row(session, models.Section, defaults, given)


def staff(
    session: Session, unit: models.Unit, section: models.Section | None = None, **given: Any
) -> models.Staff:
    defaults = {
        "unit_id": unit.id,
        "section_id": section.id if section else None,
        "username": f"staff{next(_numbers)}",
        "name": "王敏",
        "employment": v.Employment.CIVIL_SERVANT,
        "password_hash": "$argon2id$not-a-password",
        "wrapped_key": b"wrapped",
    }
    return insert_row(session, models.Staff, defaults, given)


def role_grant(session: Session, staff: models.Staff, role: v.Role, **given: Any) -> models.RoleGrant:
    """Unit-wide; the roles of a section need its `section_id`."""
    return insert_row(
        session, models.RoleGrant, {"staff_id": staff.id, "role": role, "unit_id": staff.unit_id}, given
    )


def absence(session: Session, staff: models.Staff, **given: Any) -> models.Absence:
    return insert_row(session, models.Absence, {"staff_id": staff.id, "starts_at": NOW - DAY}, given)


def post(
    session: Session, unit: models.Unit, section: models.Section | None = None, **given: Any
) -> models.Post:
    """A section's post when a section is given, else the unit's general post."""
    defaults = {
        "unit_id": unit.id,
        "section_id": section.id if section else None,
        "kind": v.PostKind.SECTION if section else v.PostKind.GENERAL,
        "location": "一楼大厅",
        "phone": "0519-82880000",
    }
    return insert_row(session, models.Post, defaults, given)


def post_deputy(session: Session, post: models.Post, staff: models.Staff, **given: Any) -> models.PostDeputy:
    return insert_row(
        session, models.PostDeputy, {"post_id": post.id, "staff_id": staff.id, "position": 1}, given
    )


def sign(session: Session, post: models.Post, **given: Any) -> models.Sign:
    code = f"{next(_numbers):016d}"
    return insert_row(
        session, models.Sign, {"code": code, "post_id": post.id, "location": "门口", "issued_at": NOW}, given
    )


def citizen(session: Session, **given: Any) -> models.Citizen:
    defaults = {
        "kind": v.CitizenKind.PERSON,
        "wrapped_key": b"wrapped",
        "name_sealed": b"name",
        "created_at": NOW,
    }
    return insert_row(session, models.Citizen, defaults, given)


def inquiry(session: Session, unit: models.Unit, **given: Any) -> models.Inquiry:
    """A consultation filed by sign, without a holding. A complaint also takes `is_confidential=True`."""
    number = next(_numbers)
    defaults = {
        "number": f"2026{number:09d}",
        "status": v.Status.FILED,
        "category": v.Category.CONSULT,
        "channel": v.Channel.OTHER,
        "source": v.Source.SIGN,
        "measure": unit.measure,
        "is_written": False,
        "is_confidential": False,
        "unit_id": unit.id,
        "first_unit_id": unit.id,
        "received_at": NOW,
        "recorded_at": NOW,
        "wrapped_key": b"wrapped",
        "tracking_hash": _digest(f"tracking {number}"),
    }
    return insert_row(session, models.Inquiry, defaults, given)


def inquiry_text(session: Session, inquiry: models.Inquiry, **given: Any) -> models.InquiryText:
    defaults = {
        "inquiry_id": inquiry.id,
        "kind": "content",
        "sealed": b"sealed",
        "salt": b"salt",
        "created_at": NOW,
    }
    return insert_row(session, models.InquiryText, defaults, given)


def holding(
    session: Session, inquiry: models.Inquiry, holder: models.Staff | models.Post, **given: Any
) -> models.Holding:
    """Live unless `ended_at` is given."""
    bearer = "post_id" if isinstance(holder, models.Post) else "staff_id"
    defaults = {
        "inquiry_id": inquiry.id,
        "unit_id": holder.unit_id,
        "section_id": holder.section_id,
        bearer: holder.id,
        "round": inquiry.round,
        "started_at": inquiry.received_at,
    }
    return insert_row(session, models.Holding, defaults, given)


def blob(session: Session, **given: Any) -> models.Blob:
    defaults = {"store": "files", "locator": new_id(), "size": 2048, "created_at": NOW}
    return insert_row(session, models.Blob, defaults, given)


def blob_chunk(session: Session, blob: models.Blob, **given: Any) -> models.BlobChunk:
    return insert_row(
        session, models.BlobChunk, {"blob_id": blob.id, "position": 0, "sealed": b"sealed"}, given
    )


def attachment(
    session: Session, inquiry: models.Inquiry, blob: models.Blob, **given: Any
) -> models.Attachment:
    defaults = {
        "inquiry_id": inquiry.id,
        "position": 1,
        "media_type": "image/jpeg",
        "size": 1024,
        "blob_id": blob.id,
        "added_at": NOW,
    }
    return insert_row(session, models.Attachment, defaults, given)


def handoff(
    session: Session,
    inquiry: models.Inquiry,
    giver: models.Holding,
    by: models.Staff,
    to: models.Section,
    **given: Any,
) -> models.Handoff:
    """An open offer to a section; when the section is another unit's, a written hand-off between units."""
    abroad = to.unit_id != giver.unit_id
    defaults = {
        "inquiry_id": inquiry.id,
        "kind": v.HandoffKind.UNIT if abroad else v.HandoffKind.SECTION,
        "mode": v.HandoffMode.TRANSFER,
        "state": v.HandoffState.OFFERED,
        "is_written": abroad,
        "from_holding_id": giver.id,
        "from_unit_id": giver.unit_id,
        "from_section_id": giver.section_id,
        "to_unit_id": to.unit_id,
        "to_section_id": to.id,
        "clause": "《金坛区机关首问负责制实施办法（试行）》第六条第（二）项",
        "prior_status": inquiry.status,
        "offered_by_id": by.id,
        "offered_at": NOW,
        "served_at": NOW if abroad else None,
        "lapses_at": NOW + DAY,
    }
    if "reason_text_id" not in given:
        given["reason_text_id"] = inquiry_text(session, inquiry, kind="reason").id
    return insert_row(session, models.Handoff, defaults, given)


def clock(session: Session, inquiry: models.Inquiry, **given: Any) -> models.Clock:
    """A running limit of two working days."""
    defaults = {
        "inquiry_id": inquiry.id,
        "round": inquiry.round,
        "duty": "answer-consult",
        "measure": inquiry.measure,
        "clause": "《金坛区机关首问负责制实施办法（试行）》第七条第（一）项",
        "quote": "原则上2个工作日内予以答复",
        "strictness": v.Strictness.PRINCIPLE,
        "bearer_kind": v.BearerKind.FIRST_RESPONDER,
        "bearer_unit_id": inquiry.first_unit_id,
        "starts_at": inquiry.received_at,
        "due_at": inquiry.received_at + 2 * DAY,
        "due_soon_at": inquiry.received_at + DAY,
        "working_days": 2,
        "anchor_at": inquiry.received_at,
        "anchor_days": 2,
        "is_provisional": False,
        "created_at": NOW,
    }
    return insert_row(session, models.Clock, defaults, given)


def clock_fact(session: Session, clock: models.Clock, **given: Any) -> models.ClockFact:
    defaults = {
        "clock_id": clock.id,
        "kind": "overdue",
        "at": clock.due_at,
        "recorded_at": clock.due_at,
        "bearer_unit_id": clock.bearer_unit_id,
    }
    return insert_row(session, models.ClockFact, defaults, given)


def rating(session: Session, inquiry: models.Inquiry, **given: Any) -> models.Rating:
    defaults = {
        "inquiry_id": inquiry.id,
        "round": inquiry.round,
        "kind": v.RatingKind.OWN,
        "grade": v.Grade.SATISFIED,
        "source": "tracking",
        "rated_at": NOW,
    }
    return insert_row(session, models.Rating, defaults, given)


def ledger_entry(session: Session, unit: models.Unit, **given: Any) -> models.LedgerEntry:
    """The next entry of the unit's chain; hashes and signature are filled in, not true."""
    last = session.scalar(
        select(func.max(models.LedgerEntry.sequence)).where(models.LedgerEntry.unit_id == unit.id)
    )
    defaults = {
        "unit_id": unit.id,
        "sequence": (last or 0) + 1,
        "event": "filed",
        "body": "{}",
        "prev_hash": bytes(32),
        "hash": bytes(32),
        "signature": bytes(64),
        "recorded_at": NOW,
    }
    return insert_row(session, models.LedgerEntry, defaults, given)


def ledger_head(session: Session, unit: models.Unit, **given: Any) -> models.LedgerHead:
    defaults = {"unit_id": unit.id, "sequence": 1, "hash": bytes(32), "signature": bytes(64)}
    return insert_row(session, models.LedgerHead, defaults, given)


def outbox_item(session: Session, **given: Any) -> models.OutboxItem:
    """A job that can be claimed at NOW."""
    defaults = {"kind": "job", "topic": "housekeeping", "payload": {}, "available_at": NOW, "created_at": NOW}
    return insert_row(session, models.OutboxItem, defaults, given)


def schedule_slot(session: Session, **given: Any) -> models.ScheduleSlot:
    return insert_row(
        session,
        models.ScheduleSlot,
        {"name": "deadlines", "slot": "2026-11-24T10:30", "taken_at": NOW},
        given,
    )


def access_session(session: Session, staff: models.Staff, **given: Any) -> models.AccessSession:
    """A live session of a member of staff."""
    defaults = {
        "kind": "staff",
        "staff_id": staff.id,
        "token_hash": _digest(f"token {next(_numbers)}"),
        "created_at": NOW,
        "expires_at": NOW + DAY,
    }
    return insert_row(session, models.AccessSession, defaults, given)


def idempotency_key(session: Session, **given: Any) -> models.IdempotencyKey:
    defaults = {
        "owner": "anonymous",
        "key_hash": _digest(f"key {next(_numbers)}"),
        "operation": "inquiries.file",
        "fingerprint": _digest("body"),
        "status": 201,
        "created_at": NOW,
    }
    return insert_row(session, models.IdempotencyKey, defaults, given)


def calendar_day(session: Session, day: date, **given: Any) -> models.CalendarDayRow:
    defaults = {"day": day, "is_workday": day.weekday() < 5, "source": "国务院办公厅通知", "loaded_at": NOW}
    return insert_row(session, models.CalendarDayRow, defaults, given)
