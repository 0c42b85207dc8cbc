"""Reply templates: written by the section's head and post, used by all of it, put into an answer before it is sent."""

from __future__ import annotations

import pytest

from tests.pages.visitor import clerk
from tests.support.app import Office

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])

BODY = "请带身份证原件和复印件，窗口当场办。"


def write(office: Office, name: str, title: str, body: str = BODY) -> str:
    answer = office.staff(name).post("/staff/reply-templates", {"title": title, "body": body})
    assert answer.status_code == 201, answer.json
    identifier: str = answer.json["id"]
    return identifier


def test_the_head_writes_one_and_the_section_finds_it_in_the_answer(office: Office) -> None:
    head = clerk(office, "window_head")
    page = head.submit(head.get("/staff/templates"), "/staff/templates", 422, title="", body="")
    assert len(page.errors) == 2
    head.submit(page, "/staff/templates", title="执照材料", body=BODY)
    number = office.file()["number"]
    person, address = clerk(office, "window_b"), f"/staff/inquiries/{number}"
    page = person.get(address)
    assert not person.get("/staff/templates").actions
    option = page.tree.xpath("//select[@name='template']/option")[1]
    assert option.text_content() == "执照材料"
    sent = page.values("/closing") | {
        "template": option.get("value"),
        "outcome": "answered",
        "reply": "您好。",
    }
    answer = person.client.post(f"{address}/closing/template", data=sent)
    placed = person._look(answer, 200)
    assert placed.values("/closing")["reply"] == f"您好。\n{BODY}"
    assert placed.values("/closing")["outcome"] == "answered"
    assert BODY in person.submit(placed, "/closing").text
    assert not clerk(office, "business_a").get("/staff/register").tree.xpath("//select[@name='template']")


def test_one_goes_into_a_registration_that_is_closed_at_once(office: Office) -> None:
    identifier = write(office, "window_a", "执照材料")
    person = clerk(office, "window_a")
    page = person.get("/staff/register")
    sent = page.values("/staff/register") | {"template": identifier, "channel": "call", "outcome": "answered"}
    placed = person._look(person.client.post("/staff/register/template", data=sent), 200)
    assert placed.values("/staff/register")["reply"] == BODY
    assert placed.values("/staff/register")["channel"] == "call"


def test_one_is_changed_taken_out_of_use_and_used_again(office: Office) -> None:
    identifier = write(office, "window_a", "执照材料")
    head = clerk(office, "window_head")
    ending = f"/staff/templates/{identifier}"
    head.submit(head.get("/staff/templates"), ending, title="执照", body="改过")
    assert office.staff("window_b").get("/staff/reply-templates").json["items"][0]["body"] == "改过"
    page = head.submit(head.get("/staff/templates"), ending, active="no")
    assert "已停用" in page.text
    assert office.staff("window_b").get("/staff/reply-templates").json["items"] == []
    head.submit(page, ending)
    assert len(office.staff("window_b").get("/staff/reply-templates").json["items"]) == 1


def test_other_sections_neither_see_nor_change_nor_place_one(office: Office) -> None:
    identifier = write(office, "window_a", "执照材料")
    body = {"title": "改", "body": "改"}
    assert office.staff("business_a").put(f"/staff/reply-templates/{identifier}", body).status_code == 404
    assert office.staff("window_b").put(f"/staff/reply-templates/{identifier}", body).status_code == 403
    assert office.staff("window_b").post("/staff/reply-templates", body).status_code == 403
    assert office.staff("business_a").get("/staff/reply-templates").json["items"] == []
    elsewhere = body | {"section": office.org.business.section.id}
    assert office.staff("window_a").post("/staff/reply-templates", elsewhere).status_code == 422
    clerk(office, "overseer").get("/staff/templates", 404)
    person = clerk(office, "business_a")
    csrf = person.get("/staff/register").values("/staff/register")["csrf_token"]
    sent = {"csrf_token": csrf, "template": identifier}
    assert person.client.post("/staff/register/template", data=sent).status_code == 404


def test_one_that_somebody_changed_meanwhile_is_shown_as_it_is_now_before_it_is_changed(
    office: Office,
) -> None:
    identifier = write(office, "window_a", "执照材料")
    ending = f"/staff/templates/{identifier}"
    head, post = clerk(office, "window_head"), clerk(office, "window_a")
    old = head.get("/staff/templates")
    office.clock.forward(minutes=1)
    post.submit(post.get("/staff/templates"), ending, body="岗位改的")
    refused = head.submit(old, ending, 412, body="负责人改的")
    assert "有人刚改过" in refused.errors[0]
    assert "岗位改的" in refused.text
    assert refused.values(ending)["body"] == "负责人改的"
    assert "负责人改的" in head.submit(refused, ending).text
    seen = office.staff("window_a").get("/staff/reply-templates").json["items"][0]["changed_at"]
    change = {"title": "执照", "body": "再改", "unchanged_since": seen}
    answers = []
    for _ in range(2):
        office.clock.forward(minutes=1)
        answers.append(
            office.staff("window_a").put(f"/staff/reply-templates/{identifier}", change).status_code
        )
    assert answers == [200, 412]


def test_using_one_again_counts_towards_how_many_a_section_may_have(office: Office, monkeypatch) -> None:
    monkeypatch.setattr("backend.services.reply_templates.MOST", 2)
    retired = write(office, "window_a", "旧的")
    out = {"title": "旧的", "body": BODY, "active": False}
    window = office.staff("window_a")
    assert window.put(f"/staff/reply-templates/{retired}", out).status_code == 200
    assert window.put(f"/staff/reply-templates/{retired}", out | {"active": True}).status_code == 200
    assert window.put(f"/staff/reply-templates/{retired}", out).status_code == 200
    write(office, "window_a", "一"), write(office, "window_a", "二")
    again = window.put(f"/staff/reply-templates/{retired}", out | {"active": True})
    assert (again.status_code, again.json["errors"][0]["pointer"]) == (422, "/title")


def test_many_are_paged_the_last_changed_first_and_all_of_them_can_be_chosen(office: Office) -> None:
    for place in range(23):
        office.clock.forward(minutes=1)
        write(office, "window_a", f"模板{place:02d}")
    person = clerk(office, "window_a")
    first = person.get("/staff/templates")
    assert [h.text for h in first.tree.xpath("//section/h2")][:2] == ["模板22", "模板21"]
    second = person.get(first.tree.xpath("//nav[@class='pages']/a/@href")[0])
    assert [h.text for h in second.tree.xpath("//section/h2")] == ["模板02", "模板01", "模板00"]
    ending = second.actions[-1]
    refused = person.submit(second, ending, 422, title="")
    assert refused.values(ending)["title"] == ""
    assert refused.values(ending)["body"] == BODY
    page = office.staff("window_a").get("/staff/reply-templates").json
    rest = office.staff("window_a").get(f"/staff/reply-templates?cursor={page['next_cursor']}").json
    assert (len(page["items"]), len(rest["items"]), rest["next_cursor"]) == (20, 3, None)
    titles = person.get("/staff/register").tree.xpath("//select[@name='template']/option/text()")
    assert titles[1:] == [f"模板{place:02d}" for place in range(23)]
