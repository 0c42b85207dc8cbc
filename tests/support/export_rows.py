"""Valid rows about files of the ledger."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from backend import models
from backend.domain.exports import ExportFormat, ExportState
from backend.domain.ledger_scopes import LedgerScope
from tests.support.rows import NOW, insert_row


def export_request(session: Session, staff: models.Staff, **given: Any) -> models.ExportRequest:
    """A masked print of the unit's ledger that is being made."""
    defaults = {
        "unit_id": staff.unit_id,
        "scope": LedgerScope.UNIT,
        "year": 2026,
        "format": ExportFormat.PDF,
        "is_full": False,
        "requested_by_id": staff.id,
        "requested_at": NOW,
        "row_count": 3000,
        "state": ExportState.MAKING,
        "expires_at": NOW + timedelta(days=1),
        "done_count": 0,
    }
    return insert_row(session, models.ExportRequest, defaults, given)
