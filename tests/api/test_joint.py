"""共同办理 through the API (坛 六（三）, for consultations 七（三）): report, talk, plan or report upward, do, close."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from backend.domain.times import SHANGHAI, local
from backend.domain.vocabulary import Measure, OrganType, Role
from backend.models import Clock, ClockFact, LedgerEntry, OutboxItem, Staff, Unit
from backend.services.organising import create_unit, grant_role, set_absence
from tests.api.asking import errors, rows
from tests.support.app import Office

WRITTEN_REPORT = {
    "to": "government_office",
    "matters": "门面房的用途认定",
    "positions": "我局认为可以；人社局认为要先改造。",
    "opinion": "建议先登记，再改造。",
}
OUTSIDE = ("business_a", "neighbour_window_a", "lu_general", "overseer", "auditor", "sysadmin")
WITHOUT_A_PART = ("window_head", "general", "principal", "discipline")
THURSDAY_CLOSE = datetime(2026, 11, 19, 17, 30, tzinfo=SHANGHAI)
"""Three working days from MONDAY."""


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def start(office: Office, number: str, by: str = "window_a", **changes: Any) -> Any:
    body = {"units": [office.org.neighbour.id], "matter": "既要许可，又要社保登记"} | changes
    return office.act(by, number, "joint", body)


@pytest.fixture
def filed(office: Office) -> dict[str, Any]:
    """An application the window handles with the neighbour."""
    filed = office.file(category="application")
    assert start(office, filed["number"]).status_code == 201
    return filed


def detail(office: Office, filed: dict[str, Any], name: str | None = None) -> dict[str, Any]:
    """As somebody of the staff sees it, else as its citizen does."""
    if name is not None:
        shown = office.staff(name).get(f"/staff/inquiries/{filed['number']}")
    else:
        shown = office.citizen(filed["tracking_token"]).get(f"/inquiries/{filed['number']}")
    assert shown.status_code == 200, shown.json
    found: dict[str, Any] = shown.json
    return found


def clocks(office: Office, filed: dict[str, Any]) -> dict[str, tuple[str, str]]:
    return {c["duty"]: (c["state"], c["due_at"]) for c in detail(office, filed)["clocks"]}


def names(office: Office, filed: dict[str, Any], who: str) -> set[str]:
    """What this person can do about joint handling."""
    return {action["name"] for action in detail(office, filed, who)["actions"] if "/joint" in action["href"]}


def chains(office: Office, event: str) -> set[tuple[str, bool]]:
    with office.looking() as work:
        found = work.session.scalars(select(LedgerEntry).where(LedgerEntry.event == event)).all()
        return {(entry.unit_id, entry.is_mirror) for entry in found}


def told(office: Office, topic: str) -> set[str]:
    with office.looking() as work:
        ids = set(work.session.scalars(select(OutboxItem.recipient_id).where(OutboxItem.topic == topic)))
    return {name for name, person in office.org.people.items() if person.id in ids}


def away(office: Office, *names: str) -> None:
    with office.working() as work:
        for name in names:
            set_absence(work, work.session.get_one(Staff, office.org.people[name].id), starts_at=work.now)


def test_clause_6_3_from_the_report_to_one_answer(office: Office, subtests) -> None:
    filed = office.file(category="application")
    number, partner = filed["number"], office.org.neighbour
    with subtests.test("the report stands in the head's box, and ends what no longer applies"):
        made = start(office, number)
        assert (made.status_code, made.json["status"], made.json["event"]) == (201, "joint", "joint_started")
        assert clocks(office, filed) == {
            "written-transfer": ("cancelled", "2026-11-18T17:30:00+08:00"),
            "report-joint": ("met", "2026-11-16T17:30:00+08:00"),
            "joint-plan": ("running", "2026-11-19T17:30:00+08:00"),
        }
        [plan] = [c for c in detail(office, filed)["clocks"] if c["duty"] == "joint-plan"]
        assert plan["bearer"] == {
            "kind": "first_unit",
            "unit": {"id": office.org.unit.id, "name": office.org.unit.name},
            "person": None,
        }
        assert "3 个工作日内牵头商定办理方案" in plan["quote"]
        assert told(office, "joint_reported") == {"principal"}
        assert told(office, "joint_asked") == {"neighbour_general"}
    with subtests.test("the unit that was asked answers"):
        said = office.act("neighbour_general", number, "joint/opinions", {"text": "可以一起办"})
        assert (said.status_code, said.json["status"]) == (201, "joint")
        [row] = detail(office, filed)["joint"]["units"]
        assert (row["answered"], row["answered_at"]) == (True, "2026-11-16T09:00:00+08:00")
    with subtests.test("the plan, with a task"):
        body = {"plan": "先登记再发证", "tasks": [{"unit": partner.id, "task": "办理社保登记"}]}
        planned = office.act("window_a", number, "joint/plan", body)
        assert (planned.status_code, planned.json["event"]) == (200, "joint_planned")
        assert clocks(office, filed)["joint-plan"][0] == "met"
        joint = detail(office, filed)["joint"]
        assert (joint["state"], joint["units"][0]["task"]) == ("planned", "办理社保登记")
    with subtests.test("the task is done"):
        done = office.act("neighbour_general", number, "joint/tasks", {"text": "登记完成"})
        assert (done.status_code, done.json["event"]) == (200, "joint_task_done")
        assert detail(office, filed)["joint"]["units"][0]["done"] is True
    with subtests.test("the lead closes, and the citizen has one answer"):
        closed = office.act("window_a", number, "closing", {"outcome": "completed", "reply": "都办好了"})
        assert closed.status_code == 200
        shown = detail(office, filed)
        assert (shown["reply"]["text"], shown["joint"]["ended_at"]) == (
            "都办好了",
            "2026-11-16T09:00:00+08:00",
        )
        assert told(office, "joint_ended") == {"neighbour_general"}
    with subtests.test("none of the units can deny any of it"):
        both = {(office.org.unit.id, False), (partner.id, True)}
        events = ("joint_started", "joint_opinion", "joint_planned", "joint_task_done", "closed")
        assert {event: chains(office, event) for event in events} == dict.fromkeys(events, both)


@pytest.mark.parametrize(
    ("begun", "due", "provisional"),
    [
        ("2026-11-20 09:00", "2026-11-25T17:30:00+08:00", False),  # a Friday: over the week-end
        ("2026-11-21 10:00", "2026-11-25T17:30:00+08:00", False),  # a Saturday: Monday counts
        ("2026-09-30 10:00", "2026-10-10T17:30:00+08:00", False),  # seven days off, then a make-up Saturday
        ("2026-09-30 23:59", "2026-10-10T17:30:00+08:00", False),
        ("2026-10-01 00:00", "2026-10-10T17:30:00+08:00", False),
        ("2026-10-10 18:00", "2026-10-14T17:30:00+08:00", False),  # begun on the make-up Saturday
        ("2026-12-31 09:00", "2027-01-05T17:30:00+08:00", True),  # into a year without official days
    ],
)
def test_clause_6_3_three_working_days_from_the_arrival_of_the_report(
    office: Office, begun: str, due: str, provisional: bool
) -> None:
    """收到报告后，首问机关应当在 3 个工作日内牵头商定办理方案."""
    office.clock.set(at(begun))
    filed = office.file(category="application")
    assert start(office, filed["number"]).status_code == 201
    clock = detail(office, filed)["joint"]["plan_clock"]
    assert (clock["due_at"], clock["provisional"]) == (due, provisional)


@pytest.mark.parametrize(
    ("found", "begun", "state", "due"),
    [
        ("2026-11-16 17:29", "2026-11-16 17:30:00", "met", "2026-11-16T17:30:00+08:00"),
        ("2026-11-16 17:29", "2026-11-16 17:30:01", "met_late", "2026-11-16T17:30:00+08:00"),
        ("2026-11-16 17:31", "2026-11-17 17:30:00", "met", "2026-11-17T17:30:00+08:00"),
        ("2026-11-20 18:00", "2026-11-23 17:30:00", "met", "2026-11-23T17:30:00+08:00"),
        ("2026-11-16 09:00", "2026-11-18 09:00:00", "met_late", "2026-11-16T17:30:00+08:00"),
    ],
)
def test_clause_6_3_the_report_to_the_head_is_due_at_once_from_the_finding(
    office: Office, found: str, begun: str, state: str, due: str
) -> None:
    """首问负责人应当即时向首问机关负责人报告; late stays a fact, and gains no day for the plan."""
    filed = office.file(category="application")
    office.clock.set(at(begun))
    made = start(office, filed["number"], found_at=at(found).isoformat())
    assert made.status_code == 201, made.json
    assert clocks(office, filed)["report-joint"] == (state, due)
    [clock] = [c for c in detail(office, filed)["clocks"] if c["duty"] == "joint-plan"]
    assert clock["starts_at"] == at(begun).isoformat()
    with office.looking() as work:
        breaches = work.session.scalars(
            select(ClockFact)
            .join(Clock, ClockFact.clock_id == Clock.id)
            .where(ClockFact.kind == "overdue", Clock.duty == "report-joint")
        ).all()
        bearers = {(fact.bearer_staff_id, local(fact.at).isoformat()) for fact in breaches}
    assert bearers == ({(office.org.people["window_a"].id, due)} if state == "met_late" else set())


@pytest.mark.parametrize(("seconds", "state"), [(0, "met"), (1, "met_late")])
@pytest.mark.parametrize("settled_by", ["plan", "report"])
def test_clause_6_3_plan_or_report_on_the_last_second_is_in_time_and_a_second_later_is_not(
    office: Office, filed: dict[str, Any], settled_by: str, seconds: int, state: str
) -> None:
    number = filed["number"]
    office.clock.set(at("2026-11-17 10:00"))
    talked = {"kind": "consultation", "text": "和人社局商量一次，没有谈成"}
    assert office.act("window_a", number, "joint/opinions", talked).status_code == 201
    office.clock.set(THURSDAY_CLOSE + timedelta(seconds=seconds))
    body = {"plan": "一起办"} if settled_by == "plan" else WRITTEN_REPORT
    assert office.act("window_a", number, f"joint/{settled_by}", body).status_code == 200
    assert clocks(office, filed)["joint-plan"] == (state, THURSDAY_CLOSE.isoformat())
    joint = detail(office, filed, "principal")["joint"]
    listed = [row["text"] for row in joint["exculpation"]]
    # 系统设定 joint-report-late: the breach stays, the 协商记录 stand beside it.
    assert listed == (["和人社局商量一次，没有谈成"] if seconds else [])
    with office.looking() as work:
        breaches = work.session.scalars(select(ClockFact).where(ClockFact.kind == "overdue")).all()
        assert [(fact.at, fact.bearer_unit_id) for fact in breaches] == (
            [(THURSDAY_CLOSE, office.org.unit.id)] if seconds else []
        )


def test_clause_6_3_a_report_sent_late_leaves_the_plan_overdue_with_the_talks_beside_it(
    office: Office, filed: dict[str, Any]
) -> None:
    number = filed["number"]
    office.clock.set(THURSDAY_CLOSE + timedelta(days=5))
    before = {"kind": "consultation", "text": "谈过"}
    assert office.act("neighbour_general", number, "joint/opinions", before).status_code == 201
    # Not settled yet and already late: the talks so far are listed too.
    assert len(detail(office, filed, "window_a")["joint"]["exculpation"]) == 1
    assert office.act("window_a", number, "joint/report", WRITTEN_REPORT).status_code == 200
    office.clock.forward(hours=1)
    assert office.act("window_a", number, "joint/opinions", before).status_code == 201
    joint = detail(office, filed, "window_a")["joint"]
    assert (joint["plan_clock"]["state"], joint["state"]) == ("met_late", "referred")
    assert (len(joint["opinions"]), len(joint["exculpation"])) == (2, 1)
    assert "clock_overdue" in {entry["event"] for entry in detail(office, filed)["timeline"]}


def test_clause_6_3_the_written_report_has_its_three_parts_and_its_talks(
    office: Office, filed: dict[str, Any]
) -> None:
    number = filed["number"]
    assert office.staff("window_a").get(f"/staff/inquiries/{number}/joint/report").status_code == 404
    for lacking in ("to", "matters", "positions", "opinion"):
        body = {name: text for name, text in WRITTEN_REPORT.items() if name != lacking}
        refused = office.act("window_a", number, "joint/report", body)
        assert errors(refused) == [(f"/{lacking}", "required")]
    office.act("neighbour_general", number, "joint/opinions", {"text": "不属于我们"})
    office.act("neighbour_general", number, "joint/opinions", {"text": "谈了一次", "kind": "consultation"})
    assert office.act("window_a", number, "joint/report", WRITTEN_REPORT).status_code == 200
    for reader in ("window_a", "principal", "neighbour_general"):
        report = office.staff(reader).get(f"/staff/inquiries/{number}/joint/report").json
        assert {name: report[name] for name in ("matters", "positions", "opinion")} == {
            name: WRITTEN_REPORT[name] for name in ("matters", "positions", "opinion")
        }
        assert (report["report_to_label"], report["date_text"]) == ("区政府办公室", "2026年11月16日")
        assert [row["text"] for row in report["consultations"]] == ["谈了一次"]
        assert [unit["id"] for unit in report["units"]] == [office.org.neighbour.id]
    assert office.staff("business_a").get(f"/staff/inquiries/{number}/joint/report").status_code == 404
    again = office.act("window_a", number, "joint/report", WRITTEN_REPORT)
    assert (again.status_code, again.json["code"]) == (409, "joint_already_referred")
    # When the office above has decided, the plan still comes.
    assert office.act("window_a", number, "joint/plan", {"plan": "照批示办"}).status_code == 200
    assert detail(office, filed)["joint"]["state"] == "planned"


def test_clause_7_3_a_consultation_is_handled_jointly_the_same_way(office: Office) -> None:
    """坛 七（三）: 参照第六条第三项执行."""
    filed = office.file()
    assert start(office, filed["number"]).status_code == 201
    shown = clocks(office, filed)
    assert shown["joint-plan"] == ("running", THURSDAY_CLOSE.isoformat())
    # It adds to the two days of the consultation, it does not take them away.
    assert shown["answer-consult"][0] == "running"
    assert "第七条第（三）项" in detail(office, filed)["joint"]["clause"]


def test_under_lu_units_handle_jointly_without_any_limit(office: Office) -> None:
    filed = office.file(sign=office.org.lu_window.sign.code, category="application")
    number = filed["number"]
    made = start(office, number, "lu_window_a", units=[office.org.unit.id])
    assert made.status_code == 201, made.json
    shown = detail(office, filed)
    assert shown["clocks"] == []
    joint = shown["joint"]
    assert (joint["provided_by_us"], joint["clause"], joint["plan_clock"]) == (True, None, None)
    assert "refer_joint" not in names(office, filed, "lu_window_a")
    refused = office.act("lu_window_a", number, "joint/report", WRITTEN_REPORT)
    assert (refused.status_code, refused.json["code"]) == (409, "illegal_transition")
    assert office.act("general", number, "joint/opinions", {"text": "好"}).status_code == 201
    assert office.act("lu_window_a", number, "joint/plan", {"plan": "一起办"}).status_code == 200


def test_who_is_not_there_is_told_all_the_same(office: Office, subtests) -> None:
    """系统设定 report-in-the-box: the report has arrived, whether anybody opens it or not."""
    with subtests.test("no head present: the general post"):
        away(office, "principal", "neighbour_general")
        filed = office.file(category="application")
        assert start(office, filed["number"]).status_code == 201
        assert told(office, "joint_reported") == {"general"}
    with subtests.test("nobody present at the unit that was asked: it takes part, its post finds it"):
        assert told(office, "joint_asked") == {"neighbour_general"}
        assert detail(office, filed, "neighbour_general")["joint"]["units"][0]["answered"] is False
    with subtests.test("it waits in the head's box"):
        listed = office.staff("principal").get("/staff/inquiries?box=joint").json["items"]
        assert [item["number"] for item in listed] == [filed["number"]]
    with subtests.test("whoever is away does not speak for the unit"):
        said = office.act("neighbour_general", filed["number"], "joint/opinions", {"text": "好"})
        assert (said.status_code, said.json["code"]) == (403, "not_holder")


def test_the_head_of_a_unit_that_was_asked_may_speak_for_it(office: Office, filed: dict[str, Any]) -> None:
    with office.working() as work:
        head = work.session.get_one(Staff, office.org.people["neighbour_office_head"].id)
        grant_role(work, head, Role.PRINCIPAL_LEADER)
    said = office.act("neighbour_office_head", filed["number"], "joint/opinions", {"text": "我局配合"})
    assert said.status_code == 201
    # What is done is reported by the general post, while it is kept.
    office.act("window_a", filed["number"], "joint/plan", {"plan": "一起办"})
    done = office.act("neighbour_office_head", filed["number"], "joint/tasks", {"text": "办了"})
    assert (done.status_code, done.json["code"]) == (403, "not_holder")


BOXES = ("joint", "unit", "section", "offered")


def test_those_who_take_part_read_it_and_find_it_while_it_runs_and_after(
    office: Office, filed: dict[str, Any]
) -> None:
    number = filed["number"]

    def found_in(name: str) -> set[str]:
        answers = {box: office.staff(name).get(f"/staff/inquiries?box={box}") for box in BOXES}
        return {box for box, got in answers.items() if number in got.get_data(as_text=True)}

    assert found_in("neighbour_general") == {"joint"}
    assert found_in("principal") == {"joint", "unit"}
    assert found_in("deputy_leader") == {"joint", "section"}
    assert found_in("window_head") == {"section"}
    assert office.staff("neighbour_general").get("/staff/me").json["counts"]["joint"] == 1
    office.act("window_a", number, "closing", {"outcome": "completed", "reply": "好"})
    assert found_in("neighbour_general") == set()
    assert detail(office, filed, "neighbour_general")["reply"]["text"] == "好"
    assert names(office, filed, "neighbour_general") == set()
    said = office.act("neighbour_general", number, "joint/opinions", {"text": "补充一句"})
    assert (said.status_code, said.json["code"]) == (409, "illegal_transition")


STEPS = {
    "joint": {"matter": "再来"},
    "joint/opinions": {"text": "说一句"},
    "joint/plan": {"plan": "办"},
    "joint/report": WRITTEN_REPORT,
    "joint/tasks": {"text": "办了"},
}


def test_outside_the_chain_it_does_not_exist_and_without_a_part_nobody_acts(
    office: Office, filed: dict[str, Any]
) -> None:
    number = filed["number"]
    version = office.version(number, "window_a")
    before = rows(office)
    for path, body in STEPS.items():
        if path == "joint":
            body = body | {"units": [office.org.neighbour.id]}  # noqa: PLW2901
        for name in OUTSIDE:
            answer = office.staff(name).post(f"/staff/inquiries/{number}/{path}", body, version=version)
            assert (answer.status_code, answer.json["code"]) == (404, "not_found"), (name, path)
        for name in WITHOUT_A_PART:
            answer = office.staff(name).post(f"/staff/inquiries/{number}/{path}", body, version=version)
            assert (answer.status_code, answer.json["code"]) == (403, "not_holder"), (name, path)
    # A unit that was asked speaks and reports what it did; all else is the lead's.
    for path in ("joint", "joint/plan", "joint/report", "closing", "handoffs"):
        answer = office.staff("neighbour_general").post(
            f"/staff/inquiries/{number}/{path}", STEPS.get(path, {}), version=version
        )
        assert (answer.status_code, answer.json["code"]) == (403, "not_holder"), path
    lead = office.staff("window_a").post(
        f"/staff/inquiries/{number}/joint/tasks", {"text": "x"}, version=version
    )
    assert (lead.status_code, lead.json["code"]) == (403, "not_holder")
    assert rows(office) == before


def test_every_step_needs_the_version_that_was_seen(office: Office, filed: dict[str, Any]) -> None:
    for name, path in (("neighbour_general", "joint/opinions"), ("window_a", "joint/plan")):
        address = f"/staff/inquiries/{filed['number']}/{path}"
        without = office.staff(name).post(address, STEPS[path])
        stale = office.staff(name).post(address, STEPS[path], version=1)
        assert (without.status_code, stale.status_code) == (428, 412)


def test_a_step_sent_twice_is_one_step(office: Office, filed: dict[str, Any]) -> None:
    who, version = office.staff("neighbour_general"), office.version(filed["number"], "neighbour_general")
    address = f"/staff/inquiries/{filed['number']}/joint/opinions"
    first, again = (
        who.post(address, {"text": "好"}, version=version, key="one-opinion-said-twice") for _ in range(2)
    )
    assert (again.status_code, again.json) == (201, first.json)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert len(detail(office, filed, "window_a")["joint"]["opinions"]) == 1


def test_what_does_not_fit_is_refused_and_changes_nothing(office: Office) -> None:
    filed = office.file(category="application")
    number, org = filed["number"], office.org
    with office.working() as work:
        parent = work.session.get_one(Unit, org.lead.id)
        closed = create_unit(
            work, name="已撤销的单位", organ_type=OrganType.INSTITUTION, measure=Measure.TAN, parent=parent
        )
        closed.is_active = False
        gone = closed.id
    table: list[tuple[dict[str, Any], tuple[str, str]]] = [
        ({"units": []}, ("/units", "value_invalid")),
        ({"units": None}, ("/units", "null_not_allowed")),
        ({"units": "x"}, ("/units", "type_invalid")),
        ({"units": [org.unit.id]}, ("/units/0", "value_invalid")),
        ({"units": [org.neighbour.id, org.neighbour.id]}, ("/units/1", "value_invalid")),
        ({"units": [org.neighbour.id, gone]}, ("/units/1", "unit_unknown")),
        ({"units": ["没有"]}, ("/units/0", "value_invalid")),
        ({"units": ["nobody"]}, ("/units/0", "unit_unknown")),
        ({"units": [f"{place:032x}" for place in range(21)]}, ("/units", "value_invalid")),
        ({"matter": " "}, ("/matter", "text_empty")),
        ({"found_at": "2026-11-16T09:00:01+08:00"}, ("/found_at", "value_invalid")),
        ({"found_at": "2026-11-16T08:59:59+08:00"}, ("/found_at", "value_invalid")),
        ({"found_at": "2026-11-16T09:00:00"}, ("/found_at", "type_invalid")),
        ({"lead": org.unit.id}, ("/lead", "unknown_field")),
    ]
    before = rows(office)
    for changes, error in table:
        refused = start(office, number, **changes)
        assert (refused.status_code, errors(refused)) == (422, [error]), changes
    assert rows(office) == before
    assert start(office, number).status_code == 201
    plans: list[tuple[dict[str, Any], tuple[str, str]]] = [
        ({}, ("/plan", "required")),
        ({"plan": "办", "tasks": [{"unit": org.unit.id, "task": "x"}]}, ("/tasks/0/unit", "unit_unknown")),
        ({"plan": "办", "tasks": [{"unit": org.neighbour.id}]}, ("/tasks/0/task", "required")),
        (
            {"plan": "办", "tasks": [{"unit": org.neighbour.id, "task": "x"}] * 2},
            ("/tasks/1/unit", "value_invalid"),
        ),
    ]
    before = rows(office)
    for body, error in plans:
        refused = office.act("window_a", number, "joint/plan", body)
        assert (refused.status_code, errors(refused)) == (422, [error]), body
    assert rows(office) == before


def test_each_thing_is_done_once_and_in_its_order(office: Office, filed: dict[str, Any]) -> None:
    number = filed["number"]

    def code(name: str, path: str, body: dict[str, Any]) -> tuple[int, str]:
        answer = office.act(name, number, path, body)
        return answer.status_code, answer.json.get("code", "")

    again = {"units": [office.org.neighbour.id], "matter": "再来"}
    assert code("window_a", "joint", again) == (409, "illegal_transition")
    assert code("neighbour_general", "joint/tasks", {"text": "办了"}) == (409, "joint_not_planned")
    # 商定: one unit alone agrees on nothing.
    assert code("window_a", "joint/plan", {"plan": "办"}) == (409, "joint_not_agreed")
    talked = {"kind": "consultation", "text": "电话商量过"}
    assert code("window_a", "joint/opinions", talked) == (201, "")
    assert code("window_a", "joint/plan", {"plan": "办"}) == (200, "")
    assert code("window_a", "joint/plan", {"plan": "改"}) == (409, "joint_already_planned")
    assert code("neighbour_general", "joint/tasks", {"text": "办了"}) == (200, "")
    assert code("neighbour_general", "joint/tasks", {"text": "又办"}) == (409, "joint_task_already_done")
    # Doing its part is 主动配合 too.
    assert detail(office, filed)["joint"]["units"][0]["answered"] is True


def test_a_unit_a_complaint_is_about_cannot_take_part_and_never_sees_it(office: Office) -> None:
    """Design 4: it reaches the lead office past the unit, and no joint case brings it back."""
    filed = office.file(category="complaint", content="对单位不满意", about={"kind": "unit"})
    number, org = filed["number"], office.org
    assert detail(office, filed)["holder"]["unit"]["id"] == org.lead.id
    refused = start(office, number, "overseer", units=[org.neighbour.id, org.unit.id])
    assert (refused.status_code, refused.json["code"]) == (409, "subject_conflict")
    assert start(office, number, "overseer").status_code == 201
    for name in ("principal", "general", "discipline", "window_a"):
        assert office.staff(name).get(f"/staff/inquiries/{number}").status_code == 404
        assert number not in office.staff(name).get("/staff/inquiries?box=joint").get_data(as_text=True)
    assert detail(office, filed, "neighbour_general")["joint"]["lead"]["id"] == org.lead.id


def test_an_open_offer_keeps_it_from_being_handled_jointly(office: Office) -> None:
    number = office.file()["number"]
    office.act("window_a", number, "handoffs", {"to_unit": office.org.neighbour.id, "reason": "转"})
    refused = start(office, number)
    assert (refused.status_code, refused.json["code"]) == (409, "illegal_transition")


def test_after_a_transfer_the_unit_that_took_over_leads_and_answers_for_the_plan(office: Office) -> None:
    filed = office.file(category="application")
    number, org = filed["number"], office.org
    made = office.act("window_a", number, "handoffs", {"to_unit": org.neighbour.id, "reason": "转"})
    version = office.version(number, "neighbour_general")
    taken = office.staff("neighbour_general").post(
        f"/staff/handoffs/{made.json['id']}/acceptance", version=version
    )
    assert taken.status_code == 200
    assert start(office, number, "neighbour_general", units=[org.unit.id]).status_code == 201
    joint = detail(office, filed)["joint"]
    assert joint["lead"]["id"] == joint["plan_clock"]["bearer"]["unit"]["id"] == org.neighbour.id
    assert office.act("general", number, "joint/opinions", {"text": "原单位配合"}).status_code == 201


def test_inside_the_lead_unit_it_can_be_assigned_meanwhile(office: Office, filed: dict[str, Any]) -> None:
    number, org = filed["number"], office.org
    assigned = office.act("general", number, "assignment", {"to_staff": org.people["business_a"].id})
    assert (assigned.status_code, assigned.json["status"]) == (200, "joint")
    refused = office.act("window_a", number, "joint/plan", {"plan": "办"})
    assert (refused.status_code, refused.json["code"]) == (403, "not_holder")
    assert office.act("neighbour_general", number, "joint/opinions", {"text": "好"}).status_code == 201
    assert office.act("business_a", number, "joint/plan", {"plan": "办"}).status_code == 200


def test_withdrawal_ends_it_and_a_new_round_may_begin_another(office: Office, subtests) -> None:
    with subtests.test("the citizen takes it back"):
        filed = office.file(category="application")
        start(office, filed["number"])
        office.citizen(filed["tracking_token"]).post(f"/inquiries/{filed['number']}/withdrawal", {})
        shown = detail(office, filed)
        assert shown["joint"]["ended_at"] is not None
        assert clocks(office, filed)["joint-plan"][0] == "cancelled"
        assert (office.org.neighbour.id, True) in chains(office, "withdrawn")
    with subtests.test("opened again, asked again"):
        filed = office.file(category="application")
        number = filed["number"]
        first = start(office, number).json["id"]
        office.act("window_a", number, "closing", {"outcome": "completed", "reply": "好"})
        office.clock.forward(days=1)
        office.citizen(filed["tracking_token"]).post(f"/inquiries/{number}/reopening", {"reason": "没好"})
        assert detail(office, filed)["joint"]["id"] == first
        second = start(office, number)
        assert second.status_code == 201
        joint = detail(office, filed)["joint"]
        assert (joint["id"], joint["round"], joint["ended_at"]) == (second.json["id"], 2, None)
        assert joint["plan_clock"]["due_at"] == "2026-11-20T17:30:00+08:00"


def test_the_citizen_sees_which_units_and_how_far_and_nothing_they_say_among_themselves(
    office: Office, filed: dict[str, Any]
) -> None:
    number = filed["number"]
    office.act("neighbour_general", number, "joint/opinions", {"text": "内部意见甲"})
    body = {"plan": "内部方案乙", "tasks": [{"unit": office.org.neighbour.id, "task": "办理社保登记"}]}
    office.act("window_a", number, "joint/plan", body)
    office.act("neighbour_general", number, "joint/tasks", {"text": "内部结果丙"})
    office.act("window_a", number, "joint/report", WRITTEN_REPORT)
    seen = office.citizen(filed["tracking_token"]).get(f"/inquiries/{number}")
    words = seen.get_data(as_text=True)
    for hidden in ("既要许可", "内部意见甲", "内部方案乙", "内部结果丙", *list(WRITTEN_REPORT.values())[1:]):
        assert hidden not in words
        assert hidden in office.staff("general").get(f"/staff/inquiries/{number}").get_data(as_text=True)
    titles = [entry["title"] for entry in seen.json["timeline"]]
    name = office.org.neighbour.name
    assert titles == [
        "提交",
        f"请{name}共同办理",
        "商定办理方案",
        f"{name}：任务完成",
        "书面报告区政府办公室",
    ]
    assert "办理社保登记" in words


def test_the_actions_shown_are_those_that_work(office: Office) -> None:
    filed = office.file(category="application")
    number = filed["number"]
    assert "start_joint" in names(office, filed, "window_a")
    assert "start_joint" not in names(office, filed, "general")
    start(office, number)
    # Before anybody has spoken nothing can be agreed; the report upward waits for nobody (坛 六（三）).
    assert names(office, filed, "window_a") == {"joint_opinion", "refer_joint"}
    assert "协商记录" in detail(office, filed, "window_a")["joint"]["plan_refusal"]
    office.act("neighbour_general", number, "joint/opinions", {"text": "好"})
    assert detail(office, filed, "window_a")["joint"]["plan_refusal"] is None
    assert names(office, filed, "window_a") == {"joint_opinion", "plan_joint", "refer_joint"}
    assert names(office, filed, "neighbour_general") == {"joint_opinion"}
    assert names(office, filed, "principal") == set()
    office.act("window_a", number, "joint/plan", {"plan": "办"})
    assert names(office, filed, "window_a") == {"joint_opinion", "refer_joint"}
    assert names(office, filed, "neighbour_general") == {"joint_opinion", "finish_joint_task"}
    office.act("neighbour_general", number, "joint/tasks", {"text": "好"})
    assert names(office, filed, "neighbour_general") == {"joint_opinion"}


def test_while_a_letter_waits_to_be_served_no_joint_case_is_started(office: Office) -> None:
    """坛 六（三）, 六（四）: a matter goes one way at a time."""
    number = office.file(category="application")["number"]
    outside = {"external": {"name": "某省某局", "phone": "025-83580000"}, "reason": "由该局负责"}
    assert office.act("window_a", number, "handoffs", outside).status_code == 201
    answer = office.act(
        "window_a", number, "joint", {"units": [office.org.neighbour.id], "matter": "要一起办"}
    )
    assert (answer.status_code, answer.json["code"]) == (409, "handoff_pending")
    shown = office.staff("window_a").get(f"/staff/inquiries/{number}").json
    assert "start_joint" not in {action["name"] for action in shown["actions"]}
