"""The other system's number is sealed, found by a blind index, and committed to in the entry of the filing."""

from __future__ import annotations

import json
from datetime import timedelta

from sqlalchemy import select

from backend.domain.external_numbers import ExternalGiven
from backend.domain.times import local
from backend.models import ExternalNumber, InquiryText
from backend.services.external_numbers import external_index
from backend.services.texts import read_text
from backend.services.work import Work
from tests.services.desk import file
from tests.support.organisation import SmallOrganisation


def test_number_limit_and_basis_are_kept_and_found(work: Work, org: SmallOrganisation) -> None:
    due = work.now + timedelta(days=2)
    filed = file(work, org, external=ExternalGiven("JT-2026-001", due, "热线工单"))
    index = external_index(work.tools, "ｊｔ 2026 001")
    row = work.session.scalars(select(ExternalNumber).where(ExternalNumber.number_index == index)).one()
    assert (row.inquiry_id, row.due_at) == (filed.inquiry.id, due)
    for text_id, text in ((row.text_id, "JT-2026-001"), (row.basis_text_id, "热线工单")):
        kept = work.session.get_one(InquiryText, text_id)
        assert read_text(work.tools, filed.inquiry, kept) == text
        assert kept.sealed is not None
        assert text.encode() not in kept.sealed
    body = json.loads(filed.entry.body)
    assert {"external_no", "external_basis"} <= body["texts"].keys()
    assert body["facts"]["external_due_at"] == local(due).isoformat()


def test_it_is_no_limit_of_ours(work: Work, org: SmallOrganisation) -> None:
    """泸 sets no days, and what another system set makes no clock."""
    filed = file(
        work, org, sign=org.lu_window.sign, external=ExternalGiven("1", work.now + timedelta(days=1))
    )
    assert filed.clocks == ()


def test_without_a_number_nothing_is_said_of_it(work: Work, org: SmallOrganisation) -> None:
    body = json.loads(file(work, org).entry.body)
    assert "external_due_at" not in body["facts"]
    assert body["texts"].keys() == {"content"}
