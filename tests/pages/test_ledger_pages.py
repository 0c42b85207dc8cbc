"""The ledger's pages: books by scope and year, lines, opinions on many at once, submissions and summaries for paper."""

from __future__ import annotations

import pytest

from tests.pages.visitor import Page, clerk
from tests.support.app import Office

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])


def closed(office: Office, **changes: object) -> str:
    number: str = office.file(**changes)["number"]
    body = {"outcome": "answered", "reply": "带身份证原件，窗口当场办。"}
    assert office.act("window_a", number, "closing", body).status_code == 200
    return number


def lines(page: Page) -> list[str]:
    return [row.text_content() for row in page.tree.xpath("//tr[contains(@class,'entry')]")]


def test_a_section_reads_its_book_in_the_words_of_the_form_with_names_masked(office: Office) -> None:
    closed(office)
    page = clerk(office, "window_a").get("/staff/ledger")
    [line] = lines(page)
    for words in (
        "受理时间",
        "首问责任人",
        "服务对象",
        "王**",
        "138****5678",
        "咨询事项",
        "本人本科室办理",
        "具体办理情况",
    ):
        assert words in line
    assert "王小明" not in page.text
    assert "首问责任制工作台账" in page.title
    assert "本系统提供" in page.text
    assert "共 1 件" in page.text
    assert not page.tree.xpath("//input[@type='checkbox']")


def test_the_unit_reads_every_book_and_a_year_without_lines_says_what_comes_there(office: Office) -> None:
    closed(office)
    person = clerk(office, "general")
    page = person.get("/staff/ledger?scope=unit")
    books = [a.text_content() for a in page.tree.xpath("//nav[@aria-label='台账']//a")]
    assert books[0] == "总台账"
    assert {"综合窗口", "业务科", "办公室"} <= set(books)
    assert len(lines(page)) == 1
    empty = person.get("/staff/ledger?scope=unit&year=2020")
    assert "2020 年受理的事项会一件一行列在这里" in empty.text
    person.get("/staff/ledger?year=20x0", 422)
    person.get(f"/staff/ledger?section={office.org.neighbour_window.section.id}", 404)
    clerk(office, "overseer").get("/staff/ledger", 403)


def test_a_continued_line_is_marked_and_not_counted(office: Office) -> None:
    number = office.file(category="report", written=False)["number"]
    target = {"to_section": office.org.business.section.id, "reason": "属于业务科"}
    offer = office.act("window_a", number, "handoffs", target).json["id"]
    version = office.version(number, "business_a")
    taken = office.staff("business_a").post(f"/staff/handoffs/{offer}/acceptance", version=version)
    assert taken.status_code == 200
    page = clerk(office, "business_a").get("/staff/ledger")
    assert "承接，不计数" in lines(page)[0]
    assert "共 0 件" in page.text
    assert "另有承接 1 行，不计数" in page.text


def test_opinions_are_signed_on_ticked_lines_all_or_none(office: Office) -> None:
    first, second = closed(office), closed(office)
    head = clerk(office, "window_head")
    page = head.get("/staff/ledger")
    refused = head.submit(page, "/opinions", 422, text="同意。")
    assert refused.errors
    ticks = {f"pick.{first}": "yes", f"pick.{second}": "yes"}
    empty = head.submit(page, "/opinions", 422, **ticks, text="")
    assert empty.errors == ["请写意见。"]
    assert len(empty.tree.xpath("//tbody//input[@checked]")) == 2
    signed = head.submit(empty, "/opinions", text="同意，注意回访。")
    assert "已签署 2 件" in signed.text
    assert all("同意，注意回访。" in line for line in lines(signed))
    assert "同意，注意回访。" in head.get(f"/staff/inquiries/{first}").text
    leader = clerk(office, "deputy_leader")
    page = leader.get(f"/staff/ledger?section={office.org.window.section.id}")
    signed = leader.submit(page, "/opinions", **ticks, text="已阅。")
    assert all("已阅。" in line for line in lines(signed))


def test_an_opinion_is_signed_on_the_page_of_an_inquiry(office: Office) -> None:
    number = closed(office)
    head = clerk(office, "window_head")
    page = head.submit(head.get(f"/staff/inquiries/{number}"), "/opinions", text="同意。")
    assert "同意。" in page.text


def test_a_confidential_grade_says_so_in_the_sections_copy_and_stands_in_the_general_posts(
    office: Office,
) -> None:
    filed = office.file()
    body = {"outcome": "answered", "reply": "带身份证"}
    assert office.act("window_a", filed["number"], "closing", body).status_code == 200
    citizen = office.citizen(filed["tracking_token"])
    assert citizen.post(f"/inquiries/{filed['number']}/rating", {"grade": "satisfied"}).status_code == 201
    office.clock.forward(days=7)
    assert "已评价（保密）" in lines(clerk(office, "window_a").get("/staff/ledger"))[0]
    unit = lines(clerk(office, "general").get("/staff/ledger?scope=unit"))[0]
    assert "满意" in unit.replace("群众满意度", "")
    assert "保密" not in unit


def test_a_complaint_stands_in_no_sections_book_and_is_marked_in_the_units(office: Office) -> None:
    office.file(category="complaint", about={"kind": "sign_holder"})
    assert lines(clerk(office, "window_a").get("/staff/ledger")) == []
    assert "保密投诉" in lines(clerk(office, "discipline").get("/staff/ledger?scope=unit"))[0]


def test_results_are_looked_at_submitted_and_then_summed_up_with_the_missing_named(office: Office) -> None:
    closed(office)
    keeper = clerk(office, "window_a")
    page = keeper.get("/staff/ledger/reports")
    assert "上报和汇总会列在这里" in page.text
    page = keeper.get("/staff/ledger/reports/preview?kind=submission&period=2026-11")
    assert "还没有过完" in page.text
    assert "共 1 件" in page.text
    paper = keeper.submit(page, "/staff/ledger/reports")
    assert paper.title == "回访情况上报"
    assert "综合窗口" in paper.text
    general = clerk(office, "general")
    page = general.get("/staff/ledger/reports/preview?kind=summary&period=2026-Q4")
    assert "还没有上报的" in page.text
    page = general.get("/staff/ledger/reports/preview?kind=summary&period=2026-11")
    assert "综合窗口" not in page.text.partition("还没有上报的")[2]
    paper = general.submit(page, "/staff/ledger/reports")
    assert paper.title == "台账汇总"
    assert "没有上报回访情况的科室" in paper.text
    assert "台账汇总" in general.get("/staff/ledger/reports").text
    general.get("/staff/ledger/reports/preview?kind=summary&period=2027-01", 422)
    general.get("/staff/ledger/reports/preview?kind=nonsense&period=2026-11", 404)
    clerk(office, "business_b").get("/staff/ledger/reports/preview?kind=summary&period=2026-11", 403)
    clerk(office, "auditor").get("/staff/ledger/reports", 404)
