"""Which duties of the measure an inquiry has called up, and whether each was carried out: the ledger read with the statute."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from backend.domain.clocks import date_phrase
from backend.domain.ratings import shown_to_staff_from
from backend.domain.times import local
from backend.domain.vocabulary import BearerKind, Category, ClockEnd, Outcome
from backend.domain.vocabulary_contact import FollowUpState
from backend.models import Clock, Inquiry, LedgerEntry
from backend.services.work import Work
from backend.statute.model import Duty, Event, Terms

_PLAIN: Mapping[str, tuple[Event, ...]] = {
    "filed": (Event.FILED,),
    "reopened": (Event.REOPENED,),
    "accepted": (Event.HANDOFF_ACCEPTED,),
    "returned": (Event.HANDOFF_RETURNED,),
    "lapsed": (Event.HANDOFF_LAPSED,),
    # Naming somebody hands it over and gives it to a named handler in one step (坛 六（二）).
    "assigned": (Event.SECTION_HANDOFF, Event.HANDOFF_ACCEPTED),
    "supplemented": (Event.SUPPLEMENTED,),
    "reclassified": (Event.RECLASSIFIED,),
    "joint_started": (Event.JOINT_ASKED, Event.JOINT_REPORTED),
    "joint_planned": (Event.JOINT_PLANNED,),
    "joint_referred": (Event.JOINT_DISAGREED, Event.JOINT_REFERRED),
    "result_back": (Event.RESULT_BACK,),
    "withdrawn": (Event.WITHDRAWN,),
    "rated": (Event.RATED,),
}
"""Entries that always mean the same to the statute."""


def statute_events(name: str, facts: Mapping[str, Any]) -> tuple[Event, ...]:
    """What a ledger entry means to the statute, in the order in which it happens; empty for what is no event of it."""
    match name:
        case "confirmed":
            competent = (Event.COMPETENCE_CONFIRMED,) if facts.get("competent") else ()
            return (*competent, *((Event.READY_ON_THE_SPOT,) if facts.get("on_the_spot") else ()))
        case "offered":
            return (Event.SECTION_HANDOFF if facts["kind"] == "section" else Event.UNIT_HANDOFF_SERVED,)
        case "noticed":
            unlisted = (Event.UNLISTED_DEMAND,) if facts.get("unlisted") else ()
            return (Event.NOTICE_GIVEN, *(_named(facts) if facts.get("matter") else ()), *unlisted)
        case "joint_opinion" | "joint_task_done":
            return (Event.JOINT_ANSWERED,) if facts.get("all_answered") else ()
        case "matter_named":
            return _named(facts)
        case "closed":
            return _closing(facts)
        case "followed_up":
            # A call that reached nobody is still to be made.
            return () if facts["result"] == FollowUpState.UNREACHABLE else (Event.FOLLOWED_UP,)
        case _:
            return _PLAIN.get(name, ())


def _named(facts: Mapping[str, Any]) -> tuple[Event, ...]:
    matter = (Event.MATTER_NAMED,) if facts.get("matter") else ()
    return (*matter, *((Event.REGIME_NAMED,) if facts.get("regime") else ()))


def _closing(facts: Mapping[str, Any]) -> tuple[Event, ...]:
    match facts["outcome"]:
        case Outcome.REFUSED:
            return (Event.REFUSED, Event.CLOSED)
        case Outcome.GUIDED:
            return (Event.NOT_OURS, Event.GUIDED, Event.CLOSED)
        case Outcome.TRANSFERRED:
            # Served outside, and not over for the citizen: the result is still to come back.
            return (Event.NOT_OURS, Event.UNIT_HANDOFF_SERVED)
        case _:
            return (Event.CLOSED,)


@dataclass(frozen=True, slots=True)
class _Told:
    """One event of the statute: when, for an inquiry of which category, and which duties a correction began with it."""

    event: Event
    at: datetime
    category: Category
    written: bool
    begun: frozenset[str]


@dataclass(slots=True)
class _Owed:
    """One duty as it stands while the entries are read."""

    since: datetime
    state: str = "owed"
    at: datetime | None = None


def duties_of(work: Work, inquiry: Inquiry) -> list[dict[str, Any]]:
    """Every duty that was called up, in the measure's order. `state`: owed, met, met_late, missed, dropped or doubted.

    A duty with a limit stands as its clock stands, and is shown only where one ran; the others are read from the ledger.
    One that is called up again, by a further round or offer, is shown as it stands now.
    """
    entries = work.session.execute(
        select(LedgerEntry.event, LedgerEntry.body, LedgerEntry.recorded_at)
        .where(LedgerEntry.inquiry_id == inquiry.id, ~LedgerEntry.is_mirror)
        .order_by(LedgerEntry.recorded_at, LedgerEntry.sequence)
    ).all()
    told = _told(
        sorted(
            (
                (name, json.loads(body), known)
                for name, body, known in ((name, body, _known_at(name, at)) for name, body, at in entries)
                if known <= work.now
            ),
            key=lambda entry: (entry[1]["version"], entry[2]),
        )
    )
    limits = _limits(work, inquiry)
    measure = work.tools.statute.measures[inquiry.measure]
    shown = []
    for duty in measure.duties:
        found = limits.get(duty.id) if duty.has_limit else _follow(duty, told)
        if found is not None:
            shown.append(_shape(work, duty, measure.terms, found))
    return shown


def _known_at(name: str, at: datetime) -> datetime:
    """When an entry counts here: a citizen's grade from the Monday on that shows it, and never by its own time (design 5)."""
    return shown_to_staff_from(at) if name in {"rated", "rating_changed"} else at


