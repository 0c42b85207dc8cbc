"""The case in the console: every step by its form, and no word lost on the way."""

from __future__ import annotations

import pytest

from backend.domain.vocabulary import Measure, OrganType
from backend.services.organising import create_section, create_unit
from tests.pages.visitor import Page, Visitor, clerk
from tests.queries.counting import statements
from tests.support.app import Office

sqlite_only = pytest.mark.parametrize("database_kind", ["sqlite"])


@pytest.fixture
def number(office: Office) -> str:
    return str(office.file()["number"])


def at_the_desk(office: Office, name: str) -> str:
    """A call that somebody took, and holds in person."""
    body = {"channel": "call", "category": "consult", "content": "打电话来问"}
    answer = office.staff(name).post("/staff/inquiries", body)
    assert answer.status_code == 201, answer.json
    return str(answer.json["number"])


def case_of(person: Visitor, number: str) -> Page:
    return person.get(f"/staff/inquiries/{number}")


def test_a_case_that_moved_on_is_shown_as_it_is_with_the_words_in_the_form(
    office: Office, number: str
) -> None:
    first, second = clerk(office, "window_a"), clerk(office, "window_b")
    assert office.act("window_a", number, "confirmation").status_code == 200
    old = case_of(first, number)
    target = f"{office.org.unit.id}/{office.org.business.section.id}"
    second.submit(case_of(second, number), "/handoffs", target=target, reason="属于业务科")
    page = first.submit(old, "/closing", 412, outcome="answered", reply="我的答复")
    assert page.errors == [
        "内容已有变化，您打开之后这件事有了新的进展，请看最新情况后再提交，您写的内容还在。"
    ]
    assert "等待承接" in page.text
    assert page.values("/closing")["reply"] == "我的答复"
    assert int(page.values("/closing")["version"]) > int(old.values("/closing")["version"])
    assert "已办结：答复" in first.submit(page, "/closing").text


@sqlite_only
def test_words_for_a_step_that_is_gone_are_given_back(office: Office, number: str) -> None:
    person = clerk(office, "window_a")
    old = case_of(person, number)
    assert (
        office.act("window_b", number, "closing", {"outcome": "answered", "reply": "乙答了"}).status_code
        == 200
    )
    page = person.submit(old, "/closing", 412, outcome="answered", reply="甲的答复")
    assert "甲的答复" in page.text
    assert "乙答了" in page.text
    # What was closed can be called about, and nothing else.
    assert page.actions == [f"/staff/inquiries/{number}/follow_ups"]


@sqlite_only
def test_the_same_step_sent_twice_is_one_step(office: Office, number: str) -> None:
    person = clerk(office, "window_a")
    case = case_of(person, number)
    for _ in range(2):
        page = person.submit(case, "/confirmation", summary="摘要")
    steps = [h.text for h in page.tree.xpath("//h3[@class='step__title']")]
    assert steps == ["签收", "提交"]


def test_an_offer_returned_leaves_the_receivers_sight(office: Office, number: str) -> None:
    giver, receiver = clerk(office, "window_a"), clerk(office, "neighbour_general")
    target = f"{office.org.neighbour.id}/"
    giver.submit(case_of(giver, number), "/handoffs", target=target, reason="属于人社局")
    case = case_of(receiver, number)
    empty = receiver.submit(case, "/return", 422, reason="", clause=" ")
    assert empty.errors == ["请写明为什么退回。", "请写明退回依据的文件和条款。"]
    fields = {"reason": "不是我局职责", "clause": "三定规定第二条"}
    assert receiver.submit(empty, "/return", **fields).response.request.path == "/staff"
    assert receiver.submit(empty, "/return", **fields).response.request.path == "/staff"
    assert "不是我局职责" in case_of(giver, number).text


