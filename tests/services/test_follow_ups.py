"""回访 begins with every closing, and what came of a call is put on record: 泸 二（二）4, 泸 附件1-16."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from backend.domain.errors import AlreadyFollowedUp, FieldInvalid, FollowUpNotPossible, RoleRequired
from backend.domain.vocabulary import Category, Grade, Measure, Outcome, RatingKind
from backend.domain.vocabulary_contact import FollowUpMethod, FollowUpState
from backend.models import FollowUp, Inquiry, LedgerEntry, OutboxItem, Rating, StaffBinding
from backend.models.types import new_id
from backend.queries.duties import duties_of
from backend.services.accounts import see_account
from backend.services.closing import Closing, close_inquiry, withdraw_inquiry
from backend.services.contacts import Contact
from backend.services.follow_up_calls import Call, may_call, report_call
from backend.services.follow_up_rows import cancel_follow_ups
from backend.services.following import rate_inquiry, reopen_inquiry
from backend.services.work import Work
from backend.vault.tokens import survey_token, token_hash
from tests.services.desk import file, later
from tests.support.organisation import PHONES, SmallOrganisation

PHONE = "13812345678"
SURVEY, CALL = FollowUpMethod.SURVEY, FollowUpMethod.CALL
S = FollowUpState
HOLDERS = {Measure.TAN: "window_a", Measure.LU: "lu_window_a"}


def closed(
    work: Work,
    org: SmallOrganisation,
    measure: Measure = Measure.LU,
    *,
    phone: str | None = PHONE,
    account: bool = True,
) -> Inquiry:
    """An inquiry answered at the window of a unit under the measure."""
    sign = org.lu_window.sign if measure is Measure.LU else org.window.sign
    known = see_account(work, "wx0", new_id()) if account else None
    filed = file(
        work,
        org,
        sign=sign,
        contact=Contact(phone=phone),
        account_id=known.id if known else None,
    )
    close(work, org, filed.inquiry)
    return filed.inquiry


def close(work: Work, org: SmallOrganisation, inquiry: Inquiry) -> None:
    who = org.identity(HOLDERS[inquiry.measure])
    close_inquiry(work.acting_as(who.actor), who, inquiry, Closing(Outcome.ANSWERED, "好"))


def rows(work: Work, inquiry: Inquiry) -> dict[tuple[int, FollowUpMethod], FollowUp]:
    found = work.session.scalars(select(FollowUp).where(FollowUp.inquiry_id == inquiry.id))
    return {(row.round, row.method): row for row in found}


def rate(work: Work, inquiry: Inquiry, grade: Grade = Grade.FAIR) -> None:
    rate_inquiry(work, inquiry, grade=grade, comment=None, share_with_section=False, source="tracking")


def call(work: Work, org: SmallOrganisation, inquiry: Inquiry, name: str, *what: Any) -> FollowUp:
    who = org.identity(name)
    return report_call(work.acting_as(who.actor), who, inquiry, Call(*what))[0]


@pytest.mark.parametrize(
    ("measure", "phone", "account", "methods"),
    [
        (Measure.LU, PHONE, True, {SURVEY, CALL}),
        (Measure.LU, PHONE, False, {CALL}),
        (Measure.LU, None, True, {SURVEY}),
        (Measure.LU, None, False, set()),
        (Measure.TAN, PHONE, True, {SURVEY}),
        (Measure.TAN, PHONE, False, set()),
        # A member of staff's own phone: staff rate nothing.
        (Measure.LU, PHONES["window_a"], True, set()),
    ],
)
def test_a_closing_begins_what_the_citizen_can_be_reached_by(
    work: Work, org: SmallOrganisation, measure: Measure, phone: str | None, account: bool, methods: set
) -> None:
    inquiry = closed(work, org, measure, phone=phone, account=account)
    found = rows(work, inquiry)
    assert {method for _, method in found} == methods
    desk = org.lu_window if measure is Measure.LU else org.window
    for row in found.values():
        assert (row.state, row.unit_id, row.section_id) == (S.WAITING, desk.section.unit_id, desk.section.id)


def test_the_survey_has_a_link_of_its_own_that_ends_with_the_rating_window(
    work: Work, org: SmallOrganisation
) -> None:
    inquiry = closed(work, org)
    survey, due = rows(work, inquiry)[1, SURVEY], rows(work, inquiry)[1, CALL]
    token = survey_token(work.tools.tracking_key, survey.id)
    assert len(token) == 43
    assert survey.token_hash == token_hash(token)
    assert survey.expires_at == work.now + work.tools.rating_window
    assert (survey.account_id, due.token_hash, due.expires_at) == (inquiry.account_id, None, None)
    # A Tuesday: the invitation after the next working day, the call within ten of them.
    assert survey.due_at == datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
    assert due.due_at == datetime(2026, 12, 8, 9, 30, tzinfo=UTC)
    told = select(OutboxItem.payload).where(OutboxItem.inquiry_id == inquiry.id, OutboxItem.topic == "closed")
    assert work.session.scalars(told).one()["follow_up"] == survey.id


def test_staff_are_not_asked_by_their_own_wechat_and_nobody_about_what_was_withdrawn(
    work: Work, org: SmallOrganisation
) -> None:
    account = see_account(work, "wx0", "own")
    work.session.add(
        StaffBinding(id=new_id(), staff_id=org.people["general"].id, account_id=account.id, bound_at=work.now)
    )
    own = file(work, org, sign=org.lu_window.sign, account_id=account.id).inquiry
    close(work, org, own)
    withdrawn = file(work, org, sign=org.lu_window.sign, contact=Contact(phone=PHONE)).inquiry
    withdraw_inquiry(work, withdrawn, reason=None)
    assert rows(work, own) == rows(work, withdrawn) == {}


def test_opening_again_ends_what_is_open_and_the_next_closing_begins_anew(
    work: Work, org: SmallOrganisation
) -> None:
    inquiry = closed(work, org)
    reopen_inquiry(later(work, hours=1), inquiry, reason="没解决")
    assert {row.state for row in rows(work, inquiry).values()} == {S.CANCELLED}
    with pytest.raises(FollowUpNotPossible):
        call(work, org, inquiry, "lu_general", S.ANSWERED, Grade.FAIR)
    close(later(work, hours=2), org, inquiry)
    found = rows(work, inquiry)
    assert {key for key, row in found.items() if row.ended_at is None} == {(2, SURVEY), (2, CALL)}
    cancel_follow_ups(work, inquiry)
    assert {row.state for row in rows(work, inquiry).values()} == {S.CANCELLED}


def test_the_own_grade_answers_the_survey_and_leaves_the_call(work: Work, org: SmallOrganisation) -> None:
    inquiry = closed(work, org)
    rate(later(work, minutes=1), inquiry)
    survey, due = rows(work, inquiry)[1, SURVEY], rows(work, inquiry)[1, CALL]
    rating = work.session.scalars(select(Rating).where(Rating.inquiry_id == inquiry.id)).one()
    assert (survey.state, survey.rating_id) == (S.ANSWERED, rating.id)
    assert due.state is S.WAITING
    call(work, org, inquiry, "lu_window_a", S.ANSWERED, Grade.SATISFIED)
    kinds = select(Rating.kind).where(Rating.inquiry_id == inquiry.id)
    assert set(work.session.scalars(kinds)) == {RatingKind.OWN, RatingKind.FOLLOW_UP}


def test_an_answered_call_makes_the_grade_of_the_round_once_and_moves_nothing_else(
    work: Work, org: SmallOrganisation
) -> None:
    inquiry = closed(work, org)
    before = (inquiry.version, inquiry.status, inquiry.closed_at)
    row = call(work, org, inquiry, "lu_window_a", S.ANSWERED, Grade.DISSATISFIED, "等得久")
    assert (inquiry.version, inquiry.status, inquiry.closed_at) == before
    assert (row.state, row.staff_id, row.ended_at) == (S.ANSWERED, org.people["lu_window_a"].id, work.now)
    rating = work.session.get_one(Rating, row.rating_id)
    assert (rating.kind, rating.grade, rating.source) == (
        RatingKind.FOLLOW_UP,
        Grade.DISSATISFIED,
        "call",
    )
    entry = work.session.scalars(
        select(LedgerEntry).where(LedgerEntry.inquiry_id == inquiry.id, LedgerEntry.event == "followed_up")
    ).one()
    body = json.loads(entry.body)
    assert body["facts"] == {
        "follow_up": row.id,
        "layer": "census",
        "result": "answered",
        "rating": rating.id,
        "grade": "dissatisfied",
    }
    assert set(body["texts"]) == {"said"}
    assert "等得久" not in entry.body
    for again in ((S.ANSWERED, Grade.SATISFIED), (S.REFUSED,)):
        with pytest.raises(AlreadyFollowedUp):
            call(work, org, inquiry, "lu_general", *again)


def test_a_call_that_reached_nobody_is_made_again_and_a_refusal_is_the_end(
    work: Work, org: SmallOrganisation
) -> None:
    inquiry = closed(work, org)
    assert call(work, org, inquiry, "lu_window_b", S.UNREACHABLE).state is S.UNREACHABLE
    row = call(later(work, days=1), org, inquiry, "lu_general", S.REFUSED, None, "在开会")
    assert (row.state, row.rating_id) == (S.REFUSED, None)
    with pytest.raises(AlreadyFollowedUp):
        call(work, org, inquiry, "lu_general", S.ANSWERED, Grade.SATISFIED)
    with pytest.raises(FieldInvalid):
        call(work, org, inquiry, "lu_general", S.ANSWERED)


@pytest.mark.parametrize("delay", [0, 45])
def test_under_tan_the_unit_may_call_without_having_to(
    work: Work, org: SmallOrganisation, delay: int
) -> None:
    """A late call still counts: no window of ours silences the citizen."""
    inquiry = closed(work, org, Measure.TAN)
    row = call(later(work, days=delay), org, inquiry, "discipline", S.ANSWERED, Grade.SATISFIED)
    assert (row.method, row.state) == (CALL, S.ANSWERED)
    with pytest.raises(FollowUpNotPossible):
        call(work, org, closed(work, org, Measure.TAN, phone=None), "discipline", S.REFUSED)


@pytest.mark.parametrize(
    ("measure", "callers"),
    [
        (Measure.LU, {"lu_window_a", "lu_window_b", "lu_general"}),
        (Measure.TAN, {"window_a", "window_b", "general", "discipline"}),
    ],
)
def test_the_post_the_general_post_and_discipline_call_and_nobody_else(
    work: Work, org: SmallOrganisation, measure: Measure, callers: set[str]
) -> None:
    """泸 二（二）4: 各科（股）室首问责任岗 … 进行回访; 泸 二（二）2: 总岗 … 群众回访."""
    inquiry = closed(work, org, measure)
    assert {name for name in org.people if may_call(work, org.identity(name), inquiry)} == callers
    with pytest.raises(RoleRequired):
        call(work, org, inquiry, "overseer", S.REFUSED)


def test_the_duty_of_following_up_is_met_by_the_call_and_by_a_grade_only_from_monday_on(
    work: Work, org: SmallOrganisation
) -> None:
    """Design 5: no rating changes what staff see before the week's grades are shown."""

    def duty(inquiry: Inquiry, at: Work) -> tuple[str, str | None]:
        found = next(one for one in duties_of(at, inquiry) if one["id"] == "follow-up")
        return found["state"], found["at"]

    rated, called = closed(work, org), closed(work, org)
    assert duty(rated, work) == ("owed", None)
    rate(work, rated)
    sunday, monday = (
        replace(work, now=datetime(2026, 11, 29, 15, 59, tzinfo=UTC)),
        replace(work, now=datetime(2026, 11, 29, 16, 0, tzinfo=UTC)),
    )
    assert duty(rated, sunday) == ("owed", None)
    assert duty(rated, monday) == ("met", "2026-11-30T00:00:00+08:00")
    call(work, org, called, "lu_window_a", S.UNREACHABLE)
    assert duty(called, work)[0] == "owed"
    call(work, org, called, "lu_window_a", S.ANSWERED, Grade.FAIR)
    assert duty(called, work)[0] == "met"


def test_a_complaint_is_called_about_by_those_it_is_not_about(work: Work, org: SmallOrganisation) -> None:
    filed = file(work, org, Category.COMPLAINT, sign=org.lu_window.sign, contact=Contact(phone=PHONE)).inquiry
    who = org.identity("lu_general")
    close_inquiry(work.acting_as(who.actor), who, filed, Closing(Outcome.ANSWERED, "已核实"))
    row = rows(work, filed)[1, CALL]
    assert (row.unit_id, row.section_id) == (org.lu_unit.id, None)
    assert not may_call(work, org.identity("lu_window_a"), filed)
    assert call(work, org, filed, "lu_general", S.ANSWERED, Grade.FAIR).state is S.ANSWERED
