"""Rows of an old ledger in the wording of 附件2, put on record as 补录 (source `import`).

The whole file is checked first, every mistake told at once. Each row then becomes an inquiry of its own with its entries
in the chain, once: the same row never makes a second one. Its limits run from 受理时间 and end at 办结时间, so nobody gains a
day by entering it late; what it says of the past stands beside the moment it was put on record.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select

from backend.domain import import_tables as tables
from backend.domain.complaints import Subject
from backend.domain.errors import FieldInvalid
from backend.domain.imports import Findings, Row, SheetLike, TableKind, rows_of
from backend.domain.ledger_form import ANONYMOUS, CONFIDENTIAL
from backend.domain.states import Step
from backend.domain.times import local
from backend.domain.vocabulary import (
    AboutKind,
    Category,
    Channel,
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
from backend.services.clocks import end_clocks_by
from backend.services.contacts import Contact, parse_phone
from backend.services.filing import History, NewInquiry, file_inquiry
from backend.services.follow_up_rows import end_follow_up
from backend.services.follow_ups import add_follow_up
from backend.services.holdings import release
from backend.services.ledger import record
from backend.services.locking import lock_concerned
from backend.services.presence import section_post, unit_post
from backend.services.routing import Bearer, Destination, complaint_bearer_of
from backend.services.texts import store_text
from backend.services.work import Work
from backend.statute.model import Event

C = tables.LEDGER_COLUMNS
IMPORTED = "import"
"""Where a grade came from (`ratings.source`)."""


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One row, read and found right. Ids, not rows: it outlives the transaction it was read in."""

    number: int
    index: str
    section_id: str | None
    responder_id: str
    received_at: datetime
    channel: Channel
    category: Category
    content: str
    citizen: str | None
    phone: str | None
    disposition: Disposition | None
    details: str | None
    closed_at: datetime | None
    called_at: datetime | None
    grade: Grade | None
    remark: str | None


@dataclass(slots=True)
class LedgerPlan:
    """What a file makes; `kept` rows were put on record before."""

    findings: Findings = field(default_factory=Findings)
    lines: list[LedgerLine] = field(default_factory=list)
    kept: int = 0

    @property
    def counts(self) -> dict[str, int]:
        closed = sum(1 for line in self.lines if line.closed_at is not None)
        return {
            "rows": len(self.lines),
            "closed": closed,
            "open": len(self.lines) - closed,
            "kept": self.kept,
        }


def check_ledger(work: Work, unit: Unit, sheets: Sequence[SheetLike]) -> LedgerPlan:
    """Read and judge the whole file for one unit; nothing is written."""
    plan = LedgerPlan()
    if unit_post(work.session, unit.id, PostKind.GENERAL) is None:
        plan.findings.add("文件", 0, "", "这个单位还没有设首问责任总岗，请先设岗。")
        return plan
    people, sections = _people(work, unit), _sections(work, unit)
    seen: Counter[str] = Counter()
    for row in rows_of(sheets, _table(sheets), plan.findings, needed=True):
        if str(row.cells.get("台账行") or "") == "承接":
            continue
        line = _line(work, unit, row, people, sections, seen)
        if line is not None:
            plan.lines.append(line)
    known = _known(work, [line.index for line in plan.lines])
    plan.kept = len(known)
    plan.lines = [line for line in plan.lines if line.index not in known]
    if not plan.findings.count and not plan.lines and not plan.kept:
        plan.findings.add(tables.LEDGER.name, 0, "", "一行也没有。")
    return plan


def put_on_record(work: Work, file: ImportFile, line: LedgerLine) -> Inquiry | None:
    """Make the inquiry of one row, closed and graded where the row says so; None where it was made before."""
    session = work.session
    if session.get(ImportedRow, line.index) is not None:
        return None
    unit = session.get_one(Unit, file.unit_id)
    section = session.get(Section, line.section_id) if line.section_id else None
    responder = session.get_one(Staff, line.responder_id)
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
            history=History(_bearer(work, destination, responder, line), line.disposition, line.remark),
        ),
    )
    if line.closed_at is not None:
        _close(work, filed.inquiry, responder, line, line.closed_at)
        if line.called_at is not None and line.grade is not None:
            _grade(work, filed.inquiry, line.called_at, line.grade)
    session.add(
        ImportedRow(
            row_index=line.index, inquiry_id=filed.inquiry.id, import_id=file.id, row_number=line.number
        )
    )
    session.flush()
    return filed.inquiry


