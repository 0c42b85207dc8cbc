"""Units, sections, people and posts from a workbook: every mistake at once, all or nothing, on both databases."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from backend.domain.vocabulary import PostKind, Role
from backend.models import Post, Section, Staff, Unit
from backend.services.administering import LEAD_OFFICE_REFUSED, administered
from backend.services.importing_organisation import check_organisation, make_organisation
from backend.services.leaving import deactivate_staff
from backend.services.organising import identity_of
from backend.services.presence import keepers, section_post
from backend.services.staff_accounts import make_first_password
from backend.services.work import Work
from backend.spreadsheets.terms import Sheet
from tests.support import workbooks
from tests.support.organisation import SmallOrganisation

HEADS = {
    "单位": workbooks.UNITS,
    "科室": workbooks.SECTIONS,
    "人员": workbooks.STAFF,
    "岗位": workbooks.POSTS,
}
NEW = "金坛区民政局"


def sheets(**rows: list[list[Any]]) -> list[Sheet]:
    return [
        Sheet(name, [[head.rstrip("*") for head in HEADS[name]], *lines], len(lines) + 1, frozenset())
        for name, lines in rows.items()
    ]


def whole(org: SmallOrganisation) -> list[Sheet]:
    return sheets(
        单位=[
            [f"{NEW}直溪分局", NEW, "行政", "首问负责制", "17:00", "直溪镇", "0519-80000200"],
            [NEW, org.lead.name, "行政", "首问负责制", None, "行政中心", "0519-80000201"],
        ],
        科室=[[NEW, "办公室", "科（股）室", "是"], [NEW, "婚姻登记处", "窗口", "否"]],
        人员=[
            [NEW, None, "赵局长", "mz-zhao", "公务员", None, None, "是", None],
            [NEW, None, "钱副局长", "mz-qian", "公务员", None, None, None, "办公室、婚姻登记处"],
            [NEW, "办公室", "孙主任", "mz-sun", "公务员", 13900000055.0, "是", None, None],
            [NEW, "婚姻登记处", "李𪚥", "mz-li", "聘用人员", None, None, None, None],
        ],
        岗位=[
            [NEW, "首问责任总岗", None, "一楼大厅", "0519-80000202", "mz-sun", "mz-li", None],
            [NEW, "首问责任岗", "婚姻登记处", "一楼 101 室", None, "mz-li", "mz-sun", None],
        ],
    )


def check(work: Work, org: SmallOrganisation, given: list[Sheet]):
    reach = administered(work, org.identity("sysadmin"))
    return check_organisation(work, reach, given)


def errors(work: Work, org: SmallOrganisation, given: list[Sheet]) -> list[str]:
    return [problem.told() for problem in check(work, org, given).findings.problems]


def make(work: Work, org: SmallOrganisation, given: list[Sheet]):
    plan = check(work, org, given)
    assert [problem.told() for problem in plan.findings.problems] == []
    acting = work.acting_as(org.identity("sysadmin").actor)
    findings = make_organisation(acting, plan, [make_first_password(work.tools) for _ in plan.staff])
    assert [problem.told() for problem in findings.problems] == []
    return plan


def test_a_whole_unit_comes_from_one_file_in_whatever_order(work: Work, org: SmallOrganisation) -> None:
    """泸 二（二）2, 附件1第8项, 附件1第9项, 附件1第10项, 附件1第11项."""
    plan = make(work, org, whole(org))
    assert plan.counts == {"units": 2, "sections": 2, "staff": 4, "posts": 2, "kept": 0}
    unit = work.session.scalars(select(Unit).where(Unit.name == NEW)).one()
    assert unit.parent_id == org.lead.id
    below = work.session.scalars(select(Unit).where(Unit.parent_id == unit.id)).one()
    assert str(below.closes_at) == "17:00:00"
    people = {
        one.username: one for one in work.session.scalars(select(Staff).where(Staff.unit_id == unit.id))
    }
    assert identity_of(people["mz-zhao"]).units_with(Role.PRINCIPAL_LEADER) == {unit.id}
    assert len(identity_of(people["mz-qian"]).sections_with(Role.DEPUTY_LEADER)) == 2
    assert identity_of(people["mz-sun"]).holds(Role.SECTION_HEAD, Role.GENERAL_POST)
    assert people["mz-sun"].phone_index is not None
    assert people["mz-li"].name == "李𪚥"
    assert all(one.password_is_initial for one in people.values())
    desk = work.session.scalars(select(Section).where(Section.name == "婚姻登记处")).one()
    post = section_post(work.session, desk.id)
    assert post is not None
    assert [one.username for one in keepers(work.session, post, work.now)] == ["mz-li", "mz-sun"]


def test_the_same_file_twice_makes_nothing_new(work: Work, org: SmallOrganisation) -> None:
    make(work, org, whole(org))
    again = check(work, org, whole(org))
    assert again.findings.count == 0
    assert again.counts == {"units": 0, "sections": 0, "staff": 0, "posts": 0, "kept": 10}


@pytest.mark.parametrize(
    "row",
    [
        [NEW, "婚姻登记处", "孙主任", "mz-sun", "公务员", None, "是"],
        [NEW, "办公室", "孙主任", "mz-sun", "聘用人员", None, "是"],
        [NEW, "办公室", "孙主任", "mz-sun", "公务员", None, "否"],
        [NEW, "办公室", "孙主任", "mz-sun", "公务员", None, "是", "是"],
        [NEW, None, "钱副局长", "mz-qian", "公务员", None, None, None, "办公室"],
    ],
    ids=["section", "employment", "head", "principal", "sections led"],
)
def test_of_somebody_known_already_nothing_else_is_passed_over(
    work: Work, org: SmallOrganisation, row: list[Any]
) -> None:
    """As with units and sections: what a file cannot change it says."""
    make(work, org, whole(org))
    [error] = errors(work, org, sheets(人员=[row]))
    assert "已经有这个人，科室、用工性质或者职务和表里不一样" in error


def test_the_check_writes_nothing(work: Work, org: SmallOrganisation) -> None:
    def count() -> list[int | None]:
        return [
            work.session.scalar(select(func.count()).select_from(kind))
            for kind in (Unit, Section, Staff, Post)
        ]

    before = count()
    assert check(work, org, whole(org)).row_count == 10
    assert not work.session.new
    assert count() == before


@pytest.mark.parametrize(
    ("table", "row", "told"),
    [
        ("单位", ["新局", "没有的局", "行政", "首问负责制"], "第 2 行“上级单位”：没有“没有的局”"),
        ("单位", ["新局", "泸州市自然资源和规划局", "行政", "首问负责制"], "或者不归您管"),
        ("单位", ["新局", "金坛区行政审批局", "企业", "首问负责制"], "“机关种类”：“企业”不在可选的里面"),
        ("单位", ["金坛区行政审批局", "金坛区作风建设领导小组办公室", "党委", "首问负责制"], "要改请到页面上改"),
        ("单位", ["新局", "金坛区行政审批局", "行政", "首问负责制", "下午五点"], "写成 17:30"),
        ("科室", ["没有的局", "办公室", "科（股）室"], "没有“没有的局”这个单位"),
        ("科室", ["金坛区行政审批局", "法规科", "科（股）室", "是"], "已经有专门科室：办公室"),
        ("科室", ["金坛区行政审批局", "业务科", "窗口"], "已经有这个科室"),
        ("人员", ["金坛区行政审批局", "没有的科", "王敏", "wm01", "公务员"], "没有“没有的科”这个科室"),
        ("人员", ["金坛区行政审批局", "业务科", "王敏", "王敏", "公务员"], "用户名是 3 到 32 个"),
        ("人员", ["金坛区行政审批局", "业务科", "王敏", "window-a", "公务员"], "已经有人使用"),
        ("人员", ["金坛区行政审批局", "业务科", None, "wm01", "公务员"], "“姓名”：不能空着"),
        ("人员", ["金坛区行政审批局", "业务科", "王敏", "wm01", "临时工"], "公务员、参照公务员法管理"),
        ("人员", ["金坛区行政审批局", "业务科", "王敏", "wm01", "公务员", "123"], "电话号码不对"),
        ("人员", ["金坛区行政审批局", None, "王敏", "wm01", "公务员", None, "是"], "科室负责人要写明科室"),
        ("人员", ["金坛区行政审批局", None, "王敏", "wm01", "公务员", None, None, None, "没有的科"], "分管科室"),
        ("岗位", ["金坛区行政审批局", "首问责任岗", None, None, None, "window-a"], "首问责任岗要写明科室"),
        ("岗位", ["金坛区行政审批局", "首问责任岗", "空科室", None, None, "nobody"], "没有“nobody”这个用户名"),
        ("岗位", ["金坛区行政审批局", "首问责任岗", "空科室", None, None, "lu-general"], "不是金坛区行政审批局的人"),
        ("岗位", ["金坛区行政审批局", "首问责任总岗", None, None, None, "window-a"], "已经设有这个岗"),
        ("岗位", ["金坛区作风建设领导小组办公室", "首问责任总岗", None, None, None, "sysadmin"], "不能守岗"),
        (
            "岗位",
            ["金坛区行政审批局", "首问责任岗", "空科室", None, None, "window-a", "window-a"],
            "不能既是责任人又是替岗",
        ),
    ],
)  # fmt: skip
def test_each_mistake_is_told_with_its_place(work: Work, org: SmallOrganisation, table, row, told) -> None:
    found = errors(work, org, sheets(**{table: [row]}))
    assert any(told in one for one in found), found


def test_who_left_cannot_keep_a_post(work: Work, org: SmallOrganisation) -> None:
    deactivate_staff(work, org.people["business_b"])
    row = [org.unit.name, "首问责任岗", "空科室", None, None, "business-b"]
    [error] = errors(work, org, sheets(岗位=[row]))
    assert "账号已经停用，不能守岗" in error


def test_doubles_inside_the_file_are_found(work: Work, org: SmallOrganisation) -> None:
    person = [org.unit.name, "业务科", "王敏", "wm01", "公务员"]
    section = [org.unit.name, "法规科", "科（股）室"]
    unit = ["新局", org.unit.name, "行政", "首问负责制"]
    found = errors(work, org, sheets(单位=[unit, unit], 科室=[section, section], 人员=[person, person]))
    assert len(found) == 3
    assert {one.split("：")[0] for one in found} == {
        "“单位”第 3 行“单位全称”", "“科室”第 3 行“科室”", "“人员”第 3 行“用户名”",
    }  # fmt: skip


def test_units_that_hang_on_one_another_in_a_circle_are_found(work: Work, org: SmallOrganisation) -> None:
    found = errors(
        work,
        org,
        sheets(单位=[["甲局", "乙局", "行政", "首问负责制"], ["乙局", "甲局", "行政", "首问负责制"]]),
    )
    assert len(found) == 2
    assert all("绕成了圈" in one for one in found)


def test_a_file_without_any_of_the_sheets_says_what_is_missing(work: Work, org: SmallOrganisation) -> None:
    [error] = errors(work, org, [Sheet("Sheet1", [["甲"]], 1, frozenset())])
    assert "没有“单位”“科室”“人员”“岗位”中的任何一张表" in error
    [empty] = errors(work, org, sheets(人员=[]))
    assert "一行也没有" in empty


def test_the_operator_may_make_a_unit_that_hangs_on_none(work: Work, org: SmallOrganisation) -> None:
    plan = check_organisation(work, None, sheets(单位=[["泸州市", None, "行政", "首问责任制"]]))
    assert plan.findings.count == 0
    make_organisation(work, plan, [])
    assert work.session.scalars(select(Unit).where(Unit.name == "泸州市")).one().parent_id is None
    assert PostKind.GENERAL.label == "首问责任总岗"


def test_a_file_makes_no_unit_a_lead_office_over_what_its_sender_does_not_run(
    work: Work, org: SmallOrganisation
) -> None:
    row = [org.unit.name, "牵头部门", None, None, None, "principal", None, None]
    given = sheets(岗位=[row])
    own = check_organisation(work, [org.unit.id], given)
    assert [problem.told() for problem in own.findings.problems] == [
        f"“岗位”第 2 行“岗位”：{LEAD_OFFICE_REFUSED}"
    ]
    assert own.posts == []
    for reach in (administered(work, org.identity("sysadmin")), None):
        assert len(check_organisation(work, reach, given).posts) == 1
