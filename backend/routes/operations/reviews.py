"""内容复核: somebody looked at a doubtful text or file and says what of it."""

from __future__ import annotations

import json
from typing import Any

from backend.domain.errors import NotFound
from backend.domain.identity import Identity
from backend.domain.vocabulary_contact import CheckState
from backend.models import ContentCheck, Inquiry
from backend.queries.inquiry import receipt_of
from backend.queries.reviews import find_review
from backend.routes.operations.shared import found_inquiry
from backend.routes.pipeline import Operation, Result, locked
from backend.schemas.reviews import ReviewIn
from backend.services.content_checks import decide_review, locked_check
from backend.services.work import Work


def decision(check_id: str, identity: Identity) -> Operation:
    """Decide on one, under the lock of its inquiry like every other entry of its ledger; its version stays."""
    found: dict[str, ContentCheck] = {}

    def load(work: Work) -> Inquiry:
        check = find_review(work, identity, check_id)
        inquiry = locked(work, work.session.get_one(Inquiry, check.inquiry_id))
        fresh = locked_check(work, check.id)
        if fresh is None:
            raise NotFound()
        found["check"] = fresh
        return inquiry

    def act(work: Work, inquiry: Inquiry | None, data: dict[str, Any]) -> Result:
        inquiry, check = found_inquiry(inquiry), found["check"]
        entry = decide_review(
            work, identity, inquiry, check, decision=data["decision"], note=data.get("note")
        )
        return Result(inquiry, entry, check.id)

    return Operation("review", ReviewIn, load, act, review_answer)


def review_answer(work: Work, result: Result) -> dict[str, Any]:
    """What the ledger entry says, and nothing of the inquiry."""
    del work
    body = json.loads(result.entry.body)
    made = CheckState(body["facts"]["decision"])
    return {
        "id": body["facts"]["check"],
        "event": body["event"],
        "decision": made.value,
        "decision_label": made.label,
        "at": body["at"],
        "receipt": receipt_of(result.entry),
    }
