"""What the tables of the ledger refuse (泸 附件2; design 4, 5)."""

from __future__ import annotations

import pytest

from backend.domain.vocabulary import Category, Grade
from backend.domain.vocabulary_ledger import LedgerReportKind, LineKind
from tests.support import ledger_rows, rows
from tests.support.rows import NOW


def test_an_inquiry_has_one_row_a_unit_and_one_line_a_section(session, office, refused):
    ledger_rows.ledger_row(session, office.inquiry)
    ledger_rows.ledger_row(
        session, office.inquiry, kind=LineKind.CONTINUED, section_id=office.next_section.id
    )
    ledger_rows.ledger_row(
        session,
        office.inquiry,
        kind=LineKind.RECEIVED,
        unit_id=office.other_unit.id,
        section_id=office.other_section.id,
    )
    with refused("uq_ledger_rows_one_a_unit", "ledger_rows.inquiry_id, ledger_rows.unit_id"):
        ledger_rows.ledger_row(session, office.inquiry, section_id=None)
    with refused("ix_ledger_rows_inquiry_id_section_id", "ledger_rows.inquiry_id, ledger_rows.section_id"):
        ledger_rows.ledger_row(
            session, office.inquiry, kind=LineKind.CONTINUED, section_id=office.next_section.id
        )


@pytest.mark.parametrize(
    ("constraint", "change"),
    [
        ("ck_ledger_rows_continued_in_a_section", {"kind": LineKind.CONTINUED, "section_id": None}),
        ("ck_ledger_rows_complaints_are_restricted", {"is_restricted": True, "section_id": None}),
        ("ck_ledger_rows_complaints_are_restricted", {"category": Category.COMPLAINT}),
        ("ck_ledger_rows_restricted_in_no_section", {"category": Category.COMPLAINT, "is_restricted": True}),
        ("ck_ledger_rows_closed_has_outcome", {"outcome": None}),
        ("ck_ledger_rows_closed_by_a_unit", {"closing_unit_id": None}),
        ("ck_ledger_rows_follow_up_is_whole", {"followed_up_at": None}),
        ("ck_ledger_rows_follow_up_is_whole", {"follow_up_result": None}),
        ("ck_ledger_rows_grades_are_whole", {"own_grade": None}),
        ("ck_ledger_rows_grades_are_whole", {"own_shared": None}),
        ("ck_ledger_rows_grades_are_whole", {"changed_at": None}),
        (
            "ck_ledger_rows_grades_are_whole",
            {"own_grade": None, "own_shared": None, "own_rated_at": None, "changed_grade": Grade.FAIR},
        ),
    ],
)
def test_a_line_holds_together(session, office, refused, constraint, change):
    with refused(constraint):
        ledger_rows.ledger_row(session, office.inquiry, **change)


def test_the_basis_of_another_systems_limit_stands_with_the_limit(session, office, refused):
    text = rows.inquiry_text(session, office.inquiry)
    with refused("ck_external_numbers_basis_of_a_limit"):
        ledger_rows.external_number(session, text, due_at=None)


@pytest.mark.parametrize(
    ("constraint", "change"),
    [
        ("ck_ledger_reports_submitted_by_a_section", {"section_id": None}),
        ("ck_ledger_reports_submitted_by_a_section", {"kind": LedgerReportKind.SUMMARY}),
        ("ck_ledger_reports_a_period_has_days", {"ends_on": NOW.date().replace(month=1)}),
        ("ck_ledger_reports_rows_are_counted", {"row_count": -1}),
    ],
)
def test_a_report_holds_together(session, office, refused, constraint, change):
    with refused(constraint):
        ledger_rows.ledger_report(session, office.clerk, **change)
