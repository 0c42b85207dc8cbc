"""问责线索: facts for a human, the person's own words, a decision made elsewhere; nothing is decided by itself (坛 九、十)."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select

from backend.delivery import duties
from backend.domain.times import SHANGHAI
from backend.domain.vocabulary import DecisionMeasure, Employment, Role
from backend.models import AccountabilityLead, LeadDecision, Staff
from backend.queries.leads import has_leads, lead_lines
from backend.services.organising import grant_role, set_absence
from tests.api.asking import errors, rows
from tests.queries.counting import statements
from tests.support.app import Office, new_key

LATE = datetime(2026, 11, 20, 9, 0, tzinfo=SHANGHAI)
"""A Friday; what was filed on Monday morning was due on Wednesday."""
GOING = threading.Event()
SEERS = {"discipline", "principal", "overseer", "window_a"}
PEOPLE = (
    "window_a", "window_b", "window_head", "business_a", "general", "discipline", "principal", "deputy_leader",
    "overseer", "auditor", "sysadmin", "neighbour_general", "lu_general",
)  # fmt: skip
DECISION = {
    "decided_on": "2026-11-20",
    "body": "区作风办",
    "document": "坛作办〔2026〕9号",
    "measures": ["criticism", "circular"],
    "reason": "经核实，情况属实。",
}


def breached(office: Office, **changes: Any) -> tuple[dict[str, Any], str]:
    """An inquiry nobody answered in time, and the lead of it."""
    filed = office.file(**changes)
    office.clock.set(LATE)
    with office.app.app_context():
        duties.note_overdue(GOING)
    with office.looking() as work:
        return filed, work.session.scalars(select(AccountabilityLead.id)).one()


def lead(office: Office, name: str, lead_id: str) -> dict[str, Any]:
    answer = office.staff(name).get(f"/staff/leads/{lead_id}")
    assert answer.status_code == 200, answer.json
    shown: dict[str, Any] = answer.json
    return shown


def open_lead(office: Office, name: str, number: str, **changes: Any) -> Any:
    body = {"item": "第十条（一）3", "note": "现场看到的情况"} | changes
    return office.act(name, number, "leads", body)


def test_a_lead_shows_its_clause_its_facts_and_leaves_the_rest_to_a_human(office: Office) -> None:
    filed, lead_id = breached(office)
    shown = lead(office, "discipline", lead_id)
    assert (shown["item"], shown["state"], shown["ground"]) == ("第十条（一）2", "open", "breach")
    assert "超时限办理" in shown["quote"]
    assert shown["person"]["id"] == office.org.people["window_a"].id
    assert shown["number"] == filed["number"]
    assert "不是结论" in shown["no_verdict"]
    assert shown["unheard_note"] == "尚未听取本人说明"
    [element] = shown["elements"]
    assert (element["kind"], element["found"]) == ("fact", True)
    assert "“限时答复咨询”应在11月18日（周三）17:30前完成，到期没有完成。" in element["evidence"]
    assert any("晚 2 个工作日" in line for line in element["evidence"])
    # 原则上: over it without a reasoned extension, and the reading says so.
    assert any("系统设定" in line and "超过原则时限" in line for line in element["evidence"])
    limit = shown["limit"]
    assert (limit["due_at"], limit["working_days_late"]) == ("2026-11-18T17:30:00+08:00", 2)
    assert "原则上在 2 个工作日内" in limit["quote"]
    assert shown["tolerance"]["clause"].endswith("第九条")
    assert shown["decision"] is None


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_who_sees_a_lead_and_to_everybody_else_it_does_not_exist(office: Office) -> None:
    """The person, the discipline and the head of the unit, the lead office over it: nobody else, not even the section."""
    filed, lead_id = breached(office)
    for name in PEOPLE:
        answer = office.staff(name).get(f"/staff/leads/{lead_id}")
        listed = office.staff(name).get("/staff/leads").json["items"]
        assert answer.status_code == (200 if name in SEERS else 404), name
        assert [item["id"] for item in listed] == ([lead_id] if name in SEERS else []), name
    unknown = office.staff("window_b").get(f"/staff/leads/{'0' * 32}").json
    hidden = office.staff("window_b").get(f"/staff/leads/{lead_id}").json
    assert {k: v for k, v in unknown.items() if k != "request_id"} == {
        k: v for k, v in hidden.items() if k != "request_id"
    }
    assert filed["number"]


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_lead_stands_on_no_citizens_timeline_and_on_the_staffs_only_for_those_who_may_see_it(
    office: Office,
) -> None:
    filed, lead_id = breached(office)
    number = filed["number"]
    citizen = office.citizen(filed["tracking_token"]).get(f"/inquiries/{number}")
    assert "lead" not in citizen.get_data(as_text=True)
    for name in ("window_a", "window_b", "window_head", "general", "discipline", "principal"):
        shown = office.staff(name).get(f"/staff/inquiries/{number}").json
        events = {entry["event"] for entry in shown["timeline"]}
        assert ("lead_opened" in events) is (name in SEERS), name
        assert [one["id"] for one in shown["leads"]] == ([lead_id] if name in SEERS else []), name
        assert shown["version"] == 1


def test_a_lead_in_full_from_fact_to_decision(office: Office) -> None:
    filed, lead_id = breached(office)
    window, discipline = office.staff("window_a"), office.staff("discipline")
    said = window.post(f"/staff/leads/{lead_id}/statements", {"text": "当天系统停电"})
    assert (said.status_code, said.json["event"], said.json["id"]) == (201, "lead_statement", lead_id)
    shown = lead(office, "discipline", lead_id)
    assert (shown["unheard_note"], shown["statements"][0]["text"]) == (None, "当天系统停电")
    decided = discipline.post(f"/staff/leads/{lead_id}/decision", DECISION | {"tolerance": "district"})
    assert (decided.status_code, decided.json["state"]) == (201, "decided")
    decision = lead(office, "window_a", lead_id)["decision"]
    assert [one["value"] for one in decision["measures"]] == ["criticism", "circular"]
    assert (decision["body"], decision["document"]) == ("区作风办", "坛作办〔2026〕9号")
    assert (decision["tolerance_label"], decision["reason"]) == ("区", "经核实，情况属实。")
    # Once, and it stays as it was.
    again = discipline.post(f"/staff/leads/{lead_id}/decision", DECISION)
    assert (again.status_code, again.json["code"]) == (409, "lead_decided")
    assert window.post(f"/staff/leads/{lead_id}/statements", {"text": "补充"}).status_code == 201
    events = [
        entry["event"]
        for entry in office.staff("discipline").get(f"/staff/inquiries/{filed['number']}").json["timeline"]
    ]
    assert events[-4:] == ["lead_opened", "lead_statement", "lead_decided", "lead_statement"]


def test_only_a_human_finds_what_no_fact_can_fill_and_never_whom_it_concerns(office: Office) -> None:
    """致使…, 不良影响: empty boxes (坛 十（一）1)."""
    number = office.file()["number"]
    staff = office.org.people["window_a"].id
    made = open_lead(office, "discipline", number, item="第十条（一）1", staff=staff)
    assert made.status_code == 201, made.json
    path = f"/staff/leads/{made.json['id']}/elements"
    shown = lead(office, "principal", made.json["id"])
    by_id = {element["id"]: element for element in shown["elements"]}
    assert by_id["caused-the-delay"]["found"] is None
    # What the system has no fact for stays open as well; it is never made up.
    assert (by_id["duty-not-carried-out"]["found"], by_id["duty-not-carried-out"]["evidence"]) == (None, [])
    body = {"found": True, "text": "群众因此多跑了三趟"}
    assert office.staff("principal").put(f"{path}/caused-the-delay", body).status_code == 200
    changed = {"found": False, "text": "再查，另有原因"}
    assert office.staff("discipline").put(f"{path}/caused-the-delay", changed).status_code == 200
    by_id = {element["id"]: element for element in lead(office, "overseer", made.json["id"])["elements"]}
    assert (by_id["caused-the-delay"]["found"], by_id["caused-the-delay"]["words"]) == (
        False,
        "再查，另有原因",
    )
    refused = office.staff("window_a").put(f"{path}/caused-the-delay", body)
    assert (refused.status_code, refused.json["code"]) == (403, "role_required")
    for element in ("duty-not-carried-out", "no-such-element"):
        assert office.staff("discipline").put(f"{path}/{element}", body).status_code == 404
    dismissal = {"decided_on": "2026-11-16", "body": "机关纪委", "reason": "不构成", "dismissed": True}
    decided = office.staff("discipline").post(f"/staff/leads/{made.json['id']}/decision", dismissal)
    assert (decided.status_code, decided.json["state"]) == (201, "dismissed")
    late = office.staff("discipline").put(f"{path}/caused-the-delay", body)
    assert (late.status_code, late.json["code"]) == (409, "lead_decided")


def test_the_head_of_a_unit_answers_for_the_unit_and_cannot_judge_it(office: Office) -> None:
    """坛 十（二）2: against the head of the first unit; the lead office over it alone finds and decides."""
    _, lead_id = breached(office, category="application")
    shown = lead(office, "discipline", lead_id)
    assert (shown["against"], shown["person"]) == ("unit_head", None)
    assert office.staff("window_a").get(f"/staff/leads/{lead_id}").status_code == 404
    principal = office.staff("principal")
    assert principal.post(f"/staff/leads/{lead_id}/statements", {"text": "已经整改"}).status_code == 201
    body = {"found": True, "text": "有"}
    assert principal.put(f"/staff/leads/{lead_id}/elements/delayed", body).status_code == 403
    assert principal.post(f"/staff/leads/{lead_id}/decision", DECISION).status_code == 403
    assert (
        office.staff("discipline").post(f"/staff/leads/{lead_id}/statements", {"text": "x"}).status_code
        == 403
    )
    # The unit's own discipline reads it, and does not judge its own head.
    assert shown["actions"] == []
    discipline = office.staff("discipline")
    for refused in (
        discipline.put(f"/staff/leads/{lead_id}/elements/delayed", body),
        discipline.post(f"/staff/leads/{lead_id}/decision", DECISION),
    ):
        assert (refused.status_code, refused.json["code"]) == (403, "role_required")
    overseer = office.staff("overseer")
    assert overseer.put(f"/staff/leads/{lead_id}/elements/delayed", body).status_code == 200
    assert overseer.post(f"/staff/leads/{lead_id}/decision", DECISION).status_code == 201


REFUSED = [
    ({"decided_on": "2026-11-21"}, ("/decided_on", "value_invalid")),
    ({"decided_on": "2026-11-17"}, ("/decided_on", "value_invalid")),
    ({"decided_on": "2026-11-31"}, ("/decided_on", "type_invalid")),
    ({"decided_on": "20261120"}, ("/decided_on", "type_invalid")),
    ({"measures": []}, ("/measures", "conditionally_required")),
    ({"dismissed": True}, ("/measures", "value_invalid")),
    ({"measures": ["dismissal"]}, ("/measures", "choice_invalid")),
    ({"measures": ["contract"]}, ("/measures", "choice_invalid")),
    ({"measures": ["flogging"]}, ("/measures/0", "choice_invalid")),
    ({"tolerance": "county"}, ("/tolerance", "choice_invalid")),
    ({"body": ""}, ("/body", "text_empty")),
    ({"verdict": "guilty"}, ("/verdict", "unknown_field")),
]


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_what_a_decision_cannot_say_is_refused_and_nothing_is_kept(office: Office, subtests) -> None:
    _, lead_id = breached(office)
    office.staff("discipline")
    before = rows(office)
    for change, error in REFUSED:
        with subtests.test(change):
            answer = office.staff("discipline").post(f"/staff/leads/{lead_id}/decision", DECISION | change)
            assert answer.status_code == 422
            assert error in errors(answer)
    assert rows(office) == before


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_contract_staff_are_dealt_with_by_contract_up_to_dismissal(office: Office) -> None:
    """坛 十（四）: 聘用人员 … 按相关规定或合同约定处理；情节严重的，予以解聘或辞退."""
    with office.working() as work:
        work.session.get_one(Staff, office.org.people["window_a"].id).employment = Employment.CONTRACT
    _, lead_id = breached(office)
    measures = ["contract", "dismissal", "law"]
    answer = office.staff("discipline").post(
        f"/staff/leads/{lead_id}/decision", DECISION | {"measures": measures}
    )
    assert answer.status_code == 201
    shown = lead(office, "discipline", lead_id)["decision"]["measures"]
    assert [one["value"] for one in shown] == [one.value for one in DecisionMeasure if one.value in measures]


def test_of_many_decisions_at_once_one_is_recorded(office: Office) -> None:
    _, lead_id = breached(office)
    office.staff("discipline")

    def decide(_: int) -> int:
        answer = office.staff("discipline").post(f"/staff/leads/{lead_id}/decision", DECISION)
        return int(answer.status_code)

    with ThreadPoolExecutor(5) as pool:
        assert sorted(pool.map(decide, range(5))) == [201, 409, 409, 409, 409]
    with office.looking() as work:
        assert len(work.session.scalars(select(LeadDecision)).all()) == 1


def test_a_lead_by_hand_names_who_bore_it_inside_the_openers_unit(office: Office) -> None:
    number = office.file()["number"]
    for name, status in (("window_head", 403), ("window_a", 403), ("deputy_leader", 403), ("general", 201)):
        assert open_lead(office, name, number).status_code == status, name
    cases = [
        ({"item": "第十条（一）9"}, ("/item", "choice_invalid")),
        ({"item": "三（二）"}, ("/item", "choice_invalid")),
        ({"staff": office.org.people["office_a"].id}, ("/staff", "staff_unknown")),
        ({"staff": "x"}, ("/staff", "staff_unknown")),
        ({"note": ""}, ("/note", "text_empty")),
        ({"ground": "breach"}, ("/ground", "choice_invalid")),
        (
            {"item": "第十条（二）1", "staff": office.org.people["window_a"].id},
            ("/staff", "staff_unknown"),
        ),
    ]
    for change, error in cases:
        answer = open_lead(office, "discipline", number, **change)
        assert (answer.status_code, errors(answer)) == (422, [error])
    made = open_lead(office, "discipline", number, ground="shirking")
    shown = lead(office, "general", office.staff("general").get("/staff/leads").json["items"][0]["id"])
    assert shown["person"]["id"] == office.org.people["window_a"].id
    assert shown["note"] == "现场看到的情况"
    assert lead(office, "window_a", made.json["id"])["ground_label"] == "转交、退回的事实"
    path = f"/staff/inquiries/{number}/leads"
    body = {"item": "第十条（一）3", "note": "x"}
    assert office.staff("discipline").post(path, body).status_code == 428
    assert office.staff("discipline").post(path, body, version=7).status_code == 412
    assert office.staff("neighbour_general").post(path, body, version=1).status_code == 404


def test_what_speaks_for_the_person_stands_beside_the_lead(office: Office) -> None:
    number = office.file()["number"]
    to = {"to_section": office.org.business.section.id, "reason": "属于业务科"}
    made = office.act("window_a", number, "handoffs", to)
    back = {"reason": "不属于", "clause": "三定"}
    answer = office.staff("business_a").post(
        f"/staff/handoffs/{made.json['id']}/return", back, version=office.version(number, "business_a")
    )
    assert answer.status_code == 200, answer.json
    with office.working() as work:
        away = work.session.merge(office.org.people["window_a"])
        set_absence(work, away, starts_at=work.now)
    office.clock.set(LATE)
    with office.app.app_context():
        duties.note_overdue(GOING)
    [item] = office.staff("discipline").get("/staff/leads").json["items"]
    shown = lead(office, "discipline", item["id"])
    assert [one["kind"] for one in shown["exculpations"]] == ["absent", "returned"]
    assert [one["state_label"] for one in shown["handoffs"]] == ["已退回"]


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_lead_from_a_complaint_is_kept_from_whom_it_is_about_until_it_is_released(
    office: Office,
) -> None:
    """Design 4: an own lead would give the complaint away; once it is a complaint no more they are heard (坛 十（三）)."""
    filed = office.file(category="complaint", about={"kind": "sign_holder"})
    number, subject = filed["number"], office.org.people["window_a"].id
    made = open_lead(office, "discipline", number, staff=subject, note="来访人反映属实")
    assert made.status_code == 201, made.json
    lead_id = made.json["id"]
    person = office.staff("window_a")
    assert person.get(f"/staff/leads/{lead_id}").status_code == 404
    assert person.get("/staff/leads").json["items"] == []
    said = person.post(f"/staff/leads/{lead_id}/statements", {"text": "我说明"})
    assert (said.status_code, said.json["code"]) == (404, "not_found")
    with office.looking() as work:
        assert has_leads(work, office.org.identity("window_a")) is False
    for name in ("window_b", "window_head", "deputy_leader", "business_a"):
        assert office.staff(name).get(f"/staff/leads/{lead_id}").status_code == 404, name
    released = {"category": "consult", "reason": "经核实，是咨询"}
    assert office.act("discipline", number, "classification", released).status_code == 200
    assert person.get(f"/staff/leads/{lead_id}").json["unheard_note"] == "尚未听取本人说明"
    with office.looking() as work:
        assert has_leads(work, office.org.identity("window_a")) is True
    answer = office.staff("window_a").post(f"/staff/leads/{lead_id}/statements", {"text": "我说明"})
    assert answer.status_code == 201
    # Nothing of the complaint comes with the answer: neither who holds it nor how it stands.
    assert set(answer.json) == {"id", "event", "state", "at", "statement", "receipt"}
    assert "ETag" not in answer.headers


def test_the_list_is_paged_by_the_legal_moment_and_filtered_by_state(office: Office) -> None:
    numbers = [office.file()["number"] for _ in range(23)]
    office.clock.set(LATE)
    with office.app.app_context():
        duties.note_overdue(GOING)
    who = office.staff("discipline")
    first = who.get("/staff/leads?state=open").json
    second = who.get(f"/staff/leads?state=open&cursor={first['next_cursor']}").json
    assert (len(first["items"]), len(second["items"]), second["next_cursor"]) == (20, 3, None)
    listed = [item["number"] for item in first["items"] + second["items"]]
    assert sorted(listed) == sorted(numbers)
    assert who.get("/staff/leads?state=dismissed").json["items"] == []
    assert who.get("/staff/leads?state=guilty").status_code == 422
    assert who.get("/staff/leads?cursor=x").status_code == 400


def test_a_retry_is_no_second_statement_and_no_second_decision(office: Office) -> None:
    _, lead_id = breached(office)
    steps = [
        ("window_a", f"/staff/leads/{lead_id}/statements", {"text": "说明"}),
        ("discipline", f"/staff/leads/{lead_id}/decision", DECISION),
    ]
    for name, path, body in steps:
        key, who = new_key(), office.staff(name)
        first = who.post(path, body, key=key)
        assert first.status_code == 201, first.json
        before = rows(office)
        again = who.post(path, body, key=key)
        assert (again.status_code, again.json, again.headers["Idempotent-Replayed"]) == (
            201,
            first.json,
            "true",
        )
        assert rows(office) == before


def test_a_page_of_leads_is_read_in_as_many_statements_however_long_it_is(office: Office) -> None:
    for _ in range(9):
        office.file()
    office.clock.set(LATE)
    with office.app.app_context():
        duties.note_overdue(GOING)
    sent = []
    for many in (1, 9):
        with office.looking() as work:
            found = work.session.scalars(select(AccountabilityLead).limit(many)).all()
            with statements(office) as counted:
                lines = lead_lines(work, found)
            assert len(lines) == many
            assert {line["stands"] for line in lines} == {True}
            sent.append(len(counted))
    assert sent[0] == sent[1] <= 5


def test_under_lu_no_way_of_tan_is_offered_nor_accepted(office: Office) -> None:
    """泸 三（二）、三（三）: its own words, and none of 坛 十（四）'s list or 坛 九's 容错."""
    with office.working() as work:
        judge = work.session.get_one(Staff, office.org.people["lu_office_head"].id)
        grant_role(work, judge, Role.DISCIPLINE)
    number = office.file(sign=office.org.lu_window.sign.code)["number"]
    made = open_lead(office, "lu_general", number, item="三（二）")
    assert made.status_code == 201, made.json
    lead_id = made.json["id"]
    shown = lead(office, "lu_office_head", lead_id)
    assert (shown["ways"], shown["tolerance"]) == ([], None)
    [fields] = [action["fields"] for action in shown["actions"] if action["name"] == "decide"]
    assert fields == ["decided_on", "body", "document", "reason", "dismissed"]
    path = f"/staff/leads/{lead_id}/decision"
    body = {"decided_on": "2026-11-16", "body": "机关党组", "reason": "年度考核扣分，限期整改"}
    refused = office.staff("lu_office_head").post(path, body | {"measures": ["criticism"]})
    assert (refused.status_code, errors(refused)) == (422, [("/measures", "choice_invalid")])
    decided = office.staff("lu_office_head").post(path, body)
    assert (decided.status_code, decided.json["state"]) == (201, "decided")
    decision = lead(office, "lu_office_head", lead_id)["decision"]
    assert (decision["measures"], decision["reason"]) == ([], "年度考核扣分，限期整改")


def test_a_limit_that_a_corrected_category_brought_says_so_beside_its_lead(office: Office) -> None:
    """坛 七（一）: from receipt, so that it was over before anybody could know of it."""
    number = office.file(category="application")["number"]
    office.clock.set(LATE)
    changed = {"category": "consult", "reason": "其实是咨询"}
    assert office.act("window_a", number, "classification", changed).status_code == 200
    with office.app.app_context():
        duties.note_overdue(GOING)
    listed = office.staff("discipline").get("/staff/leads").json["items"]
    [item] = [one for one in listed if one["item"] == "第十条（一）2"]
    shown = lead(office, "discipline", item["id"])
    assert [(one["kind"], one["at"]) for one in shown["exculpations"]] == [("applied_late", LATE.isoformat())]