def _bearer(work: Work, destination: Destination, responder: Staff, line: LedgerLine) -> Bearer:
    """Who has it: what is open the person who was asked, a complaint whoever complaints go to; what is over the post."""
    if line.category is Category.COMPLAINT:
        bearer = complaint_bearer_of(work, destination, Subject())
        return Bearer(bearer.post, responder if bearer.post else bearer.staff)
    if line.closed_at is None:
        return Bearer(None, responder)
    post = destination.post or unit_post(work.session, destination.unit.id, PostKind.GENERAL)
    return Bearer(post, responder)


def _close(work: Work, inquiry: Inquiry, responder: Staff, line: LedgerLine, closed_at: datetime) -> None:
    """It was over before it was put on record: limits end at the moment the row names."""
    row, digest = store_text(work, inquiry, "reply", line.details or "")
    lock_concerned(work, inquiry)
    end_clocks_by(work, inquiry, Event.CLOSED, at=closed_at)
    elsewhere = line.disposition is Disposition.OTHER_UNIT
    answered = Outcome.ANSWERED if line.category is Category.CONSULT else Outcome.COMPLETED
    inquiry.outcome = Outcome.TRANSFERRED if elsewhere else answered
    inquiry.closed_at, inquiry.closed_by_id = closed_at, responder.id
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
            "closed_by": responder.id,
        },
        texts={"reply": (row.id, digest)},
    )


def _grade(work: Work, inquiry: Inquiry, called_at: datetime, grade: Grade) -> None:
    """群众满意度 of the row is a 回访 grade: given to the caller, not by the citizen's own hand (design 5)."""
    call = add_follow_up(work, inquiry, FollowUpMethod.CALL)
    end_follow_up(work, call, FollowUpState.ANSWERED)
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
    facts = {
        "follow_up": call.id,
        "layer": call.layer.value,
        "result": call.state.value,
        "rating": rating.id,
        "grade": grade.value,
        "called_at": local(called_at).isoformat(),
    }
    record(work, "followed_up", inquiry, unit_id=call.unit_id, facts=facts)


def _table(sheets: Sequence[SheetLike]) -> TableKind:
    """The sheet called 台账, else the first: our own export is called after its year."""
    if sheets and not any(sheet.name.strip() == tables.LEDGER.name for sheet in sheets):
        return tables.LEDGER._replace(name=sheets[0].name.strip())
    return tables.LEDGER


def _people(work: Work, unit: Unit) -> dict[str, list[Staff]]:
    """By name the people of the unit, those who left included; by user name everybody who is or was somewhere."""
    found: dict[str, list[Staff]] = defaultdict(list)
    for staff in work.session.scalars(select(Staff).order_by(Staff.id)):
        if staff.unit_id == unit.id:
            found[staff.name].append(staff)
        if staff.username != staff.name:
            found[staff.username].append(staff)
    return found


def _sections(work: Work, unit: Unit) -> dict[str, Section]:
    return {one.name: one for one in work.session.scalars(select(Section).where(Section.unit_id == unit.id))}


