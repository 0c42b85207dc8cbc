"""What the database itself refuses about copies of the ledger."""

from __future__ import annotations

import pytest

from backend.domain.exports import ExportState
from backend.domain.ledger_scopes import LedgerScope
from tests.support import rows
from tests.support.export_rows import export_request
from tests.support.rows import NOW


@pytest.mark.parametrize(
    ("check", "given"),
    [
        ("names_need_a_reason", {"is_full": True, "state": ExportState.WAITING}),
        ("names_need_a_reason", {"reason": "遮盖的不用写事由"}),
        ("names_need_leave", {"is_full": True, "reason": "核查", "state": ExportState.READY}),
        ("names_need_leave", {"is_full": True, "reason": "核查", "state": ExportState.MAKING}),
        ("decided_by_somebody", {"is_full": True, "reason": "核查", "state": ExportState.WAITING, "decided_at": NOW}),
        ("a_section_has_a_section", {"scope": LedgerScope.SECTION}),
        ("downloaded_has_time", {"state": ExportState.DOWNLOADED}),
        ("downloaded_has_time", {"downloaded_at": NOW}),
        ("no_more_than_there_are", {"done_count": 3001}),
    ],
)  # fmt: skip
def test_a_copy_that_must_not_be_is_refused(session, office, refused, check, given):
    with refused(f"ck_export_requests_{check}"):
        export_request(session, office.clerk, **given)


def test_nobody_allows_their_own_request(session, office, refused):
    own = {"decided_by_id": office.clerk.id, "decided_at": NOW}
    with refused("ck_export_requests_a_second_person"):
        export_request(session, office.clerk, is_full=True, reason="核查", state=ExportState.READY, **own)


def test_a_second_person_allows_a_copy_with_names(session, office):
    other = rows.staff(session, office.unit)
    leave = {"decided_by_id": other.id, "decided_at": NOW}
    made = export_request(
        session, office.clerk, is_full=True, reason="核查", state=ExportState.READY, **leave
    )
    assert made.decided_by_id == other.id


def test_a_masked_copy_asks_for_nobodys_leave(session, office, refused):
    other = rows.staff(session, office.unit)
    with refused("ck_export_requests_masked_needs_no_leave"):
        export_request(session, office.clerk, decided_by_id=other.id, decided_at=NOW)
