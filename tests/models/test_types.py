"""Times are aware on the way in and out; words are words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import StatementError

from backend.domain.vocabulary import Category, Measure
from backend.models import Absence, Inquiry, Unit
from backend.models.types import new_id
from tests.support import rows

MOMENTS = [
    datetime(2026, 11, 24, 17, 30, tzinfo=ZoneInfo("Asia/Shanghai")),
    datetime(2026, 11, 24, 23, 59, 59, 999999, tzinfo=UTC),
    datetime(2026, 11, 24, 0, 0, 0, 1, tzinfo=timezone(timedelta(hours=-9, minutes=-30))),
    datetime(1999, 12, 31, 23, 59, tzinfo=UTC),
]


def test_a_naive_time_is_refused(session, office):
    with pytest.raises(StatementError, match="naive"):
        rows.absence(session, office.clerk, starts_at=datetime(2026, 11, 24))  # noqa: DTZ001


@pytest.mark.parametrize("moment", MOMENTS, ids=str)
def test_a_time_comes_back_aware_and_equal(session, office, moment):
    rows.absence(session, office.clerk, starts_at=moment)
    session.expire_all()
    stored = session.scalars(select(Absence.starts_at)).one()
    assert stored == moment
    assert stored.tzinfo is UTC


@pytest.mark.parametrize("moment", MOMENTS, ids=str)
def test_times_are_compared_as_moments(session, office, moment):
    rows.absence(session, office.clerk, starts_at=moment)
    step = timedelta(microseconds=1)
    same = moment.astimezone(ZoneInfo("Asia/Tokyo"))
    assert session.scalars(select(Absence).where(Absence.starts_at == same)).all()
    assert not session.scalars(select(Absence).where(Absence.starts_at < same)).all()
    assert session.scalars(select(Absence).where(Absence.starts_at < same + step)).all()


def test_comparing_with_a_naive_time_is_refused(session):
    with pytest.raises(StatementError, match="naive"):
        session.scalars(select(Absence).where(Absence.starts_at < datetime(2026, 11, 24)))  # noqa: DTZ001


def test_a_word_is_stored_by_its_identifier_and_comes_back_as_itself(session, office):
    session.expire_all()
    assert session.scalar(text("SELECT category FROM inquiries")) == "consult"
    assert session.scalars(select(Inquiry.category)).one() is Category.CONSULT
    assert session.scalars(select(Inquiry.category)).one().label == "咨询事项"


def test_a_word_nobody_knows_is_refused(session):
    with pytest.raises(StatementError, match="gossip"):
        rows.unit(session, measure="gossip")


def test_a_word_is_found_by_itself(session, office):
    assert len(session.scalars(select(Unit).where(Unit.measure == Measure.TAN)).all()) == 2


def test_rare_characters_are_kept(session):
    name = "𠮷田😀〇"
    unit = rows.unit(session, name=name)
    session.expire_all()
    assert unit.name == name


def test_an_id_is_32_hexadecimal_symbols_and_new():
    assert len({new_id() for _ in range(100)}) == 100
    assert all(len(one) == 32 and int(one, 16) >= 0 for one in (new_id(), new_id()))
