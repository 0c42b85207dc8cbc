"""怎么算的 as a page, the forms about limits, and what a unit promises: without a script, in plain words."""

from __future__ import annotations

import pytest

from tests.delivery.office import at
from tests.pages.visitor import Page, Visitor, clerk
from tests.support.app import Office
from tests.support.rules import CARD, PERMIT, matter_ids, take

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])

NOTICE = {
    "basis": "《条例》第十六条",
    "time_limit": "5 个工作日",
    "procedure": "受理、审查、发证",
    "documents": ["房屋租赁合同"],
}


def explanations(page: Page) -> list[str]:
    """Where the page explains how limits were counted."""
    return sorted(set(page.tree.xpath("//a[text()='怎么算的']/@href")))


def table(page: Page) -> list[list[str]]:
    """The rows of the days, cell by cell."""
    rows = page.tree.xpath("//table[@class='days']/tbody/tr")
    return [[" ".join(cell.text_content().split()) for cell in row] for row in rows]


def test_a_citizen_reads_day_by_day_how_it_was_counted(office: Office, citizen: Visitor) -> None:
    office.clock.set(at("2026-09-30 20:00"))
    follow = citizen.get(f"/t/{office.file()['tracking_token']}")
    [href] = explanations(follow)
    page = citizen.get(href)
    assert page.title == "限时答复咨询：怎么算的"
    assert table(page) == [
        ["9月30日（周三）", "不算", "当日不计入"],
        ["10月1日至7日", "不算", "法定节假日：国庆节"],
        ["10月8日（周四）", "第 1 天", "工作日"],
        ["10月9日（周五）", "第 2 天", "工作日"],
    ]
    for words in ("10月9日（周五）17:30 前", "原则上在 2 个工作日内限时答复", "系统设定", "系统自带的数据"):
        assert words in page.text
    assert "超过时限" not in page.text
    back = page.tree.xpath("//a[@class='back']/@href")
    assert back == [follow.response.request.path]


def test_the_office_reads_the_same_from_its_own_page(office: Office) -> None:
    number = office.file()["number"]
    person = clerk(office, "window_a")
    [href] = explanations(person.get(f"/staff/inquiries/{number}"))
    assert href.startswith(f"/staff/inquiries/{number}/clocks/")
    assert len(table(person.get(href))) == 3


def test_what_is_no_limit_of_this_inquiry_is_not_found(office: Office, citizen: Visitor) -> None:
    filed, other = office.file(), office.file()
    citizen.get(f"/t/{filed['tracking_token']}/clocks/{other['clocks'][0]['id']}", 404)
    citizen.get(f"/t/{filed['tracking_token']}/clocks/nowhere", 404)
    clerk(office, "lu_window_a").get(
        f"/staff/inquiries/{filed['number']}/clocks/{filed['clocks'][0]['id']}", 404
    )


def test_a_long_limit_is_folded_by_month(office: Office, citizen: Visitor) -> None:
    take(office, office.org.unit, matters=[PERMIT])
    filed = office.file(category="application", written=True)
    matter = matter_ids(office, office.org.unit)[str(PERMIT["name"])]
    assert office.act("window_a", filed["number"], "matter", {"matter": matter}).status_code == 200
    follow = citizen.get(f"/t/{filed['tracking_token']}")
    pages = [citizen.get(href) for href in explanations(follow)]
    [page] = [page for page in pages if "食品经营许可" in page.text]
    assert [
        line.text_content().strip() for line in page.tree.xpath("//div[@class='stretch']/details/summary")
    ] == [
        "2026年11月：算 10 天，不算 5 天",
        "2026年12月：算 10 天，不算 4 天",
    ]
    for words in ("食品经营许可（行政许可）", "法定时限", "20 个工作日", "第四十二条", "从其规定"):
        assert words in page.text


def test_waiting_for_documents_reads_as_waiting_and_not_as_a_date(office: Office, citizen: Visitor) -> None:
    take(office, office.org.unit, matters=[CARD])
    filed = office.file(category="application", written=True)
    number = filed["number"]
    matter = matter_ids(office, office.org.unit)[str(CARD["name"])]
    assert office.act("window_a", number, "matter", {"matter": matter}).status_code == 200
    office.clock.set(at("2026-11-18 15:00"))
    assert office.act("window_a", number, "notice", NOTICE).status_code == 201
    follow = citizen.get(f"/t/{filed['tracking_token']}")
    assert "暂停计算：等您补充材料" in follow.text
    assert "暂停，还剩 3 个工作日" in follow.text
    case = clerk(office, "window_a").get(f"/staff/inquiries/{number}")
    assert "暂停计算：等服务对象补充材料" in case.text
    assert "暂停计算：等服务对象补充材料" in clerk(office, "window_a").get("/staff?box=mine").text
    [href] = [h for h in explanations(follow) if "社会保障卡补领" in citizen.get(h).text]
    page = citizen.get(href)
    assert "从 11月18日（周三）15:00 起，还没有恢复" in page.text
    assert "房屋租赁合同" in page.text


