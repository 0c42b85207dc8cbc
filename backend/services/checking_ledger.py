"""What the rows of an old ledger say, in the wording of 附件2: the whole file read and judged first, every mistake told at once."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any

from sqlalchemy import exists, select

from backend.domain import import_tables as tables
from backend.domain.errors import FieldInvalid
from backend.domain.identity import NEVER_HOLDERS
from backend.domain.imports import Findings, Row, SheetLike, TableKind, rows_of
from backend.domain.ledger_form import ANONYMOUS, CONFIDENTIAL, ELSEWHERE, LATE_ENTRY, UNRATED
from backend.domain.times import local, local_date
from backend.domain.vocabulary import Category, Channel, Disposition, Grade, PostKind
from backend.domain.vocabulary_contact import FollowUpState
from backend.domain.vocabulary_ledger import LineKind
from backend.models import ImportedRow, RoleGrant, Section, Staff, Unit
from backend.services.contacts import parse_phone
from backend.services.presence import is_present, unit_post
from backend.services.work import Work

C = tables.LEDGER_COLUMNS
OPINIONS = ("section_head_opinion", "deputy_leader_opinion")
_SAID_ANYHOW = frozenset({"", LATE_ENTRY, CONFIDENTIAL, UNRATED, ELSEWHERE, FollowUpState.UNREACHABLE.label})
"""Parts of 备注 that follow from the rest of a line."""


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One row, read and found right. Ids, not rows: it outlives the transaction it was read in."""

    number: int
    index: str
    section_id: str | None
    responder_id: str | None
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
    result: FollowUpState | None
    grade: Grade | None
    opinions: dict[str, str]
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


@dataclass(slots=True)
class _Unit:
    """What rows of a unit's ledger are held against, and how often each row was met."""

    unit: Unit
    people: dict[str, list[Staff]]
    sections: dict[str, Section]
    bearers: frozenset[str]
    """Ids of those who can take on what is not over: of the unit, there, and of a role that may hold an inquiry."""
    seen: Counter[str] = field(default_factory=Counter)


def check_ledger(work: Work, unit: Unit, sheets: Sequence[SheetLike]) -> LedgerPlan:
    """Read and judge the whole file for one unit; nothing is written."""
    plan = LedgerPlan()
    if unit_post(work.session, unit.id, PostKind.GENERAL) is None:
        plan.findings.add("文件", 0, "", "这个单位还没有设首问责任总岗，请先设岗。")
        return plan
    known_here = _Unit(unit, _people(work, unit), _sections(work, unit), _bearers(work, unit))
    for row in whole_rows(rows_of(sheets, _table(sheets), plan.findings, needed=True)):
        line = _line(work, known_here, row)
        if line is not None:
            plan.lines.append(line)
    known = known_rows(work, plan.lines)
    plan.kept = len(known)
    plan.lines = [line for line in plan.lines if line.index not in known]
    if not plan.findings.count and not plan.lines and not plan.kept:
        plan.findings.add(tables.LEDGER.name, 0, "", "一行也没有。")
    return plan


def known_rows(work: Work, lines: Sequence[LedgerLine]) -> set[str]:
    """Of these rows the ones that were put on record before, by their index."""
    found: set[str] = set()
    indexes = [line.index for line in lines]
    for start in range(0, len(indexes), 500):
        part = indexes[start : start + 500]
        found |= set(
            work.session.scalars(select(ImportedRow.row_index).where(ImportedRow.row_index.in_(part)))
        )
    return found


def whole_rows(rows: Iterable[Row]) -> Iterator[Row]:
    """The rows that are matters of their own: 承接 lines stand in another section's ledger, 接上行 goes on with the one above."""
    whole: Row | None = None
    is_continued = False
    for row in rows:
        kind = str(row.cells.get(tables.LEDGER_LINE) or "").strip()
        if kind == tables.GOES_ON and (whole is not None or is_continued):
            if whole is not None:
                whole.cells = {label: _joined(cell, row.cells[label]) for label, cell in whole.cells.items()}
            continue
        if whole is not None:
            yield whole
        is_continued = kind == LineKind.CONTINUED.label
        whole = None if is_continued else row
    if whole is not None:
        yield whole


def _joined(cell: Any, more: Any) -> Any:
    return cell + more if isinstance(cell, str) and isinstance(more, str) and cell != tables.GOES_ON else cell


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


def _bearers(work: Work, unit: Unit) -> frozenset[str]:
    barred = exists().where(RoleGrant.staff_id == Staff.id, RoleGrant.role.in_(NEVER_HOLDERS))
    there = select(Staff.id).where(Staff.unit_id == unit.id, is_present(work.now), ~barred)
    return frozenset(work.session.scalars(there))


def _line(work: Work, here: _Unit, row: Row) -> LedgerLine | None:
    mistakes = row.findings.count
    received_at = row.moment(C["received_at"], work.now)
    beside: list[str] = []
    responder = _responder(row, here, beside)
    section = _section(row, here, responder)
    channel, category = row.word(C["channel"], Channel), row.word(C["category"], Category)
    content, details = row.text(C["content"]), row.text(tables.LEDGER_DETAILS)
    disposition = row.word(C["disposition"], Disposition)
    closed_at = row.moment(C["closed_at"], work.now)
    called_at, grade = row.moment(C["followed_up_at"], work.now), _grade_of(row)
    if closed_at is not None and details is None:
        row.wrong(tables.LEDGER_DETAILS.label, "填了办结时间，要写具体办理情况。")
    if closed_at is None:
        _ensure_borne(row, here, responder)
    closed_at, called_at = _in_order(row, received_at, closed_at, called_at)
    if grade is not None and called_at is None:
        beside.append(f"{C['grade'].label}：{grade.label}（没有回访时间，不计入评价）")
        grade = None
    phone = _phone(row, beside)
    result, remark = _remark(row, beside)
    index = _index(work, here, row)
    citizen = row.text(C["citizen"])
    opinions = {name: text for name in OPINIONS if (text := row.text(C[name])) is not None}
    if received_at is None or channel is None or category is None or content is None:
        return None
    if row.findings.count > mistakes:
        return None
    return LedgerLine(
        number=row.number,
        index=index,
        section_id=section.id if section else None,
        responder_id=responder.id if responder else None,
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
        result=None if called_at is None else FollowUpState.ANSWERED if grade is not None else result,
        grade=grade,
        opinions=opinions,
        remark=remark,
    )


