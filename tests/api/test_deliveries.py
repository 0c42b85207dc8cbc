"""What became of each message stands on the inquiry: sent, arrived, 未送达 and why, and what happens next."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from backend.domain.times import local
from backend.models import ChannelState, Inquiry, OutboxItem
from backend.services.outbox import message_citizen, message_staff
from tests.api.contract import CheckedClient
from tests.support.app import MONDAY, Api, Office


@pytest.fixture
def office(wechat_office: Office) -> Office:
    wechat_office.app.test_client_class = CheckedClient
    return wechat_office


@pytest.fixture
def wang(office: Office) -> Api:
    return office.citizen_session("wang")


@pytest.fixture
def number(office: Office, wang: Api) -> str:
    body = {"sign": office.org.window.sign.code, "category": "report", "content": "井盖坏了"}
    answer = wang.post("/inquiries", body)
    assert answer.status_code == 201, answer.json
    return str(answer.json["number"])


def change(office: Office, topic: str, **values: Any) -> None:
    with office.working() as work:
        work.session.execute(update(OutboxItem).where(OutboxItem.topic == topic).values(**values))


def to_citizen(wang: Api, number: str) -> list[dict[str, Any]]:
    return list(wang.get(f"/inquiries/{number}").json["deliveries"])


def to_staff(office: Office, name: str, number: str) -> list[dict[str, Any]]:
    return list(office.staff(name).get(f"/staff/inquiries/{number}").json["deliveries"])


LATER = MONDAY + timedelta(minutes=2)
FATES = [
    # What the row says: state, reason, what happens next.
    ({"state": "pending"}, "待发送", None, None),
    ({"state": "leased"}, "待发送", None, None),
    ({"available_at": LATER}, "待发送", None, "将于 11月16日（周一）09:02 发送"),
    (
        {"problem": "system_busy", "attempts": 1, "available_at": LATER},
        "待发送",
        "微信系统繁忙",
        "将于 11月16日（周一）09:02 再试",
    ),
    ({"problem": "system_busy", "attempts": 1}, "待发送", "微信系统繁忙", "马上再试"),
    (
        {"problem": "unanswered", "unsure_since": MONDAY, "available_at": LATER},
        "待发送",
        "已经发出，还没有收到微信的答复",
        "将于 11月16日（周一）09:02 再试",
    ),
    ({"state": "done", "finished_at": MONDAY}, "已发送", None, None),
    ({"state": "done", "finished_at": MONDAY, "confirmed_at": LATER}, "已送达", None, None),
    (
        {"state": "failed", "finished_at": MONDAY, "problem": "no_consent"},
        "未送达",
        "没有同意接收，或者同意的次数已经用完",
        None,
    ),
    ({"state": "failed", "finished_at": MONDAY, "problem": "KeyError"}, "未送达", "没有发出去", None),
    (
        {"state": "failed", "finished_at": MONDAY, "problem": "outdated"},
        "不再发送",
        "已经有了新的进展，不再需要",
        None,
    ),
]


AS_IT_WAS = {
    "state": "pending", "problem": None, "attempts": 0, "available_at": MONDAY, "finished_at": None,
    "unsure_since": None, "confirmed_at": None,
}  # fmt: skip


def test_the_citizen_reads_what_became_of_a_message(
    office: Office, wang: Api, number: str, subtests: Any
) -> None:
    for values, state, problem, following in FATES:
        change(office, "received", **(AS_IT_WAS | values))
        (received,) = to_citizen(wang, number)
        with subtests.test(values=values):
            assert (received["title"], received["to"]) == ("已收到您的事项", "服务对象")
            assert received["at"] == local(MONDAY).isoformat()
            shown = received["state_label"], received["problem"], received["next"]
            assert shown == (state, problem, following)
            went = state in {"已发送", "已送达"}
            assert (received["sent_text"] == "11月16日（周一）09:00") is went


def test_while_wechat_is_closed_the_reason_is_its_own(office: Office, wang: Api, number: str) -> None:
    with office.working() as work:
        row = ChannelState(name="wechat", problem="daily_quota", since=MONDAY, paused_until=LATER)
        work.session.add(row)
    (received,) = to_citizen(wang, number)
    assert (received["problem"], received["next"]) == (
        "今天可以发送的数量已经用完",
        "将于 11月16日（周一）09:02 再试",
    )
    change(office, "received", state="done", finished_at=MONDAY)
    assert to_citizen(wang, number)[0]["problem"] is None


def test_staff_see_what_went_to_the_citizen_and_to_their_unit(office: Office, number: str) -> None:
    org = office.org
    with office.working() as work:
        inquiry = work.session.scalars(select(Inquiry).where(Inquiry.number == number)).one()
        people = [org.people["window_head"].id, org.people["neighbour_general"].id]
        message_staff(work, "joint_asked", inquiry, people, joint="j")
        message_staff(work, "lead_opened", inquiry, [org.people["window_head"].id], lead="l")
        for topic in ("survey", "survey_reminder"):
            message_citizen(work, topic, inquiry, follow_up="f" * 32)

    def seen(name: str) -> set[tuple[str, str]]:
        return {(one["title"], one["to"]) for one in to_staff(office, name, number)}

    ours = {("已收到您的事项", "服务对象"), ("请您单位共同办理", org.people["window_head"].name)}
    filed = {("新的首问事项", org.people[name].name) for name in ("window_a", "window_b")}
    assert seen("window_a") == ours | filed
    assert seen("general") == ours | filed
    own = {("有一条记录请您查看", org.people["window_head"].name)}
    assert seen("window_head") == ours | filed | own


def test_the_citizen_sees_their_own_messages_only(office: Office, wang: Api, number: str) -> None:
    office.act("window_a", number, "confirmation")
    assert [one["title"] for one in to_citizen(wang, number)] == ["已收到您的事项", "已签收"]
    assert {one["to"] for one in to_citizen(wang, number)} == {"服务对象"}


def test_no_message_tells_staff_who_has_rated(office: Office, wang: Api, number: str) -> None:
    """Whether a survey was still wanted is the same as whether there was an answer (design 5)."""
    office.act("window_a", number, "closing", {"outcome": "completed", "reply": "修好了"})
    before = to_staff(office, "general", number)
    with office.working() as work:
        inquiry = work.session.scalars(select(Inquiry).where(Inquiry.number == number)).one()
        for topic in ("survey", "survey_reminder"):
            message_citizen(work, topic, inquiry, follow_up="f" * 32)
    change(office, "survey_reminder", state="failed", finished_at=MONDAY, problem="outdated")
    assert wang.post(f"/inquiries/{number}/rating", {"grade": "dissatisfied"}).status_code == 201
    assert to_staff(office, "general", number) == before
    assert [one["title"] for one in to_citizen(wang, number)][-2:] == ["请您评价", "提醒您评价"]


def test_an_office_with_no_way_to_tell_anybody_promises_no_messages(
    office: Office, wang: Api, number: str
) -> None:
    """Nobody signs in by WeChat there, nobody has bound one: not before the worker found so, and not after."""
    with_contact_only(office)
    for values in ({}, {"state": "failed", "finished_at": MONDAY, "problem": "no_channel"}):
        for topic in ("received", "inquiry_filed"):
            change(office, topic, **values) if values else None
        assert to_citizen(wang, number) == []
        assert to_staff(office, "window_a", number) == []


def test_an_office_that_sends_by_phone_only_shows_what_it_sent(
    office: Office, wang: Api, number: str
) -> None:
    with_contact_only(office)
    change(office, "inquiry_filed", state="failed", finished_at=MONDAY, problem="no_channel")
    for values, state in (
        ({"state": "done", "finished_at": MONDAY}, "已发送"),
        ({"state": "failed", "finished_at": MONDAY, "problem": "number_refused"}, "未送达"),
    ):
        change(office, "received", **values)
        assert [one["state_label"] for one in to_citizen(wang, number)] == [state]
        shown = {(one["to"], one["state_label"]) for one in to_staff(office, "window_a", number)}
        assert ("服务对象", state) in shown


def with_contact_only(office: Office) -> None:
    """As if no mini program had ever been there."""
    object.__setattr__(office.app.extensions["shouwen_tools"], "wechat_app_id", None)
    change(office, "received", recipient_kind="citizen", lane="citizen:somebody")