@sqlite_only
@pytest.mark.parametrize(
    ("form", "fields", "errors"),
    [
        ("/closing", {}, {"请选择结果。", "请写明办理结果。"}),
        ("/closing", {"outcome": "refused", "reply": "不办"}, {"不予办理要写明理由。"}),
        ("/handoffs", {"reason": "转"}, {"请选择要转交的科室或单位。"}),
        ("/handoffs", {"reason": ""}, {"请写明为什么转交。"}),
        ("/confirmation", {"summary": "字" * 41}, {"内容太长，最多 40 字。"}),
    ],
)
def test_what_a_step_lacks_is_said_beside_it(
    office: Office, number: str, form: str, fields: dict, errors: set
) -> None:
    person = clerk(office, "window_a")
    page = person.submit(case_of(person, number), form, 422, **fields)
    assert set(page.errors) == errors
    assert {name: page.values(form).get(name) for name in fields} == fields


@sqlite_only
def test_what_a_refusal_needs_is_only_sent_with_a_refusal(office: Office, number: str) -> None:
    person = clerk(office, "window_a")
    case = case_of(person, number)
    page = person.submit(
        case, "/closing", outcome="answered", reply="好", reason="没有用的", basis="没有用的"
    )
    assert "没有用的" not in page.text


@sqlite_only
def test_where_a_matter_can_go(office: Office, number: str) -> None:
    org = office.org
    case = case_of(clerk(office, "window_a"), number)
    groups = {
        group.get("label"): [(o.get("value"), o.text) for o in group]
        for group in case.tree.xpath("//select[@name='target']/optgroup")
    }
    assert next(iter(groups)) == org.unit.name
    own = [value for value, _ in groups[org.unit.name]]
    assert f"{org.unit.id}/{org.business.section.id}" in own
    assert f"{org.unit.id}/{org.window.section.id}" not in own
    assert f"{org.unit.id}/{org.empty_section.id}" not in own
    assert (f"{org.neighbour.id}/", "由对方总岗承接") in groups[org.neighbour.name]
    people = case.tree.xpath("//select[@name='to_staff']//option/@value")
    assert org.people["business_a"].id in people
    assert org.people["neighbour_window_a"].id not in people


@sqlite_only
def test_the_head_assigns_inside_the_section(office: Office, number: str) -> None:
    org, head = office.org, clerk(office, "window_head")
    case = case_of(head, number)
    offered = case.tree.xpath("//*[@id='assign-to_staff']//option/@value")
    assert org.people["window_b"].id in offered
    assert org.people["business_a"].id not in offered
    empty = head.submit(case, "/assignment", 422, reason="请尽快")
    assert empty.errors == ["请选择由谁办理。"]
    page = head.submit(empty, "/assignment", to_staff=org.people["window_b"].id)
    assert org.people["window_b"].name in page.text


@sqlite_only
@pytest.mark.parametrize(
    ("category", "asked"), [("application", True), ("consult", False), ("report", False)]
)
def test_whose_duty_it_is_is_asked_only_of_a_written_application(
    office: Office, category: str, asked: bool
) -> None:
    number = office.file(category=category)["number"]
    person = clerk(office, "window_a")
    case = case_of(person, number)
    assert bool(case.tree.xpath("//input[@name='competent']")) is asked
    if asked:
        assert "书面移交" in case.text
        page = person.submit(case, "/confirmation", competent="true")
        assert "已经结束的时限" in page.text


@sqlite_only
def test_outside_the_chain_a_case_is_like_none_at_all(office: Office, number: str) -> None:
    person = clerk(office, "lu_window_a")
    there = person.get(f"/staff/inquiries/{number}", 404)
    nowhere = person.get("/staff/inquiries/2026000000000", 404)
    assert there.title == nowhere.title == "没有找到"
    assert there.tree.xpath("//*[@class='who__name']")
    assert person.get(f"/staff/inquiries/{number}/receipt", 404).title == "没有找到"