def _responder(row: Row, here: _Unit, beside: list[str]) -> Staff | None:
    """Who was asked; of a matter another unit handed over it is one of theirs, who is merely named."""
    label = C["first_responder"].label
    name = row.text(C["first_responder"])
    found = here.people.get(name, []) if name is not None else []
    if name is None or len(found) == 1:
        return found[0] if found else None
    if found:
        told = "、".join(one.username for one in found[:5])
        row.wrong(label, f"叫“{name}”的不止一个，请写用户名：{told}。")
    elif row.cells.get(tables.LEDGER_LINE) == LineKind.RECEIVED.label:
        beside.append(f"{label}：{name}")
    else:
        row.wrong(label, f"没有“{name}”。离开的人也要先建账号（可以停用），调走的写用户名。")
    return None


def _ensure_borne(row: Row, here: _Unit, responder: Staff | None) -> None:
    """What is not over goes to whoever is named, who has to be able to take it on (design 4: a present person of the unit)."""
    if responder is not None and responder.id in here.bearers:
        return
    if responder is None:
        if row.text(C["first_responder"]) is not None:
            return
        why = "没有写首问责任人"
    elif responder.unit_id != here.unit.id:
        why = f"{responder.name}不在{here.unit.name}"
    elif not responder.is_active:
        why = f"{responder.name}的账号已经停用"
    elif any(grant.role in NEVER_HOLDERS for grant in responder.grants):
        why = f"{responder.name}是审计员或者系统管理员，不承办事项"
    else:
        why = f"{responder.name}现在不在岗"
    row.wrong(C["first_responder"].label, f"{why}；没有办结的要由在岗的人接着办，请写现在的承办人。")


def _section(row: Row, here: _Unit, responder: Staff | None) -> Section | None:
    name = row.text(tables.LEDGER_SECTION)
    if name is not None:
        if name not in here.sections:
            row.wrong(tables.LEDGER_SECTION.label, f"{here.unit.name}没有“{name}”这个科室。")
        return here.sections.get(name)
    return responder.section if responder is not None and responder.unit_id == here.unit.id else None


def _grade_of(row: Row) -> Grade | None:
    if str(row.cells.get(C["grade"].label) or "").strip() in {CONFIDENTIAL, UNRATED}:
        return None
    return row.word(C["grade"], Grade)


def _in_order(
    row: Row, received_at: datetime | None, closed_at: datetime | None, called_at: datetime | None
) -> tuple[datetime | None, datetime | None]:
    """办结 and 回访, each not before what it follows. Of a day alone it is the first moment that is not before it."""
    if received_at and closed_at:
        if _is_before(closed_at, received_at):
            row.wrong(C["closed_at"].label, "办结时间早于受理时间。")
        closed_at = max(closed_at, received_at)
    if called_at and closed_at is None:
        row.wrong(C["followed_up_at"].label, "没有办结的事项不回访，请填办结时间。")
    elif called_at and closed_at:
        if _is_before(called_at, closed_at):
            row.wrong(C["followed_up_at"].label, "回访时间早于办结时间。")
        called_at = max(called_at, closed_at)
    return closed_at, called_at


def _is_before(later: datetime, earlier: datetime) -> bool:
    """Whether what comes later stands earlier: by the day where either has no time."""
    if _is_day(later) or _is_day(earlier):
        return local_date(later) < local_date(earlier)
    return later < earlier


def _is_day(moment: datetime) -> bool:
    return local(moment).time() == time()


def _phone(row: Row, beside: list[str]) -> str | None:
    """What is no phone goes into 备注."""
    given = row.text(C["contact"])
    if given is None:
        return None
    try:
        return parse_phone(given)
    except FieldInvalid:
        beside.append(f"{C['contact'].label}：{given}")
        return None


def _remark(row: Row, beside: list[str]) -> tuple[FollowUpState, str | None]:
    """备注, and what a call without a grade came to. What a line says of itself anyhow is not put there again."""
    result = FollowUpState.UNREACHABLE
    said = []
    for part in (row.text(C["remark"]) or "").split("；"):
        if part == FollowUpState.REFUSED.label:
            result = FollowUpState.REFUSED
        elif part not in _SAID_ANYHOW:
            said.append(part)
    return result, "；".join([*beside, *said]) or None


def _index(work: Work, here: _Unit, row: Row) -> str:
    """What the row is known by; of equal rows in one file, also which of them it is."""
    said: dict[str, Any] = {
        label: "" if value is None else str(value)
        for label, value in row.cells.items()
        if label in {column.label for column in tables.LEDGER.columns}
    }
    text = json.dumps([here.unit.id, said], ensure_ascii=True, sort_keys=True)
    here.seen[text] += 1
    return work.tools.index.index("imported_row", f"{here.seen[text]}\n{text}")
