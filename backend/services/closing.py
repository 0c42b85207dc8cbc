"""办结 and 撤回: how an inquiry ends, and what the citizen is told."""

from __future__ import annotations

from dataclasses import dataclass

from backend.domain.closing import check_closing
from backend.domain.identity import Identity
from backend.domain.states import Step, next_status
from backend.domain.vocabulary import Outcome
from backend.models import Holding, Inquiry, LedgerEntry
from backend.services.changing import cancel_offer, ensure_holder, move, name_first_responder
from backend.services.clocks import end_clocks_by
from backend.services.holdings import bearers, live_holding, release
from backend.services.ledger import record
from backend.services.outbox import message_citizen, message_staff
from backend.services.texts import store_text
from backend.services.work import Work
from backend.statute.model import Event


@dataclass(frozen=True, slots=True)
class Closing:
    """How it ends. A refusal names 理由, 依据 and 救济途径 (坛 六（一）)."""

    outcome: Outcome
    reply: str
    reason: str | None = None
    basis: str | None = None
    remedy: str | None = None


def close_inquiry(work: Work, identity: Identity, inquiry: Inquiry, closing: Closing) -> LedgerEntry:
    """Answer and close; an open offer is cancelled. Raises NotHolder, FieldInvalid, IllegalTransition.

    坛 六（一）, 七（一）, 十（一）2: the citizen has the result from here.
    """
    check_closing(closing.outcome, closing.reason, closing.basis, closing.remedy)
    holding = ensure_holder(work, identity, inquiry, Step.CLOSE)
    texts = {"reply": store_text(work, inquiry, "reply", closing.reply)}
    if closing.outcome is Outcome.REFUSED:
        for role, text in (("reason", closing.reason), ("basis", closing.basis), ("remedy", closing.remedy)):
            texts[role] = store_text(work, inquiry, role, text or "")
    digests = {role: (row.id, digest) for role, (row, digest) in texts.items()}
    named = name_first_responder(work, inquiry, holding, identity.staff_id)
    return _end(work, inquiry, Step.CLOSE, closing.outcome, identity.staff_id, holding, digests, named)


def withdraw_inquiry(work: Work, inquiry: Inquiry, *, reason: str | None) -> LedgerEntry:
    """The citizen takes the inquiry back. Raises IllegalTransition once it is closed."""
    next_status(inquiry.status, Step.WITHDRAW)
    holding = live_holding(work.session, inquiry)
    people = [s.id for s in bearers(work.session, holding, work.now)] if holding else []
    texts = {}
    if reason:
        row, digest = store_text(work, inquiry, "reason", reason)
        texts["reason"] = (row.id, digest)
    entry = _end(work, inquiry, Step.WITHDRAW, Outcome.WITHDRAWN, None, holding, texts)
    message_staff(work, "withdrawn", inquiry, people)
    return entry


def _end(
    work: Work,
    inquiry: Inquiry,
    step: Step,
    outcome: Outcome,
    closed_by_id: str | None,
    holding: Holding | None,
    texts: dict[str, tuple[str, str]],
    named: dict[str, str] | None = None,
) -> LedgerEntry:
    offer = cancel_offer(work, inquiry)
    if outcome is Outcome.REFUSED:
        end_clocks_by(work, inquiry, Event.REFUSED)
    end_clocks_by(work, inquiry, Event.WITHDRAWN if outcome is Outcome.WITHDRAWN else Event.CLOSED)
    inquiry.closed_at = work.now
    inquiry.outcome = outcome
    inquiry.closed_by_id = closed_by_id
    move(inquiry, step)
    release(work, inquiry)
    mirrors = {inquiry.first_unit_id} if not inquiry.is_confidential else set()
    if offer is not None:
        mirrors.add(offer.to_unit_id)
    entry = record(
        work,
        "withdrawn" if outcome is Outcome.WITHDRAWN else "closed",
        inquiry,
        unit_id=inquiry.unit_id,
        # 负责到底 (泸 二（二）2): the first unit's chain learns the result wherever it was reached.
        mirror_unit_ids=mirrors,
        holding=holding,
        facts={
            "outcome": outcome.value,
            "cancelled_handoff": offer.id if offer else None,
            **(named or {}),
        },
        texts=texts,
    )
    if outcome is not Outcome.WITHDRAWN:
        message_citizen(work, "closed", inquiry, outcome=outcome.value)
    return entry
