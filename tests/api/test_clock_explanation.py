"""怎么算的: every day, pause and change of a limit, who bore it, and all that it rests on."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from backend.delivery.calendar_duties import recalculate_all
from backend.services.calendar import OfficialDay, load_calendar
from tests.api.asking import rows
from tests.delivery.office import at
from tests.support.app import Office
from tests.support.rules import PLAIN, matter_ids, take

NOTICE = {
    "basis": "《市场主体登记管理条例》第十六条",
    "time_limit": "材料补齐后 5 个工作日内办结",
    "procedure": "受理、审查、发证",
    "documents": ["身份证复印件", "房屋租赁合同"],
}


def explained(office: Office, filed: dict[str, Any], duty: str) -> dict[str, Any]:
    """The citizen's explanation of a limit; it is the same to the office but for the words of waiting."""
    number = filed["number"]
    citizen = office.citizen(filed["tracking_token"])
    [clock] = [c for c in citizen.get(f"/inquiries/{number}").json["clocks"] if c["duty"] == duty]
    assert clock["explain"] == f"/api/v1/inquiries/{number}/clocks/{clock['id']}"
    answer = citizen.get(clock["explain"].removeprefix("/api/v1"))
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    return dict(answer.json)


def listed(segment: dict[str, Any]) -> list[tuple[str, int | None, str]]:
    """Month and day, which counted day it is, and why or why not."""
    return [(day["day"][5:], day["number"], day["reason"]) for day in segment["days"]]


def test_the_evening_before_a_holiday_every_day_is_named(office: Office) -> None:
    office.clock.set(at("2026-09-30 20:00"))
    shown = explained(office, office.file(), "answer-consult")
    [counted] = shown["segments"]
    assert listed(counted) == [
        ("09-30", None, "当日不计入"),
        *[(f"10-{day:02d}", None, "法定节假日：国庆节") for day in range(1, 8)],
        ("10-08", 1, "工作日"),
        ("10-09", 2, "工作日"),
    ]
    assert (counted["kind"], counted["limit_days"], counted["counted"]) == ("count", 2, 2)
    assert shown["sources"][0]["year"] == 2026
    assert shown["sources"][0]["source"].startswith("chinesecalendar")
    assert shown["hours"]["closes_at"] == "17:30"
    assert not shown["hours"]["is_own"]
    assert shown["clock"]["reading_label"] == "系统设定"
    assert any("当日不计入" in sentence for sentence in shown["clock"]["readings"])
    assert shown["clock"]["clause"].endswith("第七条第（一）项")
    assert shown["measure"]["document"] == "坛作组办〔2019〕3号"


def test_a_make_up_saturday_counts_and_says_so(office: Office) -> None:
    office.clock.set(at("2026-10-09 23:59:59"))
    [counted] = explained(office, office.file(), "answer-consult")["segments"]
    assert listed(counted) == [
        ("10-09", None, "当日不计入"),
        ("10-10", 1, "调休上班"),
        ("10-11", None, "周末"),
        ("10-12", 2, "工作日"),
    ]


@pytest.mark.parametrize(
    ("moment", "days"),
    [
        ("2026-11-16 09:00", [("11-16", 1, "当个工作日，17:30 下班前")]),
        (
            "2026-11-20 17:30",
            [
                ("11-20", None, "17:30 下班以后收到"),
                ("11-21", None, "周末"),
                ("11-22", None, "周末"),
                ("11-23", 1, "下一个工作日，17:30 下班前"),
            ],
        ),
        (
            "2026-10-07 08:00",
            [("10-07", None, "法定节假日：国庆节"), ("10-08", 1, "下一个工作日，17:30 下班前")],
        ),
    ],
)
def test_at_once_is_explained_without_a_number_of_days(
    office: Office, moment: str, days: list[tuple[str, int | None, str]]
) -> None:
    """坛 六（四）: 主管部门应当即时予以受理."""
    office.clock.set(at(moment))
    filed = office.file(category="application", written=True)
    target = {"to_unit": office.org.neighbour.id, "reason": "属于人社局", "written": True}
    assert office.act("window_a", filed["number"], "handoffs", target).status_code == 201
    shown = explained(office, filed, "accept-at-once")
    [segment] = shown["segments"]
    assert (segment["kind"], segment["limit_days"]) == ("at_once", None)
    assert listed(segment) == days
    assert [one["text"] for one in shown["bearers"]] == ["主管部门：金坛区人力资源和社会保障局"]


