"""A year arrives, or is still missing: 暂定 limits counted again, however often and by whomever; the year asked for."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, time

import pytest
from sqlalchemy import select

from backend.database import reading
from backend.delivery import calendar_duties, duties
from backend.delivery.calendar_duties import Recalculated, recalculate_all
from backend.domain.vocabulary import ClockChange, ClockEnd, HandoffState, LimitBasis
from backend.models import Clock, Inquiry, OutboxItem
from backend.queries.inquiry import citizen_detail
from backend.services.calendar import OfficialDay, load_calendar
from backend.services.changing_clocks import extend_clock, pause_clocks, resume_clocks
from backend.services.clocks import StatedLimit, end_clock, running_clocks, start_stated_clock
from backend.services.holdings import live_holding
from backend.services.organising import set_absence
from backend.services.texts import store_text
from tests.delivery.office import at

GOING = threading.Event()
NEW_YEAR = at("2026-12-31 10:00")
HOLDERS = ("window_a", "window_b")


def load_next_year(office):
    """Three days off: what was due on the 4th is due on the 5th."""
    days = [OfficialDay(date(2027, 1, day), False, "元旦") for day in (1, 2, 3)]
    days += [OfficialDay(date(2027, 5, 1), False), OfficialDay(date(2027, 10, 1), False)]
    with office.office.working() as work:
        load_calendar(work.session, work.now, days, "国办发明电〔2026〕9号")


def clocks(inquiry_id):
    with reading() as session:
        query = (
            select(Clock)
            .where(Clock.inquiry_id == inquiry_id)
            .order_by(Clock.created_at, Clock.supersedes_id)
        )
        return sorted(session.scalars(query), key=lambda row: row.supersedes_id is not None)


def run(office, duty, moment):
    office.clock.set(moment)
    duty(GOING)


@pytest.fixture
def provisional(office):
    """Three consultations of the last day of the year."""
    office.clock.set(NEW_YEAR)
    return [office.file() for _ in range(3)]


def test_each_provisional_limit_is_counted_again_once(office, provisional):
    assert recalculate_all() == Recalculated(0, 0)
    load_next_year(office)
    assert recalculate_all() == Recalculated(3, 0)
    assert recalculate_all() == Recalculated(0, 0)
    for inquiry_id in provisional:
        old, new = clocks(inquiry_id)
        assert (old.end, old.due_at, old.is_provisional) == (
            ClockEnd.SUPERSEDED,
            at("2027-01-04 17:30"),
            True,
        )
        assert (new.end, new.due_at, new.is_provisional) == (None, at("2027-01-05 17:30"), False)
        assert (new.change, new.supersedes_id) == (ClockChange.CALENDAR, old.id)
    assert len(office.entries("clock_recalculated")) == 3
    told = office.messages("clock_recalculated")
    assert sorted(m.recipient_id for m in told) == sorted(office.ids_of(*HOLDERS) * 3)


def test_what_was_interrupted_is_taken_up_where_it_stopped(office, provisional, monkeypatch):
    load_next_year(office)
    stop = threading.Event()
    real = calendar_duties.recalculate_inquiry

    def then_stop(work, inquiry):
        stop.set()
        return real(work, inquiry)

    monkeypatch.setattr(calendar_duties, "recalculate_inquiry", then_stop)
    assert recalculate_all(stop) == Recalculated(1, 0)
    monkeypatch.undo()
    assert recalculate_all() == Recalculated(2, 0)


def test_one_bad_item_stops_no_other_and_is_told(office, provisional, monkeypatch):
    load_next_year(office)
    real = calendar_duties.recalculate_inquiry

    def fail_one(work, inquiry):
        if inquiry.id == provisional[1]:
            raise RuntimeError("spoiled")
        return real(work, inquiry)

    monkeypatch.setattr(calendar_duties, "recalculate_inquiry", fail_one)
    assert recalculate_all() == Recalculated(2, 1)
    monkeypatch.undo()
    assert recalculate_all() == Recalculated(1, 0)


def test_two_at_once_count_each_limit_once(office, provisional):
    load_next_year(office)
    together = threading.Barrier(2)

    def ask():
        with office.app.app_context():
            together.wait()
            return recalculate_all()

    with ThreadPoolExecutor(2) as pool:
        answers = [done.result() for done in [pool.submit(ask) for _ in range(2)]]
    assert sum(answer.changed for answer in answers) == 3
    assert sum(answer.failed for answer in answers) == 0
    assert [len(clocks(inquiry_id)) for inquiry_id in provisional] == [2, 2, 2]


def test_the_worker_finds_what_a_load_left_and_leaves_what_still_has_no_data(office, provisional):
    run(office, calendar_duties.recalculate, at("2026-12-31 11:00"))
    assert office.entries("clock_recalculated") == []
    load_next_year(office)
    run(office, calendar_duties.recalculate, at("2026-12-31 12:00"))
    run(office, calendar_duties.recalculate, at("2026-12-31 13:00"))
    assert len(office.entries("clock_recalculated")) == 3


def test_a_breach_noted_by_the_worker_is_undone_by_the_calendar(office, provisional):
    run(office, duties.note_overdue, at("2027-01-04 18:00"))
    assert len(office.facts("overdue")) == 3
    load_next_year(office)
    assert recalculate_all().changed == 3
    with office.office.working() as work:
        inquiry = work.session.get_one(Inquiry, provisional[0])
        [limit] = running_clocks(work, inquiry)
        assert not limit.is_overdue_noted
    run(office, duties.note_overdue, at("2027-01-05 17:30"))
    assert len(office.facts("overdue")) == 3
    run(office, duties.note_overdue, at("2027-01-06 09:00"))
    assert sorted(fact.at for fact in office.facts("overdue"))[3:] == [at("2027-01-05 17:30")] * 3


def facts_and_messages(office, kind):
    return [fact.at for fact in office.facts(kind)], len(office.messages(kind))


@pytest.mark.parametrize("workers", [1, 2])
def test_each_end_is_told_once_over_pause_resumption_and_extension(office, workers):
    """However late, however often, by however many workers: one warning and one breach for each end."""
    inquiry_id = office.file()
    with office.office.working() as work:
        inquiry = work.session.get_one(Inquiry, inquiry_id)
        holding = live_holding(work.session, inquiry)
        stated = StatedLimit(3, LimitBasis.LEGAL)
        start_stated_clock(work, inquiry, "handling-limit", stated, since=work.now, holding=holding)
        [consult] = [clock for clock in running_clocks(work, inquiry) if clock.duty == "answer-consult"]
        reason, _ = store_text(work, inquiry, "reason", "要请示")
        extend_clock(work, inquiry, consult, days=2, reason_text_id=reason.id)
        pause_clocks(work, inquiry)

    def work_through(moment):
        office.clock.set(at(moment))

        def one_worker():
            with office.app.app_context():
                for duty in (duties.note_near, duties.note_overdue) * 2:
                    duty(GOING)

        with ThreadPoolExecutor(workers) as pool:
            for done in [pool.submit(one_worker) for _ in range(workers)]:
                done.result()

    # The consultation was extended from the 26th to the 30th; the other limit stands still.
    work_through("2026-11-26 18:00")
    assert facts_and_messages(office, "due_soon") == ([], 0)
    work_through("2026-11-30 08:00")
    assert facts_and_messages(office, "due_soon") == ([at("2026-11-27 17:30")], 3)
    work_through("2026-12-02 09:00")
    assert facts_and_messages(office, "overdue") == ([at("2026-11-30 17:30")], 3)
    with office.office.working() as work:
        resume_clocks(work, work.session.get_one(Inquiry, inquiry_id))
    # Three days from the 2nd; the worker comes back only when all is over.
    work_through("2026-12-09 09:00")
    assert sorted(fact.at for fact in office.facts("overdue")) == [
        at("2026-11-30 17:30"),
        at("2026-12-07 17:30"),
    ]
    assert len(office.messages("overdue")) == 6
    assert len(office.facts("due_soon")) == 2
    # After an outage only the breach is news.
    assert len(office.messages("due_soon")) == 3


def asked(office):
    with reading() as session:
        rows = session.scalars(select(OutboxItem).where(OutboxItem.topic == "calendar_missing")).all()
        return [(row.recipient_id, row.payload["years"]) for row in rows]


@pytest.mark.parametrize(
    ("moment", "years"),
    [("2026-10-31 23:59:59", None), ("2026-11-01 00:00:00", [2027]), ("2027-01-01 00:00:00", [2027])],
)
def test_from_the_first_of_november_a_missing_year_is_asked_for(office, moment, years):
    run(office, calendar_duties.ask_for_calendar, at(moment))
    people = office.ids_of("overseer", "sysadmin")
    assert sorted(asked(office)) == ([(person, years) for person in people] if years else [])


def test_it_is_asked_for_once_a_day_until_it_is_there(office):
    for moment in ("2026-11-24 08:00", "2026-11-24 18:00", "2026-11-25 08:00"):
        run(office, calendar_duties.ask_for_calendar, at(moment))
    assert len(asked(office)) == 4
    load_next_year(office)
    run(office, calendar_duties.ask_for_calendar, at("2026-11-26 08:00"))
    assert len(asked(office)) == 4


def test_nobody_is_asked_who_is_away(office):
    with office.office.working() as work:
        set_absence(work, work.session.merge(office.org.people["sysadmin"]), starts_at=work.now)
    run(office, calendar_duties.ask_for_calendar, at("2026-11-24 11:00"))
    assert [person for person, _ in asked(office)] == office.ids_of("overseer")


@pytest.fixture
def offered(office):
    """An offer of the last day of the year: by weekdays it lapses on 1 January, which no calendar has yet."""
    office.clock.set(NEW_YEAR)
    inquiry_id = office.file()
    handoff_id = office.offer(inquiry_id)
    assert office.handoff(handoff_id).lapses_at == at("2027-01-01 17:30")
    return inquiry_id, handoff_id


def test_an_offer_whose_day_is_provisional_waits_one_more_working_day(office, offered):
    """系统设定 offer-silence: nobody is sent back for having been silent on a holiday."""
    _, handoff_id = offered
    for moment in ("2027-01-01 18:00", "2027-01-03 12:00", "2027-01-04 17:30"):
        run(office, duties.lapse_offers, at(moment))
        assert office.handoff(handoff_id).state is HandoffState.OFFERED
    run(office, duties.lapse_offers, at("2027-01-04 17:31"))
    assert office.handoff(handoff_id).state is HandoffState.LAPSED


def test_the_calendar_sets_the_day_on_which_an_offer_lapses(office, offered):
    """系统设定 offer-silence, counted by the official days, the limits beside it in the same entry."""
    _, handoff_id = offered
    load_next_year(office)
    assert recalculate_all() == Recalculated(1, 0)
    assert recalculate_all() == Recalculated(0, 0)
    assert office.handoff(handoff_id).lapses_at == at("2027-01-04 17:30")
    [entry] = office.entries("clock_recalculated")
    assert f'"handoff":"{handoff_id}"' in entry.body
    run(office, duties.lapse_offers, at("2027-01-04 17:30"))
    assert office.handoff(handoff_id).state is HandoffState.OFFERED
    run(office, duties.lapse_offers, at("2027-01-04 17:31"))
    assert office.handoff(handoff_id).state is HandoffState.LAPSED


def test_what_a_load_left_of_the_offers_is_taken_up_by_the_hourly_run(office, offered):
    inquiry_id, handoff_id = offered
    with office.office.working() as work:
        for clock in running_clocks(work, work.session.get_one(Inquiry, inquiry_id)):
            end_clock(work, work.session.get_one(Inquiry, inquiry_id), clock, ClockEnd.CANCELLED)
    load_next_year(office)
    run(office, calendar_duties.recalculate, at("2026-12-31 11:00"))
    assert office.handoff(handoff_id).lapses_at == at("2027-01-04 17:30")
    later = office.offer(office.file())
    run(office, calendar_duties.recalculate, at("2026-12-31 12:00"))
    assert office.handoff(later).lapses_at == at("2027-01-04 17:30")
    assert len(office.entries("clock_recalculated")) == 1


def test_hours_that_changed_since_move_no_offer(office, offered):
    """Only the calendar does; the day stays, so the moment stays."""
    _, handoff_id = offered
    days = [OfficialDay(date(2027, month, 1), False) for month in (5, 10)]
    days += [OfficialDay(date(2027, 1, 1), False)]
    with office.office.working() as work:
        load_calendar(work.session, work.now, days, "国办发明电〔2026〕9号")
    recalculate_all()
    moved = office.handoff(handoff_id).lapses_at
    with office.office.working() as work:
        work.session.merge(office.org.unit).closes_at = time(12, 0)
    recalculate_all()
    assert office.handoff(handoff_id).lapses_at == moved == at("2027-01-04 17:30")


def test_the_page_says_that_the_day_of_an_offer_is_provisional(office, offered):
    inquiry_id, _ = offered
    with office.office.looking() as work:
        inquiry = work.session.get_one(Inquiry, inquiry_id)
        assert citizen_detail(work, inquiry)["handoffs"][0]["lapses_provisional"] is True
    load_next_year(office)
    with office.office.looking() as work:
        inquiry = work.session.get_one(Inquiry, inquiry_id)
        assert citizen_detail(work, inquiry)["handoffs"][0]["lapses_provisional"] is False
    recalculate_all()
    with office.office.looking() as work:
        titles = [
            entry["title"]
            for entry in citizen_detail(work, work.session.get_one(Inquiry, inquiry_id))["timeline"]
        ]
    assert titles[-1].endswith("转交等待承接到 2027年1月1日（周五）17:30 改为 2027年1月4日（周一）17:30")
