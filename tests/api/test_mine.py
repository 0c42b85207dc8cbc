"""我的事项: what a signed-in citizen filed, and everything a capability may do done with the session instead."""

from __future__ import annotations

import io
from typing import Any

import pytest
from sqlalchemy import select

from backend.models import Inquiry, Rating
from backend.queries.mine import EXCERPT, PAGE
from backend.services.leaving import deactivate_staff
from tests.api.fuzzing import PHOTO
from tests.support.app import Api, Office, new_key

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])


def body(office: Office, **changes: Any) -> dict[str, Any]:
    """A body to file at the window's sign."""
    return {"sign": office.org.window.sign.code, "category": "consult", "content": "带什么材料"} | changes


def file(office: Office, who: Api, **changes: Any) -> dict[str, Any]:
    filed = who.post("/inquiries", {k: v for k, v in body(office, **changes).items() if v is not None})
    assert filed.status_code == 201, filed.json
    return dict(filed.json)


def close(office: Office, number: str) -> None:
    assert (
        office.act("window_a", number, "closing", {"outcome": "answered", "reply": "请带身份证"}).status_code
        == 200
    )


def numbers(who: Api, **query: str) -> list[str]:
    return [item["number"] for item in who.get("/inquiries", query_string=query).json["items"]]


def test_what_is_filed_signed_in_is_mine_and_nobody_elses(wechat_office: Office) -> None:
    office = wechat_office
    wang, li = office.citizen_session("wang"), office.citizen_session("li")
    mine = file(office, wang)
    file(office, li)
    office.file()
    assert numbers(wang) == [mine["number"]]
    assert numbers(office.citizen_session("wang")) == [mine["number"]], "another session of the same person"
    assert wang.get(f"/inquiries/{mine['display_number']}").json["content"] == "带什么材料"
    theirs = numbers(li)[0]
    for number in (theirs, "2026000000000"):
        refused = [wang.get(f"/inquiries/{number}"), wang.post(f"/inquiries/{number}/withdrawal")]
        assert [a.status_code for a in refused] == [404, 404]
    unknown = wang.get("/inquiries/2026000000000").json
    assert {**wang.get(f"/inquiries/{theirs}").json, "request_id": ""} == {**unknown, "request_id": ""}
    assert numbers(office.citizen(mine["tracking_token"])) == [mine["number"]], "the capability still works"


SOURCES = {
    "by a sign": ({}, "sign", "扫码"),
    "by a unit": ({"sign": None, "unit": True}, "miniprogram", "小程序"),
}


@pytest.mark.parametrize(("change", "source", "label"), SOURCES.values(), ids=SOURCES)
def test_where_it_came_from_is_noted(
    wechat_office: Office, change: dict[str, Any], source: str, label: str
) -> None:
    office = wechat_office
    if change:
        change = change | {"unit": office.org.unit.id}
    wang = office.citizen_session("wang")
    shown = wang.get(f"/inquiries/{file(office, wang, **change)['number']}").json
    assert (shown["source"], shown["channel"]) == (source, "other")
    assert label in shown["source_label"]


def test_a_line_says_what_it_was_about_and_whether_it_waits_for_a_grade(wechat_office: Office) -> None:
    office = wechat_office
    wang = office.citizen_session("wang")
    number = file(office, wang, content="第一行\n" + "长" * 60)["number"]
    line = wang.get("/inquiries").json["items"][0]
    assert line["excerpt"] == f"第一行 {'长' * 35}…"
    assert len(line["excerpt"]) == EXCERPT
    assert (line["status"], line["rated"], line["rateable"]) == ("filed", False, False)
    assert "综合窗口" in line["holder_text"]
    assert line["due_text"] == "11月18日（周三）17:30 前"
    close(office, number)
    line = wang.get("/inquiries").json["items"][0]
    assert (line["outcome"], line["rated"], line["rateable"], line["due_text"]) == (
        "answered",
        False,
        True,
        None,
    )
    assert wang.post(f"/inquiries/{number}/rating", {"grade": "fair"}).status_code == 201
    line = wang.get("/inquiries").json["items"][0]
    assert (line["rated"], line["rateable"]) == (True, False)


def test_the_list_is_paged_newest_first_without_gap_or_repeat(wechat_office: Office) -> None:
    office = wechat_office
    wang = office.citizen_session("wang")
    filed = []
    for place in range(PAGE + 3):
        filed.append(file(office, wang, content=f"第 {place} 件")["number"])
        office.clock.forward(hours=1, minutes=30)
    seen, cursor = [], {}
    while True:
        page = wang.get("/inquiries", query_string=cursor).json
        seen.append([item["number"] for item in page["items"]])
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
        file(office, wang, content=f"后来的 {len(seen)}")
    assert [len(page) for page in seen] == [PAGE, 3]
    assert [number for page in seen for number in page] == filed[::-1]
    refused = wang.get("/inquiries", query_string={"cursor": "made-up"})
    assert (refused.status_code, refused.json["code"]) == (400, "cursor_invalid")


