"""Valid rows about running the organisation: its changes, imported files and their rows."""

from __future__ import annotations

from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from backend import models
from backend.domain.vocabulary_organisation import ChangeKind, ImportKind, ImportState
from tests.support.rows import NOW, insert_row

_numbers = count(1)


def organisation_change(session: Session, staff: models.Staff, **given: Any) -> models.OrganisationChange:
    defaults = {
        "at": NOW,
        "kind": ChangeKind.STAFF_CHANGED,
        "by_id": staff.id,
        "unit_id": staff.unit_id,
        "staff_id": staff.id,
        "facts": {"name": ["王敏", "王小敏"]},
    }
    return insert_row(session, models.OrganisationChange, defaults, given)


def import_file(session: Session, unit: models.Unit, **given: Any) -> models.ImportFile:
    """A file that is being checked."""
    defaults = {
        "kind": ImportKind.LEDGER,
        "state": ImportState.CHECKING,
        "unit_id": unit.id,
        "file_name": "2025年台账.xlsx",
        "file_index": f"{next(_numbers):064x}",
        "created_at": NOW,
        "row_count": 2,
        "done_count": 0,
        "counts": {},
        "wrapped_key": b"\x01",
        "sealed": b"\x02",
    }
    return insert_row(session, models.ImportFile, defaults, given)


def imported_row(
    session: Session, file: models.ImportFile, inquiry: models.Inquiry, **given: Any
) -> models.ImportedRow:
    number = next(_numbers)
    defaults = {
        "row_index": f"{number:064x}",
        "inquiry_id": inquiry.id,
        "import_id": file.id,
        "row_number": number,
    }
    return insert_row(session, models.ImportedRow, defaults, given)
