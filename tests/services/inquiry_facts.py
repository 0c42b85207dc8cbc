"""Everything the database says about one inquiry, and the chains of the ledger as they grow."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import RowMapping, Select, bindparam, select
from sqlalchemy.orm import Session

from backend.domain.ledger import GENESIS, entry_hash, entry_message, head_message
from backend.domain.times import SHANGHAI
from backend.domain.vocabulary import DisputeState, ExternalState, HandoffState, Outcome, RatingKind, Status
from backend.domain.vocabulary_contact import FollowUpMethod
from backend.models import (
    AccountabilityLead,
    Attachment,
    Clock,
    ClockFact,
    Dispute,
    ExternalHandoff,
    FollowUp,
    Handoff,
    Holding,
    IdempotencyKey,
    Inquiry,
    InquiryText,
    JointHandling,
    JointOpinion,
    JointUnit,
    LedgerEntry,
    LedgerHead,
    Notice,
    NoticeDocument,
    OutboxItem,
    Rating,
    Reminder,
    Supervision,
)
from backend.vault.signing import Verifier

TABLES = (
    Holding, Handoff, Clock, Rating, InquiryText, LedgerEntry, OutboxItem, IdempotencyKey, Notice, ExternalHandoff,
    Dispute, JointHandling, Reminder, Supervision, AccountabilityLead, Attachment, FollowUp,
)  # fmt: skip
CHILDREN = (
    (ClockFact, Clock),
    (NoticeDocument, Notice),
    (JointUnit, JointHandling),
    (JointOpinion, JointHandling),
)
"""Rows that name their inquiry through another row."""


def _queries() -> dict[str, Select[Any]]:
    """The rows of an inquiry by table, made once."""
    queries: dict[Any, Select[Any]] = {}
    for model in TABLES:
        table = model.__table__
        queries[table] = select(table).where(table.c.inquiry_id == bindparam("inquiry"))
    for child, parent in CHILDREN:
        table, above = child.__table__, parent.__table__
        queries[table] = select(table).join(above).where(above.c.inquiry_id == bindparam("inquiry"))
    return {table.name: query.order_by(*table.primary_key) for table, query in queries.items()}


QUERIES = _queries()

UNMOVED = {
    "rated", "rating_changed", "clock_overdue", "clock_due_soon", "clock_recalculated", "lead_opened",
    "dispute_opened", "notice_received", "reminded", "supervised", "instructed", "followed_up", "spot_checked",
}  # fmt: skip
"""Events that leave status, holder and version as they were."""


BROUGHT = {"supplemented", "attached"}
"""The citizen brought what was waited for."""
ENDS_THE_WAIT = BROUGHT | {"accepted", "dispute_decided", "joint_started", "closed", "withdrawn", "reopened"}


@dataclass(frozen=True)
class Event:
    """One entry of the ledger, told once however many chains it stands in."""

    name: str
    row: RowMapping
    body: dict[str, Any]

    @property
    def at(self) -> datetime:
        """When it was recorded."""
        return self.row["recorded_at"].astimezone(SHANGHAI)

    @property
    def version(self) -> int:
        return int(self.body["version"])

    @property
    def facts(self) -> dict[str, Any]:
        return dict(self.body.get("facts", {}))


@dataclass(frozen=True)
class Facts:
    """The rows of one inquiry at one moment."""

    inquiry: RowMapping
    rows: dict[str, list[RowMapping]]

    @classmethod
    def read(cls, session: Session, number: str) -> Facts:
        inquiry = session.execute(select(Inquiry.__table__).where(Inquiry.number == number)).mappings().one()
        wanted = {"inquiry": inquiry["id"]}
        rows = {name: list(session.execute(query, wanted).mappings()) for name, query in QUERIES.items()}
        return cls(inquiry, rows)

    @property
    def status(self) -> Status:
        return Status(self.inquiry["status"])

    @property
    def is_open(self) -> bool:
        return self.status is not Status.CLOSED

    @property
    def round(self) -> int:
        return int(self.inquiry["round"])

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
    def holdings(self) -> list[RowMapping]:
        """Who held it, in order."""
        return sorted(self.rows["holdings"], key=lambda row: (row["started_at"], row["ended_at"] is None))

    @cached_property
    def offers(self) -> list[RowMapping]:
        return [row for row in self.rows["handoffs"] if row["state"] is HandoffState.OFFERED]

    @property
    def offer(self) -> RowMapping | None:
        return self.offers[0] if self.offers else None

    @cached_property
    def letters(self) -> list[RowMapping]:
        """The letters to outside authorities, in order."""
        return sorted(self.rows["external_handoffs"], key=lambda row: row["made_at"])

    @property
    def letter(self) -> RowMapping | None:
        """The one that waits to be served."""
        return next((row for row in self.letters if row["state"] is ExternalState.DRAFTED), None)

    @cached_property
    def disputes(self) -> list[RowMapping]:
        return sorted(self.rows["disputes"], key=lambda row: row["opened_at"])

    @property
    def dispute(self) -> RowMapping | None:
        """The one that waits to be decided."""
        return next((row for row in self.disputes if row["state"] is DisputeState.OPEN), None)

    @property
    def joint(self) -> RowMapping | None:
        """The joint case that runs."""
        return next((row for row in self.rows["joint_handlings"] if row["ended_at"] is None), None)

    @cached_property
    def notices(self) -> list[RowMapping]:
        """The notices of this round, in order."""
        of_round = [row for row in self.rows["notices"] if row["round"] == self.round]
        return sorted(of_round, key=lambda row: row["position"])

    @cached_property
    def rating(self) -> RowMapping | None:
        """The citizen's own grade of this round."""
        own = (row for row in self.rows["ratings"] if row["kind"] is RatingKind.OWN)
        return next((row for row in own if row["round"] == self.round), None)

    @cached_property
    def follow_ups(self) -> dict[tuple[int, FollowUpMethod], RowMapping]:
        """By round and method."""
        return {(row["round"], row["method"]): row for row in self.rows["follow_ups"]}

    @cached_property
    def events(self) -> list[Event]:
        """What happened, in order; what moves nothing comes behind what it came with."""
        told = [row for row in self.rows["ledger_entries"] if not row["is_mirror"]]
        events = [Event(row["event"], row, json.loads(row["body"])) for row in told]
        return sorted(
            events,
            key=lambda event: (event.version, event.name in UNMOVED, event.at, event.row["sequence"]),
        )

    @cached_property
    def moves(self) -> list[Event]:
        """What moved the version."""
        return [event for event in self.events if event.name not in UNMOVED]

    @cached_property
    def wait_began(self) -> Event | None:
        """The notice that the present wait for the citizen began with; None while nobody waits."""
        began = None
        for event in self.moves:
            if event.name in ENDS_THE_WAIT:
                began = None
            elif event.name == "noticed":
                began = began or event
        return began

    @property
    def round_began(self) -> datetime:
        """When this round was asked for: received, or opened again."""
        if self.round == 1:
            return self.inquiry["received_at"].astimezone(SHANGHAI)
        return self.told("reopened")[-1].at

    @property
    def held_since(self) -> datetime:
        """Since when the holder has had it: the first of a round since the round began, another since they took it."""
        of_round = [row for row in self.holdings if row["round"] == self.round]
        return self.round_began if len(of_round) == 1 else of_round[-1]["started_at"]

    @cached_property
    def limits(self) -> list[list[RowMapping]]:
        """The rows of each limit from its first to the one that counts now, the oldest limit first."""
        by_id = {row["id"]: row for row in self.rows["clocks"]}
        replaced = {row["supersedes_id"] for row in by_id.values()}
        chains = []
        for last in (row for row in by_id.values() if row["id"] not in replaced):
            chain = [last]
            while chain[0]["supersedes_id"] is not None:
                chain.insert(0, by_id[chain[0]["supersedes_id"]])
            chains.append(chain)
        return sorted(chains, key=lambda chain: (chain[0]["created_at"], chain[0]["duty"]))

    def running(self, *duties: str) -> list[RowMapping]:
        """The rows that count now, of limits that have not ended; of these duties alone where some are named."""
        last = [chain[-1] for chain in self.limits]
        return [row for row in last if row["ended_at"] is None and (not duties or row["duty"] in duties)]

    def told(self, *names: str) -> list[Event]:
        """The events of these names."""
        return [event for event in self.events if event.name in names]


def new_events(before: Facts, after: Facts) -> Counter[str]:
    """What was told between two moments, each once."""
    known = {event.row["id"] for event in before.events}
    return Counter(event.name for event in after.events if event.row["id"] not in known)


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
