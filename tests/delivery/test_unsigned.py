"""系统设定 unsigned-escalation: what nobody signed for is told to the head of the section, then to the general post."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import update

from backend.delivery import duties
from backend.delivery.schedules import SCHEDULES
from backend.domain.vocabulary import AboutKind, Category, Channel, PostKind, Source
from backend.models import Inquiry, Post
from backend.services.confirming import confirm_inquiry
from backend.services.filing import NewInquiry, file_inquiry
from backend.services.organising import set_absence
from backend.services.routing import destination_of_sign
from tests.delivery.office import at

GOING = threading.Event()
INSTANT = timedelta(microseconds=1)


def run(office, moment):
    office.clock.set(moment)
    duties.tell_unsigned(GOING)


def told(office):
    """Who was told, in the order of the steps; the payload names the inquiry and nobody."""
    messages = sorted(office.messages("unsigned"), key=lambda m: (m.created_at, m.dedup_key))
    names = {person.id: name for name, person in office.org.people.items()}
    return [names[m.recipient_id] for m in messages]


PACE = [
    # received on a Tuesday morning: Wednesday's close, then Thursday's
    ("2026-11-24 10:30", "2026-11-25 17:30", "2026-11-26 17:30"),
    # after hours on a Friday: over the weekend
    ("2026-11-27 20:00", "2026-11-30 17:30", "2026-12-01 17:30"),
    # on a Saturday: Monday is the next working day
    ("2026-11-28 12:00", "2026-11-30 17:30", "2026-12-01 17:30"),
    # before 国庆节; then a make-up Saturday
    ("2026-09-30 10:00", "2026-10-08 17:30", "2026-10-09 17:30"),
]


@pytest.mark.parametrize(("received", "first", "second"), PACE)
def test_the_head_is_told_first_and_the_general_post_a_working_day_later(office, received, first, second):
    office.clock.set(at(received))
    office.file()
    run(office, at(first))
    assert told(office) == []
    for moment in (at(first) + INSTANT, at(first) + INSTANT, at(second)):
        run(office, moment)
        assert told(office) == ["window_head"]
    for moment in (at(second) + INSTANT, at(second) + timedelta(days=9)):
        run(office, moment)
        assert told(office) == ["window_head", "general"]
    assert {m.payload["number"] for m in office.messages("unsigned")} != {None}


@pytest.mark.parametrize("workers", [1, 2])
def test_a_worker_that_comes_late_tells_each_once(office, workers):
    office.file()
    office.clock.set(at("2026-12-07 09:00"))

    def one_worker():
        with office.app.app_context():
            duties.tell_unsigned(GOING)

    with ThreadPoolExecutor(workers) as pool:
        for done in [pool.submit(one_worker) for _ in range(workers)]:
            done.result()
    assert sorted(told(office)) == ["general", "window_head"]


def test_what_is_signed_for_is_told_to_nobody(office):
    inquiry_id = office.file()
    who = office.org.identity("window_a")
    with office.office.working(who.actor) as work:
        inquiry = work.session.get_one(Inquiry, inquiry_id)
        confirm_inquiry(work, who, inquiry, summary=None, competent=None)
    run(office, at("2026-12-07 09:00"))
    assert told(office) == []


def test_what_is_signed_for_after_the_head_was_told_goes_no_higher(office):
    inquiry_id = office.file()
    run(office, at("2026-11-26 09:00"))
    who = office.org.identity("window_b")
    with office.office.working(who.actor) as work:
        inquiry = work.session.get_one(Inquiry, inquiry_id)
        confirm_inquiry(work, who, inquiry, summary=None, competent=None)
    run(office, at("2026-12-07 09:00"))
    assert told(office) == ["window_head"]


def test_where_the_head_is_away_the_general_post_is_told_twice(office):
    office.file()
    with office.office.working() as work:
        set_absence(work, work.session.merge(office.org.people["window_head"]), starts_at=work.now)
    run(office, at("2026-11-26 09:00"))
    assert told(office) == ["general"]
    run(office, at("2026-11-27 09:00"))
    assert told(office) == ["general", "general"]


def test_where_nobody_is_there_it_is_told_as_soon_as_somebody_is(office):
    office.file()
    with office.office.working() as work:
        work.session.execute(
            update(Post)
            .where(Post.kind == PostKind.GENERAL, Post.unit_id == office.org.unit.id)
            .values(is_active=False)
        )
    run(office, at("2026-12-07 09:00"))
    assert told(office) == ["window_head"]
    with office.office.working() as work:
        work.session.execute(update(Post).where(Post.kind == PostKind.GENERAL).values(is_active=True))
    run(office, at("2026-12-08 09:00"))
    assert told(office) == ["window_head", "general"]


def test_of_a_complaint_whom_it_is_about_never_hears(office):
    """A complaint about the section of the general post, held by 机关纪委: none of that section is told."""
    with office.office.working() as work:
        destination = destination_of_sign(work.session, office.org.general_sign.code)
        new = NewInquiry(
            destination, Category.COMPLAINT, "投诉", Channel.OTHER, Source.SIGN, about=AboutKind.SECTION
        )
        file_inquiry(work, new)
    run(office, at("2026-12-07 09:00"))
    assert "general" not in told(office)
    assert not any(name.startswith("office") for name in told(office))


def test_it_is_on_the_workers_list():
    assert duties.tell_unsigned in [schedule.run for schedule in SCHEDULES]
