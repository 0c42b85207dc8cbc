from __future__ import annotations

import pytest

from backend.domain.vocabulary import PostKind
from tests.support import rows


@pytest.mark.parametrize("kind", [PostKind.GENERAL, PostKind.DISCIPLINE, PostKind.OVERSIGHT])
def test_a_unit_has_one_post_of_these_kinds(session, office, refused, kind):
    first = rows.post(session, office.unit, kind=kind)
    with refused("uq_posts_one_of_a_kind", "posts.unit_id, posts.kind"):
        rows.post(session, office.unit, kind=kind)
    rows.post(session, office.other_unit, kind=kind)
    first.is_active = False
    rows.post(session, office.unit, kind=kind)


def test_a_section_has_one_post(session, office, refused):
    """泸 二（二）2: 各科（股）室须明确一个首问责任岗."""
    with refused("uq_posts_one_a_section", "posts.section_id"):
        rows.post(session, office.unit, office.section)
    rows.post(session, office.unit, office.next_section)


def test_a_section_post_names_its_section_and_no_other_post_does(session, office, refused):
    with refused("ck_posts_section_post_has_section"):
        rows.post(session, office.unit, kind=PostKind.SECTION)
    with refused("ck_posts_section_post_has_section"):
        rows.post(session, office.unit, office.next_section, kind=PostKind.GENERAL)


def test_two_deputies_do_not_stand_in_the_same_place(session, office, refused):
    rows.post_deputy(session, office.post, office.clerk)
    with refused("ix_post_deputies_post_id_position", "post_deputies.post_id, post_deputies.position"):
        rows.post_deputy(session, office.post, office.colleague)
    rows.post_deputy(session, office.post, office.colleague, position=2)


def test_a_sign_code_has_16_symbols_and_is_used_once(session, office, refused):
    """泸 二（二）3, 附件1第12项, 附件1第13项: the sign of the general post and of each section's post."""
    sign = rows.sign(session, office.post)
    with refused("uq_signs_code", "signs.code"):
        rows.sign(session, office.post, code=sign.code)
    with refused("ck_signs_code_length"):
        rows.sign(session, office.post, code="0123456789ABCDE")


def test_only_a_retired_sign_has_a_successor(session, office, refused):
    successor = rows.sign(session, office.post)
    with refused("ck_signs_successor_only_when_retired"):
        rows.sign(session, office.post, successor_id=successor.id)
    rows.sign(session, office.post, successor_id=successor.id, retired_at=rows.NOW)
