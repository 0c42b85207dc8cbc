"""Everything the database says about one inquiry, and what must be true of it whatever happened."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import RowMapping, select
from sqlalchemy.orm import Session

from backend.domain.ledger import GENESIS, entry_hash, entry_message, head_message
from backend.domain.vocabulary import Category, ClockEnd, HandoffState, Measure, Outcome, Status
from backend.models import (
    Clock,
    ClockFact,
    Handoff,
    Holding,
    IdempotencyKey,
    Inquiry,
    InquiryText,
    LedgerEntry,
    LedgerHead,
    OutboxItem,
    Post,
    Rating,
    Staff,
)
from backend.vault.signing import Verifier

TABLES = (Holding, Handoff, Clock, Rating, InquiryText, LedgerEntry, OutboxItem, IdempotencyKey)
MET, CANCELLED = ClockEnd.MET, ClockEnd.CANCELLED
EVERY_DUTY = ("answer-consult", "written-transfer", "accept-at-once")
ENDS: dict[str, dict[str, ClockEnd]] = {
    "accepted": {"accept-at-once": MET},
    "returned": {"accept-at-once": CANCELLED},
    "lapsed": {"accept-at-once": CANCELLED},
    "offered to a unit": {"written-transfer": MET},
    "offered to a section": {"written-transfer": CANCELLED},
    "assigned to another section": {"written-transfer": CANCELLED},
    "confirmed as competent": {"written-transfer": CANCELLED},
    "closed": {"answer-consult": MET, "written-transfer": CANCELLED, "accept-at-once": CANCELLED},
    "withdrawn": dict.fromkeys(EVERY_DUTY, CANCELLED),
}
"""Which event ends which limit, and how (坛 六（四）、七（一）)."""

ClockKey = tuple[str, int, str | None]
"""Duty, round, hand-off."""


@dataclass(frozen=True)
class Event:
    """One entry of the ledger that moved the inquiry, told once however many chains it stands in."""

    name: str
    row: RowMapping
    body: dict[str, Any]


@dataclass(frozen=True)
class Facts:
    """The rows of one inquiry at one moment."""

    inquiry: RowMapping
    rows: dict[str, list[RowMapping]]

    @classmethod
    def read(cls, session: Session, number: str) -> Facts:
        inquiry = session.execute(select(Inquiry.__table__).where(Inquiry.number == number)).mappings().one()
        rows = {}
        for model in TABLES:
            table = model.__table__
            query = select(table).where(table.c.inquiry_id == inquiry["id"]).order_by(*table.primary_key)
            rows[table.name] = list(session.execute(query).mappings())
        facts = ClockFact.__table__
        query = select(facts).join(Clock.__table__).where(Clock.inquiry_id == inquiry["id"])
        rows[facts.name] = list(session.execute(query.order_by(*facts.primary_key)).mappings())
        return cls(inquiry, rows)

    @property
    def status(self) -> Status:
        return Status(self.inquiry["status"])

    @property
    def is_open(self) -> bool:
        return self.status is not Status.CLOSED

    @property
    def was_withdrawn(self) -> bool:
        return self.inquiry["outcome"] is Outcome.WITHDRAWN

    @cached_property
    def live(self) -> list[RowMapping]:
        return [row for row in self.rows["holdings"] if row["ended_at"] is None]

    @property
    def holding(self) -> RowMapping | None:
        return self.live[0] if self.live else None

    @cached_property
    def offers(self) -> list[RowMapping]:
        return [row for row in self.rows["handoffs"] if row["state"] is HandoffState.OFFERED]

    @property
    def offer(self) -> RowMapping | None:
        return self.offers[0] if self.offers else None

    @cached_property
    def rating(self) -> RowMapping | None:
        """The grade of this round."""
        return next((row for row in self.rows["ratings"] if row["round"] == self.inquiry["round"]), None)

    @cached_property
    def events(self) -> list[Event]:
        """What happened, in order; a rating or a limit moves nothing and sorts behind."""
        told = [row for row in self.rows["ledger_entries"] if not row["is_mirror"]]
        events = [Event(row["event"], row, json.loads(row["body"])) for row in told]
        return sorted(events, key=lambda event: (event.body["version"], event.name in UNMOVED))

    @cached_property
    def chains(self) -> dict[ClockKey, list[RowMapping]]:
        """The rows of each limit from its first to the one that counts now."""
        by_id = {row["id"]: row for row in self.rows["clocks"]}
        replaced = {row["supersedes_id"] for row in by_id.values()}
        chains = defaultdict(list)
        for last in (row for row in by_id.values() if row["id"] not in replaced):
            row = last
            chain = [row]
            while row["supersedes_id"] is not None:
                row = by_id[row["supersedes_id"]]
                chain.insert(0, row)
            key = (last["duty"], last["round"], last["handoff_id"])
            assert key not in chains, f"two limits of one kind: {key}"
            chains[key] = chain
        return dict(chains)


UNMOVED = {"rated", "rating_changed", "clock_overdue", "clock_due_soon"}
"""Events that leave status, holder and version as they were."""


def new_events(before: Facts, after: Facts) -> Counter[str]:
    """What was told between two moments, each once."""
    known = {event.row["id"] for event in before.events}
    return Counter(event.name for event in after.events if event.row["id"] not in known)


def check_facts(session: Session, facts: Facts) -> None:
    """What must always be true of an inquiry."""
    inquiry = facts.inquiry
    assert len(facts.live) == (1 if facts.is_open else 0)
    if facts.holding is not None:
        _check_holding(session, facts, facts.holding)
    assert len(facts.offers) == (1 if facts.status is Status.IN_HANDOFF else 0)
    assert len({(row["round"], row["kind"]) for row in facts.rows["ratings"]}) == len(facts.rows["ratings"])
    told = [event for event in facts.events if event.name not in UNMOVED]
    assert [event.body["version"] for event in told] == list(range(1, inquiry["version"] + 1))
    assert (told[-1].body["status"], told[-1].body["round"]) == (inquiry["status"], inquiry["round"])
    _check_mirrors(facts)
    _check_clocks(facts)


def _check_holding(session: Session, facts: Facts, holding: RowMapping) -> None:
    assert (holding["unit_id"], holding["round"]) == (facts.inquiry["unit_id"], facts.inquiry["round"])
    if holding["staff_id"] is not None:
        assert session.get_one(Staff, holding["staff_id"]).is_active
    else:
        assert session.get_one(Post, holding["post_id"]).is_active


def _check_mirrors(facts: Facts) -> None:
    """What two units did with one another stands in the chains of both."""
    units = defaultdict(set)
    for row in facts.rows["ledger_entries"]:
        body = json.loads(row["body"])
        units[row["event"], body["version"]].add(row["unit_id"])
    for event in facts.events:
        if event.name in {"accepted", "returned", "lapsed"}:
            pair = {event.body["facts"]["from_unit"], event.body["facts"]["to_unit"]}
            assert pair <= units[event.name, event.body["version"]], event


def expected_clocks(facts: Facts) -> dict[ClockKey, tuple[Any, Any, Any]]:
    """The limits that the told events explain: start, end and how it ended."""
    if facts.inquiry["measure"] is not Measure.TAN:
        return {}
    clocks: dict[ClockKey, tuple[Any, Any, Any]] = {}
    section = None
    for event in facts.events:
        for key, start in _starts(facts.inquiry, event).items():
            clocks[key] = (start, None, None)
        for duty, how in ENDS.get(_meaning(event, section), {}).items():
            for key, (start, ended, _) in clocks.items():
                if key[0] == duty and ended is None:
                    clocks[key] = (start, event.row["recorded_at"], how)
        section = (event.body.get("holder") or {}).get("section", section)
        started = _offered_clock(event)
        if started is not None:
            clocks[started] = (event.row["recorded_at"], None, None)
    return clocks


def _starts(inquiry: RowMapping, event: Event) -> dict[ClockKey, Any]:
    starts: dict[ClockKey, Any] = {}
    consult = ("answer-consult", event.body["round"], None)
    if inquiry["category"] is Category.CONSULT and event.name in {"filed", "reopened"}:
        starts[consult] = inquiry["received_at"] if event.name == "filed" else event.row["recorded_at"]
    bound = inquiry["category"] in {Category.APPLICATION, Category.REPORT, Category.OTHER}
    if event.name == "filed" and bound and inquiry["is_written"]:
        starts["written-transfer", 1, None] = inquiry["received_at"]
    return starts


def _offered_clock(event: Event) -> ClockKey | None:
    if event.name == "offered" and event.body["facts"]["kind"] == "unit":
        return ("accept-at-once", event.body["round"], event.body["facts"]["handoff"])
    return None


def _meaning(event: Event, section: str | None) -> str:
    """What an event is to the limits. `section` held it before."""
    facts = event.body.get("facts", {})
    if event.name == "offered":
        return f"offered to a {facts['kind']}"
    if event.name == "confirmed" and facts["competent"]:
        return "confirmed as competent"
    if event.name == "assigned" and event.body["holder"]["section"] not in {None, section}:
        return "assigned to another section"
    return event.name


def _check_clocks(facts: Facts) -> None:
    actual = {
        key: (rows[-1]["starts_at"], rows[-1]["ended_at"], rows[-1]["end_kind"])
        for key, rows in facts.chains.items()
    }
    assert actual == expected_clocks(facts)
    noted = defaultdict(list)
    for fact in facts.rows["clock_facts"]:
        noted[fact["clock_id"]].append(fact)
    for rows in facts.chains.values():
        assert len({row["due_at"] for row in rows}) == 1, "a limit has moved"
        assert all(row["end_kind"] is ClockEnd.SUPERSEDED for row in rows[:-1])
        told = [fact for row in rows for fact in noted[row["id"]]]
        assert all(count == 1 for count in Counter(fact["kind"] for fact in told).values())
        due, ended = rows[-1]["due_at"], rows[-1]["ended_at"]
        overdue = [fact for fact in told if fact["kind"] == "overdue"]
        assert all(fact["at"] == due < fact["recorded_at"] for fact in overdue)
        if ended is not None:
            assert len(overdue) == (1 if ended > due else 0)


class Chains:
    """The chains as read so far; every further entry must follow from the last."""

    def __init__(self, verifier: Verifier) -> None:
        self.verifier = verifier
        self.heads: dict[str, tuple[int, bytes]] = {}

    def follow(self, session: Session) -> dict[str, tuple[int, bytes]]:
        """Read and check what came since. Returns the head of each chain."""
        for head in session.scalars(select(LedgerHead)):
            sequence, last = self.heads.get(head.unit_id, (0, GENESIS))
            if sequence == head.sequence:
                assert last == head.hash
                continue
            later = select(LedgerEntry).where(
                LedgerEntry.unit_id == head.unit_id, LedgerEntry.sequence > sequence
            )
            sequence, last = self._add(session.scalars(later.order_by(LedgerEntry.sequence)), sequence, last)
            assert (sequence, last) == (head.sequence, head.hash)
            assert self.verifier.verify(head_message(head.unit_id, sequence, last), head.signature)
            self.heads[head.unit_id] = (sequence, last)
        return dict(self.heads)

    def _add(self, entries: Iterable[LedgerEntry], sequence: int, last: bytes) -> tuple[int, bytes]:
        for entry in entries:
            sequence += 1
            assert (entry.sequence, entry.prev_hash) == (sequence, last)
            last = entry_hash(last, json.loads(entry.body))
            assert last == entry.hash
            assert self.verifier.verify(entry_message(entry.unit_id, sequence, last), entry.signature)
        return sequence, last
