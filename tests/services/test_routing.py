"""Who bears an ordinary inquiry from its first moment: the post asked, the general post, the head, and never nobody."""

from __future__ import annotations

from typing import Any

import pytest

from backend.domain.errors import FieldInvalid
from backend.services.organising import create_section, create_unit, set_absence
from backend.services.routing import Bearer, bearer_of, destination_of_sign, destination_without_sign
from backend.services.work import Work
from tests.support.organisation import SmallOrganisation


def who(bearer: Bearer, org: SmallOrganisation) -> tuple[str | None, str | None]:
    """(kind of the post, name of the person)."""
    names = {person.id: name for name, person in org.people.items()}
    post = bearer.post.kind.value if bearer.post else None
    return post, names[bearer.staff.id] if bearer.staff else None


CHAIN: list[tuple[tuple[str, ...], tuple[str | None, str | None]]] = [
    ((), ("section", "window_a")),
    (("window_a",), ("section", "window_b")),
    (("window_a", "window_b"), ("section", "window_head")),
    (("window_a", "window_b", "window_head"), ("general", "general")),
    (("window_a", "window_b", "window_head", "general"), ("general", "principal")),
    (("window_a", "window_b", "window_head", "general", "principal"), ("section", None)),
]


@pytest.mark.parametrize(("absent", "expected"), CHAIN)
def test_an_inquiry_falls_to_the_next_who_is_there(
    work: Work, org: SmallOrganisation, absent, expected
) -> None:
    for name in absent:
        set_absence(work, org.people[name], starts_at=work.now)
    assert who(bearer_of(work, destination_of_sign(work.session, org.window.sign.code)), org) == expected


def test_an_inactive_post_is_passed_over(work: Work, org: SmallOrganisation) -> None:
    destination = destination_of_sign(work.session, org.window.sign.code)
    org.window.post.is_active = False
    work.session.flush()
    assert who(bearer_of(work, destination), org) == ("general", "general")
    org.window.post.is_active = True


def test_without_a_sign_the_unit_or_the_section_is_asked(work: Work, org: SmallOrganisation) -> None:
    unit, section = org.unit.id, org.business.section.id
    assert who(bearer_of(work, destination_without_sign(work.session, unit, None)), org) == (
        "general",
        "general",
    )
    asked = destination_without_sign(work.session, unit, section)
    assert who(bearer_of(work, asked), org) == ("section", "business_a")
    empty = destination_without_sign(work.session, unit, org.empty_section.id)
    assert who(bearer_of(work, empty), org) == ("general", "general")


def test_what_is_closed_or_elsewhere_cannot_be_asked(work: Work, org: SmallOrganisation) -> None:
    gone = create_section(work, org.unit, name="撤销的科室")
    gone.is_active = False
    closed = create_unit(work, name="撤销的单位", organ_type=org.unit.organ_type, measure=org.unit.measure)
    closed.is_active = False
    work.session.flush()
    cases: list[tuple[Any, Any, str]] = [
        (closed.id, None, "/unit"),
        ("0" * 32, None, "/unit"),
        (org.unit.id, gone.id, "/section"),
        (org.unit.id, org.neighbour_window.section.id, "/section"),
    ]
    for unit, section, pointer in cases:
        with pytest.raises(FieldInvalid) as refused:
            destination_without_sign(work.session, unit, section)
        assert refused.value.pointer == pointer


def test_a_unit_without_any_post_says_so(work: Work, org: SmallOrganisation) -> None:
    bare = create_unit(work, name="没有岗的单位", organ_type=org.unit.organ_type, measure=org.unit.measure)
    with pytest.raises(FieldInvalid) as refused:
        bearer_of(work, destination_without_sign(work.session, bare.id, None))
    assert (refused.value.pointer, refused.value.field_code) == ("/unit", "unit_unknown")