@sqlite_only
def test_who_only_reads_is_offered_nothing_and_refused_if_it_is_tried(office: Office) -> None:
    number = at_the_desk(office, "business_b")
    holder, reader = clerk(office, "business_b"), clerk(office, "business_a")
    form = case_of(holder, number)
    seen = case_of(reader, number)
    assert seen.actions == []
    token = reader.get("/staff").values("/staff/logout")["csrf_token"]
    page = reader.submit(form, "/closing", 403, outcome="answered", reply="越权的答复", csrf_token=token)
    assert "现在不由您承办" in page.errors[0]
    assert "越权的答复" in page.text


@sqlite_only
def test_a_step_from_no_form_of_ours_is_not_taken(office: Office, number: str) -> None:
    person = clerk(office, "window_a")
    page = person.submit(
        case_of(person, number), "/closing", 400, outcome="answered", reply="答复", csrf_token="x"
    )
    assert page.errors == ["页面已过期，您填的内容还在，请再提交一次。"]
    assert page.values("/closing")["reply"] == "答复"
    assert "已办结" in person.submit(page, "/closing").text


@sqlite_only
def test_a_form_without_its_version_is_shown_again(office: Office, number: str) -> None:
    person = clerk(office, "window_a")
    page = person.submit(
        case_of(person, number), "/closing", 428, outcome="answered", reply="答复", version=None
    )
    assert page.values("/closing")["reply"] == "答复"
    assert "已办结" in person.submit(page, "/closing").text


@sqlite_only
def test_where_a_form_was_sent_leads_back_to_the_case(office: Office, number: str) -> None:
    person = clerk(office, "window_a")
    assert (
        person.get(f"/staff/inquiries/{number}/closing").response.request.path == f"/staff/inquiries/{number}"
    )


@sqlite_only
def test_the_lists_show_what_each_has_and_only_the_boxes_one_has(office: Office, number: str) -> None:
    head = clerk(office, "general").get("/staff")
    assert {box.get("href") for box in head.tree.xpath("//a[contains(@class,'box')]")} >= {"/staff?box=unit"}
    person = clerk(office, "window_a")
    page = person.get("/staff")
    boxes = {
        b.get("href"): " ".join(b.text_content().split()) for b in page.tree.xpath("//nav[@class='boxes']/a")
    }
    assert boxes["/staff?box=todo"] == "1待签收"
    assert boxes["/staff?box=closed"] == "0已办结"
    assert "/staff?box=unit" not in boxes
    assert person.get("/staff?box=nothing", 404).title == "没有找到"
    assert person.get("/staff?cursor=nonsense", 400).title
    assert "登记来电来访" not in clerk(office, "auditor").get("/staff").text


@sqlite_only
def test_a_long_list_is_turned_page_by_page(office: Office) -> None:
    for _ in range(23):
        office.file()
    person = clerk(office, "window_a")
    page = person.get("/staff")
    assert len(page.tree.xpath("//li[@class='job']")) == 20
    rest = person.get(page.tree.xpath("//a[@rel='next']/@href")[0])
    assert len(rest.tree.xpath("//li[@class='job']")) == 3


@sqlite_only
def test_the_directory_is_read_once_for_a_page_however_many_units_there_are(office: Office) -> None:
    number = str(office.file(sign=office.org.general_sign.code)["number"])
    person = clerk(office, "general")

    def asked() -> list[str]:
        with statements(office) as found:
            page = case_of(person, number)
        assert {ending for ending in ("handoffs", "assignment") if page.form(f"/{ending}") is not None}
        return found

    few = asked()
    with office.working() as work:
        for place in range(12):
            unit = create_unit(
                work, name=f"单位{place}", organ_type=OrganType.ADMINISTRATION, measure=Measure.TAN
            )
            create_section(work, unit, name="办公室")
    assert len(asked()) == len(few) <= 80
    assert len([one for one in few if "FROM sections" in one and "ORDER BY sections.name" in one]) == 1
