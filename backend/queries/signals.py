"""推诿 signals of one inquiry, with their evidence, for those who supervise it (坛 十（二）3). 事实提示，不是结论."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import select

from backend.domain.clocks import date_phrase
from backend.domain.identity import Identity
from backend.domain.signals import (
    Evidence,
    HandoffFact,
    LimitFact,
    Signal,
    SignalKind,
    StatedFact,
    reads_signals,
    signals_of,
)
from backend.domain.times import local
from backend.domain.vocabulary import HandoffKind, PostKind, Strictness
from backend.models import Clock, Handoff, Holding, Inquiry, LedgerEntry
from backend.queries.people import place_name
from backend.services.holdings import last_holding
from backend.services.lead_steps import oversees
from backend.services.work import Work


def signals_for(work: Work, identity: Identity, inquiry: Inquiry) -> list[dict[str, Any]]:
    """`[{kind, label, evidence: [{handoff, at, text}]}]`; nothing for whoever does not supervise this very matter."""
    if not _reads(work, identity, inquiry):
        return []
    rows = _handoffs(work, inquiry)
    return [_shape(work, inquiry, rows, signal) for signal in _signals(work, inquiry, rows)]


def _reads(work: Work, identity: Identity, inquiry: Inquiry) -> bool:
    """Who supervises the units that hold or held it, or their lead office: not handlers, never the citizen."""
    held = work.session.execute(
        select(Holding.unit_id, Holding.section_id).where(Holding.inquiry_id == inquiry.id)
    ).all()
    units = {unit_id for unit_id, _ in held}
    sections = {section_id for _, section_id in held if section_id is not None}
    last = last_holding(work.session, inquiry)
    is_general = last is not None and last.post is not None and last.post.kind is PostKind.GENERAL
    # Whoever keeps the general post and took it over in person holds it all the same.
    is_own = last is not None and last.staff_id == identity.staff_id
    general = last.unit_id if last is not None and (is_general or is_own) else None
    if reads_signals(identity, units, sections, held_by_general_of=general):
        return True
    return any(oversees(work, identity, unit_id) for unit_id in units)


def _signals(work: Work, inquiry: Inquiry, rows: dict[str, Handoff]) -> tuple[Signal, ...]:
    """What the facts of an inquiry give, all rounds together."""
    cited = _clauses_cited(work, inquiry)
    facts = [
        HandoffFact(
            id=row.id,
            kind=row.kind,
            state=row.state,
            from_unit_id=row.from_unit_id,
            from_section_id=row.from_section_id,
            to_unit_id=row.to_unit_id,
            to_section_id=row.to_section_id,
            offered_at=row.offered_at,
            decided_at=row.decided_at,
            clause_cited=cited.get(row.id),
        )
        for row in rows.values()
    ]
    return signals_of(facts, _limits(work, inquiry), _stated(work, inquiry))


def _stated(work: Work, inquiry: Inquiry) -> list[StatedFact]:
    """The limits of another regime that somebody stated beside the 事项目录 (坛 五)."""
    entries = work.session.scalars(
        select(LedgerEntry).where(
            LedgerEntry.inquiry_id == inquiry.id, LedgerEntry.event == "matter_named", ~LedgerEntry.is_mirror
        )
    )
    told = [(entry.recorded_at, json.loads(entry.body)["facts"]) for entry in entries]
    return [StatedFact(facts["clock"], at, facts["days"]) for at, facts in told if facts["matter"] is None]


def _handoffs(work: Work, inquiry: Inquiry) -> dict[str, Handoff]:
    rows = work.session.scalars(
        select(Handoff).where(Handoff.inquiry_id == inquiry.id).order_by(Handoff.offered_at, Handoff.id)
    )
    return {row.id: row for row in rows}


def _clauses_cited(work: Work, inquiry: Inquiry) -> dict[str, bool]:
    """By hand-off, what the entry of its return says: whether a document or an article was named."""
    entries = work.session.scalars(
        select(LedgerEntry).where(
            LedgerEntry.inquiry_id == inquiry.id, LedgerEntry.event == "returned", ~LedgerEntry.is_mirror
        )
    )
    facts = [json.loads(entry.body)["facts"] for entry in entries]
    return {fact["handoff"]: fact["clause_cited"] for fact in facts if "clause_cited" in fact}


def _limits(work: Work, inquiry: Inquiry) -> list[LimitFact]:
    """Each limit as it ran from row to row; an 即时 one would make every hand-off a late one, a pause has no end."""
    rows = work.session.scalars(
        select(Clock).where(
            Clock.inquiry_id == inquiry.id,
            Clock.strictness != Strictness.AT_ONCE,
            Clock.paused_at.is_(None),
        )
    )
    return [LimitFact(row.duty, row.starts_at, row.due_at, row.ended_at) for row in rows]


def _shape(work: Work, inquiry: Inquiry, rows: dict[str, Handoff], signal: Signal) -> dict[str, Any]:
    return {
        "kind": signal.kind.value,
        "label": signal.kind.label,
        "evidence": [
            {
                "handoff": fact.handoff_id,
                "at": local(fact.at).isoformat(),
                "text": _sentence(work, inquiry, rows, signal.kind, fact),
            }
            for fact in signal.evidence
        ],
    }


def _sentence(
    work: Work, inquiry: Inquiry, rows: dict[str, Handoff], kind: SignalKind, fact: Evidence
) -> str:
    """The fact in plain words: when, from where to where, what became of it."""
    when = date_phrase(fact.at, work.now)
    if fact.handoff_id is None:
        return f"{when}，由承办人写明适用其他规定，{fact.days} 个工作日，事项目录里没有这一项"
    row = rows[fact.handoff_id]
    giver, receiver = _places(row)
    if kind in {SignalKind.PING_PONG, SignalKind.LAST_HOUR}:
        verb = "移交" if row.kind is HandoffKind.UNIT else "转交"
        limit = (
            f"，当日“{work.tools.statute.duty(inquiry.measure, fact.duty).title}”到期" if fact.duty else ""
        )
        return f"{when}，{giver}{verb}给{receiver}{limit}"
    what = "逾期没有承接，也没有退回" if kind is SignalKind.SILENT else "退回"
    if kind is SignalKind.REFUSED_WITHOUT_CLAUSE:
        what = "退回，没有写明文件或条款"
    return f"{when}，{receiver}{what}（从{giver}转来）"


def _places(row: Handoff) -> tuple[str, str]:
    if row.kind is HandoffKind.SECTION and row.to_section is not None:
        giver = row.from_section.name if row.from_section is not None else "总岗"
        return giver, row.to_section.name
    return place_name(row.from_unit, row.from_section), place_name(row.to_unit, row.to_section)
