"""回访 over days: invited, reminded, silent or 未送达; each once, whoever else works (泸 二（二）4, 附件1-16; E-5)."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from backend.database import reading
from backend.delivery import follow_up_duties
from backend.delivery.schedules import SCHEDULES
from backend.domain.vocabulary import Category, Channel, Grade, Outcome, Source
from backend.domain.vocabulary_contact import FollowUpMethod, FollowUpState
from backend.models import FollowUp, Inquiry, OutboxItem, StaffBinding, Unit
from backend.models.types import new_id
from backend.services.accounts import see_account
from backend.services.closing import Closing, close_inquiry
from backend.services.contacts import Contact
from backend.services.filing import NewInquiry, file_inquiry
from backend.services.follow_up_calls import Call, report_call
from backend.services.following import rate_inquiry, reopen_inquiry
from backend.services.routing import destination_of_sign
from tests.delivery.office import at
from tests.delivery.test_duties import plans

GOING = threading.Event()
INSTANT = timedelta(microseconds=1)
SURVEY, CALL = FollowUpMethod.SURVEY, FollowUpMethod.CALL
S = FollowUpState
INVITED, REMINDED, OVER = at("2026-11-25 17:30"), at("2026-11-30 17:30"), at("2026-12-24 10:30")
"""Closed on a Tuesday at 10:30: invited at Wednesday's close, reminded three working days on, over after 30 days."""
TOLD = at("2026-11-24 10:31")
"""When the message about the closing was done with, one way or the other."""


def closed(office, *, account=True, phone="13812345678", told=False):
    """An inquiry answered at 泸州's window; `told`: the message about it went out. Returns its id."""
    who = office.org.identity("lu_window_a")
    with office.office.working() as work:
        known = see_account(work, "wx0", new_id()).id if account else None
        new = NewInquiry(
            destination_of_sign(work.session, office.org.lu_window.sign.code),
            Category.CONSULT,
            "问",
            Channel.OTHER,
            Source.SIGN,
            contact=Contact(phone=phone),
            account_id=known,
        )
        inquiry = file_inquiry(work, new).inquiry
        close_inquiry(work.acting_as(who.actor), who, inquiry, Closing(Outcome.ANSWERED, "好"))
        inquiry_id = inquiry.id
    fate = {"state": "done"} if told else {"state": "failed", "problem": "no_consent"}
    with office.office.working() as work:
        work.session.execute(
            update(OutboxItem)
            .where(OutboxItem.inquiry_id == inquiry_id, OutboxItem.topic == "closed")
            .values(**fate, finished_at=TOLD)
        )
    return inquiry_id


def run(office, moment):
    office.clock.moment = moment
    follow_up_duties.follow_up(GOING)


def row(method=SURVEY):
    with reading() as session:
        return session.scalars(select(FollowUp).where(FollowUp.method == method)).one()


def sent(office):
    return [item.topic for topic in ("survey", "survey_reminder") for item in office.messages(topic)]


def mark(office, state, problem=None, topic="survey"):
    """What became of the message."""
    with office.office.working() as work:
        work.session.execute(
            update(OutboxItem).where(OutboxItem.topic == topic).values(state=state, problem=problem)
        )


def change(office, inquiry_id, act):
    with office.office.working() as work:
        act(work, work.session.get_one(Inquiry, inquiry_id, with_for_update=True))


def rate(work, inquiry):
    rate_inquiry(
        work, inquiry, grade=Grade.FAIR, comment=None, share_with_section=False, source="miniprogram"
    )


def test_the_closing_message_is_the_invitation_and_one_reminder_follows_it(office):
    """Who agreed to one message only is not 未送达: the last voucher went to the message that asks already."""
    closed(office, told=True)
    reminded = at("2026-11-27 17:30")
    for moment, state, topics in (
        (INVITED, S.WAITING, []),
        (INVITED + INSTANT, S.SENT, []),
        (reminded, S.SENT, []),
        (reminded + INSTANT, S.REMINDED, ["survey_reminder"]),
        (OVER, S.REMINDED, ["survey_reminder"]),
        (OVER + INSTANT, S.SILENT, ["survey_reminder"]),
    ):
        run(office, moment)
        assert (row().state, sent(office)) == (state, topics), moment
        mark(office, "failed", "no_consent", topic="survey_reminder")
    # As for those who were sent an invitation: before, staff would see for whom this step was left out.
    assert row().sent_at == INVITED + INSTANT


