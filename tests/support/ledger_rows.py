"""Valid rows of the ledger: its lines, opinions, numbers of other systems, reports."""

from __future__ import annotations

from datetime import date
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from backend import models
from backend.domain import vocabulary as v
from backend.domain.vocabulary_contact import FollowUpState
from backend.domain.vocabulary_ledger import LedgerReportKind, LineKind, SignOffRole
from backend.models.types import new_id
from tests.support import rows
from tests.support.rows import DAY, NOW, insert_row

_numbers = count(1)


def ledger_row(session: Session, inquiry: models.Inquiry, **given: Any) -> models.LedgerRow:
    """The own row of a closed inquiry that was followed up and rated, the grade changed once."""
    defaults = {
        "inquiry_id": inquiry.id,
        "unit_id": inquiry.first_unit_id,
        "section_id": inquiry.first_section_id,
        "kind": LineKind.OWN,
        "year": 2026,
        "received_at": NOW,
        "taken_at": NOW,
        "is_restricted": False,
        "is_late_entry": False,
        "channel": v.Channel.CALL,
        "source": v.Source.STAFF,
        "category": v.Category.CONSULT,
        "disposition": v.Disposition.OWN,
        "round": 1,
        "outcome": v.Outcome.ANSWERED,
        "closed_at": NOW,
        "closing_unit_id": inquiry.first_unit_id,
        "followed_up_at": NOW,
        "follow_up_result": FollowUpState.ANSWERED,
        "follow_up_grade": v.Grade.SATISFIED,
        "own_grade": v.Grade.FAIR,
        "own_shared": False,
        "own_rated_at": NOW,
        "changed_grade": v.Grade.SATISFIED,
        "changed_shared": True,
        "changed_at": NOW + DAY,
        "texts": {},
        "path": [],
    }
    return insert_row(session, models.LedgerRow, defaults, given)


def opinion(session: Session, text: models.InquiryText, staff: models.Staff, **given: Any) -> models.Opinion:
    defaults = {
        "inquiry_id": text.inquiry_id,
        "unit_id": staff.unit_id,
        "section_id": staff.section_id,
        "round": 1,
        "role": SignOffRole.SECTION_HEAD,
        "staff_id": staff.id,
        "text_id": text.id,
        "at": NOW,
        "batch_id": new_id(),
    }
    return insert_row(session, models.Opinion, defaults, given)


def external_number(session: Session, text: models.InquiryText, **given: Any) -> models.ExternalNumber:
    defaults = {
        "inquiry_id": text.inquiry_id,
        "text_id": text.id,
        "number_index": f"{next(_numbers):064x}",
        "due_at": NOW + DAY,
        "basis_text_id": text.id,
    }
    return insert_row(session, models.ExternalNumber, defaults, given)


def ledger_report(session: Session, staff: models.Staff, **given: Any) -> models.LedgerReport:
    """A submission of the person's section."""
    entry = rows.ledger_entry(session, session.get_one(models.Unit, staff.unit_id))
    defaults = {
        "kind": LedgerReportKind.SUBMISSION,
        "unit_id": staff.unit_id,
        "section_id": staff.section_id,
        "period": "2026-11",
        "starts_on": date(2026, 11, 1),
        "ends_on": date(2026, 11, 30),
        "at": NOW,
        "staff_id": staff.id,
        "row_count": 1,
        "rows_hash": f"{next(_numbers):064x}",
        "salt": b"\x01" * 16,
        "counts": {},
        "sections": [],
        "entry_id": entry.id,
    }
    return insert_row(session, models.LedgerReport, defaults, given)
