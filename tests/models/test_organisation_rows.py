"""What the tables about running the organisation refuse."""

from __future__ import annotations

import pytest

from backend.domain.vocabulary_organisation import ImportState
from tests.support import organisation_rows, rows
from tests.support.rows import NOW


@pytest.mark.parametrize(
    ("constraint", "change"),
    [
        ("ck_imports_no_more_than_there_are", {"done_count": 3}),
        ("ck_imports_finished_when_over", {"state": ImportState.DONE, "sealed": None}),
        ("ck_imports_finished_when_over", {"finished_at": NOW, "sealed": None}),
        ("ck_imports_file_destroyed_when_over", {"state": ImportState.DROPPED, "finished_at": NOW}),
        ("ck_imports_key_while_sealed", {"wrapped_key": None}),
    ],
)
def test_an_imported_file_that_contradicts_itself_is_refused(session, office, refused, constraint, change):
    with refused(constraint):
        organisation_rows.import_file(session, office.unit, **change)


def test_a_row_of_a_ledger_makes_one_inquiry_once(session, office, refused):
    file = organisation_rows.import_file(session, office.unit)
    row = organisation_rows.imported_row(session, file, office.inquiry)
    with refused("ix_imported_rows_inquiry_id", "imported_rows.inquiry_id"):
        organisation_rows.imported_row(session, file, office.inquiry)
    another = rows.inquiry(session, office.unit)
    session.expunge(row)
    with refused("pk_imported_rows", "imported_rows.row_index"):
        organisation_rows.imported_row(session, file, another, row_index=row.row_index)
