"""What must be true of an inquiry whatever happened to it."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from itertools import pairwise
from typing import Any

from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from backend.domain.vocabulary import (
    BearerKind,
    ClockChange,
    ExternalState,
    HandoffState,
    JointState,
    LeadAgainst,
    LeadGround,
    Measure,
    RatingKind,
    Status,
)
from backend.domain.vocabulary_contact import FollowUpMethod, FollowUpState
from backend.models import Post, Staff
from tests.services.inquiry_clocks import DUTIES, Hearsay, Terms, check_limits, count_days
from tests.services.inquiry_facts import BROUGHT, ENDS_THE_WAIT, UNMOVED, Event, Facts

FILED, CONFIRMED, AWAITING = Status.FILED, Status.CONFIRMED, Status.AWAITING_CITIZEN
IN_HANDOFF, JOINT, CLOSED = Status.IN_HANDOFF, Status.JOINT, Status.CLOSED
IN_HAND = {FILED, CONFIRMED, AWAITING}
AT_REST = IN_HAND | {JOINT}
OPEN = AT_REST | {IN_HANDOFF}

FROM: dict[str, set[Status]] = {
    "confirmed": {FILED},
    "offered": IN_HAND,
    "accepted": {IN_HANDOFF},
    "returned": {IN_HANDOFF},
    "lapsed": {IN_HANDOFF},
    "assigned": AT_REST,
    "closed": OPEN,
    "withdrawn": OPEN,
    "supplemented": OPEN,
    "attached": OPEN,
    "reopened": {CLOSED},
    "noticed": IN_HAND,
    "reclassified": AT_REST,
    "matter_named": AT_REST,
    "clock_extended": OPEN,
    "addressed_outside": AT_REST,
    "external_cancelled": AT_REST,
    "result_back": OPEN | {CLOSED},
    "dispute_decided": IN_HAND,
    "dispute_escalated": IN_HAND,
    "joint_started": IN_HAND,
    "joint_opinion": {JOINT},
    "joint_planned": {JOINT},
    "joint_referred": {JOINT},
    "joint_task_done": {JOINT},
}
"""From where an event may happen (design 4)."""
TO = {
    "confirmed": CONFIRMED,
    "offered": IN_HANDOFF,
    "accepted": CONFIRMED,
    "closed": CLOSED,
    "withdrawn": CLOSED,
    "reopened": CONFIRMED,
    "noticed": AWAITING,
    "dispute_decided": CONFIRMED,
    "joint_started": JOINT,
}
"""Where it leads; what is not named here stays where it is, or goes back to before the offer."""
CLOCK_NAMES = {"overdue": "clock_overdue", "due_soon": "clock_due_soon"}


def check_facts(session: Session, facts: Facts, terms: Terms, hearsay: Hearsay) -> None:
    """What must always be true of an inquiry."""
    _check_story(facts)
    _check_holdings(session, facts)
    _check_one_way_at_a_time(facts)
    _check_silence(facts, terms, hearsay)
    _check_told_once(facts)
    _check_mirrors(facts)
    check_limits(facts, terms, hearsay)
    _check_breaches(facts)
    _check_leads(facts)
    _check_follow_ups(facts)


def _check_story(facts: Facts) -> None:
    """Every version was told once, and led from where it may to where it must."""
    inquiry, moves = facts.inquiry, facts.moves
    assert [event.version for event in moves] == list(range(1, inquiry["version"] + 1))
    assert (moves[0].name, moves[0].body["status"]) == ("filed", FILED)
    prior, is_waiting = FILED, False
    for before, event in pairwise(moves):
        was, now = Status(before.body["status"]), Status(event.body["status"])
        assert was in FROM[event.name], (event.name, was)
        if event.name == "offered":
            prior = was
        if event.name in BROUGHT and was is IN_HANDOFF and prior is AWAITING:
            prior = CONFIRMED
        wanted = TO.get(event.name, was)
        if event.name in {"returned", "lapsed"}:
            wanted = prior
        if event.name in BROUGHT and was is AWAITING:
            wanted = CONFIRMED
        assert now is wanted, (event.name, was, now)
        assert event.body["round"] == before.body["round"] + (event.name == "reopened")
        is_waiting = event.name == "noticed" or (is_waiting and event.name not in ENDS_THE_WAIT)
        assert (now is AWAITING) == (is_waiting and now is not IN_HANDOFF)
    assert (moves[-1].body["status"], moves[-1].body["round"]) == (inquiry["status"], inquiry["round"])
    if facts.offer is not None:
        assert (facts.offer["prior_status"] is AWAITING) == is_waiting
    for row in facts.running():
        assert row["paused_at"] is None or is_waiting
    placed = [event for event in facts.events if event.name in UNMOVED]
    by_version = {event.version: event for event in moves}
    assert all(event.body["status"] == by_version[event.version].body["status"] for event in placed)


def _check_holdings(session: Session, facts: Facts) -> None:
    """Exactly one live holder while it is open, at every moment of every round, and the ledger names the same."""
    assert len(facts.live) == (1 if facts.is_open else 0)
    for before, after in pairwise(facts.holdings):
        assert before["ended_at"] <= after["started_at"]
        assert (before["ended_at"] == after["started_at"]) == (before["round"] == after["round"])
    told = [event.body["holder"] for event in facts.moves if event.body.get("holder")]
    last = facts.holdings[-1]
    assert told[-1] == {
        "unit": last["unit_id"],
        "section": last["section_id"],
        "post": last["post_id"],
        "staff": last["staff_id"],
    }
    holding = facts.holding
    if holding is None:
        return
    assert (holding["unit_id"], holding["round"]) == (facts.inquiry["unit_id"], facts.round)
    if holding["staff_id"] is not None:
        assert session.get_one(Staff, holding["staff_id"]).is_active
    else:
        assert session.get_one(Post, holding["post_id"]).is_active


def _check_one_way_at_a_time(facts: Facts) -> None:
    """One offer, one letter, one dispute, one joint case at most, and never two of the first three at once."""
    assert len(facts.offers) == (1 if facts.status is IN_HANDOFF else 0)
    drafted = [row for row in facts.letters if row["state"] is ExternalState.DRAFTED]
    undecided = [row for row in facts.disputes if row["decided_at"] is None]
    assert len(facts.offers) + len(drafted) + len(undecided) <= 1
    live = [row for row in facts.rows["joint_handlings"] if row["ended_at"] is None]
    assert len(live) == (1 if facts.status is JOINT else 0)
    assert not (live and undecided)
    assert facts.is_open or not (drafted or undecided)
    ratings = facts.rows["ratings"]
    assert len({(row["round"], row["kind"]) for row in ratings}) == len(ratings)


def _check_silence(facts: Facts, terms: Terms, hearsay: Hearsay) -> None:
    """An offer waits one working day for its answer (系统设定 offer-silence)."""
    offer = facts.offer
    if offer is not None:
        closes = terms.closes[offer["from_unit_id"]]
        end, _ = count_days(closes, offer["offered_at"], 1, next_year=hearsay.calendar_from is not None)
        assert offer["lapses_at"] == end


def _check_told_once(facts: Facts) -> None:
    """Each row of what happened is one event, and each event one row."""
    rows = facts.rows

    def told(name: str, key: str) -> Counter[Any]:
        return Counter(event.facts[key] for event in facts.told(name))

    def ids(name: str, key: str = "id", **wanted: Any) -> Counter[Any]:
        return Counter(
            row[key] for row in rows[name] if all(row[column] is value for column, value in wanted.items())
        )

    noted = Counter((row["clock_id"], CLOCK_NAMES[row["kind"]]) for row in rows["clock_facts"])
    assert noted == Counter((e.facts["clock"], e.name) for e in facts.told(*CLOCK_NAMES.values()))
    assert told("offered", "handoff") == ids("handoffs")
    assert told("accepted", "handoff") == ids("handoffs", state=HandoffState.ACCEPTED)
    assert told("returned", "handoff") == ids("handoffs", state=HandoffState.RETURNED)
    assert told("lapsed", "handoff") == ids("handoffs", state=HandoffState.LAPSED)
    assert told("rated", "rating") == ids("ratings", kind=RatingKind.OWN)
    called = Counter(e.facts["rating"] for e in facts.told("followed_up") if "rating" in e.facts)
    assert called == ids("ratings", kind=RatingKind.FOLLOW_UP)
    assert told("attached", "attachment") == ids("attachments")
    assert told("reminded", "reminder") == ids("reminders")
    assert told("supervised", "supervision") + told("instructed", "supervision") == ids("supervisions")
    assert told("noticed", "notice") == ids("notices")
    received = Counter(row["id"] for row in rows["notices"] if row["received_at"] is not None)
    assert told("notice_received", "notice") == received
    assert told("addressed_outside", "external") == ids("external_handoffs")
    assert told("result_back", "external") == Counter(
        row["id"] for row in rows["external_handoffs"] if row["result_at"] is not None
    )
    served = Counter(event.facts["external"] for event in facts.told("closed") if "external" in event.facts)
    assert served == ids("external_handoffs", state=ExternalState.SERVED)
    assert told("dispute_opened", "dispute") == ids("disputes")
    assert told("joint_started", "joint") == ids("joint_handlings")
    assert told("joint_opinion", "opinion") == ids("joint_opinions")
    planned = Counter(row["id"] for row in rows["joint_handlings"] if row["planned_at"] is not None)
    assert told("joint_planned", "joint") == planned
    referred = Counter(row["id"] for row in rows["joint_handlings"] if row["referred_at"] is not None)
    assert told("joint_referred", "joint") == referred
    assert len(facts.told("joint_task_done")) == sum(
        row["done_at"] is not None for row in rows["joint_units"]
    )
    assert told("lead_opened", "lead") == ids("leads")
    for row in rows["joint_handlings"]:
        assert (row["state"] is JointState.REPORTED) == (row["planned_at"] is row["referred_at"] is None)
    days = [row["day"] for row in rows["reminders"]]
    assert len(set(days)) == len(days)


def _check_follow_ups(facts: Facts) -> None:
    """泸 附件1-16: whoever left a phone is called about a closed round; nobody about an open one; each is told as it ended."""
    is_closed = not facts.is_open and not facts.was_withdrawn
    call = facts.follow_ups.get((facts.round, FollowUpMethod.CALL))
    if is_closed and facts.inquiry["measure"] is Measure.LU and facts.inquiry["citizen_id"] is not None:
        assert call is not None
    for (round_, method), row in facts.follow_ups.items():
        assert row["ended_at"] is not None or (is_closed and round_ == facts.round)
        told = [e for e in facts.told("followed_up") if e.facts["follow_up"] == row["id"]]
        assert method is FollowUpMethod.CALL
        assert row["state"] == (told[-1].facts["result"] if told else row["state"])
        assert bool(told) is (row["staff_id"] is not None)
        assert all(e.facts["result"] == FollowUpState.UNREACHABLE for e in told[:-1])


def _check_mirrors(facts: Facts) -> None:
    """What several units did with one another stands in the chains of each of them."""
    units = defaultdict(set)
    for row in facts.rows["ledger_entries"]:
        body = json.loads(row["body"])
        units[row["event"], body["version"]].add(row["unit_id"])
    for event in facts.events:
        assert _units_told(facts, event) <= units[event.name, event.version], event


def _units_told(facts: Facts, event: Event) -> set[str]:
    told = event.facts
    if event.name in {"accepted", "returned", "lapsed", "dispute_decided"}:
        return {told["from_unit"], told["to_unit"]}
    if event.name == "joint_started":
        return {told["lead"], *told["units"]}
    if event.name in {"joint_opinion", "joint_task_done"}:
        return {told["unit"]}
    if event.name in {"joint_planned", "joint_referred"}:
        return {row["unit_id"] for row in facts.rows["joint_units"] if row["joint_id"] == told["joint"]}
    if event.name == "dispute_opened":
        row = next(row for row in facts.rows["handoffs"] if row["id"] == told["handoff"])
        return {row["from_unit_id"], row["to_unit_id"], told["arbiter_unit"]}
    if event.name in {"closed", "result_back"} and not facts.inquiry["is_confidential"]:
        return {facts.inquiry["first_unit_id"]} if not facts.told("reclassified") else set()
    return set()


def _check_breaches(facts: Facts) -> None:
    """A breach is one fact at the legal moment; a limit that stands still is never overdue."""
    noted = defaultdict(list)
    for fact in facts.rows["clock_facts"]:
        noted[fact["clock_id"]].append(fact)
    for rows in facts.limits:
        standing = 0
        for before, row in zip([None, *rows], rows, strict=False):
            told = {fact["kind"]: fact for fact in noted[row["id"]]}
            assert row["paused_at"] is None or not told
            if before is not None and row["change_kind"] is ClockChange.CALENDAR:
                # What was noted under an end that was only 暂定 says nothing of the real one.
                standing = standing if before["due_at"] == row["due_at"] else 0
            if "overdue" in told:
                fact = told["overdue"]
                standing += 1
                assert fact["at"] == row["due_at"] < fact["recorded_at"]
                bearer = (fact["bearer_unit_id"], fact["bearer_staff_id"])
                assert bearer == (row["bearer_unit_id"], row["bearer_staff_id"])
                assert fact["holding_id"] in {None, _held_at(facts, row["due_at"])}
            if "due_soon" in told:
                assert told["due_soon"]["at"] == row["due_soon_at"] <= told["due_soon"]["recorded_at"]
        assert standing <= 1
        last = rows[-1]
        if last["ended_at"] is not None and last["paused_at"] is None:
            # A letter that was served in time may be written down after the worker noted the limit's end.
            is_late = last["ended_at"] > last["due_at"]
            assert standing == is_late or (standing == 1 and _was_recorded_late(facts, last))


def _held_at(facts: Facts, moment: Any) -> str | None:
    begun = [row for row in facts.holdings if row["started_at"] <= moment]
    return str(begun[-1]["id"]) if begun else None


def _was_recorded_late(facts: Facts, row: RowMapping) -> bool:
    return any(
        letter["served_at"] == row["ended_at"] and letter["served_recorded_at"] > row["due_at"]
        for letter in facts.letters
    )


def _check_leads(facts: Facts) -> None:
    """A breach of a limit whose duty names an item has one lead, as has a notice that asks for more (坛 十)."""
    measure = Measure(facts.inquiry["measure"])
    leads = facts.rows["leads"]
    by_clock = {row["clock_id"]: row for row in leads if row["ground"] is LeadGround.BREACH}
    overdue = {row["clock_id"]: row for row in facts.rows["clock_facts"] if row["kind"] == "overdue"}
    expected = set()
    for rows in facts.limits:
        item = DUTIES[measure][rows[0]["duty"]].item
        latest = None
        for row in rows:
            fact = overdue.get(row["id"])
            # A 暂定 end that moved nearer is no second breach.
            if fact is None or item is None or (latest is not None and latest >= row["due_at"]):
                continue
            latest = row["due_at"]
            expected.add(row["id"])
            lead = by_clock[row["id"]]
            is_head = item.startswith("第十条（二）")
            assert (lead["item"], lead["at"], lead["unit_id"]) == (item, row["due_at"], row["bearer_unit_id"])
            assert lead["against"] is (LeadAgainst.UNIT_HEAD if is_head else LeadAgainst.FIRST_RESPONDER)
            if is_head:
                assert lead["staff_id"] is None
            elif row["bearer_staff_id"] is not None:
                assert lead["staff_id"] == row["bearer_staff_id"]
            assert is_head == (row["bearer_kind"] not in {BearerKind.FIRST_RESPONDER, BearerKind.HOLDER})
    assert set(by_clock) == expected
    asked = {row["notice_id"] for row in facts.rows["notice_documents"] if row["is_unlisted"]}
    # 泸 has no duty of telling all at once.
    wanted = Counter(asked if measure is Measure.TAN else ())
    assert Counter(row["notice_id"] for row in leads if row["ground"] is LeadGround.LATER_DEMAND) == wanted
    assert len(leads) == len(by_clock) + wanted.total()
