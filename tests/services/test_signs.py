"""The life of a 岗牌, on both databases."""

from __future__ import annotations

import pytest

from backend.domain.errors import FieldInvalid, SignRetired
from backend.domain.numbers import display_sign_code, fold_sign_code
from backend.services.routing import find_sign
from backend.services.signs import issue_sign, retire_sign
from backend.services.work import Work
from tests.services.conftest import NOW
from tests.support.organisation import SmallOrganisation


def test_a_new_sign_is_found_by_its_printed_code(work: Work, org: SmallOrganisation):
    sign = issue_sign(work, org.general_post, location="二楼电梯口")
    assert fold_sign_code(sign.code) == sign.code
    assert find_sign(work.session, display_sign_code(sign.code).lower()).id == sign.id
    assert (sign.location, sign.issued_at) == ("二楼电梯口", NOW)


def test_a_sign_stands_where_its_post_is_unless_said_otherwise(work: Work, org: SmallOrganisation):
    assert issue_sign(work, org.window.post).location == org.window.post.location


def test_a_code_that_is_taken_is_drawn_again(work: Work, org: SmallOrganisation, monkeypatch):
    codes = iter([org.window.sign.code, org.office.sign.code, "0123456789ABCDEF"])
    monkeypatch.setattr("backend.services.signs.new_sign_code", lambda: next(codes))
    assert issue_sign(work, org.window.post).code == "0123456789ABCDEF"


def test_a_post_that_is_gone_gets_no_sign(work: Work, org: SmallOrganisation):
    org.window.post.is_active = False
    with pytest.raises(FieldInvalid):
        issue_sign(work, org.window.post)


def test_a_retired_sign_names_its_successor(work: Work, org: SmallOrganisation):
    successor = issue_sign(work, org.window.post)
    retire_sign(work, org.window.sign, successor)
    with pytest.raises(SignRetired) as refused:
        find_sign(work.session, org.window.sign.code)
    assert refused.value.data == {"successor_code": successor.code}


def test_a_sign_can_be_retired_without_successor(work: Work, org: SmallOrganisation):
    retire_sign(work, org.window.sign, None)
    with pytest.raises(SignRetired) as refused:
        find_sign(work.session, org.window.sign.code)
    assert refused.value.data == {"successor_code": None}


def test_a_sign_is_retired_once(work: Work, org: SmallOrganisation):
    with pytest.raises(SignRetired):
        retire_sign(work, org.retired_sign, None)


@pytest.mark.parametrize("successor", ["itself", "a retired one"])
def test_retired_signs_never_lead_in_a_circle(work: Work, org: SmallOrganisation, successor):
    other = org.window.sign if successor == "itself" else org.retired_sign
    with pytest.raises(FieldInvalid):
        retire_sign(work, org.window.sign, other)
    assert org.window.sign.retired_at is None
