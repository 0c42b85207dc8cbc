from __future__ import annotations

from sqlalchemy import delete, text

from backend.domain.vocabulary import Grade, RatingKind
from backend.migrations.triggers import RATINGS_KEPT
from backend.models import Rating
from tests.support import rows

ONE_OF_A_KIND = ("ix_ratings_inquiry_id_round_kind", "ratings.inquiry_id, ratings.round, ratings.kind")


def test_a_round_has_one_rating_of_a_kind(session, office, refused):
    for kind in RatingKind:
        rows.rating(session, office.inquiry, kind=kind)
        with refused(*ONE_OF_A_KIND):
            rows.rating(session, office.inquiry, kind=kind, grade=Grade.DISSATISFIED)
        rows.rating(session, office.inquiry, kind=kind, round=2)


def test_a_grade_can_change_and_a_rating_cannot_go(session, office, refused):
    rating = rows.rating(session, office.inquiry)
    rating.grade, rating.changed_at = Grade.FAIR, rows.NOW
    session.flush()
    with refused(RATINGS_KEPT):
        session.execute(delete(Rating))


def test_a_rating_does_not_move_to_another_round_that_has_one(session, office, refused):
    rows.rating(session, office.inquiry)
    rows.rating(session, office.inquiry, round=2)
    with refused(*ONE_OF_A_KIND):
        session.execute(text("UPDATE ratings SET round = 1"))


def test_there_are_three_grades(session, office, refused):
    rows.rating(session, office.inquiry)
    with refused("ck_ratings_known_grade"):
        session.execute(text("UPDATE ratings SET grade = 'excellent'"))
