"""微信消息 on both pages of a case."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from backend.models import OutboxItem
from tests.pages.visitor import clerk, visitor
from tests.support.app import MONDAY, Office

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])


def test_a_message_that_did_not_arrive_is_said_with_its_reason(wechat_office: Office) -> None:
    office = wechat_office
    body = {"sign": office.org.window.sign.code, "category": "report", "content": "井盖坏了"}
    filed = office.citizen_session("wang").post("/inquiries", body).json
    failed = {"state": "failed", "finished_at": MONDAY, "problem": "no_consent"}
    with office.working() as work:
        work.session.execute(update(OutboxItem).where(OutboxItem.topic == "received").values(**failed))
    citizen = visitor(office)
    page = citizen.get(f"/t/{filed['tracking_token']}")
    for words in (
        "微信消息",
        "共 1 条，1 条未送达",
        "已收到您的事项",
        "没有同意接收，或者同意的次数已经用完",
    ):
        assert words in page.text
    assert "新的首问事项" not in page.text
    staff = clerk(office, "window_a").get(f"/staff/inquiries/{filed['number']}")
    assert "共 3 条，1 条未送达" in staff.text
    assert f"新的首问事项 待发送 发给{office.org.people['window_b'].name}" in staff.text


def test_without_wechat_there_is_no_such_part(office: Office) -> None:
    filed = office.file()
    assert "微信消息" not in visitor(office).get(f"/t/{filed['tracking_token']}").text
