"""Opinions on an inquiry's lines as staff see them, and the line each writes into the timeline (泸 附件2)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from backend.domain.clocks import date_phrase
from backend.domain.identity import Identity
from backend.domain.numbers import display_number
from backend.domain.times import local
from backend.domain.vocabulary_ledger import SignOffRole
from backend.models import Inquiry, InquiryText, Opinion, Section, Staff, Unit
from backend.queries.ledger_remarks import EXTERNAL_BASIS, EXTERNAL_NO
from backend.queries.people import ref
from backend.services.signing_off import roles_open_to
from backend.services.texts import read_text
from backend.services.work import Work

TITLES = {"signed_off": "签署意见"}
TEXT_LABELS = {"sign_off": "", "external_no": f"{EXTERNAL_NO}：", "external_basis": f"{EXTERNAL_BASIS}："}
STAFF_ONLY_TEXTS = frozenset({"external_no", "external_basis"})


def sign_off_title(event: str, facts: dict[str, Any]) -> str:
    """Whose opinion it is."""
    return f"{TITLES[event]}：{SignOffRole(facts['role']).label}意见"


def opinions_of(work: Work, identity: Identity, inquiry: Inquiry) -> dict[str, Any]:
    """For the detail: every opinion, oldest first, and in which roles this person can sign."""
    rows = work.session.scalars(
        select(Opinion).where(Opinion.inquiry_id == inquiry.id).order_by(Opinion.at, Opinion.id)
    ).all()
    latest = {(row.role, row.unit_id, row.section_id): row.id for row in rows if row.round == inquiry.round}
    return {
        "opinions": [
            _shape(work, inquiry, row)
            | {"current": latest.get((row.role, row.unit_id, row.section_id)) == row.id}
            for row in rows
        ],
        "opinion_roles": [
            {"value": role.value, "label": role.label} for role in roles_open_to(work, identity, inquiry)
        ],
    }


def sign_off_actions(work: Work, identity: Identity, inquiry: Inquiry, base: str) -> list[dict[str, Any]]:
    """签署意见, for whoever has a line to sign, open or closed."""
    if not roles_open_to(work, identity, inquiry):
        return []
    return [
        {
            "name": "sign_off",
            "label": "签署意见",
            "method": "POST",
            "href": f"{base}/opinions",
            "fields": ["role", "text"],
        }
    ]


def batch_shape(work: Work, batch_id: str) -> dict[str, Any]:
    """What was signed at one stroke: once said, and on which inquiries."""
    rows = work.session.scalars(select(Opinion).where(Opinion.batch_id == batch_id)).all()
    numbers = dict(
        work.session.execute(
            select(Inquiry.id, Inquiry.number).where(Inquiry.id.in_([row.inquiry_id for row in rows]))
        ).all()
    )
    signed = sorted(numbers[row.inquiry_id] for row in rows)
    return {
        "id": batch_id,
        "role": rows[0].role.value,
        "role_label": rows[0].role.label,
        "at": local(rows[0].at).isoformat(),
        "count": len(rows),
        "items": [{"number": number, "display_number": display_number(number)} for number in signed],
    }


def _shape(work: Work, inquiry: Inquiry, row: Opinion) -> dict[str, Any]:
    text = work.session.get_one(InquiryText, row.text_id)
    section = work.session.get(Section, row.section_id) if row.section_id else None
    return {
        "id": row.id,
        "role": row.role.value,
        "role_label": row.role.label,
        "text": read_text(work.tools, inquiry, text),
        "by": work.session.get_one(Staff, row.staff_id).name,
        "unit": ref(work.session.get_one(Unit, row.unit_id)),
        "section": ref(section),
        "round": row.round,
        "at": local(row.at).isoformat(),
        "at_text": date_phrase(row.at, work.now),
    }
