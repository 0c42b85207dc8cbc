from __future__ import annotations

import pytest
from sqlalchemy import delete, text, update

from backend.domain.vocabulary import Grade, RatingKind
from backend.migrations.triggers import RATING_CHANGES_ONCE, RATING_FIXED, RATINGS_KEPT
from backend.models import Rating
from tests.support import rows
from tests.support.rows import DAY, NOW

ONE_OF_A_KIND = ("ix_ratings_inquiry_id_round_kind", "ratings.inquiry_id, ratings.round, ratings.kind")


def test_a_round_has_one_rating_of_a_kind(session, office, refused):
    for kind in RatingKind:
        rows.rating(session, office.inquiry, kind=kind)
        with refused(*ONE_OF_A_KIND):
            rows.rating(session, office.inquiry, kind=kind, grade=Grade.DISSATISFIED)
        rows.rating(session, office.inquiry, kind=kind, round=2)


def test_a_rating_is_never_deleted(session, office, refused):
    rows.rating(session, office.inquiry)
    with refused(RATINGS_KEPT):
        session.execute(delete(Rating))


def test_a_grade_changes_once_and_says_when(session, office, refused):
    rating = rows.rating(session, office.inquiry)
    with refused(RATING_CHANGES_ONCE):
        session.execute(update(Rating).values(grade=Grade.FAIR))
    rating.grade, rating.changed_at = Grade.FAIR, NOW
    session.flush()
    for change in (
        {"grade": Grade.SATISFIED},
        {"grade": Grade.SATISFIED, "changed_at": NOW + DAY},
        {"grade": Grade.SATISFIED, "changed_at": None},
        {"changed_at": NOW + DAY},
        {"changed_at": None},
    ):
        with refused(RATING_CHANGES_ONCE):
            session.execute(update(Rating).values(**change))


def test_a_rating_can_be_kept_as_it_was_when_its_one_change_is_used(session, office):
    rating = rows.rating(session, office.inquiry)
    rating.changed_at, rating.is_shared_with_section = NOW, True
    session.flush()


@pytest.mark.parametrize(
    "change",
    [
        {"round": 2},
        {"kind": RatingKind.FOLLOW_UP},
        {"source": "call"},
        {"rated_at": NOW - DAY},
    ],
    ids=str,
)
def test_whose_and_which_rating_it_is_does_not_change(session, office, refused, change):
    rows.rating(session, office.inquiry)
    with refused(RATING_FIXED):
        session.execute(update(Rating).values(**change, changed_at=NOW))


def test_a_rating_does_not_move_to_another_inquiry(session, office, refused):
    rows.rating(session, office.inquiry)
    other = rows.inquiry(session, office.unit)
    with refused(RATING_FIXED):
        session.execute(update(Rating).values(inquiry_id=other.id))


def test_there_are_three_grades(session, office, refused):
    rows.rating(session, office.inquiry)
    with refused("ck_ratings_known_grade"):
        session.execute(text("UPDATE ratings SET grade = 'excellent', changed_at = rated_at"))
