"""`/surveys/{token}`: rated from the link of a message, without signing in and without script; every state has words."""

from __future__ import annotations

import pytest

from tests.api.asking import rows
from tests.pages.visitor import Visitor, clerk, visitor
from tests.support.app import Office
from tests.support.surveys import give_account, link_of

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])

HOSTILE = '"><img src=x onerror=alert(1)>{{ 7 * 7 }}'


def surveyed(office: Office, reply: str = "带身份证来") -> tuple[str, str, str]:
    """An inquiry from a WeChat, answered: its number, its follow page, and the page of the survey."""
    filed = office.file(content="我家的私事")
    give_account(office, filed["number"])
    ended = office.act("window_a", filed["number"], "closing", {"outcome": "answered", "reply": reply})
    assert ended.status_code == 200
    return filed["number"], f"/t/{filed['tracking_token']}", f"/surveys/{link_of(office, filed['number'])}"


def test_it_says_which_matter_and_the_reply_and_looking_writes_nothing(
    office: Office, citizen: Visitor
) -> None:
    _, _, address = surveyed(office, HOSTILE)
    before = rows(office)
    page = citizen.get(address)
    assert rows(office) == before
    assert page.title == "这次办理，您满意吗"
    for words in (office.org.unit.name, "已经办结：答复", "评不评都可以", HOSTILE):
        assert words in page.text
    for words in ("私事", "王小明", "5678"):
        assert words not in page.text
    assert page.values(address).get("grade") is None
    assert [label.text for label in page.tree.xpath("//span[@class='choice__label']")][:3] == [
        "满意",
        "一般",
        "不满意",
    ]
    headers = page.response.headers
    assert (headers["Cache-Control"], headers["X-Robots-Tag"]) == ("no-store", "noindex, nofollow")
    large = citizen.get(f"{address}?text=large")
    assert large.tree.get("class") == "large"
    assert large.response.request.path == address


def test_a_grade_is_given_once_and_thanked_for(office: Office, citizen: Visitor) -> None:
    _, follow, address = surveyed(office)
    other_window = citizen.get(address)
    empty = citizen.submit(citizen.get(address), address, 422, comment="还没选")
    assert empty.errors == ["请选择满意、一般或者不满意。"]
    assert empty.values(address)["comment"] == "还没选"
    thanks = citizen.submit(empty, address, grade="dissatisfied", share_with_section="true")
    assert thanks.title == "谢谢您的评价"
    assert "不满意" not in thanks.text
    assert citizen.get(address).title == "您已经评价过"
    again = citizen.submit(other_window, address, 409, grade="satisfied", comment="第二次")
    assert "第二次" in again.text
    assert "您的评价 不满意" in citizen.get(follow).text


def test_a_link_that_is_wrong_over_or_of_an_earlier_round_says_what_to_do(
    office: Office, citizen: Visitor
) -> None:
    assert "凭编号查询" in citizen.get("/surveys/nothing", 404).text
    _, follow, address = surveyed(office)
    late = citizen.get(address)
    citizen.submit(citizen.get(follow), "/reopening", reason="没解决")
    assert citizen.get(address).title == "这件事正在重新办理"
    refused = citizen.submit(late, address, 409, grade="fair", comment="写了一半")
    assert "写了一半" in refused.text
    _, _, address = surveyed(office)
    late = citizen.get(address)
    office.clock.forward(days=30, seconds=1)
    assert citizen.get(address, 410).title == "评价期限已过"
    assert "写了一半" in citizen.submit(late, address, 410, grade="fair", comment="写了一半").text


def test_nobody_rates_on_a_browser_where_staff_are_signed_in(office: Office) -> None:
    _, _, address = surveyed(office)
    member = clerk(office, "business_a")
    refused = member.submit(member.get(address), address, 403, grade="satisfied", comment="替群众评")
    assert "评价只能由服务对象本人作出" in refused.text
    assert "替群众评" in refused.values(address)["comment"]
    assert visitor(office).get(address).title == "这次办理，您满意吗"