def _limits(work: Work, inquiry: Inquiry) -> dict[str, _Owed]:
    """How each limit stands, by duty: the one begun last where there were several."""
    rows = work.session.scalars(
        select(Clock)
        .where(Clock.inquiry_id == inquiry.id, Clock.end.is_distinct_from(ClockEnd.SUPERSEDED))
        .order_by(Clock.starts_at, Clock.created_at, Clock.id)
    )
    return {clock.duty: _Owed(clock.starts_at, _stand(clock), clock.ended_at) for clock in rows}


def _stand(clock: Clock) -> str:
    if clock.end is ClockEnd.MET and clock.ended_at is not None:
        return "met" if clock.ended_at <= clock.due_at else "met_late"
    if clock.end is ClockEnd.CANCELLED:
        return "missed" if clock.is_overdue_noted else "dropped"
    return "owed"


def _told(entries: Iterable[tuple[str, dict[str, Any], datetime]]) -> list[_Told]:
    """The statute's events in order, each with the category that the inquiry had then."""
    told: list[_Told] = []
    category, written = Category.OTHER, False
    for name, body, at in entries:
        facts = body.get("facts", {})
        if name == "filed":
            category, written = Category(facts["category"]), facts["written"]
        elif name == "reclassified":
            category, written = Category(facts["new_category"]), facts["written"]
        # What a correction starts, it starts at once: a duty that filing would have started for the new category.
        begun = (
            frozenset(clock["duty"] for clock in facts.get("clocks", ()))
            if name == "reclassified"
            else frozenset()
        )
        told += [_Told(event, at, category, written, begun) for event in statute_events(name, facts)]
    return told


def _follow(duty: Duty, told: Iterable[_Told]) -> _Owed | None:
    owed: _Owed | None = None
    for one in told:
        if one.event in duty.starts_on and duty.binds(one.category, one.written):
            owed = _Owed(one.at)
        if owed is not None and owed.state == "owed":
            if one.event in duty.met_by:
                owed.state, owed.at = "met", one.at
            elif one.event in duty.cancelled_by:
                owed.state, owed.at = "dropped", one.at
        if duty.id in one.begun:
            owed = _Owed(one.at)
        if owed is not None and one.event is Event.UNLISTED_DEMAND and one.event in duty.starts_on:
            # Once was not once; whether that is a fault only a human can say.
            owed.state, owed.at = "doubted", one.at
    return owed


def _shape(work: Work, duty: Duty, terms: Terms, owed: _Owed) -> dict[str, Any]:
    statute = work.tools.statute
    words = {
        BearerKind.FIRST_RESPONDER: terms.first_responder,
        BearerKind.FIRST_UNIT: terms.first_unit,
    }
    return {
        "id": duty.id,
        "title": duty.title,
        "clause": duty.clause,
        "short_clause": duty.short_clause,
        "quote": "……".join(duty.quote),
        "bearer_label": words.get(duty.bearer, duty.bearer.label),
        "state": owed.state,
        "since": local(owed.since).isoformat(),
        "at": local(owed.at).isoformat() if owed.at else None,
        "at_text": date_phrase(owed.at, work.now) if owed.at else None,
        "interpretations": [
            {"document": one.document, "text": one.text, "issued_on": one.issued_on.isoformat()}
            for one in duty.interpretations
        ],
        "readings": [statute.readings[reading].sentence for reading in duty.readings],
        "reading_label": statute.reading_label,
    }
