"""Rows of an old ledger put on record as 补录 (source `import`).

Each row becomes an inquiry of its own with its entries in the chain, once: the same row never makes a second one. Its
limits run from 受理时间 and end at 办结时间, so nobody gains a day by entering it late; what it says of the past stands
beside the moment it was put on record.
"""

from __future__ import annotations

from datetime import datetime

from backend.domain.complaints import Subject
from backend.domain.states import Step
from backend.domain.times import local
from backend.domain.vocabulary import (
    AboutKind,
    Category,
    Disposition,
    Grade,
    Outcome,
    PostKind,
    RatingKind,
    Source,
)
from backend.domain.vocabulary_contact import FollowUpMethod, FollowUpState
from backend.models import ImportedRow, ImportFile, Inquiry, Rating, Section, Staff, Unit
from backend.models.types import new_id
from backend.services.changing import move
from backend.services.checking_ledger import LedgerLine
from backend.services.clocks import end_clocks_by
from backend.services.contacts import Contact
from backend.services.filing import History, NewInquiry, file_inquiry
from backend.services.follow_up_rows import end_follow_up
from backend.services.follow_ups import add_follow_up
from backend.services.holdings import release
from backend.services.ledger import record
from backend.services.locking import lock_concerned
from backend.services.presence import can_bear, section_post, unit_post
from backend.services.routing import Bearer, Destination, complaint_bearer_of
from backend.services.texts import store_text
from backend.services.work import Work
from backend.statute.model import Event

IMPORTED = "import"
"""Where a grade came from (`ratings.source`)."""


def put_on_record(work: Work, file: ImportFile, line: LedgerLine) -> Inquiry | None:
    """Make the inquiry of one row, closed and graded where the row says so; None where it was made before."""
    session = work.session
    if session.get(ImportedRow, line.index) is not None:
        return None
    unit = session.get_one(Unit, file.unit_id)
    section = session.get(Section, line.section_id) if line.section_id else None
    responder = session.get(Staff, line.responder_id) if line.responder_id else None
    is_complaint = line.category is Category.COMPLAINT
    destination = Destination(unit, section, section_post(session, section.id) if section else None, None)
    filed = file_inquiry(
        work,
        NewInquiry(
            destination=destination,
            category=line.category,
            content=line.content,
            channel=line.channel,
            source=Source.IMPORT,
            contact=Contact(name=line.citizen, phone=line.phone),
            about=AboutKind.OTHER if is_complaint else None,
            occurred_at=line.received_at,
            is_late_entry=True,
            registered_by=session.get(Staff, work.actor.id)
            if work.actor.kind == "staff" and work.actor.id
            else responder,
            history=History(_bearer(work, destination, responder, line), line.disposition, _texts_of(line)),
        ),
    )
    if line.closed_at is not None:
        _close(work, filed.inquiry, responder, line, line.closed_at)
        if line.called_at is not None and line.result is not None:
            _follow_up(work, filed.inquiry, line.called_at, line.result, line.grade)
    session.add(
        ImportedRow(
            row_index=line.index, inquiry_id=filed.inquiry.id, import_id=file.id, row_number=line.number
        )
    )
    session.flush()
    return filed.inquiry


def _texts_of(line: LedgerLine) -> dict[str, str]:
    """What has a field of its own on the form and no act in this system: the two opinions, 备注."""
    return line.opinions | ({"remark": line.remark} if line.remark else {})


def _bearer(work: Work, destination: Destination, responder: Staff | None, line: LedgerLine) -> Bearer:
    """Who has it: what is open the person who was asked, a complaint whoever complaints go to; what is over the post.

    Also the post where that person could not take it on any more since the file was checked.
    """
    if line.category is Category.COMPLAINT:
        bearer = complaint_bearer_of(work, destination, Subject())
        return Bearer(bearer.post, responder if bearer.post else bearer.staff)
    if line.closed_at is None and responder is not None and _is_there(work, destination, responder):
        return Bearer(None, responder)
    post = destination.post or unit_post(work.session, destination.unit.id, PostKind.GENERAL)
    return Bearer(post, responder)


def _is_there(work: Work, destination: Destination, staff: Staff) -> bool:
    return staff.unit_id == destination.unit.id and can_bear(work.session, staff.id, work.now)


def _close(
    work: Work, inquiry: Inquiry, responder: Staff | None, line: LedgerLine, closed_at: datetime
) -> None:
    """It was over before it was put on record: limits end at the moment the row names."""
    row, digest = store_text(work, inquiry, "reply", line.details or "")
    lock_concerned(work, inquiry)
    end_clocks_by(work, inquiry, Event.CLOSED, at=closed_at)
    elsewhere = line.disposition is Disposition.OTHER_UNIT
    answered = Outcome.ANSWERED if line.category is Category.CONSULT else Outcome.COMPLETED
    inquiry.outcome = Outcome.TRANSFERRED if elsewhere else answered
    inquiry.closed_at, inquiry.closed_by_id = closed_at, responder.id if responder else None
    move(inquiry, Step.CLOSE)
    release(work, inquiry)
    record(
        work,
        "closed",
        inquiry,
        unit_id=inquiry.unit_id,
        facts={
            "outcome": inquiry.outcome.value,
            "cancelled_handoff": None,
            "closed_at": local(closed_at).isoformat(),
            "closed_by": inquiry.closed_by_id,
        },
        texts={"reply": (row.id, digest)},
    )


def _follow_up(
    work: Work, inquiry: Inquiry, called_at: datetime, result: FollowUpState, grade: Grade | None
) -> None:
    """群众满意度 of the row is a 回访 grade: given to the caller, not by the citizen's own hand (design 5)."""
    call = add_follow_up(work, inquiry, FollowUpMethod.CALL)
    end_follow_up(work, call, result)
    work.session.flush()
    facts = {
        "follow_up": call.id,
        "layer": call.layer.value,
        "result": result.value,
        "called_at": local(called_at).isoformat(),
    }
    if grade is not None:
        rating = Rating(
            id=new_id(),
            inquiry_id=inquiry.id,
            round=inquiry.round,
            kind=RatingKind.FOLLOW_UP,
            grade=grade,
            source=IMPORTED,
            rated_at=called_at,
        )
        work.session.add(rating)
        work.session.flush()
        call.rating_id = rating.id
        facts |= {"rating": rating.id, "grade": grade.value}
    record(work, "followed_up", inquiry, unit_id=call.unit_id, facts=facts)
