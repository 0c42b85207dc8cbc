"""登记抽查 on the page of a closed inquiry, and how a check stands there (泸 二（二）4, 泸 附件1-17)."""

from __future__ import annotations

import pytest

from tests.pages.visitor import clerk
from tests.support.app import Office

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])


def closed(office: Office, desk: str = "window") -> str:
    filed = office.file(sign=getattr(office.org, desk).sign.code)
    ended = office.act(f"{desk}_a", filed["number"], "closing", {"outcome": "answered", "reply": "好"})
    assert ended.status_code == 200
    return f"/staff/inquiries/{filed['number']}"


def test_a_joint_check_is_recorded_on_the_page_and_the_section_reads_it(office: Office) -> None:
    address = closed(office)
    person = clerk(office, "general")
    page = person.get(address)
    assert "登记抽查 本系统提供" in page.text
    form = f"{address}/spot_checks"
    # Nothing is chosen beforehand.
    assert {"by", "how", "result", "grade", "needs_rectification"}.isdisjoint(page.values(form))
    empty = person.submit(page, form, 422, finding="先写了话")
    assert empty.errors == ["请选择以什么身份抽查。", "请选择怎样抽查。"]
    assert empty.values(form)["finding"] == "先写了话"
    lacking = person.submit(empty, form, 422, by="joint", how="phone")
    assert lacking.errors == ["联合抽查请选择一起抽查的人。"]
    companion = office.org.people["discipline"]
    done = person.submit(
        lacking,
        form,
        with_staff=companion.id,
        result="answered",
        grade="dissatisfied",
        needs_rectification="true",
    )
    people = f"{office.org.people['general'].name}、{companion.name}"
    for words in (
        "首问责任总岗、机关纪委联合",
        "电话联系群众：已答复，不满意",
        people,
        "先写了话",
        "需要整改",
    ):
        assert words in done.text
    section = clerk(office, "window_a").get(address)
    assert "电话联系群众：已答复，不满意" in section.text
    assert "先写了话" in section.text
    assert not [action for action in section.actions if action.endswith("spot_checks")]
    assert "先写了话" in clerk(office, "window_a").get("/staff/ledger").text


def test_where_nobody_can_come_along_nobody_is_to_be_chosen(office: Office) -> None:
    address = closed(office, "lu_window")
    person = clerk(office, "lu_general")
    page = person.get(address)
    assert "登记抽查" in page.text
    assert "登记抽查 本系统提供" not in page.text
    assert not page.tree.xpath("//select[@name='with_staff']")
    done = person.submit(page, f"{address}/spot_checks", by="general_post", how="record", finding="答复及时")
    assert "查看办理记录" in done.text


def test_a_check_half_written_is_kept_as_a_draft(office: Office) -> None:
    address = closed(office)
    person = clerk(office, "discipline")
    page = person.get(address)
    form = f"{address}/spot_checks"
    sent = {**page.values(form), "finding": "还没有写完"}
    person.client.post(f"{form}/draft", data=sent)
    assert person.get(address).values(form)["finding"] == "还没有写完"
