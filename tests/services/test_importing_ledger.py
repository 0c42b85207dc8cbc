"""Old ledgers in the wording of 附件2 become inquiries on record, once each, on both databases (D-4)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import func, select

from backend.domain.times import SHANGHAI, local
from backend.domain.vocabulary import Category, Channel, Disposition, Grade, Outcome, Role, Source, Status
from backend.domain.vocabulary_contact import FollowUpState
from backend.domain.vocabulary_organisation import ImportKind
from backend.models import (
    Absence,
    Clock,
    ClockFact,
    ImportedRow,
    Inquiry,
    LedgerEntry,
    LedgerRow,
    OutboxItem,
    Rating,
    RoleGrant,
)
from backend.services.checking_ledger import check_ledger
from backend.services.contacts import read_contact
from backend.services.holdings import live_holding
from backend.services.importing_ledger import put_on_record
from backend.services.imports import keep_file
from backend.services.leaving import deactivate_staff
from backend.services.ledger_rows import replay
from backend.services.work import Work
from backend.spreadsheets.terms import Sheet
from tests.support.organisation import SmallOrganisation
from tests.support.workbooks import LEDGER

FULL: dict[str, Any] = {
    "受理时间": "2025-03-03 09:30",
    "首问责任人": "window-a",
    "服务对象": "王小明",
    "联系方式": 13812345678.0,
    "首问方式": "来电",
    "首问类别": "咨询事项",
    "首问内容": "办营业执照要带什么？",
    "办理情况": "本人本科室办理",
    "具体办理情况": "带身份证和房产证明。",
    "办结时间": "2025-03-03 09:40",
    "回访时间": date(2025, 3, 10),
    "群众满意度": "满意",
    "科室负责人意见": "同意。",
    "备注": "总岗抽查：属实。",
}


OPEN: dict[str, Any] = {"办结时间": None, "具体办理情况": None, "回访时间": None, "群众满意度": None}


def sheet(*rows: Mapping[str, Any], name: str = "台账") -> list[Sheet]:
    cells = [[row.get(label) for label in LEDGER] for row in rows]
    return [Sheet(name, [LEDGER, *cells], len(cells) + 1, frozenset())]


def errors(work: Work, unit, *rows: Mapping[str, Any]) -> list[str]:
    return [problem.told() for problem in check_ledger(work, unit, sheet(*rows)).findings.problems]


def imported(work: Work, org: SmallOrganisation, *rows: Mapping[str, Any], unit=None) -> list[Inquiry]:
    """Check, then put on record; nobody is told."""
    unit = unit or org.unit
    plan = check_ledger(work, unit, sheet(*rows))
    assert [problem.told() for problem in plan.findings.problems] == []
    acting = work.acting_as(org.identity("general").actor)
    file = keep_file(acting, ImportKind.LEDGER, unit, "2025年台账.xlsx", b"PK")
    made = [put_on_record(acting, file, line) for line in plan.lines]
    return [one for one in made if one is not None]


def test_a_closed_row_is_on_record_with_all_that_it_says(work: Work, org: SmallOrganisation) -> None:
    [inquiry] = imported(work, org, FULL)
    assert (inquiry.source, inquiry.channel, inquiry.category) == (
        Source.IMPORT, Channel.CALL, Category.CONSULT,
    )  # fmt: skip
    assert inquiry.received_at == datetime(2025, 3, 3, 9, 30, tzinfo=SHANGHAI)
    assert inquiry.closed_at == datetime(2025, 3, 3, 9, 40, tzinfo=SHANGHAI)
    assert inquiry.recorded_at == work.now
    assert (inquiry.status, inquiry.outcome, inquiry.is_late_entry) == (Status.CLOSED, Outcome.ANSWERED, True)
    assert inquiry.first_responder_id == org.people["window_a"].id
    assert inquiry.first_section_id == org.window.section.id
    assert inquiry.citizen is not None
    contact = read_contact(work.tools, inquiry.citizen)
    assert (contact.name, contact.phone) == ("王小明", "+8613812345678")
    row = work.session.scalars(select(LedgerRow).where(LedgerRow.inquiry_id == inquiry.id)).one()
    assert (row.year, row.disposition, row.follow_up_grade) == (2025, Disposition.OWN, Grade.SATISFIED)
    assert row.closed_at == inquiry.closed_at
    assert row.closed_by_id == org.people["window_a"].id
    assert row.followed_up_at == datetime(2025, 3, 10, tzinfo=SHANGHAI)
    assert row.is_late_entry
    assert set(row.texts) == {"content", "reply", "remark", "section_head_opinion"}
    events = work.session.scalars(select(LedgerEntry.event).where(LedgerEntry.inquiry_id == inquiry.id))
    assert sorted(events) == ["closed", "filed", "followed_up"]
    rating = work.session.scalars(select(Rating)).one()
    assert (rating.source, rating.grade, rating.kind.value) == ("import", Grade.SATISFIED, "follow_up")


def test_the_lines_follow_from_the_log_alone(work: Work, org: SmallOrganisation) -> None:
    [inquiry] = imported(work, org, FULL | {"办理情况": "转交其他科室办理"})
    row = work.session.scalars(select(LedgerRow).where(LedgerRow.inquiry_id == inquiry.id)).one()
    assert row.disposition is Disposition.OTHER_SECTION
    assert replay(work.session, [inquiry.id], apply=False).differences == []


def test_nobody_gets_a_message_about_the_past(work: Work, org: SmallOrganisation) -> None:
    before = work.session.scalar(select(func.count()).select_from(OutboxItem))
    imported(
        work, org, FULL, FULL | {"办结时间": None, "具体办理情况": None, "回访时间": None, "群众满意度": None}
    )
    assert work.session.scalar(select(func.count()).select_from(OutboxItem)) == before


def test_what_is_still_open_runs_from_when_it_was_received_and_gains_no_day(
    work: Work, org: SmallOrganisation
) -> None:
    """D-4, 坛 七（一）: two working days from receipt, long past."""
    row = FULL | {"办结时间": None, "具体办理情况": None, "回访时间": None, "群众满意度": None}
    [inquiry] = imported(work, org, row)
    assert inquiry.status is Status.FILED
    clock = work.session.scalars(select(Clock).where(Clock.inquiry_id == inquiry.id)).one()
    assert clock.starts_at == inquiry.received_at
    assert clock.due_at < work.now
    assert clock.bearer_staff_id == org.people["window_a"].id


def test_what_was_closed_in_time_is_no_breach_and_what_was_closed_late_is(
    work: Work, org: SmallOrganisation
) -> None:
    late = FULL | {"办结时间": "2025-03-20 10:00", "回访时间": "2025-03-21", "首问内容": "晚了的"}
    in_time, overdue = imported(work, org, FULL, late)
    for inquiry, breaches in ((in_time, 0), (overdue, 1)):
        facts = select(func.count()).select_from(ClockFact).join(Clock, Clock.id == ClockFact.clock_id)
        assert work.session.scalar(facts.where(Clock.inquiry_id == inquiry.id)) == breaches
        ended = select(Clock.ended_at).where(Clock.inquiry_id == inquiry.id)
        assert work.session.scalars(ended).one() == inquiry.closed_at


def test_no_limit_is_invented_where_the_measure_has_none(work: Work, org: SmallOrganisation) -> None:
    """泸 sets no days."""
    [inquiry] = imported(work, org, FULL | {"首问责任人": "lu-window-a"}, unit=org.lu_unit)
    assert work.session.scalars(select(Clock).where(Clock.inquiry_id == inquiry.id)).all() == []


def test_a_complaint_stands_in_no_sections_ledger(work: Work, org: SmallOrganisation) -> None:
    [inquiry] = imported(work, org, FULL | {"首问类别": "投诉"})
    assert inquiry.is_confidential
    row = work.session.scalars(select(LedgerRow).where(LedgerRow.inquiry_id == inquiry.id)).one()
    assert (row.is_restricted, row.section_id) == (True, None)


def test_the_same_file_twice_makes_nothing_twice_and_equal_rows_are_two(
    work: Work, org: SmallOrganisation
) -> None:
    assert len(imported(work, org, FULL, FULL)) == 2
    plan = check_ledger(work, org.unit, sheet(FULL, FULL))
    assert (plan.kept, plan.lines) == (2, [])
    assert imported(work, org, FULL, FULL, FULL | {"首问内容": "新的一件"})[0].status is Status.CLOSED
    assert work.session.scalar(select(func.count()).select_from(ImportedRow)) == 3


def test_who_left_may_have_been_asked_but_cannot_hold_what_is_open(
    work: Work, org: SmallOrganisation
) -> None:
    deactivate_staff(work, org.people["window_b"])
    [inquiry] = imported(work, org, FULL | {"首问责任人": "window-b"})
    assert inquiry.first_responder_id == org.people["window_b"].id
    still_open = FULL | {"首问责任人": "window-b", "办结时间": None, "回访时间": None, "群众满意度": None}
    [error] = errors(work, org.unit, still_open)
    assert "账号已经停用" in error


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("lu-window-a", "不在"),
        ("auditor", "不在"),
        ("sysadmin", "不在"),
        ("window-b", "现在不在岗"),
    ],
)
def test_what_is_open_goes_to_nobody_who_could_not_take_it_on(
    work: Work, org: SmallOrganisation, name: str, why: str
) -> None:
    """Design 4: exactly one live holder, a present person of the unit; auditors and administrators hold nothing."""
    window = org.people["window_b"]
    work.session.add(Absence(staff_id=window.id, starts_at=work.now, ends_at=None))
    work.session.flush()
    [error] = errors(work, org.unit, FULL | OPEN | {"首问责任人": name})
    assert f"“首问责任人”：{window.name if name == 'window-b' else ''}" in error
    assert why in error
    assert "没有办结的要由在岗的人接着办" in error


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.SYSADMIN])
def test_who_may_hold_nothing_gets_no_open_row_in_the_own_unit_either(
    work: Work, org: SmallOrganisation, role: Role
) -> None:
    person = org.people["window_b"]
    work.session.add(RoleGrant(staff_id=person.id, role=role, unit_id=org.unit.id))
    work.session.flush()
    work.session.refresh(person)
    [error] = errors(work, org.unit, FULL | OPEN | {"首问责任人": "window-b"})
    assert "审计员或者系统管理员，不承办事项" in error


def test_who_left_after_the_check_leaves_what_is_open_with_the_post(
    work: Work, org: SmallOrganisation
) -> None:
    plan = check_ledger(work, org.unit, sheet(FULL | OPEN))
    org.people["window_a"].unit_id = org.lead.id
    work.session.flush()
    acting = work.acting_as(org.identity("general").actor)
    file = keep_file(acting, ImportKind.LEDGER, org.unit, "2025年台账.xlsx", b"PK")
    inquiry = put_on_record(acting, file, plan.lines[0])
    assert inquiry is not None
    holding = live_holding(work.session, inquiry)
    assert holding is not None
    assert (inquiry.unit_id, holding.unit_id, holding.post_id is not None) == (
        org.unit.id, org.unit.id, True,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("change", "closed_at", "called_at"),
    [
        ({"办结时间": "2025年3月3日"}, "2025-03-03 09:30", "2025-03-10 00:00"),
        ({"办结时间": date(2025, 3, 3)}, "2025-03-03 09:30", "2025-03-10 00:00"),
        ({"受理时间": "2025-03-03"}, "2025-03-03 09:40", "2025-03-10 00:00"),
        ({"回访时间": "2025年3月3日"}, "2025-03-03 09:40", "2025-03-03 09:40"),
    ],
)
def test_days_without_a_time_are_compared_as_days(
    work: Work, org: SmallOrganisation, change, closed_at: str, called_at: str
) -> None:
    """受理 2025-03-03 09:30, 办结 2025年3月3日: the first moment of that day that is not before it."""
    [inquiry] = imported(work, org, FULL | change)
    row = work.session.scalars(select(LedgerRow).where(LedgerRow.inquiry_id == inquiry.id)).one()
    assert row.closed_at is not None
    assert row.followed_up_at is not None
    told = [f"{local(at):%Y-%m-%d %H:%M}" for at in (row.closed_at, row.followed_up_at)]
    assert told == [closed_at, called_at]


@pytest.mark.parametrize(
    ("remark", "result"),
    [(None, FollowUpState.UNREACHABLE), ("总岗抽查：属实；拒绝回访", FollowUpState.REFUSED)],
)
def test_a_call_that_nobody_answered_is_one_without_a_grade(
    work: Work, org: SmallOrganisation, remark: str | None, result: FollowUpState
) -> None:
    [inquiry] = imported(work, org, FULL | {"群众满意度": None, "备注": remark})
    row = work.session.scalars(select(LedgerRow).where(LedgerRow.inquiry_id == inquiry.id)).one()
    assert (row.follow_up_result, row.follow_up_grade) == (result, None)
    assert row.followed_up_at == datetime(2025, 3, 10, tzinfo=SHANGHAI)
    assert work.session.scalars(select(Rating)).all() == []
    assert replay(work.session, [inquiry.id], apply=False).differences == []


def test_a_grade_without_a_call_counts_nowhere_and_stands_in_the_remark(
    work: Work, org: SmallOrganisation
) -> None:
    """Nobody but the citizen gives their own grade (design 5)."""
    plan = check_ledger(work, org.unit, sheet(FULL | {"回访时间": None, "备注": None}))
    assert plan.lines[0].remark == "群众满意度：满意（没有回访时间，不计入评价）"
    [inquiry] = imported(work, org, FULL | {"回访时间": None})
    assert work.session.scalars(select(Rating).where(Rating.inquiry_id == inquiry.id)).all() == []


def test_what_is_over_needs_no_first_responder(work: Work, org: SmallOrganisation) -> None:
    """So does what came to the unit's page, or from a unit beyond this one."""
    received = FULL | {"首问责任人": "区局的人", "台账行": "外单位移交"}
    cells = [[*LEDGER, "台账行"], *([row.get(label) for label in (*LEDGER, "台账行")] for row in (received,))]
    plan = check_ledger(work, org.unit, [Sheet("台账", cells, 2, frozenset())])
    assert [one.told() for one in plan.findings.problems] == []
    assert plan.lines[0].remark == "首问责任人：区局的人；总岗抽查：属实。"
    [inquiry] = imported(work, org, FULL | {"首问责任人": None})
    assert (inquiry.first_responder_id, inquiry.closed_by_id, inquiry.status) == (None, None, Status.CLOSED)


