"""What the page of a unit says is still missing of 五级责任."""

from __future__ import annotations

import pytest

from backend.domain.vocabulary import PostKind, Role
from backend.models import Staff, Unit
from backend.queries.five_levels import five_levels
from backend.services.organising import grant_role
from backend.services.posts import retire_signs, set_keepers
from backend.services.presence import section_post, unit_post
from backend.services.signs import issue_sign
from backend.services.work import Work
from backend.vault.passwords import new_totp_secret
from tests.support.app import Office

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])


def missing(work: Work, unit: Unit) -> dict[str, str]:
    """Each sentence with the item it cites."""
    return {one["text"]: one["item"] for one in five_levels(work, unit)["missing"]}


def test_the_general_post_wants_a_deputy_and_a_sign(office: Office) -> None:
    """附件1第9项, 附件1第12项: 首问责任总岗标牌."""
    with office.working() as work:
        unit = work.session.get_one(Unit, office.org.lu_unit.id)
        post = unit_post(work.session, unit.id, PostKind.GENERAL)
        assert post is not None
        assert missing(work, unit)["首问责任总岗没有替岗的人（AB 岗）。"] == "附件1第9项"
        set_keepers(
            work, post, post.holder, [work.session.get_one(Staff, office.org.people["lu_office_a"].id)]
        )
        assert "首问责任总岗没有替岗的人（AB 岗）。" not in missing(work, unit)
        assert "首问责任总岗没有岗牌。" not in missing(work, unit)
        retire_signs(work, post)
        assert missing(work, unit)["首问责任总岗没有岗牌。"] == "附件1第12项"
        issue_sign(work, post)
        assert "首问责任总岗没有岗牌。" not in missing(work, unit)


def test_every_section_wants_a_sign(office: Office) -> None:
    """附件1第13项."""
    with office.working() as work:
        unit = work.session.get_one(Unit, office.org.lu_unit.id)
        words = "不动产登记窗口的首问责任岗没有岗牌。"
        assert words not in missing(work, unit)
        post = section_post(work.session, office.org.lu_window.section.id)
        assert post is not None
        retire_signs(work, post)
        assert missing(work, unit)[words] == "附件1第13项"


def test_a_unit_of_tan_is_told_the_same_and_cites_nothing_of_lu(office: Office) -> None:
    with office.working() as work:
        unit = work.session.get_one(Unit, office.org.unit.id)
        said = missing(work, unit)
        assert "首问责任总岗没有替岗的人（AB 岗）。" in said
        assert set(said.values()) == {""}


@pytest.mark.parametrize(
    "role", [Role.PRINCIPAL_LEADER, Role.DEPUTY_LEADER, Role.OVERSEER, Role.AUDITOR, Role.SYSADMIN]
)
def test_who_can_do_most_wants_a_one_time_code(office: Office, role: Role) -> None:
    """Design 7: leaders, lead office, auditor and sysadmin sign in with two factors."""
    with office.working() as work:
        unit = work.session.get_one(Unit, office.org.unit.id)
        staff = work.session.get_one(Staff, office.org.people["discipline"].id)
        assert not any("动态口令" in one for one in missing(work, unit))
        for grant in list(staff.grants):
            work.session.delete(grant)
        work.session.flush()
        work.session.expire(staff)
        section = office.org.window.section if role is Role.DEPUTY_LEADER else None
        grant_role(work, staff, role, section=section)
        told = f"这些人要有动态口令，还没有：{staff.name}。请在人员页重置密码时勾选。"
        assert told in missing(work, unit)
        staff.totp_sealed = new_totp_secret().encode()
        work.session.flush()
        assert told not in missing(work, unit)
