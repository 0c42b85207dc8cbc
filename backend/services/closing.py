"""办结 and 撤回: how an inquiry ends, and what the citizen is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from backend.domain.closing import Authority, Guided, check_closing, check_guidance
from backend.domain.identity import Identity
from backend.domain.states import Step, next_status
from backend.domain.vocabulary import Measure, Outcome
from backend.models import Holding, Inquiry, LedgerEntry
from backend.services.changing import cancel_offer, ensure_holder, move, name_first_responder
from backend.services.clocks import end_clocks_by
from backend.services.content_checks import start_check
from backend.services.follow_ups import start_follow_ups
from backend.services.holdings import bearers, live_holding, release
from backend.services.joints import end_joint
from backend.services.ledger import record
from backend.services.locking import lock_concerned
from backend.services.outbox import message_citizen, message_staff
from backend.services.pending import give_up_pending
from backend.services.texts import store_text
from backend.services.work import Work
from backend.statute.model import Duty, Event


@dataclass(frozen=True, slots=True)
class Closing:
    """How it ends. A refusal names 理由, 依据 and 救济途径 (坛 六（一）), guidance where to or which help (坛 六（四）、七（四）)."""

    outcome: Outcome
    reply: str
    reason: str | None = None
    basis: str | None = None
    remedy: str | None = None
    authority: Authority | None = None
    help: str | None = None

    def texts(self) -> dict[str, str | None]:
        """What is told, by its role; what belongs to another outcome is left out."""
        told: dict[str, str | None] = {"reply": self.reply}
        if self.outcome is Outcome.REFUSED:
            told |= {"reason": self.reason, "basis": self.basis, "remedy": self.remedy}
        if self.outcome is Outcome.GUIDED:
            told |= {"reason": self.reason, "help": self.help}
            if self.authority is not None:
                told |= {f"authority_{part}": getattr(self.authority, part) for part in AUTHORITY_PARTS}
        return told


AUTHORITY_PARTS = ("name", "address", "phone")
"""What is told of a 主管部门, in the roles authority_name, authority_address, authority_phone."""
SEE_IT_THROUGH = "see-it-through"
"""泸 二（二）2: what guiding out of the unit is done under there, which sets no rule of its own for it."""


def close_inquiry(work: Work, identity: Identity, inquiry: Inquiry, closing: Closing) -> LedgerEntry:
    """Answer and close; an open offer is cancelled. Raises NotHolder, FieldInvalid, IllegalTransition.

    坛 六（一）, 七（一）, 十（一）2: the citizen has the result from here.
    """
    check_closing(closing.outcome, closing.reason, closing.basis, closing.remedy)
    check_guidance(
        closing.outcome,
        Guided(inquiry.measure, inquiry.category, inquiry.is_written),
        reason=closing.reason,
        authority=closing.authority,
        helped=closing.help,
    )
    holding = ensure_holder(work, identity, inquiry, Step.CLOSE)
    texts = {role: store_text(work, inquiry, role, text) for role, text in closing.texts().items() if text}
    digests = {role: (row.id, digest) for role, (row, digest) in texts.items()}
    facts = name_first_responder(work, inquiry, holding, identity.staff_id)
    duty = cited_duty(work, inquiry, closing.outcome)
    if duty is not None:
        facts["duty"] = duty.id
    return _end(work, inquiry, Step.CLOSE, closing.outcome, identity.staff_id, holding, digests, facts)


def close_transferred(
    work: Work,
    identity: Identity,
    inquiry: Inquiry,
    *,
    reply: str,
    facts: dict[str, Any],
    texts: dict[str, tuple[str, str]],
) -> LedgerEntry:
    """Close as 移交其他单位 once the letter is served (坛 六（四）); `reply` says where the matter is from now on.

    `facts` and `texts` are what else the entry says. Raises NotHolder, IllegalTransition.
    """
    holding = ensure_holder(work, identity, inquiry, Step.CLOSE)
    row, digest = store_text(work, inquiry, "reply", reply)
    named = name_first_responder(work, inquiry, holding, identity.staff_id)
    return _end(
        work,
        inquiry,
        Step.CLOSE,
        Outcome.TRANSFERRED,
        identity.staff_id,
        holding,
        {"reply": (row.id, digest), **texts},
        {**facts, **named},
    )


def withdraw_inquiry(work: Work, inquiry: Inquiry, *, reason: str | None) -> LedgerEntry:
    """The citizen takes the inquiry back. Raises IllegalTransition once it is closed."""
    next_status(inquiry.status, Step.WITHDRAW)
    holding = live_holding(work.session, inquiry)
    people = [s.id for s in bearers(work.session, holding, work.now)] if holding else []
    texts = {}
    if reason:
        row, digest = store_text(work, inquiry, "reason", reason)
        start_check(work, inquiry, row)
        texts["reason"] = (row.id, digest)
    entry = _end(work, inquiry, Step.WITHDRAW, Outcome.WITHDRAWN, None, holding, texts)
    message_staff(work, "withdrawn", inquiry, people)
    return entry


_MEANS = {Outcome.REFUSED: (Event.REFUSED,), Outcome.GUIDED: (Event.NOT_OURS, Event.GUIDED)}
"""What an outcome says besides that it is closed."""


def cited_duty(work: Work, inquiry: Inquiry, outcome: Outcome) -> Duty | None:
    """The duty that a refusal or guidance carries out, whose clause the page cites; None where the measure has none."""
    statute = work.tools.statute
    for event in _MEANS.get(outcome, ()):
        for duty in statute.duties_started_by(inquiry.measure, event, inquiry.category, inquiry.is_written):
            return duty
    is_guided = outcome is Outcome.GUIDED and inquiry.measure is Measure.LU
    return statute.duty(inquiry.measure, SEE_IT_THROUGH) if is_guided else None


def _end(
    work: Work,
    inquiry: Inquiry,
    step: Step,
    outcome: Outcome,
    closed_by_id: str | None,
    holding: Holding | None,
    texts: dict[str, tuple[str, str]],
    named: dict[str, Any] | None = None,
) -> LedgerEntry:
    lock_concerned(work, inquiry)
    offer = cancel_offer(work, inquiry)
    given_up = give_up_pending(work, inquiry)
    for event in _MEANS.get(outcome, ()):
        end_clocks_by(work, inquiry, event)
    end_clocks_by(work, inquiry, Event.WITHDRAWN if outcome is Outcome.WITHDRAWN else Event.CLOSED)
    taking_part = end_joint(work, inquiry)
    inquiry.closed_at = work.now
    inquiry.outcome = outcome
    inquiry.closed_by_id = closed_by_id
    move(inquiry, step)
    release(work, inquiry)
    mirrors = {inquiry.first_unit_id} if not inquiry.is_confidential else set()
    if offer is not None:
        mirrors.add(offer.to_unit_id)
    # Those who handled it with the lead learn the one answer the citizen gets (坛 六（三）).
    mirrors.update(taking_part)
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
            **given_up,
            **(named or {}),
        },
        texts=texts,
    )
    if outcome is not Outcome.WITHDRAWN:
        survey = start_follow_ups(work, inquiry)
        link = {"follow_up": survey.id} if survey is not None else {}
        message_citizen(work, "closed", inquiry, outcome=outcome.value, **link)
    return entry
