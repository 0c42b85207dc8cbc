"""`flask shouwen coordinator`: who settles disputes between units; `survey-replaces-call`: a switch of a unit."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from backend.models import Coordinator, Unit
from tests.support.app import Office


def run(office: Office, *arguments: str):
    return office.app.test_cli_runner().invoke(args=["shouwen", "coordinator", *arguments])


def settled(office: Office) -> dict[str, str]:
    with office.looking() as work:
        return {row.scope_unit_id: row.unit_id for row in work.session.scalars(select(Coordinator))}


def test_a_coordinator_is_set_by_name_or_id_and_can_be_replaced(office: Office) -> None:
    org = office.org
    assert run(office, "list").stdout == "还没有设定协调单位\n"
    first = run(office, "set", org.lead.name, org.lu_unit.id)
    assert (first.exit_code, first.stdout) == (
        0,
        f"已设定：{org.lead.name}及其下属单位之间的争议，由{org.lu_unit.name}裁定\n",
    )
    assert settled(office) == {org.lead.id: org.lu_unit.id}
    assert run(office, "set", org.lead.id, org.lead.id).exit_code == 0
    assert settled(office) == {org.lead.id: org.lead.id}
    assert org.lead.name in run(office, "list").stdout


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_an_unknown_unit_is_refused(office: Office) -> None:
    for arguments in (("没有这个局", office.org.lead.id), (office.org.lead.id, "没有这个局")):
        refused = run(office, "set", *arguments)
        assert (refused.exit_code, refused.stderr) == (1, "没有设定：没有“没有这个局”这个单位\n")
    assert settled(office) == {}


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_unit_says_whether_a_citizens_own_grade_replaces_the_call(office: Office) -> None:
    """泸 附件1-16 as we read it; every unit decides, and none does so by itself."""

    def switch(*arguments: str):
        runner = office.app.test_cli_runner()
        return runner.invoke(args=["shouwen", "survey-replaces-call", *arguments])

    def is_on() -> bool:
        with office.looking() as work:
            return work.session.get_one(Unit, office.org.lu_unit.id).survey_replaces_call

    assert not is_on()
    name = office.org.lu_unit.name
    assert switch(name, "on").stdout == f"已设定：{name}不再电话回访自己评价过的服务对象\n"
    assert is_on()
    assert switch(office.org.lu_unit.id, "off").exit_code == 0
    assert not is_on()
    assert switch("没有这个局", "on").exit_code == 1
    assert switch(name, "maybe").exit_code == 2