def _known(work: Work, indexes: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for start in range(0, len(indexes), 500):
        part = indexes[start : start + 500]
        found |= set(
            work.session.scalars(select(ImportedRow.row_index).where(ImportedRow.row_index.in_(part)))
        )
    return found


def _line(
    work: Work,
    unit: Unit,
    row: Row,
    people: dict[str, list[Staff]],
    sections: dict[str, Section],
    seen: Counter[str],
) -> LedgerLine | None:
    mistakes = row.findings.count
    received_at = row.moment(C["received_at"], work.now)
    responder = _responder(row, people)
    section = _section(row, unit, responder, sections)
    channel, category = row.word(C["channel"], Channel), row.word(C["category"], Category)
    content, details = row.text(C["content"]), row.text(tables.LEDGER_DETAILS)
    disposition = row.word(C["disposition"], Disposition)
    closed_at = row.moment(C["closed_at"], work.now)
    called_at, grade = row.moment(C["followed_up_at"], work.now), _grade_of(row)
    _ensure_in_order(row, received_at, closed_at, called_at, grade)
    if closed_at is not None and details is None:
        row.wrong(tables.LEDGER_DETAILS.label, "填了办结时间，要写具体办理情况。")
    if closed_at is None and responder is not None and not responder.is_active:
        row.wrong(
            C["first_responder"].label,
            f"{responder.name}的账号已经停用；没有办结的要由在岗的人接着办，请写现在的承办人。",
        )
    phone, remark = _contact(row)
    index = _index(work, unit, row, seen)
    citizen = row.text(C["citizen"])
    if received_at is None or responder is None or channel is None or category is None or content is None:
        return None
    if row.findings.count > mistakes:
        return None
    return LedgerLine(
        number=row.number,
        index=index,
        section_id=section.id if section else None,
        responder_id=responder.id,
        received_at=received_at,
        channel=channel,
        category=category,
        content=content,
        citizen=None if citizen == ANONYMOUS else citizen,
        phone=phone,
        disposition=disposition,
        details=details,
        closed_at=closed_at,
        called_at=called_at,
        grade=grade,
        remark=remark,
    )


def _responder(row: Row, people: dict[str, list[Staff]]) -> Staff | None:
    name = row.text(C["first_responder"])
    if name is None:
        return None
    found = people.get(name, [])
    if len(found) == 1:
        return found[0]
    label = C["first_responder"].label
    if found:
        row.wrong(
            label, f"叫“{name}”的不止一个，请写用户名：{'、'.join(one.username for one in found[:5])}。"
        )
    else:
        row.wrong(label, f"没有“{name}”。离开的人也要先建账号（可以停用），调走的写用户名。")
    return None


def _section(row: Row, unit: Unit, responder: Staff | None, sections: dict[str, Section]) -> Section | None:
    name = row.text(tables.LEDGER_SECTION)
    if name is not None:
        if name not in sections:
            row.wrong(tables.LEDGER_SECTION.label, f"{unit.name}没有“{name}”这个科室。")
        return sections.get(name)
    return responder.section if responder is not None and responder.unit_id == unit.id else None


def _grade_of(row: Row) -> Grade | None:
    if str(row.cells.get(C["grade"].label) or "").strip() in {CONFIDENTIAL, "未评价"}:
        return None
    return row.word(C["grade"], Grade)


def _ensure_in_order(
    row: Row,
    received_at: datetime | None,
    closed_at: datetime | None,
    called_at: datetime | None,
    grade: Grade | None,
) -> None:
    if received_at and closed_at and closed_at < received_at:
        row.wrong(C["closed_at"].label, "办结时间早于受理时间。")
    if called_at and closed_at is None:
        row.wrong(C["followed_up_at"].label, "没有办结的事项不回访，请填办结时间。")
    elif called_at and closed_at and called_at < closed_at:
        row.wrong(C["followed_up_at"].label, "回访时间早于办结时间。")
    if grade is not None and called_at is None:
        row.wrong(C["followed_up_at"].label, "填了群众满意度，要写回访时间。")
    if called_at is not None and grade is None:
        row.wrong(C["grade"].label, "填了回访时间，要写群众满意度。")


def _contact(row: Row) -> tuple[str | None, str | None]:
    """The phone, and 备注 with all that has no place of its own here: opinions, a phone that is none."""
    given = row.text(C["contact"])
    phone, beside = None, []
    if given is not None:
        try:
            phone = parse_phone(given)
        except FieldInvalid:
            beside.append(f"{C['contact'].label}：{given}")
    for name in ("section_head_opinion", "deputy_leader_opinion"):
        opinion = row.text(C[name])
        if opinion is not None:
            beside.append(f"{C[name].label}：{opinion}")
    remark = row.text(C["remark"])
    if remark is not None:
        beside.append(remark)
    return phone, "；".join(beside) or None


def _index(work: Work, unit: Unit, row: Row, seen: Counter[str]) -> str:
    """What the row is known by; of equal rows in one file, also which of them it is."""
    said: dict[str, Any] = {
        label: "" if value is None else str(value)
        for label, value in row.cells.items()
        if label in {column.label for column in tables.LEDGER.columns}
    }
    text = json.dumps([unit.id, said], ensure_ascii=True, sort_keys=True)
    seen[text] += 1
    return work.tools.index.index("imported_row", f"{seen[text]}\n{text}")
