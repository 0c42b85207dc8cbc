"""The main job from the scan to the grade, by forms alone."""

from __future__ import annotations

from tests.pages.visitor import Visitor, clerk
from tests.support.app import Office


def test_file_sign_for_hand_over_accept_close_and_rate(office: Office, citizen: Visitor) -> None:
    org = office.org
    sign = citizen.get(f"/s/{org.window.sign.code.lower()}")
    assert sign.title == org.window.section.name
    form = citizen.get(sign.tree.xpath("//main//a[contains(@href,'/new')]/@href")[0])
    follow = citizen.submit(
        form,
        "/new",
        category="consult",
        content="请问办理营业执照要带什么材料？",
        contact_name="王小明",
        contact_phone="13812345678",
    )
    assert "已收到" in follow.text
    assert "11月18日（周三）17:30 前" in follow.text
    number = follow.tree.xpath("//*[@class='filed__number']/text()")[0]
    address = follow.response.request.path

    window = clerk(office, "window_a")
    todo = window.get("/staff")
    assert todo.title == "待签收"
    case = window.get(todo.tree.xpath("//*[@class='job__title']/a/@href")[0])
    assert number in case.text
    assert "王小明，13812345678" in case.text
    case = window.submit(case, "/confirmation", summary="咨询营业执照材料")
    target = f"{org.unit.id}/{org.business.section.id}"
    case = window.submit(case, "/handoffs", target=target, reason="属于业务科职责")
    assert "等待承接" in case.text

    business = clerk(office, "business_b")
    offered = business.get("/staff")
    assert offered.title == "待承接"
    case = business.get(offered.tree.xpath("//*[@class='job__title']/a/@href")[0])
    case = business.submit(case, "/acceptance")
    case = business.submit(case, "/closing", outcome="answered", reply="请带身份证原件。")
    assert case.actions == []
    assert business.get("/staff?box=closed").tree.xpath("//*[@class='job__title']/a/@href")

    answered = citizen.get(address)
    assert "请带身份证原件。" in answered.text
    rated = citizen.submit(answered, "/rating", grade="satisfied", comment="很快")
    assert "您的评价 满意" in rated.text
    steps = [" ".join(s.text_content().split()) for s in rated.tree.xpath("//h3[@class='step__title']")]
    assert steps == [
        "评价：满意",
        "办结：答复",
        "业务科：承接",
        "转交给业务科",
        "签收",
        "提交",
    ]
    changed = citizen.submit(rated, "/rating/change", grade="dissatisfied", comment="后来又说不行")
    assert "您的评价 不满意" in changed.text
    assert not [action for action in changed.actions if "rating" in action]


def test_registered_and_closed_at_the_desk_then_found_by_number_and_phone(
    office: Office, citizen: Visitor
) -> None:
    window = clerk(office, "window_a")
    form = window.get("/staff/register")
    slip = window.submit(
        form,
        "/staff/register",
        channel="visit",
        category="consult",
        content="问办照要多久",
        summary="咨询办照时间",
        occurred_at="2026-11-16T08:40",
        contact_phone="13812345678",
        outcome="answered",
        reply="三个工作日。",
    )
    assert slip.title == "受理单"
    assert "11月16日（周一）08:40" in slip.text
    assert "当场办结：答复" in slip.text
    number = slip.tree.xpath("//*[@class='slip__number']/text()")[0]
    assert slip.tree.xpath("//*[@class='slip__qr']/svg")

    wrong = citizen.submit(citizen.get("/lookup"), "/lookup", 404, number=number, phone_tail="0000")
    assert wrong.values("/lookup")["number"] == number
    found = citizen.submit(wrong, "/lookup", number=number.lower(), phone_tail="5678")
    assert "三个工作日。" in found.text
    assert "下次请在查询进度里再查一次" in found.text
    assert citizen.submit(found, "/rating", grade="fair").status == 200


def test_a_citizen_adds_takes_back_and_has_it_opened_again(office: Office, citizen: Visitor) -> None:
    filed = office.file()
    page = citizen.get(f"/t/{filed['tracking_token']}")
    page = citizen.submit(page, "/supplements", text="补充一句")
    assert "补充一句" in page.text
    assert office.act("window_a", filed["number"], "confirmation").status_code == 200
    closed = office.act("window_a", filed["number"], "closing", {"outcome": "answered", "reply": "好了。"})
    assert closed.status_code == 200
    page = citizen.submit(citizen.get(f"/t/{filed['tracking_token']}"), "/reopening", reason="还是不明白")
    assert "正在办理" in page.title
    page = citizen.submit(page, "/withdrawal", reason="不用了")
    assert page.title == "已办结：撤回"
    assert page.actions == []
