"""What the demo promises to a visitor and to whoever walks through it (design 7)."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.database import reading
from backend.demo import DemoRefused, build_demo, is_empty
from backend.demo.stories import STORIES
from backend.domain.vocabulary import (
    AboutKind,
    Category,
    DisputeLevel,
    DisputeState,
    ExternalState,
    Grade,
    HandoffKind,
    HandoffState,
    JointState,
    LimitBasis,
    Measure,
    Outcome,
    PostKind,
    Role,
    Source,
    Status,
)
from backend.domain.vocabulary_ledger import LedgerReportKind, SignOffRole
from backend.models import (
    Clock,
    Dispute,
    ExternalHandoff,
    ExternalNumber,
    Handoff,
    Holding,
    Inquiry,
    InquiryText,
    JointHandling,
    LedgerEntry,
    LedgerReport,
    Notice,
    Opinion,
    Post,
    Rating,
    Section,
    Sign,
    Staff,
    Unit,
)
from backend.services.holdings import bearers
from backend.services.presence import is_staff_present, keepers, present_handlers
from backend.services.signing_in import totp_context
from backend.services.verifying import verify_ledgers
from backend.vault.passwords import verify_password
from tests.demo.conftest import Demo
from tests.services.inquiry_ledger import check_ledger

LEADERS = {"principal_leader", "deputy_leader"}
OUTSIDERS = {"overseer", "auditor", "sysadmin"}


def _entries(demo: Demo, role: str) -> list[dict]:
    return [entry for entry in demo.handout["staff"] if role in entry["roles"]]


# The hand-out


def test_the_handout_has_signs_and_staff_and_nothing_else(demo: Demo):
    assert set(demo.handout) == {"signs", "staff"}
    assert all(set(sign) == {"code", "url", "unit", "section"} for sign in demo.handout["signs"])
    wanted = {"username", "password", "roles", "unit", "section"}
    assert all(set(entry) - {"totp_secret"} == wanted for entry in demo.handout["staff"])


def test_the_first_sign_is_a_jintan_sections_with_its_post_holder_and_a_general_post(
    demo: Demo, session: Session
):
    first = demo.handout["signs"][0]
    sign = session.scalars(select(Sign).where(Sign.code == first["code"])).one()
    assert sign.post.kind is PostKind.SECTION
    assert sign.post.unit.measure is Measure.TAN
    holders = [e for e in _entries(demo, "post_holder") if e["section"] == first["section"]]
    assert sign.post.holder is not None
    assert sign.post.holder.username in {e["username"] for e in holders if e["unit"] == first["unit"]}
    assert first["unit"] in {entry["unit"] for entry in _entries(demo, "general_post")}


def test_every_sign_handed_out_is_live_and_every_live_sign_is_handed_out(demo: Demo, session: Session):
    signs = session.scalars(select(Sign).where(Sign.retired_at.is_(None))).all()
    assert {(s["code"], s["url"], s["unit"], s["section"]) for s in demo.handout["signs"]} == {
        (
            sign.code,
            f"http://127.0.0.1:8000/s/{sign.code}",
            sign.post.unit.name,
            sign.post.section.name if sign.post.section else None,
        )
        for sign in signs
    }


def test_every_section_and_general_post_has_a_sign(session: Session):
    posts = session.scalars(select(Post).where(Post.kind.in_([PostKind.SECTION, PostKind.GENERAL]))).all()
    signed = set(session.scalars(select(Sign.post_id).where(Sign.retired_at.is_(None))))
    assert signed == {post.id for post in posts}


def test_one_sign_is_retired_with_a_live_successor(session: Session):
    retired = session.scalars(select(Sign).where(Sign.retired_at.is_not(None))).one()
    assert retired.successor is not None
    assert retired.successor.retired_at is None
    assert retired.successor.post_id == retired.post_id


def test_every_account_signs_in_as_it_is_handed_out(demo: Demo, session: Session):
    vault = demo.app.extensions["shouwen_tools"].vault
    for entry in demo.handout["staff"]:
        staff = session.scalars(select(Staff).where(Staff.username == entry["username"])).one()
        assert verify_password(staff.password_hash, entry["password"])
        secret = entry.get("totp_secret")
        assert (staff.totp_sealed is None) == (secret is None)
        if staff.totp_sealed is not None:
            assert vault.unseal_text(staff.wrapped_key, staff.totp_sealed, totp_context(staff.id)) == secret
        assert entry["unit"] == staff.unit.name
        assert entry["section"] == (staff.section.name if staff.section else None)
        assert entry["roles"] == sorted({grant.role.value for grant in staff.grants})


def test_no_password_or_secret_is_handed_out_twice(demo: Demo):
    for key in ("password", "totp_secret", "username"):
        values = [entry[key] for entry in demo.handout["staff"] if key in entry]
        assert len(set(values)) == len(values)


def test_only_present_active_accounts_are_handed_out(demo: Demo, session: Session):
    present = {
        staff.username
        for staff in session.scalars(select(Staff))
        if is_staff_present(session, staff.id, demo.now)
    }
    assert {entry["username"] for entry in demo.handout["staff"]} == present
    assert session.scalar(select(func.count()).select_from(Staff)) == len(present) + 2


def test_every_account_with_a_section_is_a_handler(demo: Demo):
    for entry in demo.handout["staff"]:
        assert ("handler" in entry["roles"]) == (entry["section"] is not None), entry


def test_leaders_and_outsiders_have_no_section_and_they_alone_a_second_factor(demo: Demo):
    for entry in demo.handout["staff"]:
        apart = bool(set(entry["roles"]) & (LEADERS | OUTSIDERS))
        assert ("totp_secret" in entry) == apart, entry
        if apart:
            assert entry["section"] is None


@pytest.mark.parametrize("role", list(Role))
def test_every_role_is_there(demo: Demo, role):
    assert _entries(demo, role.value)


def test_nobody_holds_two_of_the_split_powers(demo: Demo):
    assert all(len(set(entry["roles"]) & OUTSIDERS) <= 1 for entry in demo.handout["staff"])


# The offices


@pytest.mark.parametrize("measure", list(Measure))
def test_both_measures_have_a_tree_with_a_lead_office(session: Session, measure):
    units = session.scalars(select(Unit).where(Unit.measure == measure)).all()
    assert len(units) >= 4
    roots = [unit for unit in units if unit.parent_id is None]
    assert len(roots) == 1
    oversight = session.scalars(
        select(Post).where(Post.kind == PostKind.OVERSIGHT, Post.unit_id.in_([unit.id for unit in units]))
    ).one()
    assert oversight.holder is not None
    assert Role.OVERSEER in {grant.role for grant in oversight.holder.grants}


def test_every_unit_has_two_staffed_sections_its_posts_and_its_leaders(demo: Demo, session: Session):
    for unit in session.scalars(select(Unit)):
        sections = session.scalars(select(Section).where(Section.unit_id == unit.id)).all()
        staffed = [
            section for section in sections if len(present_handlers(session, section.id, demo.now)) >= 2
        ]
        assert len(staffed) >= 2
        assert len([section for section in sections if section.is_dedicated]) == 1
        kinds = Counter(post.kind for post in session.scalars(select(Post).where(Post.unit_id == unit.id)))
        assert (kinds[PostKind.GENERAL], kinds[PostKind.DISCIPLINE]) == (1, 1)
        assert kinds[PostKind.SECTION] == len(sections)
        roles = {role for e in demo.handout["staff"] if e["unit"] == unit.name for role in e["roles"]}
        assert roles >= {"general_post", "discipline", *LEADERS}


def test_every_post_has_a_present_keeper_and_a_desk_has_two(demo: Demo, session: Session):
    for post in session.scalars(select(Post)):
        there = keepers(session, post, demo.now)
        assert post.holder_id == there[0].id
        assert len(there) >= (2 if post.kind in {PostKind.SECTION, PostKind.GENERAL} else 1)


def test_the_general_post_sits_in_the_dedicated_section(session: Session):
    for post in session.scalars(select(Post).where(Post.kind == PostKind.GENERAL)):
        assert post.holder is not None
        assert post.holder.section is not None
        assert post.holder.section.is_dedicated


# The inquiries


def _inquiries(session: Session, *conditions) -> list[Inquiry]:
    return list(session.scalars(select(Inquiry).where(*conditions)))


def test_every_story_is_told(session: Session):
    assert len(_inquiries(session)) == len(STORIES)


@pytest.mark.parametrize("status", [Status.FILED, Status.CONFIRMED, Status.IN_HANDOFF, Status.CLOSED])
@pytest.mark.parametrize("measure", list(Measure))
def test_every_status_built_so_far_is_there_under_both_measures(session: Session, status, measure):
    assert _inquiries(session, Inquiry.status == status, Inquiry.measure == measure)


@pytest.mark.parametrize("status", [Status.AWAITING_CITIZEN, Status.JOINT])
def test_somebody_waits_for_papers_and_several_units_work_together(session: Session, status):
    """坛 六（一）, 六（三）."""
    assert _inquiries(session, Inquiry.status == status)


@pytest.mark.parametrize("outcome", list(Outcome))
def test_every_outcome_is_there(session: Session, outcome):
    assert _inquiries(session, Inquiry.outcome == outcome)


@pytest.mark.parametrize("kind", list(HandoffKind))
@pytest.mark.parametrize("state", [HandoffState.OFFERED, HandoffState.ACCEPTED])
def test_handoffs_of_both_kinds_wait_and_are_accepted(session: Session, kind, state):
    assert session.scalars(select(Handoff).where(Handoff.kind == kind, Handoff.state == state)).all()


def test_a_handoff_was_returned_with_reason_and_clause(session: Session):
    assert session.scalars(select(Handoff).where(Handoff.state == HandoffState.RETURNED)).all()


def test_waiting_offers_have_not_lapsed(demo: Demo, session: Session):
    for offer in session.scalars(select(Handoff).where(Handoff.state == HandoffState.OFFERED)):
        assert offer.lapses_at > demo.now


@pytest.mark.parametrize("grade", list(Grade))
@pytest.mark.parametrize("measure", list(Measure))
def test_every_grade_was_given_under_both_measures(session: Session, grade, measure):
    rated = select(Rating).join(Inquiry, Rating.inquiry_id == Inquiry.id)
    assert session.scalars(rated.where(Rating.grade == grade, Inquiry.measure == measure)).all()


def test_some_grades_are_shared_and_some_confidential(session: Session):
    assert set(session.scalars(select(Rating.is_shared_with_section))) == {True, False}


def test_one_inquiry_is_open_again_and_one_was_closed_again(session: Session):
    statuses = {inquiry.status for inquiry in _inquiries(session, Inquiry.round == 2)}
    assert statuses == {Status.CONFIRMED, Status.CLOSED}


def test_a_complaint_lies_with_discipline_and_one_with_the_lead_office(session: Session):
    kinds = set()
    for complaint in _inquiries(session, Inquiry.category == Category.COMPLAINT):
        holding = session.scalars(
            select(Holding).where(Holding.inquiry_id == complaint.id, Holding.ended_at.is_(None))
        ).one()
        assert holding.post is not None
        kinds.add((complaint.about_kind, holding.post.kind))
    assert kinds == {
        (AboutKind.SIGN_HOLDER, PostKind.DISCIPLINE),
        (AboutKind.SECTION, PostKind.DISCIPLINE),
        (AboutKind.UNIT, PostKind.OVERSIGHT),
    }


def test_a_late_entry_was_registered_and_closed_in_one_step(session: Session):
    late = _inquiries(session, Inquiry.is_late_entry)
    assert {inquiry.measure for inquiry in late} == set(Measure)
    for inquiry in late:
        assert inquiry.source is Source.STAFF
        assert inquiry.received_at < inquiry.recorded_at == inquiry.closed_at


def test_supplements_were_made(session: Session):
    assert session.scalars(select(InquiryText).where(InquiryText.kind == "supplement")).all()


def test_a_limit_stands_still_while_the_citizen_is_asked_for_papers(session: Session):
    """坛 六（一）; 系统设定 pause-on-notice."""
    paused = session.scalars(select(Clock).where(Clock.ended_at.is_(None), Clock.paused_at.is_not(None)))
    assert {clock.duty for clock in paused} == {"handling-limit"}


def test_the_showcase_was_told_paused_handed_over_twice_returned_and_is_handled_together(session: Session):
    joint = session.scalars(select(JointHandling)).one()
    assert joint.state is JointState.PLANNED
    states = session.scalars(select(Handoff.state).where(Handoff.inquiry_id == joint.inquiry_id))
    assert sorted(states) == [HandoffState.ACCEPTED, HandoffState.RETURNED]
    assert session.scalars(select(Notice).where(Notice.inquiry_id == joint.inquiry_id)).one().received_at


def test_a_letter_was_served_and_its_result_came_back(session: Session):
    """坛 六（四）; 泸 二（二）2 负责到底."""
    letter = session.scalars(select(ExternalHandoff)).one()
    assert letter.state is ExternalState.SERVED
    assert letter.result_at is not None


def test_after_the_third_refusal_somebody_has_to_decide(session: Session):
    """系统设定 third-refusal."""
    dispute = session.scalars(select(Dispute)).one()
    assert (dispute.state, dispute.level) == (DisputeState.OPEN, DisputeLevel.GENERAL_POST)


# Limits, holders, ledger


def test_exactly_one_limit_is_missed_while_running_and_one_is_nearly_due(demo: Demo, session: Session):
    running = session.scalars(
        select(Clock).where(Clock.ended_at.is_(None), Clock.duty == "answer-consult")
    ).all()
    overdue = [clock for clock in running if clock.due_at < demo.now]
    near = [
        clock
        for clock in running
        if clock.due_soon_at is not None and clock.due_soon_at <= demo.now <= clock.due_at
    ]
    assert len(overdue) == 1
    assert near
    assert len(running) > len(overdue) + len(near)


def test_every_limit_that_has_ended_was_kept(session: Session):
    ended = session.scalars(select(Clock).where(Clock.ended_at.is_not(None))).all()
    assert ended
    assert all(clock.ended_at <= clock.due_at for clock in ended if clock.ended_at)


def test_no_limit_runs_without_its_bearer_and_no_consultation_of_jintan_without_its_limit(session: Session):
    for clock in session.scalars(select(Clock)):
        assert clock.bearer_unit_id
        assert clock.quote
    consults = _inquiries(session, Inquiry.category == Category.CONSULT, Inquiry.measure == Measure.TAN)
    for inquiry in consults:
        clocks = session.scalars(
            select(Clock).where(Clock.inquiry_id == inquiry.id, Clock.round == inquiry.round)
        ).all()
        assert "answer-consult" in {clock.duty for clock in clocks}
        assert any(clock.ended_at is None for clock in clocks) == (inquiry.status is not Status.CLOSED)


def test_luzhou_has_no_limits_but_what_a_unit_promised_itself(session: Session):
    """泸: the 方案 sets no days; a unit may record its 承诺时限."""
    limits = session.scalars(select(Clock).where(Clock.measure == Measure.LU)).all()
    assert {limit.duty for limit in limits} == {"unit-promise"}
    assert {limit.basis_kind for limit in limits} == {LimitBasis.PROMISED}


def test_every_open_inquiry_has_one_holder_who_is_there(demo: Demo, session: Session):
    for inquiry in _inquiries(session):
        assert inquiry.first_responder_id
        live = session.scalars(
            select(Holding).where(Holding.inquiry_id == inquiry.id, Holding.ended_at.is_(None))
        ).all()
        assert len(live) == (inquiry.status is not Status.CLOSED)
        for holding in live:
            there = bearers(session, holding, demo.now)
            assert there
            assert all(is_staff_present(session, person.id, demo.now) for person in there)


def test_every_chain_verifies(demo: Demo):
    with demo.app.app_context(), reading() as fresh:
        reports = verify_ledgers(fresh, demo.app.extensions["shouwen_tools"].signer)
    assert reports
    assert [report for report in reports if not report.is_whole] == []
    assert sum(report.entries for report in reports) > 100


def test_no_chain_goes_back_in_time_or_ahead_of_now(demo: Demo, session: Session):
    entries = select(LedgerEntry).order_by(LedgerEntry.unit_id, LedgerEntry.sequence)
    last: dict[str, object] = {}
    for entry in session.scalars(entries):
        assert last.get(entry.unit_id, entry.recorded_at) <= entry.recorded_at <= demo.now  # type: ignore[operator]
        last[entry.unit_id] = entry.recorded_at


def test_the_ledger_says_what_the_log_and_the_inquiries_say(session: Session):
    """泸 二（二）4."""
    for inquiry in _inquiries(session):
        check_ledger(session, inquiry.id)


def test_lines_are_signed_a_section_submitted_and_the_unit_is_summed_up(session: Session):
    """泸 附件2, 二（二）4: the sections that have not submitted are named."""
    assert {row.role for row in session.scalars(select(Opinion))} == set(SignOffRole)
    kinds = {report.kind: report for report in session.scalars(select(LedgerReport))}
    assert kinds.keys() == set(LedgerReportKind)
    summary = kinds[LedgerReportKind.SUMMARY]
    assert [part for part in summary.sections if part["submission"]]
    assert [part for part in summary.sections if not part["submission"]]
    assert session.scalars(select(ExternalNumber)).one().due_at is not None


# When it is built


def test_a_second_build_is_refused_and_changes_nothing(demo: Demo, session: Session):
    before = session.scalar(select(func.count()).select_from(LedgerEntry))
    assert not is_empty(session)
    with pytest.raises(DemoRefused):
        build_demo(demo.app)
    with reading() as fresh:
        assert fresh.scalar(select(func.count()).select_from(LedgerEntry)) == before


def test_production_gets_no_demo(demo: Demo, session: Session, monkeypatch):
    settings = demo.app.extensions["shouwen_settings"]
    monkeypatch.setitem(demo.app.extensions, "shouwen_settings", replace(settings, production=True))
    with pytest.raises(DemoRefused, match="production"):
        build_demo(demo.app)