def test_while_the_closing_message_is_under_way_nothing_else_is_sent(office):
    closed(office, told=True)
    mark(office, "pending", "unreachable", topic="closed")
    run(office, INVITED + INSTANT)
    assert (row().state, row().due_at, sent(office)) == (S.WAITING, at("2026-11-26 17:30"), [])
    mark(office, "failed", "expired", topic="closed")
    run(office, at("2026-11-26 17:30") + INSTANT)
    assert (row().state, sent(office)) == (S.SENT, ["survey"])


def test_a_closing_message_that_turns_out_not_to_have_arrived_is_made_good_once(office):
    closed(office, told=True)
    run(office, INVITED + INSTANT)
    mark(office, "failed", "push_failed", topic="closed")
    for moment, state in (("2026-11-27 17:31", S.SENT), ("2026-12-02 17:31", S.UNDELIVERED)):
        run(office, at(moment))
        assert (row().state, sent(office)) == (state, ["survey"])
        mark(office, "failed", "no_consent")


def test_closed_invited_reminded_once_and_then_silent(office):
    closed(office)
    for moment, state, topics in (
        (INVITED, S.WAITING, []),
        (INVITED + INSTANT, S.SENT, ["survey"]),
        (REMINDED, S.SENT, ["survey"]),
        (REMINDED + INSTANT, S.REMINDED, ["survey", "survey_reminder"]),
        (OVER, S.REMINDED, ["survey", "survey_reminder"]),
        (OVER + INSTANT, S.SILENT, ["survey", "survey_reminder"]),
        (OVER + timedelta(days=30), S.SILENT, ["survey", "survey_reminder"]),
    ):
        run(office, moment)
        assert (row().state, sent(office)) == (state, topics), moment
        mark(office, "done")
    found = row()
    assert (found.sent_at, found.reminded_at, found.ended_at) == (
        INVITED + INSTANT,
        REMINDED + INSTANT,
        OVER + INSTANT,
    )
    for topic in ("survey", "survey_reminder"):
        (message,) = office.messages(topic)
        assert (message.recipient_kind, message.recipient_id) == ("account", found.account_id)
        assert message.payload["follow_up"] == found.id
    # Nobody answered: the call under 泸 is still to be made.
    assert row(CALL).state is S.WAITING


@pytest.mark.parametrize(
    ("state", "problem", "became"),
    [
        ("failed", "consent_refused", S.UNDELIVERED),
        ("failed", "push_failed", S.UNDELIVERED),
        # It may have arrived: nobody is called 未送达 for that.
        ("failed", "unconfirmed", S.REMINDED),
        ("done", None, S.REMINDED),
        ("pending", "unreachable", S.SENT),
        ("leased", None, S.SENT),
    ],
)
def test_what_never_arrived_is_a_state_of_its_own(office, state, problem, became):
    closed(office)
    run(office, INVITED + INSTANT)
    mark(office, state, problem)
    run(office, REMINDED + INSTANT)
    assert row().state is became
    assert len(sent(office)) == (2 if became is S.REMINDED else 1)


def test_a_message_that_stays_under_way_is_looked_at_each_working_day_and_given_up_at_the_end(office):
    closed(office)
    run(office, INVITED + INSTANT)
    run(office, REMINDED + INSTANT)
    assert row().due_at == at("2026-12-01 17:30")
    run(office, OVER - timedelta(hours=1))
    assert row().due_at == OVER
    run(office, OVER + INSTANT)
    assert (row().state, sent(office)) == (S.UNDELIVERED, ["survey"])


def test_what_was_rated_or_opened_again_is_left_in_peace(office):
    rated, reopened = closed(office), closed(office)
    change(office, rated, rate)
    change(office, reopened, lambda work, inquiry: reopen_inquiry(work, inquiry, reason="没解决"))
    for moment in (INVITED, REMINDED, OVER):
        run(office, moment + INSTANT)
    assert sent(office) == []
    with reading() as session:
        states = {(one.inquiry_id, one.method): one.state for one in session.scalars(select(FollowUp))}
    assert states == {
        (rated, SURVEY): S.ANSWERED,
        (rated, CALL): S.WAITING,
        (reopened, SURVEY): S.CANCELLED,
        (reopened, CALL): S.CANCELLED,
    }