def test_a_pause_names_the_documents_and_the_days_before_and_after_it(office: Office) -> None:
    filed = office.file(category="application", written=True)
    number = filed["number"]
    take(office, office.org.unit, matters=[{**PLAIN, "legal_days": 5}])
    matter = {"matter": matter_ids(office, office.org.unit)["档案查询"]}
    assert office.act("window_a", number, "matter", matter).status_code == 200
    office.clock.set(at("2026-11-18 15:00"))
    assert office.act("window_a", number, "notice", NOTICE).status_code == 201
    waiting = explained(office, filed, "handling-limit")
    assert waiting["clock"]["state"] == "paused"
    assert waiting["clock"]["paused_text"] == "暂停计算：等您补充材料"
    assert waiting["clock"]["due_text"] == "暂停，还剩 3 个工作日"
    seen = office.staff("window_a").get(f"/staff/inquiries/{number}/clocks/{waiting['asked']}").json
    assert seen["clock"]["paused_text"] == "暂停计算：等服务对象补充材料"
    assert waiting["segments"][1]["until"] is None
    office.clock.set(at("2026-11-25 09:00"))
    citizen = office.citizen(filed["tracking_token"])
    assert citizen.post(f"/inquiries/{number}/supplements", {"text": "补齐了"}).status_code == 201
    shown = explained(office, filed, "handling-limit")
    first, pause, second = shown["segments"]
    assert (first["counted"], second["counted"], second["limit_days"]) == (2, 3, 3)
    assert listed(first)[0] == ("11-16", None, "当日不计入")
    assert listed(second)[0] == ("11-25", None, "当日不计入")
    assert (pause["kind"], pause["documents"]) == ("pause", NOTICE["documents"])
    assert (pause["from"], pause["until"]) == ("2026-11-18T15:00:00+08:00", "2026-11-25T09:00:00+08:00")
    assert shown["clock"]["due_at"] == "2026-11-30T17:30:00+08:00"
    assert [change["title"] for change in shown["history"]] == [
        "开始计算",
        "等待补充材料，暂停计算",
        "材料已补充，恢复计算",
    ]
    assert shown["history"][2]["old_due_text"] == "11月23日（周一）17:30 前"


def test_takeover_and_extension_stand_in_the_chain_and_an_old_row_leads_to_it(office: Office) -> None:
    """坛 六（二）、七（二）: the receiver takes over 首问责任, the limit stays."""
    org = office.org
    filed = office.file()
    number = filed["number"]
    [first] = filed["clocks"]
    assert office.act("window_a", number, "extension", {"reason": "要请示"}).status_code == 200
    office.clock.forward(hours=2)
    target = {"to_unit": org.unit.id, "to_section": org.business.section.id, "reason": "属于业务科"}
    made = office.act("window_a", number, "handoffs", target).json["id"]
    version = office.version(number, "business_b")
    office.staff("business_b").post(f"/staff/handoffs/{made}/acceptance", version=version)
    shown = explained(office, filed, "answer-consult")
    old = office.citizen(filed["tracking_token"]).get(f"/inquiries/{number}/clocks/{first['id']}").json
    assert (shown["is_current"], old["is_current"]) == (True, False)
    assert old["asked"] == first["id"]
    assert {**old, "asked": "", "is_current": True} == {**shown, "asked": ""}
    people = org.people
    assert [one["text"] for one in shown["bearers"]] == [
        f"首问负责人：{org.unit.name} {people['window_a'].name}",
        f"承接首问责任的承办人：{org.unit.name} {people['business_b'].name}",
    ]
    assert shown["bearers"][0]["until"] == shown["bearers"][1]["from"] == "2026-11-16T11:00:00+08:00"
    assert shown["bearers"][1]["reason"] == "承接人接续"
    assert [(one["title"], one["reason"]) for one in shown["history"]] == [
        ("开始计算", None),
        ("说明理由延长", "要请示"),
        ("承接人接续", None),
    ]
    assert [segment["counted"] for segment in shown["segments"]] == [4]


def test_an_ended_and_missed_limit_is_explained_with_its_breach(office: Office) -> None:
    filed = office.file()
    office.clock.set(at("2026-11-20 09:00"))
    number = filed["number"]
    assert (
        office.act("window_a", number, "closing", {"outcome": "answered", "reply": "好"}).status_code == 200
    )
    shown = explained(office, filed, "answer-consult")
    assert shown["clock"]["state"] == "met_late"
    assert shown["breach"]["at"] == "2026-11-18T17:30:00+08:00"
    assert shown["breach"]["bearer"].endswith(office.org.people["window_a"].name)
    assert "综合窗口" in shown["breach"]["holder"]
    assert shown["bearers"][0]["until"] == "2026-11-20T09:00:00+08:00"


