"""坛 六（一）: 能够当场办理的，应当场办理 — said when signing for it, an 即时 limit runs."""

from __future__ import annotations

import pytest

from tests.api.asking import errors, rows
from tests.delivery.office import at
from tests.support.app import Office


@pytest.mark.parametrize(
    ("moment", "due"),
    [
        ("2026-11-16 09:00", "2026-11-16T17:30:00+08:00"),
        ("2026-11-16 17:29:59", "2026-11-16T17:30:00+08:00"),
        ("2026-11-16 17:30:00", "2026-11-17T17:30:00+08:00"),
        ("2026-09-30 18:00", "2026-10-08T17:30:00+08:00"),
        ("2026-10-10 10:00", "2026-10-10T17:30:00+08:00"),
    ],
)
def test_tan_6_1_it_is_due_at_once_from_the_moment_it_is_said(office: Office, moment: str, due: str) -> None:
    office.clock.set(at("2026-09-30 09:00") if moment < "2026-10-11" else at("2026-11-16 08:00"))
    number = office.file(category="application", written=True)["number"]
    office.clock.set(at(moment))
    seen = office.staff("window_a").get(f"/staff/inquiries/{number}").json
    [confirm] = [action for action in seen["actions"] if action["name"] == "confirm"]
    assert confirm["fields"] == ["summary", "competent", "on_the_spot"]
    assert office.act("window_a", number, "confirmation", {"on_the_spot": True}).status_code == 200
    clocks = {
        clock["duty"]: clock
        for clock in office.staff("window_a").get(f"/staff/inquiries/{number}").json["clocks"]
    }
    assert clocks["handle-on-the-spot"]["due_at"] == due
    # Saying so says that it is ours: nothing is left to judge and pass on.
    assert clocks["written-transfer"]["state"] == "cancelled"
    done = office.act("window_a", number, "closing", {"outcome": "completed", "reply": "办好了"})
    assert done.status_code == 200
    after = office.staff("window_a").get(f"/staff/inquiries/{number}").json["clocks"]
    assert {c["duty"]: c["state"] for c in after}["handle-on-the-spot"] == "met"


def test_tan_6_1_what_is_not_ours_cannot_be_handled_on_the_spot(office: Office) -> None:
    """坛 六（一） 属于本人岗位职责范围内: the two answers of one form contradict each other."""
    number = office.file(category="application", written=True)["number"]
    before = rows(office)
    answer = office.act("window_a", number, "confirmation", {"competent": False, "on_the_spot": True})
    assert (answer.status_code, errors(answer)) == (422, [("/on_the_spot", "value_invalid")])
    assert rows(office) == before
    for body in ({"competent": False, "on_the_spot": False}, {"competent": True, "on_the_spot": True}):
        one = office.file(category="application", written=True)["number"]
        assert office.act("window_a", one, "confirmation", body).status_code == 200


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize(("desk", "category"), [("lu_window", "application"), ("window", "consult")])
def test_where_the_measure_has_no_such_duty_it_is_not_asked_and_not_taken(
    office: Office, desk: str, category: str
) -> None:
    """泸 sets no limit; 坛 第七条 has its own words for a question."""
    number = office.file(sign=getattr(office.org, desk).sign.code, category=category)["number"]
    name = f"{desk}_a"
    seen = office.staff(name).get(f"/staff/inquiries/{number}").json
    [confirm] = [action for action in seen["actions"] if action["name"] == "confirm"]
    assert "on_the_spot" not in confirm["fields"]
    before = rows(office)
    answer = office.act(name, number, "confirmation", {"on_the_spot": True})
    assert errors(answer) == [("/on_the_spot", "value_invalid")]
    assert rows(office) == before
    assert office.act(name, number, "confirmation", {"on_the_spot": False}).status_code == 200