def test_a_grade_after_the_invitation_spares_the_reminder(office):
    inquiry_id = closed(office)
    run(office, INVITED + INSTANT)
    change(office, inquiry_id, rate)
    run(office, REMINDED + INSTANT)
    assert (row().state, sent(office)) == (S.ANSWERED, ["survey"])


def test_a_wechat_that_staff_have_bound_since_is_not_invited(office):
    closed(office)
    with office.office.working() as work:
        found = work.session.scalars(select(FollowUp).where(FollowUp.method == SURVEY)).one()
        work.session.add(
            StaffBinding(
                id=new_id(),
                staff_id=office.id_of("lu_office_a"),
                account_id=found.account_id,
                bound_at=work.now,
            )
        )
    run(office, INVITED + INSTANT)
    assert (row().state, sent(office)) == (S.CANCELLED, [])


def switch_on(office):
    with office.office.working() as work:
        work.session.execute(
            update(Unit).where(Unit.id == office.org.lu_unit.id).values(survey_replaces_call=True)
        )


@pytest.mark.parametrize("is_on", [True, False])
def test_a_grade_replaces_the_call_where_the_unit_has_it_so_and_only_on_the_monday_after(office, is_on):
    inquiry_id = closed(office)
    if is_on:
        switch_on(office)
    change(office, inquiry_id, rate)
    run(office, at("2026-11-29 23:59"))
    assert row(CALL).state is S.WAITING
    run(office, at("2026-11-30 00:00"))
    assert row(CALL).state is (S.CANCELLED if is_on else S.WAITING)


def test_the_search_for_replaced_calls_begins_with_the_last_weeks_grades(office):
    """Calls that nobody makes stay open for years: none of them is gone through again and again."""
    inquiry_id = closed(office)
    switch_on(office)
    change(office, inquiry_id, rate)
    monday = at("2026-11-30 00:00")
    found = []
    for weeks in (-1, 0, 4, 5):
        with reading() as session:
            found.append(
                session.scalars(follow_up_duties.replaced_calls(monday + timedelta(weeks=weeks))).all()
            )
    assert found == [[], [inquiry_id], [inquiry_id], []]


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_replaced_calls_go_by_the_day_of_the_grade(office):
    with plans() as steps, reading() as session:
        session.scalars(follow_up_duties.replaced_calls(OVER)).all()
    assert any("ix_ratings_rated_at" in step for step in steps), steps


def test_a_call_that_was_made_in_the_meantime_stays(office):
    inquiry_id = closed(office)
    switch_on(office)
    change(office, inquiry_id, rate)
    who = office.org.identity("lu_window_a")
    change(
        office,
        inquiry_id,
        lambda work, inquiry: report_call(
            work.acting_as(who.actor), who, inquiry, Call(S.ANSWERED, Grade.SATISFIED)
        ),
    )
    run(office, at("2026-11-30 00:00"))
    assert row(CALL).state is S.ANSWERED


def test_of_two_workers_at_once_one_sends(office):
    for _ in range(5):
        closed(office)
    office.clock.moment = INVITED + INSTANT
    together = threading.Barrier(2)

    def work():
        with office.app.app_context():
            together.wait()
            follow_up_duties.follow_up(GOING)

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(work) for _ in range(2)]:
            done.result()
    assert sent(office) == ["survey"] * 5


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_of_fifty_closings_exactly_those_who_can_be_reached_are_invited(office):
    """E-5: staff cannot choose who is asked."""
    reachable = {closed(office, account=place % 3 != 0) for place in range(50) if place % 3 != 0}
    unreachable = {closed(office, account=False) for _ in range(50 - len(reachable))}
    run(office, INVITED + INSTANT)
    assert {message.inquiry_id for message in office.messages("survey")} == reachable
    assert len(office.messages("survey")) == len(reachable)
    with reading() as session:
        called = set(session.scalars(select(FollowUp.inquiry_id).where(FollowUp.method == CALL)))
    assert called == reachable | unreachable


def test_it_is_on_the_workers_list():
    found = {schedule.name: schedule for schedule in SCHEDULES}
    assert found["follow-ups"].run is follow_up_duties.follow_up
