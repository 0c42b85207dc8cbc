"""Facts that may show 推诿 (坛 十（二）3): what each signal takes, and that every one carries its evidence."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from backend.domain.identity import Grant, Identity
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
from backend.domain.times import SHANGHAI
from backend.domain.vocabulary import HandoffKind, HandoffState, Role

K, S = SignalKind, HandoffState
MONDAY = datetime(2026, 11, 16, 9, 0, tzinfo=SHANGHAI)
DUE = datetime(2026, 11, 18, 17, 30, tzinfo=SHANGHAI)
HOUR = timedelta(hours=1)


def handoff(place: int, way: str, state: HandoffState, cited: bool | None = None, at=None) -> HandoffFact:
    """The `place`-th offer. `way` is "a>b" for sections of one unit, "A>B" for units."""
    giver, receiver = way.split(">")
    kind = HandoffKind.UNIT if giver.isupper() else HandoffKind.SECTION
    inside = kind is HandoffKind.SECTION
    offered = at or MONDAY + place * 2 * HOUR
    return HandoffFact(
        id=f"h{place}",
        kind=kind,
        state=state,
        from_unit_id="A" if inside else giver,
        from_section_id=giver if inside else f"desk of {giver}",
        to_unit_id="A" if inside else receiver,
        to_section_id=receiver if inside else None,
        offered_at=offered,
        decided_at=None if state is S.OFFERED else offered + HOUR,
        clause_cited=cited,
    )


def kinds(*handoffs: HandoffFact, limits: tuple[LimitFact, ...] = ()) -> dict[SignalKind, list[str]]:
    return {
        signal.kind: [fact.handoff_id for fact in signal.evidence] for signal in signals_of(handoffs, limits)
    }


CASES = [
    ("nothing was handed over", [], {}),
    ("one return with its clause", [("a>b", S.RETURNED, True)], {}),
    (
        "two returns",
        [("a>b", S.RETURNED, True), ("a>c", S.RETURNED, True)],
        {K.RETURNED_OFTEN: ["h0", "h1"]},
    ),
    (
        "a return without a clause",
        [("a>b", S.RETURNED, False)],
        {K.REFUSED_WITHOUT_CLAUSE: ["h0"]},
    ),
    ("a return of which nothing was recorded", [("a>b", S.RETURNED, None)], {}),
    ("silence", [("A>B", S.LAPSED, None)], {K.SILENT: ["h0"]}),
    (
        "silence is no return",
        [("a>b", S.RETURNED, True), ("a>b", S.LAPSED, None)],
        {K.SILENT: ["h1"]},
    ),
    (
        "to another section and back",
        [("a>b", S.ACCEPTED, None), ("b>a", S.ACCEPTED, None)],
        {K.PING_PONG: ["h0", "h1"]},
    ),
    (
        "to another unit and back",
        [("A>B", S.ACCEPTED, None), ("B>A", S.ACCEPTED, None)],
        {K.PING_PONG: ["h0", "h1"]},
    ),
    (
        "to another unit, about inside it, and back",
        [("A>B", S.ACCEPTED, None), ("a>b", S.ACCEPTED, None), ("B>A", S.ACCEPTED, None)],
        {K.PING_PONG: ["h0", "h2"]},
    ),
    (
        "to and fro and to again",
        [("a>b", S.ACCEPTED, None), ("b>a", S.ACCEPTED, None), ("a>b", S.ACCEPTED, None)],
        {K.PING_PONG: ["h0", "h1", "h2"]},
    ),
    ("offered back, not taken", [("a>b", S.ACCEPTED, None), ("b>a", S.OFFERED, None)], {}),
    ("returned is not to and fro", [("a>b", S.RETURNED, True), ("b>a", S.ACCEPTED, None)], {}),
    ("on to a third", [("a>b", S.ACCEPTED, None), ("b>c", S.ACCEPTED, None)], {}),
    (
        "round by way of a third",
        [("a>b", S.ACCEPTED, None), ("b>c", S.ACCEPTED, None), ("c>a", S.ACCEPTED, None)],
        {},
    ),
    ("cancelled by closing", [("a>b", S.CANCELLED, None)], {}),
]


@pytest.mark.parametrize(("facts", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_what_the_hand_offs_show(facts, expected) -> None:
    assert kinds(*(handoff(place, *fact) for place, fact in enumerate(facts))) == expected


def limit(ended: datetime | None = None, duty: str = "answer-consult") -> LimitFact:
    return LimitFact(duty, MONDAY, DUE, ended)


@pytest.mark.parametrize(
    ("at", "ended", "shown"),
    [
        pytest.param(DUE - timedelta(days=1), None, False, id="the day before"),
        pytest.param(DUE.replace(hour=0, minute=0, second=1), None, True, id="one second into the day"),
        pytest.param(DUE - HOUR, None, True, id="an hour before"),
        pytest.param(
            DUE.replace(hour=23, minute=59, second=59), None, True, id="the evening after closing time"
        ),
        pytest.param(DUE + timedelta(hours=7), None, False, id="the day after: late, not last-hour"),
        pytest.param(DUE - HOUR, DUE - HOUR, True, id="the offer itself ended the limit (送达)"),
        pytest.param(DUE - HOUR, DUE - 2 * HOUR, False, id="the limit was over before"),
    ],
)
def test_a_transfer_on_the_day_a_limit_is_due_is_a_last_hour_one(at, ended, shown) -> None:
    """系统设定 last-hour: 时限届满当日才转交."""
    found = kinds(handoff(0, "a>b", S.ACCEPTED, at=at), limits=(limit(ended),))
    assert found == ({K.LAST_HOUR: ["h0"]} if shown else {})


def test_the_evidence_names_the_limit_once_however_many_rows_it_had() -> None:
    at = DUE - HOUR
    rows = (limit(at), limit(), limit(duty="handling-limit"))
    [signal] = signals_of([handoff(0, "a>b", S.ACCEPTED, at=at)], rows)
    assert signal.evidence == (
        Evidence("h0", at, "answer-consult"),
        Evidence("h0", at, "handling-limit"),
    )


def test_evidence_of_a_return_is_dated_when_it_came_back() -> None:
    [signal] = signals_of([handoff(0, "a>b", S.RETURNED, cited=False)], [])
    assert signal.evidence == (Evidence("h0", MONDAY + HOUR),)


def test_tan_5_a_limit_outside_the_catalogue_stands_with_its_days() -> None:
    """坛 五: whoever supervises sees which limit staff stated themselves, and for how long; no hand-off is needed."""
    assert signals_of([], [], [StatedFact("c1", MONDAY, 60)]) == (
        Signal(K.OUTSIDE_CATALOGUE, (Evidence(None, MONDAY, clock_id="c1", days=60),)),
    )
    assert signals_of([], []) == ()


@pytest.mark.parametrize(
    ("role", "unit", "section", "held_by_general_of", "reads"),
    [
        (Role.DISCIPLINE, "u", None, "u", True),
        (Role.PRINCIPAL_LEADER, "u", None, "u", True),
        (Role.PRINCIPAL_LEADER, "elsewhere", None, None, False),
        (Role.DEPUTY_LEADER, "u", "s", None, True),
        (Role.DEPUTY_LEADER, "u", "other", None, False),
        (Role.GENERAL_POST, "u", None, None, True),
        # Nobody supervises their own holding.
        (Role.GENERAL_POST, "u", None, "u", False),
        (Role.GENERAL_POST, "v", None, "u", True),
        (Role.GENERAL_POST, "elsewhere", None, None, False),
        (Role.HANDLER, "u", "s", None, False),
    ],
)
def test_signals_are_for_those_who_supervise_the_units_that_hold_or_held_it(
    role, unit, section, held_by_general_of, reads
) -> None:
    """坛 十（二）3."""
    who = Identity("p", "某", unit, section, (Grant(role, unit, section),))
    assert reads_signals(who, {"u", "v"}, {"s"}, held_by_general_of=held_by_general_of) is reads
