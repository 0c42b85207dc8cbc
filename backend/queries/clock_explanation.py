"""怎么算的: one limit day by day, with every pause, every change, who bore it, and all that it rests on."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from backend.domain.calendar import WorkCalendar
from backend.domain.clocks import date_phrase
from backend.domain.errors import NotFound
from backend.domain.times import local, local_date
from backend.domain.vocabulary import ClockChange
from backend.models import Clock, Holding, Inquiry, InquiryText, Notice, NoticeDocument, Unit
from backend.queries.clock_days import counted_days, days_at_once
from backend.queries.clocks import bearer_text, clock_shape, text_of
from backend.queries.people import holder_of
from backend.queries.unit_rules import season_shape
from backend.services.calendar import SEEDED_FROM, calendar_as_of, sources_of
from backend.services.clock_chains import chain_of, standing_breach
from backend.services.texts import read_text
from backend.services.work import Work, find_by_id

COMPUTED = frozenset({None, ClockChange.RESUME, ClockChange.EXTENSION, ClockChange.CALENDAR})
"""The rows whose end was counted; the others keep the end of the row before."""


def explain_clock(work: Work, inquiry: Inquiry, clock_id: str, *, for_staff: bool = False) -> dict[str, Any]:
    """How the limit that this row belongs to was counted. Raises NotFound for a row of no limit of this inquiry."""
    asked = find_by_id(work.session, Clock, clock_id)
    if asked is None or asked.inquiry_id != inquiry.id:
        raise NotFound()
    chain = chain_of(work.session, asked)
    current = chain[-1]
    measure = work.tools.statute.measures[current.measure]
    segments = _segments(work, inquiry, chain)
    years = range(local_date(chain[0].anchor_at).year, local_date(current.due_at).year + 1)
    return {
        "number": inquiry.number,
        "asked": asked.id,
        "is_current": asked.id == current.id,
        "clock": clock_shape(work, current, for_staff=for_staff),
        "measure": {
            "id": measure.id.value,
            "term": measure.terms.system,
            "title": measure.title,
            "document": measure.document_number,
        },
        "bearers": _bearers(work, chain),
        "history": [_change(work, inquiry, chain, place) for place in range(len(chain))],
        "segments": segments,
        "hours": _hours(work, chain),
        "years_without_data": sorted(
            {int(day["day"][:4]) for part in segments for day in part["days"] if day["provisional"]}
        ),
        "sources": [
            {"year": year, "source": source, "source_text": _source_text(source)}
            for year, source in sources_of(work.session, years).items()
        ],
        "breach": _breach(work, chain),
    }


def _source_text(source: str) -> str:
    """A source as people read it: what came with the program is told by what it was made from."""
    return "国务院办公厅放假通知（系统自带的数据）" if source.startswith(SEEDED_FROM) else source


def _segments(work: Work, inquiry: Inquiry, chain: list[Clock]) -> list[dict[str, Any]]:
    """What was counted and what was not, in order: each beginning of counting is an anchor of its own."""
    runs: list[list[Clock]] = []
    for row in chain:
        if runs and runs[-1][-1].anchor_at == row.anchor_at:
            runs[-1].append(row)
        else:
            runs.append([row])
    segments = []
    for run, following in zip(runs, [*runs[1:], None], strict=True):
        segments.append(_counting(work, run))
        if run[-1].paused_at is not None:
            segments.append(_pause(work, inquiry, run[-1], following[0] if following else None))
    return segments


def _counting(work: Work, run: list[Clock]) -> dict[str, Any]:
    last = run[-1]
    until = last.paused_at or last.due_at
    computed = [row for row in run if row.change in COMPUTED][-1]
    calendar = _calendar_of(work, computed)
    hours = work.hours_of(work.session.get_one(Unit, computed.bearer_unit_id))
    if last.anchor_days is None:
        days = days_at_once(calendar, hours, last.anchor_at, local_date(until))
    else:
        days = counted_days(calendar, local_date(last.anchor_at), local_date(until))
    counted = sum(day["counted"] for day in days)
    note = None
    if last.anchor_days is None and run[0].change is ClockChange.RESUME:
        note = "恢复计算时剩余不满 1 个工作日，按即时计算。"
    elif last.paused_at is None and last.anchor_days is not None and counted != last.anchor_days:
        note = "放假安排后来有更正。已经起算的时限不因更正而改变，下面是按现在的放假安排列出的日子。"
    return {
        "kind": "at_once" if last.anchor_days is None else "count",
        "from": local(last.anchor_at).isoformat(),
        "from_text": date_phrase(last.anchor_at, work.now),
        "until": local(until).isoformat(),
        "until_text": date_phrase(until, work.now),
        "limit_days": last.anchor_days,
        "counted": counted,
        "days": days,
        "documents": [],
        "note": note,
    }


def _pause(work: Work, inquiry: Inquiry, row: Clock, resumed: Clock | None) -> dict[str, Any]:
    if row.paused_at is None:
        raise ValueError("a pause has begun")
    until = resumed.anchor_at if resumed is not None else row.ended_at
    return {
        "kind": "pause",
        "from": local(row.paused_at).isoformat(),
        "from_text": date_phrase(row.paused_at, work.now),
        "until": local(until).isoformat() if until else None,
        "until_text": date_phrase(until, work.now) if until else None,
        "limit_days": row.remaining_days,
        "counted": 0,
        "days": [],
        "documents": _documents(work, inquiry, row),
        "note": None,
    }


def _documents(work: Work, inquiry: Inquiry, row: Clock) -> list[str]:
    """What the citizen was asked for when the limit stood still."""
    notice = (
        select(Notice.id)
        .where(Notice.inquiry_id == inquiry.id, Notice.round == row.round, Notice.given_at <= row.paused_at)
        .order_by(Notice.position.desc())
        .limit(1)
        .scalar_subquery()
    )
    names = work.session.scalars(
        select(InquiryText)
        .join(NoticeDocument, NoticeDocument.name_text_id == InquiryText.id)
        .where(NoticeDocument.notice_id == notice)
        .order_by(NoticeDocument.position)
    )
    return [read_text(work.tools, inquiry, name) for name in names]


def _calendar_of(work: Work, row: Clock) -> WorkCalendar:
    """The calendar the row was counted with: what ended 暂定 is explained as it was counted."""
    if not row.is_provisional:
        return work.calendar
    years = range(local_date(row.anchor_at).year, local_date(row.due_at).year + 1)
    return calendar_as_of(work.session, row.created_at, years)


def _bearers(work: Work, chain: list[Clock]) -> list[dict[str, Any]]:
    """Everybody who bore it, in order, and why it passed on."""
    spans: list[dict[str, Any]] = []
    for row in chain:
        text = bearer_text(work, row)
        begins = row.starts_at if row is chain[0] else row.created_at
        if spans and spans[-1]["text"] == text:
            continue
        if spans:
            spans[-1] |= {"until": local(begins).isoformat(), "until_text": date_phrase(begins, work.now)}
        spans.append(
            {
                "text": text,
                "from": local(begins).isoformat(),
                "from_text": date_phrase(begins, work.now),
                "until": None,
                "until_text": None,
                "reason": row.change.label if row.change else None,
            }
        )
    ended = chain[-1].ended_at
    if ended is not None:
        spans[-1] |= {"until": local(ended).isoformat(), "until_text": date_phrase(ended, work.now)}
    return spans


def _change(work: Work, inquiry: Inquiry, chain: list[Clock], place: int) -> dict[str, Any]:
    """What one row changed against the one before it."""
    row = chain[place]
    before = chain[place - 1] if place else None
    moved = before is not None and before.due_at != row.due_at
    began = row.created_at if before is not None else row.starts_at
    return {
        "id": row.id,
        "change": row.change.value if row.change else None,
        "title": row.change.label if row.change else "开始计算",
        "at": local(began).isoformat(),
        "at_text": date_phrase(began, work.now),
        "due_at": local(row.due_at).isoformat(),
        "due_text": f"{date_phrase(row.due_at, work.now)} 前" if moved or before is None else None,
        "old_due_text": f"{date_phrase(before.due_at, work.now)} 前"
        if before is not None and moved
        else None,
        "provisional": row.is_provisional,
        "reason": text_of(work, inquiry, row.change_text_id),
    }


def _hours(work: Work, chain: list[Clock]) -> dict[str, Any]:
    """The close of business the end was counted with; hours that changed later move nothing."""
    row = [row for row in chain if row.change in COMPUTED][-1]
    unit = work.session.get_one(Unit, row.bearer_unit_id)
    hours = work.hours_of(unit)
    return {
        "unit": unit.name,
        "closes_at": f"{local(row.due_at):%H:%M}",
        "is_own": bool(unit.seasons or unit.closes_at),
        "seasons": [season_shape(season) for season in hours.seasons],
        "changed_since": hours.closes_on(local_date(row.due_at)) != local(row.due_at).time(),
    }


def _breach(work: Work, chain: list[Clock]) -> dict[str, Any] | None:
    fact = standing_breach(work.session, chain)
    if fact is None:
        return None
    bore = next(row for row in chain if row.id == fact.clock_id)
    holding = work.session.get(Holding, fact.holding_id) if fact.holding_id else None
    return {
        "at": local(fact.at).isoformat(),
        "at_text": date_phrase(fact.at, work.now),
        "bearer": bearer_text(work, bore),
        "holder": holder_of(holding)["text"] if holding is not None else None,
    }
