"""移交函 and 回执 for paper (坛 六（四）; 泸 附件2), and every act on letters and disputes by its form."""

from __future__ import annotations

import pytest

from tests.pages.visitor import Page, Visitor, clerk, visitor
from tests.support.app import Office

sqlite_only = pytest.mark.parametrize("database_kind", ["sqlite"])
TAX = {
    "name": "金坛区税务局",
    "address": "东环一路 1 号",
    "phone": "0519-82800000",
    "reason": "属于税务部门职责",
}


def case_of(person: Visitor, number: str) -> Page:
    return person.get(f"/staff/inquiries/{number}")


def lines(page: Page) -> dict[str, str]:
    """The labelled lines of the sheets."""
    return {
        row.findtext("dt"): " ".join(row.find("dd").text_content().split())
        for row in page.tree.xpath("//dl[@class='sheet__lines']/div")
    }


def test_from_the_letter_to_the_result_by_forms(office: Office) -> None:
    filed = office.file(category="application", content="申请开具完税证明")
    number = filed["number"]
    person = clerk(office, "window_a")
    case = person.submit(case_of(person, number), "/outside", **TAX)
    assert "书面移交金坛区税务局" in case.text
    letter = person.get(case.tree.xpath("//a[contains(@href,'/letters/')]/@href")[0])
    assert letter.title == "移交函"
    office.clock.forward(hours=3)
    empty = person.submit(case_of(person, number), "/service", 422)
    assert empty.errors == [
        "请把送达的日期和时间都选上。",
        "请选择怎么送达的。",
        "请写明凭据，例如收件人姓名或者邮件号码。",
    ]
    early = person.submit(empty, "/service", 422, served_at="2026-11-16T18:00", how="post", receipt="挂号 1")
    assert early.errors == ["送达时间不能晚于现在。"]
    assert early.values("/service")["receipt"] == "挂号 1"
    case = person.submit(early, "/service", served_at="2026-11-16T11:00")
    assert "已办结：移交其他单位" in case.text
    citizen = visitor(office).get(f"/t/{filed['tracking_token']}")
    for words in (TAX["name"], TAX["address"], TAX["phone"], "还没有反馈"):
        assert words in citizen.text
    assert "挂号 1" not in citizen.text
    general = clerk(office, "general")
    case = general.submit(case_of(general, number), "/result", text="证明已经开好")
    assert "证明已经开好" in case.text
    assert "证明已经开好" in visitor(office).get(f"/t/{filed['tracking_token']}").text


@sqlite_only
def test_the_letter_has_all_its_parts_and_a_receipt_slip(office: Office) -> None:
    """编号、受文单位、依据原文、事项、收到时间、联系人、附件、盖章和日期；下面是回执."""
    number = office.file(category="application", content="申请开具完税证明")["number"]
    person = clerk(office, "window_a")
    case = person.submit(case_of(person, number), "/outside", **TAX)
    page = person.get(case.tree.xpath("//a[contains(@href,'/letters/')]/@href")[0])
    for words in (
        "金坛区税务局：",
        "移交事项须在 2 个工作日内完成",
        "第六条第（四）项",
        "2026年11月16日收到",
        "申请开具完税证明",
        "属于税务部门职责",
        "（盖章）",
        "请用浏览器的“打印”功能打印",
    ):
        assert words in page.text
    assert lines(page)["服务对象"] == "王小明"
    assert [h.text_content().strip() for h in page.tree.xpath("//h2")] == [
        "一、移交事项",
        "二、移交理由",
        "三、附件",
        "四、联系方式",
        "移交函回执",
    ]
    assert lines(page)["收件人"] == ""
    assert "print.css" in page.response.get_data(as_text=True)
    assert page.actions == []


@sqlite_only
def test_under_lu_the_letter_quotes_lu_alone(office: Office) -> None:
    """泸 附件2 办理情况、二（二）2 负责到底: never 坛's words."""
    number = office.file(sign=office.org.lu_window.sign.code)["number"]
    body = {"to_unit": office.org.unit.id, "reason": "属于对方"}
    made = office.act("lu_window_a", number, "handoffs", body).json
    page = clerk(office, "lu_window_a").get(f"/staff/inquiries/{number}/letters/{made['id']}")
    assert "附件2" in page.text
    assert "负责到底" in page.text
    assert "第六条" not in page.text
    assert "即时受理" not in page.text