def test_lines_of_our_own_export_that_go_on_or_are_another_sections_make_no_inquiry(
    work: Work, org: SmallOrganisation
) -> None:
    long = "长" * 6000
    rows = [
        FULL | {"具体办理情况": long, "台账行": "首问"},
        {"具体办理情况": "完", "台账行": "接上行"},
        FULL | {"首问内容": "承接来的", "台账行": "承接"},
        {"具体办理情况": "也不是", "台账行": "接上行"},
    ]
    labels = [*LEDGER, "台账行"]
    cells = [labels, *([row.get(label) for label in labels] for row in rows)]
    plan = check_ledger(work, org.unit, [Sheet("台账", cells, 5, frozenset())])
    assert [one.told() for one in plan.findings.problems] == []
    assert [line.details for line in plan.lines] == [f"{long}完"]


def test_rare_characters_are_kept_and_a_phone_that_is_none_goes_into_the_remark(
    work: Work, org: SmallOrganisation
) -> None:
    [inquiry] = imported(work, org, FULL | {"服务对象": "𠮷田𪚥", "联系方式": "门卫转告"})
    assert inquiry.citizen is not None
    contact = read_contact(work.tools, inquiry.citizen)
    assert (contact.name, contact.phone) == ("𠮷田𪚥", None)
    row = work.session.scalars(select(LedgerRow).where(LedgerRow.inquiry_id == inquiry.id)).one()
    assert "remark" in row.texts