def next_year(office: Office) -> None:
    """The notice for 2027: three days off, Sunday the 10th worked."""
    days = [OfficialDay(date(2027, 1, day), False, "元旦") for day in (1, 2, 3)]
    days += [OfficialDay(date(2027, 1, 10), True, "调休")]
    days += [OfficialDay(date(2027, 5, 1), False, "劳动节"), OfficialDay(date(2027, 10, 1), False, "国庆节")]
    with office.working() as work:
        load_calendar(work.session, work.now, days, "国办发明电〔2026〕9号")


def test_a_provisional_limit_names_the_year_it_lacks_and_the_calendar_that_came(office: Office) -> None:
    office.clock.set(at("2026-12-31 10:00"))
    filed = office.file()
    shown = explained(office, filed, "answer-consult")
    assert shown["years_without_data"] == [2027]
    assert listed(shown["segments"][0])[-1] == ("01-04", 2, "暂按周末推算")
    office.clock.set(at("2026-12-31 15:00"))
    next_year(office)
    with office.app.app_context():
        assert recalculate_all().changed == 1
    after = explained(office, filed, "answer-consult")
    assert after["years_without_data"] == []
    assert listed(after["segments"][0])[1:] == [
        ("01-01", None, "法定节假日：元旦"),
        ("01-02", None, "法定节假日：元旦"),
        ("01-03", None, "法定节假日：元旦"),
        ("01-04", 1, "工作日"),
        ("01-05", 2, "工作日"),
    ]
    assert {one["year"]: one["source"] for one in after["sources"]}[2027] == "国办发明电〔2026〕9号"
    assert after["history"][1]["title"] == "放假安排公布后重新计算"
    told = office.citizen(filed["tracking_token"]).get(f"/inquiries/{filed['number']}").json["timeline"][-1]
    assert (
        told["title"]
        == "放假安排公布，时限重新计算：2027年1月4日（周一）17:30 改为 2027年1月5日（周二）17:30"
    )


def test_what_ended_provisional_is_explained_as_it_was_counted(office: Office) -> None:
    office.clock.set(at("2026-12-31 10:00"))
    filed = office.file()
    number = filed["number"]
    assert (
        office.act("window_a", number, "closing", {"outcome": "answered", "reply": "好"}).status_code == 200
    )
    office.clock.set(at("2026-12-31 15:00"))
    next_year(office)
    shown = explained(office, filed, "answer-consult")
    assert shown["years_without_data"] == [2027]
    assert listed(shown["segments"][0])[-1] == ("01-04", 2, "暂按周末推算")
    assert shown["segments"][0]["note"] is None


def test_a_calendar_put_right_later_is_said_and_moves_nothing_that_ran(office: Office) -> None:
    filed = office.file()
    with office.working() as work:
        days = [OfficialDay(date(2026, m, 1), False) for m in (1, 5, 10)]
        days.append(OfficialDay(date(2026, 11, 17), False, "临时放假"))
        load_calendar(work.session, work.now, days, "更正通知")
    shown = explained(office, filed, "answer-consult")
    assert shown["clock"]["due_at"] == "2026-11-18T17:30:00+08:00"
    assert "更正" in shown["segments"][0]["note"]


def test_outside_the_chain_there_is_nothing(office: Office) -> None:
    filed, other = office.file(), office.file()
    number, clock = filed["number"], filed["clocks"][0]["id"]
    foreign = other["clocks"][0]["id"]
    citizen, stranger = office.citizen(filed["tracking_token"]), office.citizen(other["tracking_token"])
    assert citizen.get(f"/inquiries/{number}/clocks/{clock}").status_code == 200
    for who, path in (
        (citizen, f"/inquiries/{number}/clocks/{foreign}"),
        (citizen, f"/inquiries/{number}/clocks/{'0' * 32}"),
        (citizen, f"/inquiries/{number}/clocks/nowhere"),
        (citizen, f"/inquiries/{number}/clocks/%00"),
        (stranger, f"/inquiries/{number}/clocks/{clock}"),
        (office.staff("lu_window_a"), f"/staff/inquiries/{number}/clocks/{clock}"),
        (office.staff("sysadmin"), f"/staff/inquiries/{number}/clocks/{clock}"),
        (office.staff("window_a"), f"/staff/inquiries/{number}/clocks/{foreign}"),
    ):
        answer = who.get(path)
        assert (answer.status_code, answer.json["code"]) == (404, "not_found"), path
    assert office.anybody.get(f"/inquiries/{number}/clocks/{clock}").status_code == 401


def test_looking_writes_nothing(office: Office) -> None:
    filed = office.file()
    office.staff("window_a")
    before = rows(office)
    explained(office, filed, "answer-consult")
    office.staff("window_a").get(f"/staff/inquiries/{filed['number']}/clocks/{filed['clocks'][0]['id']}")
    assert rows(office) == before
