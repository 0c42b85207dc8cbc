from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete, update

from backend.domain.vocabulary import AboutKind, Category, Channel, Measure, Outcome, Source, Status
from backend.migrations.triggers import (
    FILING_FIXED,
    HOLDINGS_ONLY_END,
    INQUIRIES_KEPT,
    TEXTS_KEPT,
    TEXTS_ONLY_ERASED,
)
from backend.models import Holding, Inquiry, InquiryText
from tests.support import rows
from tests.support.rows import DAY, NOW


def test_a_complaint_is_confidential_and_nothing_else_is(session, office, refused):
    for category in Category:
        wrong = category is not Category.COMPLAINT
        with refused("ck_inquiries_complaints_are_confidential"):
            rows.inquiry(session, office.unit, category=category, is_confidential=wrong)
        rows.inquiry(session, office.unit, category=category, is_confidential=not wrong)


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("ck_inquiries_closed_has_time", {"status": Status.CLOSED, "outcome": Outcome.ANSWERED}),
        ("ck_inquiries_closed_has_time", {"closed_at": NOW}),
        ("ck_inquiries_closed_has_outcome", {"status": Status.CLOSED, "closed_at": NOW}),
        ("ck_inquiries_closed_has_outcome", {"outcome": Outcome.ANSWERED}),
        ("ck_inquiries_received_not_after_recorded", {"received_at": NOW + DAY}),
        ("ck_inquiries_round_positive", {"round": 0}),
        ("ck_inquiries_version_positive", {"version": 0}),
    ],
    ids=str,
)
def test_an_inquiry_agrees_with_itself(session, office, refused, constraint, values):
    with refused(constraint):
        rows.inquiry(session, office.unit, **values)


@pytest.mark.parametrize("column", ["number", "tracking_hash"])
def test_what_finds_an_inquiry_finds_one(session, office, refused, column):
    with refused(f"uq_inquiries_{column}", f"inquiries.{column}"):
        rows.inquiry(session, office.unit, **{column: getattr(office.inquiry, column)})


def test_an_inquiry_has_one_live_holder(session, office, refused):
    with refused("uq_holdings_one_live", "holdings.inquiry_id"):
        rows.holding(session, office.inquiry, office.colleague)
    with refused("uq_holdings_one_live", "holdings.inquiry_id"):
        rows.holding(session, office.inquiry, office.post)
    office.holding.ended_at = NOW
    rows.holding(session, office.inquiry, office.colleague)


def test_an_ended_holding_does_not_come_back_to_life(session, office, refused):
    rows.holding(session, office.inquiry, office.colleague, ended_at=NOW)
    with refused(HOLDINGS_ONLY_END):
        session.execute(update(Holding).where(Holding.staff_id == office.colleague.id).values(ended_at=None))


def test_a_holding_does_not_change_hands(session, office, refused):
    with refused(HOLDINGS_ONLY_END):
        office.holding.staff_id = office.colleague.id
        session.flush()


def test_a_holder_is_a_person_or_a_post(session, office, refused):
    other = rows.inquiry(session, office.unit)
    with refused("ck_holdings_a_person_or_a_post"):
        rows.holding(session, other, office.clerk, staff_id=None)
    with refused("ck_holdings_a_person_or_a_post"):
        rows.holding(session, other, office.clerk, post_id=office.post.id)
    rows.holding(session, other, office.post)


def test_a_holding_does_not_end_before_it_starts(session, office, refused):
    with refused("ck_holdings_ends_not_before_start"):
        office.holding.ended_at = office.holding.started_at - timedelta(microseconds=1)
        session.flush()
    office.holding.ended_at = office.holding.started_at
    session.flush()


@pytest.mark.parametrize(
    "change",
    [
        {"number": "2026000000000"},
        {"received_at": NOW - DAY},
        {"occurred_at": NOW - DAY},
        {"is_late_entry": True},
        {"source": Source.WEB},
        {"measure": Measure.LU},
        {"about_kind": AboutKind.OTHER},
        {"first_section_id": None},
        {"first_responder_id": None},
    ],
    ids=str,
)
def test_the_facts_of_filing_do_not_change(session, office, refused, change):
    with refused(FILING_FIXED):
        session.execute(update(Inquiry).values(**change))


@pytest.mark.parametrize(
    "column",
    [
        "first_unit_id",
        "first_post_id",
        "sign_id",
        "registered_by_id",
        "subject_staff_id",
        "subject_section_id",
        "subject_unit_id",
    ],
)
def test_nobody_is_written_into_a_filed_inquiry(session, office, refused, column):
    others = {
        "first_unit_id": office.other_unit.id,
        "first_post_id": office.post.id,
        "sign_id": rows.sign(session, office.post).id,
        "registered_by_id": office.colleague.id,
        "subject_staff_id": office.colleague.id,
        "subject_section_id": office.next_section.id,
        "subject_unit_id": office.other_unit.id,
    }
    with refused(FILING_FIXED):
        session.execute(update(Inquiry).values({column: others[column]}))


def test_what_is_corrected_linked_anew_or_erased_can_change(session, office):
    inquiry = office.inquiry
    inquiry.channel, inquiry.category, inquiry.is_confidential = Channel.VISIT, Category.COMPLAINT, True
    session.flush()
    inquiry.tracking_hash, inquiry.tracking_generation = "new", 2
    session.flush()
    inquiry.citizen_id = rows.citizen(session).id
    session.flush()
    inquiry.citizen_id = inquiry.wrapped_key = None
    session.flush()


def test_a_text_is_never_deleted_nor_moved(session, office, refused):
    rows.inquiry_text(session, office.inquiry)
    other = rows.inquiry(session, office.unit)
    with refused(TEXTS_KEPT):
        session.execute(delete(InquiryText))
    for change in ({"inquiry_id": other.id}, {"kind": "reply"}, {"created_at": NOW + DAY}):
        with refused(TEXTS_ONLY_ERASED):
            session.execute(update(InquiryText).values(**change))


@pytest.mark.parametrize("column", ["sealed", "salt"])
def test_a_text_is_erased_and_says_nothing_else_before_or_after(session, office, refused, column):
    text = rows.inquiry_text(session, office.inquiry)
    with refused(TEXTS_ONLY_ERASED):
        setattr(text, column, b"another")
        session.flush()
    text.sealed = text.salt = None
    session.flush()
    with refused(TEXTS_ONLY_ERASED):
        setattr(text, column, b"another")
        session.flush()


def test_an_inquiry_is_never_deleted(session, office, refused):
    with refused(INQUIRIES_KEPT):
        session.execute(delete(Inquiry))


@pytest.mark.parametrize("position", [0, 7])
def test_an_inquiry_has_six_attachments_at_most(session, office, refused, position):
    with refused("ck_attachments_at_most_six"):
        rows.attachment(session, office.inquiry, rows.blob(session), position=position)


def test_an_attachment_is_of_a_kind_we_serve_and_has_its_own_place(session, office, refused):
    rows.attachment(session, office.inquiry, rows.blob(session))
    with refused("ix_attachments_inquiry_id_position", "attachments.inquiry_id, attachments.position"):
        rows.attachment(session, office.inquiry, rows.blob(session))
    with refused("ck_attachments_known_type"):
        rows.attachment(session, office.inquiry, rows.blob(session), position=2, media_type="image/svg+xml")