@sqlite_only
def test_a_complaint_leaves_without_who_made_it(office: Office) -> None:
    number = office.file(category="complaint", content="投诉某某")["number"]
    person = clerk(office, "discipline")
    case = person.submit(case_of(person, number), "/outside", **TAX)
    page = person.get(case.tree.xpath("//a[contains(@href,'/letters/')]/@href")[0])
    assert "王小明" not in page.text
    assert "13812345678" not in page.text
    assert "按规定保密" in page.text


@sqlite_only
def test_no_letter_for_who_may_not_see_the_case_and_none_inside_the_unit(office: Office) -> None:
    number = office.file()["number"]
    inside = {"to_section": office.org.business.section.id, "reason": "转"}
    made = office.act("window_a", number, "handoffs", inside).json
    path = f"/staff/inquiries/{number}/letters/"
    assert clerk(office, "window_a").get(path + made["id"], 404)
    assert clerk(office, "neighbour_window_a").get(path + made["id"], 404)


@sqlite_only
def test_what_the_letter_lacks_is_said_beside_it_and_it_can_be_cancelled(office: Office) -> None:
    number = office.file()["number"]
    person = clerk(office, "window_a")
    case = person.submit(case_of(person, number), "/outside", 422)
    assert case.errors == ["请写明主管部门的名称。", "请写明为什么移交。"]
    case = person.submit(case, "/outside", 422, name="税务局", reason="转")
    assert case.errors == ["地址和电话至少写一项。"]
    case = person.submit(case, "/outside", phone="0519-1")
    assert not any(action.endswith("/handoffs") for action in case.actions)
    case = person.submit(case, "/letter_cancellation", reason="写错了单位")
    assert "已取消" in case.text
    assert any(action.endswith("/handoffs") for action in case.actions)


@sqlite_only
def test_a_dispute_is_decided_by_its_form(office: Office) -> None:
    """系统设定 third-refusal: the general post names who holds it; the citizen reads by whom and why."""
    org, filed = office.org, office.file()
    number = filed["number"]
    for _ in range(3):
        to = {"to_section": org.business.section.id, "reason": "转"}
        made = office.act("window_a", number, "handoffs", to).json
        version = office.version(number, "business_a")
        back = {"reason": "不归我们", "clause": "没有"}
        answer = office.staff("business_a").post(
            f"/staff/handoffs/{made['id']}/return", back, version=version
        )
        assert answer.status_code == 200
    assert "裁定由谁承办" in visitor(office).get(f"/t/{filed['tracking_token']}").text
    person = clerk(office, "general")
    assert "1待裁定" in person.get("/staff").text
    case = case_of(person, number)
    assert "事实提示，不是结论" in case.text
    assert "多次退回" in case.text
    assert "事实提示" not in case_of(clerk(office, "window_a"), number).text
    empty = person.submit(case, "/decision", 422)
    assert empty.errors == ["请写明裁定的理由。"]
    empty = person.submit(case, "/decision", 422, reason="权责清单第三条")
    assert empty.errors == ["请选择由谁承办。"]
    target = f"{org.unit.id}/{org.business.section.id}"
    case = person.submit(empty, "/decision", target=target)
    assert "由金坛区行政审批局 业务科承办" in case.text
    shown = visitor(office).get(f"/t/{filed['tracking_token']}")
    assert "权责清单第三条" in shown.text
    assert "谁经手过" in shown.text
    assert "1待裁定" not in person.get("/staff").text


@sqlite_only
def test_the_general_post_passes_a_dispute_on_by_its_form(office: Office) -> None:
    org, number = office.org, office.file()["number"]
    for _ in range(3):
        to = {"to_section": org.business.section.id, "reason": "转"}
        made = office.act("window_a", number, "handoffs", to).json
        version = office.version(number, "business_a")
        back = {"reason": "不归我们", "clause": "三定"}
        office.staff("business_a").post(f"/staff/handoffs/{made['id']}/return", back, version=version)
    person = clerk(office, "general")
    case = person.submit(case_of(person, number), "/escalation", reason="两个科室都有道理")
    assert not any(action.endswith("/decision") for action in case.actions)
    head = clerk(office, "principal")
    decided = head.submit(case_of(head, number), "/decision", target=f"{org.unit.id}/", reason="总岗先牵头")
    assert "总岗先牵头" in decided.text
