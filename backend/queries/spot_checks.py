"""抽查 as staff of the unit see it, and as the ledger's 备注 notes it (泸 附件2); the chain's entries are read, nothing else."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.domain.clocks import date_phrase
from backend.domain.identity import Identity
from backend.domain.ledger_form import moment_text
from backend.domain.times import local
from backend.domain.vocabulary import Grade, Status
from backend.domain.vocabulary_contact import FollowUpState, SpotCheckBy, SpotCheckMethod
from backend.models import Inquiry, InquiryText, LedgerEntry, Staff
from backend.queries.people import ref
from backend.services.spot_checks import FINDING, partners, ways_to_check
from backend.services.texts import read_text
from backend.services.work import Work

EVENT = "spot_checked"
TITLES = {EVENT: "抽查"}
TEXT_LABELS = {FINDING: ""}
UNIT_ONLY_TEXTS = frozenset({FINDING})
"""Read in the panel and in 备注 by staff of the unit; those of others and the citizen do not see it."""
NEEDS_RECTIFICATION = "需要整改"


class Recorded(NamedTuple):
    """One check as its entry has it."""

    inquiry_id: str | None
    unit_id: str
    at: datetime
    round: int
    staff_id: str
    with_staff: str | None
    by: SpotCheckBy
    how: SpotCheckMethod
    result: FollowUpState | None
    grade: Grade | None
    finding_id: str | None
    needs_rectification: bool


def recorded_checks(session: Session, inquiry_ids: Collection[str]) -> list[Recorded]:
    """The checks of these inquiries, oldest first."""
    rows = session.execute(
        select(LedgerEntry.inquiry_id, LedgerEntry.unit_id, LedgerEntry.recorded_at, LedgerEntry.body)
        .where(LedgerEntry.inquiry_id.in_(inquiry_ids), LedgerEntry.event == EVENT, ~LedgerEntry.is_mirror)
        .order_by(LedgerEntry.recorded_at, LedgerEntry.sequence)
    )
    return [_recorded(found, unit_id, at, json.loads(body)) for found, unit_id, at, body in rows]


def _recorded(inquiry_id: str | None, unit_id: str, at: datetime, body: dict[str, Any]) -> Recorded:
    facts, finding = body["facts"], body.get("texts", {}).get(FINDING)
    return Recorded(
        inquiry_id,
        unit_id,
        at,
        body["round"],
        body["actor"]["id"],
        facts.get("with"),
        SpotCheckBy(facts["by"]),
        SpotCheckMethod(facts["how"]),
        FollowUpState(facts["result"]) if "result" in facts else None,
        Grade(facts["grade"]) if "grade" in facts else None,
        finding["id"] if finding else None,
        facts["needs_rectification"],
    )


def remark_of(check: Recorded, finding: str | None) -> str:
    """What 备注 says of it: when, by whom and how, what the citizen said, what was found, whether 整改 is called for."""
    said = [check.result.label] if check.result else []
    said += [check.grade.label] if check.grade else []
    said += [finding] if finding is not None else []
    said += [NEEDS_RECTIFICATION] if check.needs_rectification else []
    return f"{moment_text(check.at)} {check.by.label}抽查（{check.how.label}）：{'，'.join(said)}"


def spot_check_title(event: str, facts: dict[str, Any]) -> str:
    """By whom; what came of it stays in the unit."""
    return f"{TITLES[event]}：{SpotCheckBy(facts['by']).label}"


def spot_checks_of(work: Work, identity: Identity, inquiry: Inquiry) -> dict[str, Any]:
    """For the detail: the checks the person's own unit made, oldest first; as what the person can check, and with whom."""
    checks = [c for c in recorded_checks(work.session, [inquiry.id]) if c.unit_id == identity.unit_id]
    ways = ways_to_check(work, identity, inquiry) if inquiry.status is Status.CLOSED else []
    others = partners(work, identity, inquiry) if SpotCheckBy.JOINT in ways else []
    return {
        "spot_checks": [_shape(work, inquiry, check) for check in checks],
        "spot_check_ways": [{"value": way.value, "label": way.label} for way in ways],
        "spot_check_partners": [ref(person) for person in others],
    }


def spot_check_actions(work: Work, identity: Identity, inquiry: Inquiry, base: str) -> list[dict[str, Any]]:
    """登记抽查, for the two posts, of what is closed and was not theirs."""
    if inquiry.status is not Status.CLOSED or not ways_to_check(work, identity, inquiry):
        return []
    return [
        {
            "name": "spot_check",
            "label": "登记抽查",
            "method": "POST",
            "href": f"{base}/spot-checks",
            "fields": ["by", "with_staff", "how", "result", "grade", "finding", "needs_rectification"],
        }
    ]


def _shape(work: Work, inquiry: Inquiry, check: Recorded) -> dict[str, Any]:
    finding = work.session.get(InquiryText, check.finding_id) if check.finding_id else None
    people = [work.session.get_one(Staff, one) for one in (check.staff_id, check.with_staff) if one]
    return {
        "by": check.by.value,
        "by_label": check.by.label,
        "people": [ref(person) for person in people],
        "how": check.how.value,
        "how_label": check.how.label,
        "result": check.result.value if check.result else None,
        "result_label": check.result.label if check.result else None,
        "grade": check.grade.value if check.grade else None,
        "grade_label": check.grade.label if check.grade else None,
        "finding": read_text(work.tools, inquiry, finding) if finding else None,
        "needs_rectification": check.needs_rectification,
        "round": check.round,
        "at": local(check.at).isoformat(),
        "at_text": date_phrase(check.at, work.now),
    }
