"""Which lines follow from a log: 分台账, 总台账, 承接 (泸 二（二）4, 泸 附件1-16 一事一记; design 4)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from backend.domain.ledger_rows import concerns, lines_of
from backend.domain.vocabulary import Category, Disposition, Grade, Outcome
from backend.domain.vocabulary_ledger import LineKind

START = datetime(2026, 12, 31, 15, 59, tzinfo=UTC)
"""One minute to the new year in Beijing."""
OWN, CONTINUED, RECEIVED = LineKind.OWN, LineKind.CONTINUED, LineKind.RECEIVED
D = Disposition


class Log:
    """Entries as the services write them, a minute apart. Places are `unit/section/person`."""

    def __init__(self, first: str = "u/s/p", *, category: str = "consult", held: str | None = None) -> None:
        self.entries: list[dict] = []
        unit, section, person = self.place(first)
        self.unit = (self.place(held) if held else (unit,))[0]
        is_complaint = category == "complaint"
        self.add(
            "filed",
            held or first,
            {
                "category": category, "channel": "call", "source": "sign", "first_unit": unit,
                "first_section": None if is_complaint else section, "first_responder": person,
                "received_at": START.isoformat(), "late_entry": False,
            },
            content="c",
        )  # fmt: skip

    @staticmethod
    def place(place: str) -> tuple[str | None, ...]:
        return tuple(part or None for part in place.split("/"))

    def add(self, event: str, holder: str | None = None, facts: dict | None = None, **texts: str) -> Log:
        number = len(self.entries) + 1
        body = {
            "event": event,
            "inquiry": "i",
            "unit_id": self.unit,
            "round": 1 + sum(entry["event"] == "reopened" for entry in self.entries) + (event == "reopened"),
            "version": number,
            "at": (START + timedelta(minutes=number)).isoformat(),
            "actor": {"kind": "staff", "id": "a"},
            "facts": facts or {},
            "texts": {role: {"id": text, "sha256": "…"} for role, text in texts.items()},
        }
        if holder is not None:
            unit, section, person = self.place(holder)
            self.unit = unit
            body |= {
                "unit_id": unit,
                "holder": {"unit": unit, "section": section, "post": None, "staff": person},
            }
        self.entries.append(body)
        return self

    def closed(self, outcome: str = "answered", **facts: str) -> Log:
        return self.add("closed", None, {"outcome": outcome, **facts}, reply="r")

    @property
    def lines(self) -> dict[tuple, object]:
        """By kind and place."""
        return {(line.kind, line.unit_id, line.section_id): line for line in lines_of(self.entries)}


def classify(category: str) -> dict[str, str]:
    return {
        "old_category": "consult",
        "new_category": category,
        "old_channel": "call",
        "new_channel": "visit",
    }


def test_a_filing_is_one_row_in_the_first_sections_ledger_of_the_year_of_receipt():
    """受理 on 31 December at 23:59 Beijing time belongs to that year, whatever comes later."""
    [line] = lines_of(Log().entries)
    assert (line.kind, line.unit_id, line.section_id, line.year) == (OWN, "u", "s", 2026)
    assert (line.first_responder_id, line.received_at, line.taken_at) == ("p", START, START)
    assert (line.disposition, line.outcome, line.texts, line.path) == (D.OWN, None, {"content": "c"}, [])


PLACES = [
    (
        "accepted in another section",
        ["u/t/q"],
        {(OWN, "u", "s"): D.OTHER_SECTION, (CONTINUED, "u", "t"): D.OWN},
    ),
    (
        "and back",
        ["u/t/q", "u/s/p"],
        {(OWN, "u", "s"): D.OTHER_SECTION, (CONTINUED, "u", "t"): D.OTHER_SECTION},
    ),
    ("a colleague of the section", ["u/s/q"], {(OWN, "u", "s"): D.OWN}),
    ("another unit", ["v/x/q"], {(OWN, "u", "s"): D.OTHER_UNIT, (RECEIVED, "v", "x"): D.OWN}),
    ("its general post", ["v//q"], {(OWN, "u", "s"): D.OTHER_UNIT, (RECEIVED, "v", None): D.OWN}),
    (
        "another unit and on inside it",
        ["v/x/q", "v/y/r"],
        {(OWN, "u", "s"): D.OTHER_UNIT, (RECEIVED, "v", "x"): D.OTHER_SECTION, (CONTINUED, "v", "y"): D.OWN},
    ),
    (
        "another unit and back into another section",
        ["v/x/q", "u/t/r"],
        {(OWN, "u", "s"): D.OTHER_UNIT, (CONTINUED, "u", "t"): D.OWN, (RECEIVED, "v", "x"): D.OTHER_UNIT},
    ),
]


@pytest.mark.parametrize(("places", "lines"), [case[1:] for case in PLACES], ids=[case[0] for case in PLACES])
def test_whoever_takes_it_over_gets_a_line_and_the_first_row_says_where_it_went(places, lines):
    """泸 附件2“办理情况”: 本人本科室办理、转交其他科室办理、转交其他单位办理."""
    log = Log()
    for place in places:
        log.add("accepted", place)
    assert {place: line.disposition for place, line in log.lines.items()} == lines
    assert log.lines[OWN, "u", "s"].path[-1]["unit"] == log.unit


@pytest.mark.parametrize("event", ["assigned", "dispute_decided"])
def test_an_assignment_and_a_decision_count_like_an_acceptance(event):
    assert set(Log().add(event, "u/t/q").lines) == {(OWN, "u", "s"), (CONTINUED, "u", "t")}


def test_asked_at_a_post_of_the_whole_unit_the_row_stands_in_the_total_ledger_alone():
    """首问责任总岗: whoever was asked there and answers is no other section; whoever else takes it is."""
    log = Log("u//p")
    assert set(log.lines) == {(OWN, "u", None)}
    log.add("assigned", "u/t/p")
    assert log.lines[OWN, "u", None].disposition is D.OWN
    log.add("assigned", "u/t/q")
    assert log.lines[OWN, "u", None].disposition is D.OTHER_SECTION


def test_an_offer_alone_makes_no_line():
    log = Log().add("offered", "u/s/p", {"to_unit": "v"}).add("returned", "u/s/p")
    assert set(log.lines) == {(OWN, "u", "s")}


def test_a_letter_to_an_authority_outside_the_system_is_another_unit():
    line = Log().closed("transferred", external="letter").lines[OWN, "u", "s"]
    assert (line.disposition, line.path[-1]["external"]) == (D.OTHER_UNIT, "letter")


def test_the_first_rows_shows_the_result_that_comes_back():
    """泸 二（二）2 负责到底."""
    log = Log().closed("transferred", external="letter").add("result_back", None, {}, result="back")
    assert log.lines[OWN, "u", "s"].texts == {"content": "c", "reply": "r", "result": "back"}


def test_the_first_responder_may_be_named_by_whatever_step_takes_it_up():
    log = Log("u/s/").add("matter_named", "u/s/q", {"first_responder": "q"})
    assert concerns(log.entries[-1])
    assert log.lines[OWN, "u", "s"].first_responder_id == "q"


def test_a_complaint_stands_only_in_the_ledger_of_the_unit_that_holds_it_and_in_no_sections():
    log = Log(category="complaint", held="u//d").add("assigned", "u/z/e")
    assert set(log.lines) == {(OWN, "u", None)}
    assert log.lines[OWN, "u", None].is_restricted
    past = Log(category="complaint", held="lead//o")
    assert set(past.lines) == {(RECEIVED, "lead", None)}, "past the unit it is about"


def test_what_turns_into_a_complaint_leaves_every_sections_ledger():
    log = Log().add("accepted", "u/t/q").add("accepted", "v/x/r")
    assert len(log.lines) == 3
    log.add("reclassified", "u//d", classify("complaint"))
    assert set(log.lines) == {(OWN, "u", None)}
    line = log.lines[OWN, "u", None]
    assert (line.category, line.path) == (Category.COMPLAINT, []), "nor does it say who had it before"


def test_what_is_released_is_back_in_all_of_them():
    log = Log().add("accepted", "u/t/q").add("reclassified", "u//d", classify("complaint"))
    log.add("reclassified", "u//d", classify("report"))
    assert set(log.lines) == {(OWN, "u", "s"), (CONTINUED, "u", "t")}
    assert not any(line.is_restricted for line in log.lines.values())


def test_one_filed_as_a_complaint_and_released_is_the_first_units_row_in_no_section():
    log = Log(category="complaint", held="lead//o").add("reclassified", "lead//o", classify("report"))
    assert set(log.lines) == {(OWN, "u", None), (RECEIVED, "lead", None)}
    assert log.lines[OWN, "u", None].disposition is D.OTHER_UNIT


def test_closing_following_up_and_rating_fill_the_row_and_reopening_empties_it():
    log = Log().closed()
    log.add("followed_up", None, {"result": "unreachable"})
    log.add("followed_up", None, {"layer": "census", "result": "answered", "grade": "fair"})
    log.add("rated", None, {"grade": "dissatisfied", "shared": False})
    log.add("rating_changed", None, {"grade": "satisfied", "shared": True})
    line = log.lines[OWN, "u", "s"]
    assert (line.outcome, line.closed_by_id, line.closing_unit_id) == (Outcome.ANSWERED, "a", "u")
    assert (line.follow_up_grade, line.own_grade, line.changed_grade) == (
        Grade.FAIR,
        Grade.DISSATISFIED,
        Grade.SATISFIED,
    )
    assert (line.own_shared, line.changed_shared) == (False, True)
    assert line.closed_at < line.followed_up_at < line.own_rated_at < line.changed_at
    log.add("reopened", "u/s/p")
    again = log.lines[OWN, "u", "s"]
    assert (again.round, again.outcome, again.closed_at, again.followed_up_at) == (2, None, None, None)
    assert (again.own_grade, again.changed_grade, again.texts) == (None, None, {"content": "c"})


def test_a_spot_check_fills_no_field_of_the_follow_up():
    log = Log().closed().add("spot_checked", None, {"by": "joint", "result": "answered", "grade": "fair"})
    assert log.lines[OWN, "u", "s"].followed_up_at is None


def test_grades_stand_on_the_lines_of_the_unit_that_answered():
    log = Log().add("accepted", "v/x/q").closed()
    log.add("followed_up", None, {"layer": "census", "result": "answered", "grade": "fair"})
    log.add("rated", None, {"grade": "satisfied", "shared": True})
    grades = {place: (line.follow_up_grade, line.own_grade) for place, line in log.lines.items()}
    assert grades == {(OWN, "u", "s"): (None, None), (RECEIVED, "v", "x"): (Grade.FAIR, Grade.SATISFIED)}
    assert log.lines[OWN, "u", "s"].followed_up_at is not None


def test_a_withdrawal_ends_it_by_nobody_of_the_staff():
    log = Log()
    log.add("withdrawn", None, {"outcome": "withdrawn"})
    log.entries[-1]["actor"] = {"kind": "citizen", "id": None}
    line = log.lines[OWN, "u", "s"]
    assert (line.outcome, line.closed_by_id, line.texts) == (Outcome.WITHDRAWN, None, {"content": "c"})


def test_a_line_is_found_again_by_its_id_whatever_happens():
    log = Log().add("accepted", "u/t/q")
    before = {line.kind: line.id for line in lines_of(log.entries)}
    log.add("reclassified", "u//d", classify("complaint"))
    assert [line.id for line in lines_of(log.entries)] == [before[OWN]]
    assert all(len(row_id) == 32 for row_id in before.values())


@pytest.mark.parametrize("event", ["offered", "clock_overdue", "attached", "noticed", "signed_off", "erased"])
def test_what_concerns_no_line_is_left_alone(event):
    body = Log().add(event, "u/s/p").entries[-1]
    assert not concerns(body)


def test_a_log_begins_with_the_filing():
    assert lines_of([]) == []
    with pytest.raises(ValueError, match="begins"):
        lines_of(Log().closed().entries[1:])
