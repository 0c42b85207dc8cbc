"""`flask shouwen unit …`, `staff …`: the organisation from the command line, on record like everything else."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from backend.domain.vocabulary import Role
from backend.domain.vocabulary_organisation import ChangeKind
from backend.models import OrganisationChange, Staff, Unit
from tests.cli.tampering import unreadable
from tests.support.app import Office

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])

TAN = ("--organ-type", "administration", "--measure", "tan")
AT = ("--unit", "金坛区行政审批局")


def run(office: Office, *arguments: str):
    return office.app.test_cli_runner().invoke(args=["shouwen", *arguments])


def test_a_first_unit_and_its_administrator_are_made(office: Office) -> None:
    made = run(office, "unit", "create", "泸州市", "--organ-type", "administration", "--measure", "lu")
    assert made.exit_code == 0
    assert made.stdout.startswith("已新建：泸州市  ")
    person = run(office, "staff", "create", "lz-admin", "--name", "周管", "--unit", "泸州市")
    assert person.exit_code == 0
    [password] = re.findall(r"初始密码：(\S+?)（", person.stdout)
    assert run(office, "staff", "grant", "lz-admin", "sysadmin").stdout == "已授予：lz-admin 系统管理\n"
    listed = run(office, "staff", "list", "泸州市")
    assert listed.stdout == "周管  lz-admin  不在科室  系统管理\n"
    answer = office.anybody.post("/staff/sessions", {"username": "lz-admin", "password": password})
    assert answer.json["code"] == "password_change_required"
    with office.looking() as work:
        rows = work.session.scalars(
            select(OrganisationChange).where(OrganisationChange.kind == ChangeKind.ROLE_GRANTED)
        ).all()
        assert any(row.by_id is None and row.facts == {"role": "sysadmin"} for row in rows)


def test_the_tree_is_listed_with_what_hangs_below_indented(office: Office) -> None:
    lines = run(office, "unit", "list").stdout.splitlines()
    assert any(line.startswith(office.org.lead.name) for line in lines)
    assert any(line.startswith(f"  {office.org.unit.name}") for line in lines)


def test_somebody_with_open_cases_needs_an_heir(office: Office) -> None:
    """B-5."""
    number = office.file()["number"]
    body = {"to_staff": office.org.people["window_b"].id}
    assert office.act("window_head", number, "assignment", body).status_code == 200
    refused = run(office, "staff", "disable", "window-b")
    assert refused.exit_code == 1
    assert "名下还有 1 件没有办结" in refused.stderr
    assert "--reassign-to" in refused.stderr
    done = run(office, "staff", "disable", "window-b", "--reassign-to", "window-a")
    assert (done.exit_code, done.stdout) == (0, "已停用：window-b\n")
    with office.looking() as work:
        assert not work.session.get_one(Staff, office.org.people["window_b"].id).is_active


def test_moving_and_roles(office: Office) -> None:
    moved = run(office, "staff", "move", "business-b", "--unit", office.org.unit.name, "--section", "办公室")
    assert moved.exit_code == 0, moved.stderr
    assert run(office, "staff", "grant", "business-b", "section_head", "--section", "办公室").exit_code == 0
    assert run(office, "staff", "revoke", "business-b", "section_head", "--section", "办公室").exit_code == 0
    again = run(office, "staff", "revoke", "business-b", "section_head", "--section", "办公室")
    assert (again.exit_code, again.stderr) == (1, "没有做：本来就没有这个角色\n")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("unit", "close", "没有这个局"), "没有找到"),
        (("unit", "close", "金坛区作风建设领导小组办公室"), "还有下级单位"),
        (("unit", "close", "泸州市自然资源和规划局"), "在用的工作人员"),
        (
            ("unit", "create", "金坛区行政审批局", "--organ-type", "party", "--measure", "tan"),
            "已经有同名的单位",
        ),
        (("staff", "disable", "nobody"), "没有找到"),
        (("staff", "grant", "overseer", "auditor"), "不能同时担任"),
        (("staff", "grant", "window-a", "section_head"), "要写明科室"),
        (("staff", "create", "window-a", "--name", "王敏", "--unit", "金坛区行政审批局"), "已经有人使用"),
    ],
)
def test_what_a_rule_refuses_is_one_clear_line(office: Office, arguments, words) -> None:
    refused = run(office, *arguments)
    assert refused.exit_code == 1
    [line] = refused.stderr.splitlines()
    assert line.startswith("没有做：")
    assert words in line


def test_a_unit_with_open_cases_is_not_closed(office: Office) -> None:
    """B-6."""
    office.file()
    refused = run(office, "unit", "close", office.org.unit.name)
    assert (refused.exit_code, "还有没有办结的事项" in refused.stderr) == (1, True)
    with office.looking() as work:
        assert work.session.get_one(Unit, office.org.unit.id).is_active


def test_a_password_is_made_anew_with_another_secret(office: Office) -> None:
    done = run(office, "staff", "reset-password", "principal", "--totp")
    assert done.exit_code == 0
    assert re.search(r"动态口令密钥：[A-Z2-7]{32}\n", done.stdout)


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("unit", "create", "  ", *TAN), "没有做：名称：请填写内容。"),
        (("unit", "create", "局" * 81, *TAN), "没有做：名称：内容太长，最多 80 字。"),
        (
            ("unit", "create", "新的局", *TAN, "--address", "路" * 301),
            "没有做：地址：内容太长，最多 300 字。",
        ),
        (
            ("unit", "create", "新的局", *TAN, "--complaint-phone", "0" * 41),
            "没有做：投诉举报电话：内容太长，最多 40 字。",
        ),
        (("staff", "create", "zhang-san", "--name", "", *AT), "没有做：姓名：请填写内容。"),
        (
            ("staff", "create", "张 三", "--name", "张三", *AT),
            "没有做：用户名：用户名是 3 到 32 个英文字母、数字、点、横线。",
        ),
        (("staff", "create", "z" * 70, "--name", "张三", *AT), "没有做：用户名：内容太长，最多 32 字。"),
    ],
)
def test_names_are_checked_as_the_console_checks_them(office: Office, arguments, line) -> None:
    refused = run(office, *arguments)
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert refused.stderr.splitlines()[0].startswith(line)
    with office.looking() as work:
        assert work.session.scalar(select(Unit).where(Unit.name == "新的局")) is None


@pytest.mark.parametrize("arguments", [("unit", "list"), ("staff", "list", "x"), ("coordinator", "list")])
def test_a_database_that_cannot_be_read_is_one_line(office: Office, monkeypatch, arguments) -> None:
    for module in ("cli_units", "cli_organisation"):
        monkeypatch.setattr(f"backend.{module}.reading", unreadable)
    refused = run(office, *arguments)
    assert (refused.exit_code, refused.stderr) == (1, "没有列出：数据库现在读不出来或者不能写\n")


def test_the_help_says_what_each_role_is(office: Office) -> None:
    for act in ("grant", "revoke"):
        told = run(office, "staff", act, "--help").stdout
        assert all(re.search(rf"{role.value} +{role.label}\n", told) for role in Role), told


def test_a_closed_account_is_restored(office: Office) -> None:
    assert run(office, "staff", "disable", "deputy-leader").exit_code == 0
    done = run(office, "staff", "restore", "deputy-leader")
    assert (done.exit_code, done.stdout) == (0, "已恢复：deputy-leader\n")
    with office.looking() as work:
        staff = work.session.get_one(Staff, office.org.people["deputy_leader"].id)
        assert staff.is_active
        assert staff.grants == []
    for name, words in (("deputy-leader", "这个账号没有停用"), ("nobody", "没有找到")):
        refused = run(office, "staff", "restore", name)
        assert (refused.exit_code, words in refused.stderr) == (1, True)