def test_everything_a_capability_may_do_works_with_the_session(wechat_office: Office) -> None:
    office = wechat_office
    wang = office.citizen_session("wang")
    filed = file(office, wang)
    here = f"/inquiries/{filed['number']}"
    clock = wang.get(here).json["clocks"][0]
    assert wang.get(f"{here}/clocks/{clock['id']}").status_code == 200
    sent = wang.client.post(
        f"/api/v1{here}/attachments",
        data={"file": (io.BytesIO(PHOTO), "照片.png")},
        headers={**wang.headers, "Idempotency-Key": new_key()},
    )
    assert sent.status_code == 201
    assert wang.get(f"{here}/attachments/{sent.json['id']}").status_code == 200
    assert wang.post(f"{here}/supplements", {"text": "还有一点"}).status_code == 201
    assert wang.post(f"{here}/reminder", {}).status_code == 201
    notice = {
        "basis": "《食品经营许可和备案管理办法》第十条",
        "time_limit": "材料补齐后 5 个工作日内办结",
        "procedure": "受理、审查、发证",
        "documents": ["身份证"],
        "days": 5,
        "days_kind": "legal",
    }
    assert office.act("window_a", filed["number"], "notice", notice).status_code == 201
    assert wang.post(f"{here}/notice/receipt").status_code == 200
    close(office, filed["number"])
    assert wang.post(f"{here}/rating", {"grade": "fair"}).status_code == 201
    assert wang.put(f"{here}/rating", {"grade": "satisfied"}).status_code == 200
    assert wang.post(f"{here}/reopening", {"reason": "没有解决"}).status_code == 200
    assert wang.post(f"{here}/withdrawal").status_code == 200
    with office.looking() as work:
        assert work.session.scalars(select(Rating.source)).one() == "miniprogram"
        actors = {row.account_id for row in work.session.scalars(select(Inquiry))}
    assert len(actors) == 1


def test_the_key_belongs_to_the_session(wechat_office: Office) -> None:
    office = wechat_office
    wang, li = office.citizen_session("wang"), office.citizen_session("li")
    key = new_key()
    first, again, other, nobody = (
        who.post("/inquiries", body(office), key=key) for who in (wang, wang, li, office.anybody)
    )
    assert [a.status_code for a in (first, again, other, nobody)] == [201] * 4
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.json == first.json
    assert len({a.json["number"] for a in (first, other, nobody)}) == 3


def test_staff_file_as_citizens_but_do_not_rate(wechat_office: Office) -> None:
    """design 5: neither a member of staff's own WeChat, nor their session, nor a capability shown from either."""
    office = wechat_office
    as_citizen = office.citizen_session("window_b")
    own = file(office, as_citizen)
    other = file(office, office.citizen_session("wang"))
    for filed in (own, other):
        close(office, filed["number"])
    bound = office.bound_session("window_b")
    callers = {
        "in the session": (as_citizen, own),
        "by the capability of what they filed": (office.citizen(own["tracking_token"]), own),
        "by another's capability, from the session": (beside(office, other, as_citizen), other),
        "by another's capability, from the staff session": (beside(office, other, bound), other),
    }
    for name, (caller, filed) in callers.items():
        here = f"/inquiries/{filed['number']}"
        for refused in (
            caller.post(f"{here}/rating", {"grade": "satisfied"}),
            caller.put(f"{here}/rating", {"grade": "fair"}),
        ):
            assert (refused.status_code, refused.json["code"]) == (403, "staff_cannot_rate"), name
    shown = as_citizen.get(f"/inquiries/{own['number']}").json
    assert "rate" not in {action["name"] for action in shown["actions"]}
    assert [item["rateable"] for item in as_citizen.get("/inquiries").json["items"]] == [False]
    # Who has left the office is a citizen like any other.
    with office.working() as work:
        deactivate_staff(work, work.session.merge(office.org.people["window_b"]))
    assert as_citizen.post(f"/inquiries/{own['number']}/rating", {"grade": "fair"}).status_code == 201


def beside(office: Office, filed: dict[str, Any], session: Api) -> Api:
    """A capability with a session shown beside it."""
    return Api(office.app.test_client(), {"X-Tracking-Token": filed["tracking_token"], **session.headers})


def test_a_capability_says_what_is_opened_whoever_shows_it(wechat_office: Office) -> None:
    office = wechat_office
    wang = office.citizen_session("wang")
    own, other = file(office, wang), office.file()
    caller = beside(office, other, wang)
    assert caller.get(f"/inquiries/{other['number']}").status_code == 200
    assert caller.get(f"/inquiries/{own['number']}").status_code == 404
    assert numbers(caller) == [other["number"]]
    close(office, other["number"])
    assert caller.post(f"/inquiries/{other['number']}/rating", {"grade": "fair"}).status_code == 201
    caller.headers["X-Tracking-Token"] = "dead"
    assert caller.get(f"/inquiries/{own['number']}").status_code == 401