@pytest.mark.parametrize(
    ("change", "place", "text"),
    [
        ({"受理时间": None}, "受理时间", "不能空着"),
        ({"受理时间": "去年"}, "受理时间", "看不懂"),
        ({"受理时间": "2031-01-01"}, "受理时间", "晚于现在"),
        ({"首问责任人": "谁也不是"}, "首问责任人", "没有“谁也不是”"),
        (OPEN | {"首问责任人": None}, "首问责任人", "没有写首问责任人；没有办结的要由在岗的人接着办"),
        ({"首问方式": "托人"}, "首问方式", "来电、来访"),
        ({"首问类别": None}, "首问类别", "不能空着"),
        ({"首问内容": "字" * 5001}, "首问内容", "最多 5,000 字"),
        ({"科（股）室": "没有的科"}, "科（股）室", "没有“没有的科”这个科室"),
        ({"具体办理情况": None}, "具体办理情况", "要写具体办理情况"),
        ({"办结时间": "2025-03-01"}, "办结时间", "早于受理时间"),
        ({"回访时间": "2025-03-02"}, "回访时间", "早于办结时间"),
        ({"回访时间": "2025-03-02 09:00"}, "回访时间", "早于办结时间"),
        ({"办结时间": "2025-03-03 09:00"}, "办结时间", "早于受理时间"),
        ({"群众满意度": "很好"}, "群众满意度", "满意、一般、不满意"),
        ({"首问内容": "甲\x00乙"}, "首问内容", "不能保存"),
    ],
)
def test_each_mistake_is_told_with_its_place(
    work: Work, org: SmallOrganisation, change, place: str, text: str
) -> None:
    told = errors(work, org.unit, FULL, FULL | change)
    assert any(f"“台账”第 3 行“{place}”：" in one and text in one for one in told), told