def test_the_holder_extends_by_a_form_and_the_citizen_reads_why(office: Office, citizen: Visitor) -> None:
    filed = office.file()
    person = clerk(office, "window_a")
    case = person.get(f"/staff/inquiries/{filed['number']}")
    empty = person.submit(case, "/extension", 422)
    assert empty.errors == ["请写明为什么延长。"]
    much = person.submit(empty, "/extension", 422, reason="要请示", days="九")
    assert much.errors == ["请写明延长几个工作日。"]
    more = person.submit(much, "/extension", 422, reason="要请示", days="9")
    assert more.errors == ["最多延长 2 个工作日。"]
    assert more.values("/extension")["reason"] == "要请示"
    after = person.submit(more, "/extension", days="")
    assert "11月20日（周五）17:30 前" in after.text
    assert not [action for action in after.actions if action.endswith("/extension")]
    follow = citizen.get(f"/t/{filed['tracking_token']}")
    assert "已延长一次。理由：要请示" in follow.text
    [href] = explanations(follow)
    page = citizen.get(href)
    assert "时限由 11月18日（周三）17:30 前 改为 11月20日（周五）17:30 前" in page.text


def test_the_holder_names_the_matter_by_a_form(office: Office) -> None:
    take(office, office.org.unit, matters=[CARD, PERMIT])
    number = office.file(category="application", written=True)["number"]
    person = clerk(office, "window_a")
    case = person.get(f"/staff/inquiries/{number}")
    options = case.form("/matter").xpath(".//select[@name='matter']/option")
    assert [" ".join(option.text.split()) for option in options] == [
        "不在目录里，填下面三项",
        "社会保障卡补领（承诺 5 个工作日）",
        "食品经营许可（法定 20 个工作日，行政许可）",
    ]
    empty = person.submit(case, "/matter", 422)
    assert empty.errors == ["请选择事项目录中的事项，或者选择适用的其他规定。"]
    partly = person.submit(empty, "/matter", 422, regime="petition", days="60")
    assert partly.errors == ["请写明时限的依据：文件名称和条款。"]
    assert partly.values("/matter")["regime"] == "petition"
    matter = matter_ids(office, office.org.unit)["社会保障卡补领"]
    # What else stands in the form is left aside: the catalogue says it.
    after = person.submit(partly, "/matter", matter=matter)
    assert "社会保障卡补领，承诺时限 5 个工作日" in after.text


def test_a_case_without_a_catalogue_asks_for_the_other_regime(office: Office) -> None:
    number = office.file()["number"]
    person = clerk(office, "window_a")
    case = person.get(f"/staff/inquiries/{number}")
    assert not case.form("/matter").xpath(".//select[@name='matter']")
    after = person.submit(case, "/matter", regime="petition", days="60", basis="《信访工作条例》第三十四条")
    assert "法定时限 60 个工作日：《信访工作条例》第三十四条" in after.text


def test_signing_for_it_can_say_that_it_is_done_on_the_spot(office: Office) -> None:
    number = office.file(category="application", written=True)["number"]
    person = clerk(office, "window_a")
    case = person.get(f"/staff/inquiries/{number}")
    after = person.submit(case, "/confirmation", on_the_spot="true")
    assert "当场办理" in after.text
    assert "今天 17:30 前" in after.text
    consult = person.get(f"/staff/inquiries/{office.file()['number']}")
    assert "on_the_spot" not in {c.get("name") for c in consult.form("/confirmation").xpath(".//input")}


def test_a_units_page_leads_to_what_it_promises(office: Office, citizen: Visitor) -> None:
    unit = office.org.unit
    door = citizen.get(f"/u/{unit.id}")
    [href] = set(door.tree.xpath("//a[contains(@href,'/rules')]/@href"))
    assert "现在还没有登记" in citizen.get(href).text
    take(
        office,
        unit,
        hours={"05-01": "18:00", "10-01": "17:00"},
        promises=[{"category": "consult", "working_days": 1, "basis": "本局服务承诺"}],
        matters=[CARD, PERMIT],
        records=[{"kind": "rules", "title": "首问负责制实施细则", "dated_on": "2026-03-01"}],
    )
    page = citizen.get(href)
    for words in (
        "1 个工作日本单位承诺",
        "办法规定：2 个工作日（《常州市金坛区机关首问负责制实施办法（试行）》第七条第（一）项）",
        "每年 5月1日 起：18:00",
        "首问负责制实施细则",
        "2026年3月1日",
        "5 个工作日承诺时限，15 个工作日法定时限",
        "适用：行政许可",
    ):
        assert words in page.text, words
    citizen.get("/u/nowhere/rules", 404)


def test_a_promise_is_told_beside_the_measure_that_sets_no_days(office: Office, citizen: Visitor) -> None:
    """泸: the page goes on saying 本办法未规定天数."""
    take(
        office, office.org.lu_unit, promises=[{"category": "consult", "working_days": 3, "basis": "服务承诺"}]
    )
    filed = office.file(sign=office.org.lu_window.sign.code)
    follow = citizen.get(f"/t/{filed['tracking_token']}")
    assert "本单位承诺" in follow.text
    assert "本办法未规定天数" in follow.text
