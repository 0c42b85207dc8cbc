"""One holder at a time, from the first moment to the last."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from backend.models import Holding
from backend.models.types import new_id
from backend.services.holdings import bearers, hold, last_holding, live_holding, release
from backend.services.organising import set_absence
from backend.services.work import Work
from tests.services.desk import file, later
from tests.support.organisation import SmallOrganisation


def test_holding_ends_the_one_before_and_moves_the_inquiry_to_its_unit(
    work: Work, org: SmallOrganisation
) -> None:
    filed = file(work, org)
    assert live_holding(work.session, filed.inquiry) == filed.holding
    taken = hold(later(work, hours=1), filed.inquiry, staff=org.people["neighbour_general"])
    assert filed.holding.ended_at == taken.started_at == later(work, hours=1).now
    assert filed.inquiry.unit_id == org.neighbour.id
    assert filed.inquiry.first_unit_id == org.unit.id
    back = hold(later(work, hours=2), filed.inquiry, post=org.window.post)
    assert live_holding(work.session, filed.inquiry) == back
    assert (filed.inquiry.unit_id, back.section_id, back.staff_id) == (
        org.unit.id,
        org.window.section.id,
        None,
    )


def test_once_released_the_last_holder_is_remembered(work: Work, org: SmallOrganisation) -> None:
    filed = file(work, org)
    taken = hold(later(work, hours=1), filed.inquiry, staff=org.people["business_a"])
    release(later(work, hours=2), filed.inquiry)
    assert live_holding(work.session, filed.inquiry) is None
    assert last_holding(work.session, filed.inquiry) == taken
    release(later(work, hours=3), filed.inquiry)
    assert taken.ended_at == later(work, hours=2).now


def test_a_holding_needs_a_post_or_a_person(work: Work, org: SmallOrganisation) -> None:
    with pytest.raises(ValueError, match="a post or a person"):
        hold(work, file(work, org).inquiry)


def test_the_database_refuses_a_second_live_holder(work: Work, org: SmallOrganisation) -> None:
    filed = file(work, org)
    twin = Holding(
        id=new_id(),
        inquiry_id=filed.inquiry.id,
        unit_id=org.unit.id,
        staff_id=org.people["window_b"].id,
        round=1,
        started_at=work.now,
    )
    with pytest.raises(IntegrityError), work.session.begin_nested():
        work.session.add(twin)
    live = select(Holding.id).where(Holding.inquiry_id == filed.inquiry.id, Holding.ended_at.is_(None))
    assert work.session.scalars(live).all() == [filed.holding.id]


def test_who_acts_for_a_post_changes_with_presence(work: Work, org: SmallOrganisation) -> None:
    holding = file(work, org).holding

    def names() -> list[str]:
        known = {person.id: name for name, person in org.people.items()}
        return [known[person.id] for person in bearers(work.session, holding, work.now)]

    assert names() == ["window_a", "window_b"]
    set_absence(work, org.people["window_a"], starts_at=work.now)
    assert names() == ["window_b"]
    set_absence(work, org.people["window_b"], starts_at=work.now)
    assert names() == ["window_head"]
    set_absence(work, org.people["window_head"], starts_at=work.now)
    assert names() == []