def test_all_mistakes_are_told_at_once(work: Work, org: SmallOrganisation) -> None:
    told = errors(work, org.unit, *(FULL | {"首问方式": "托人", "首问类别": "闲聊"} for _ in range(3)))
    assert len(told) == 6


def test_two_people_of_one_name_have_to_be_told_apart(work: Work, org: SmallOrganisation) -> None:
    org.people["window_b"].name = org.people["window_a"].name
    work.session.flush()
    [error] = errors(work, org.unit, FULL | {"首问责任人": org.people["window_a"].name})
    assert "不止一个，请写用户名：" in error


def test_the_boxes_may_be_ticked_as_on_the_printed_form(work: Work, org: SmallOrganisation) -> None:
    ticked = {"首问方式": "来电□ 来访☑ 来信□ 局长信箱□ 政务热线□ 其他□", "群众满意度": "满意□ 一般☑ 不满意□"}
    [inquiry] = imported(work, org, FULL | ticked)
    assert inquiry.channel is Channel.VISIT
    assert work.session.scalars(select(Rating.grade)).one() is Grade.FAIR


def test_a_sheet_of_another_name_is_taken_when_it_is_the_first(work: Work, org: SmallOrganisation) -> None:
    plan = check_ledger(work, org.unit, sheet(FULL, name="分台账2025"))
    assert (plan.findings.count, len(plan.lines)) == (0, 1)
    assert check_ledger(work, org.lead, sheet(FULL)).findings.problems[0].text.startswith("这个单位还没有设")
