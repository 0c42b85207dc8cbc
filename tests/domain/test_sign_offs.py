"""Who signs which line: 科室负责人意见 and 分管领导意见 (泸 附件2“科室负责人意见”、附件2“分管领导意见”)."""

from __future__ import annotations

import pytest

from backend.domain.identity import Grant, Identity
from backend.domain.sign_offs import may_sign, signs_at_all
from backend.domain.vocabulary import Role
from backend.domain.vocabulary_ledger import SignOffRole

HEAD, LEADER = SignOffRole.SECTION_HEAD, SignOffRole.DEPUTY_LEADER


def somebody(role: Role, section: str | None = None) -> Identity:
    return Identity("p", "某", "u", section, (Grant(role, "u", section),))


@pytest.mark.parametrize(
    ("who", "signs"),
    [
        # of a line in section s, of one in section t, of one in the 总台账 alone; elsewhere never
        (somebody(Role.SECTION_HEAD, "s"), {(HEAD, "s")}),
        (somebody(Role.DEPUTY_LEADER, "s"), {(LEADER, "s")}),
        (somebody(Role.PRINCIPAL_LEADER), {(LEADER, "s"), (LEADER, "t"), (LEADER, None)}),
        (somebody(Role.GENERAL_POST), {(HEAD, None)}),
        (somebody(Role.DISCIPLINE), {(HEAD, None)}),
        (somebody(Role.HANDLER, "s"), set()),
        (somebody(Role.POST_HOLDER, "s"), set()),
        (somebody(Role.OVERSEER), set()),
    ],
    ids=lambda value: value.grants[0].role.value if isinstance(value, Identity) else "",
)
def test_each_signs_the_lines_of_their_scope_in_their_own_name(who, signs):
    places = [(role, section) for role in SignOffRole for section in ("s", "t", None)]
    assert {place for place in places if may_sign(who, place[0], "u", place[1])} == signs
    assert not any(may_sign(who, role, "elsewhere", None) for role in SignOffRole)
    assert signs_at_all(who) is bool(signs)


def test_who_sees_no_inquiry_signs_none():
    both = Identity("p", "某", "u", "s", (Grant(Role.SECTION_HEAD, "u", "s"), Grant(Role.AUDITOR, "u", None)))
    assert not signs_at_all(both)
