"""Letters to outside authorities, and disputes about who takes a matter."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from backend.domain.errors import NotFound, NotHolder, RoleRequired
from backend.domain.identity import Identity
from backend.domain.vocabulary import DisputeState, ExternalState
from backend.models import Dispute, ExternalHandoff, Inquiry
from backend.queries.visibility import visible_to
from backend.routes.loading import Load
from backend.routes.operations.shared import Authorise, found_inquiry, holder_only, staff_step
from backend.routes.pipeline import Operation, locked
from backend.schemas.transfers import (
    DisputeDecisionIn,
    DisputeEscalationIn,
    LetterCancellationIn,
    ServiceIn,
    TransferResultIn,
)
from backend.services.disputes import decide_dispute, escalate_dispute, may_decide
from backend.services.external import cancel_letter, may_record_result, record_result, record_service
from backend.services.work import Work, find_by_id


def letter_service(letter_id: str, identity: Identity) -> Operation:
    """登记送达: the transfer is complete, the inquiry closes as 移交其他单位 (坛 六（四）)."""
    found: dict[str, ExternalHandoff] = {}

    def step(work: Work, inquiry: Inquiry, data: dict[str, Any]) -> Any:
        return record_service(work, identity, inquiry, found["letter"], **data)

    load = by_letter(letter_id, identity, found)
    return staff_step("record_service", ServiceIn, load, step, holder_only(identity))


def letter_cancellation(letter_id: str, identity: Identity) -> Operation:
    """Give up a letter that is not served."""
    found: dict[str, ExternalHandoff] = {}

    def step(work: Work, inquiry: Inquiry, data: dict[str, Any]) -> Any:
        return cancel_letter(work, identity, inquiry, found["letter"], reason=data["reason"])

    load = by_letter(letter_id, identity, found)
    return staff_step("cancel_letter", LetterCancellationIn, load, step, holder_only(identity))


def transfer_result(letter_id: str, identity: Identity) -> Operation:
    """What the authority answered in the end (泸 二（二）2 负责到底)."""
    found: dict[str, ExternalHandoff] = {}

    def authorise(work: Work, inquiry: Inquiry | None) -> None:
        letter = found["letter"]
        if letter.state is ExternalState.SERVED and not may_record_result(
            work, identity, found_inquiry(inquiry), letter
        ):
            raise NotHolder("移交结果由最后的承办人或首问机关的首问责任总岗登记。")

    def step(work: Work, inquiry: Inquiry, data: dict[str, Any]) -> Any:
        return record_result(work, identity, inquiry, found["letter"], text=data["text"])

    return staff_step(
        "record_result", TransferResultIn, by_letter(letter_id, identity, found), step, authorise
    )


def dispute_decision(dispute_id: str, identity: Identity) -> Operation:
    """裁定由谁承办."""
    found: dict[str, Dispute] = {}

    def step(work: Work, inquiry: Inquiry, data: dict[str, Any]) -> Any:
        return decide_dispute(
            work,
            identity,
            inquiry,
            found["dispute"],
            to_unit_id=data.get("to_unit"),
            to_section_id=data.get("to_section"),
            to_staff_id=data.get("to_staff"),
            reason=data["reason"],
        )

    return staff_step(
        "decide_dispute",
        DisputeDecisionIn,
        by_dispute(dispute_id, identity, found),
        step,
        _arbiter_only(identity, found),
    )


def dispute_escalation(dispute_id: str, identity: Identity) -> Operation:
    """总岗提请单位主要负责人裁定."""
    found: dict[str, Dispute] = {}

    def step(work: Work, inquiry: Inquiry, data: dict[str, Any]) -> Any:
        return escalate_dispute(work, identity, inquiry, found["dispute"], reason=data["reason"])

    return staff_step(
        "escalate_dispute",
        DisputeEscalationIn,
        by_dispute(dispute_id, identity, found),
        step,
        _arbiter_only(identity, found),
    )


def by_letter(letter_id: str, identity: Identity, found: dict[str, ExternalHandoff]) -> Load:
    """The inquiry of a letter, inside the person's chain, locked. Raises NotFound outside it."""

    def load(work: Work) -> Inquiry:
        row = find_by_id(work.session, ExternalHandoff, letter_id)
        if row is None:
            raise NotFound()
        inquiry = _visible(work, row.inquiry_id, identity)
        work.session.refresh(row)
        found["letter"] = row
        return inquiry

    return load


def by_dispute(dispute_id: str, identity: Identity, found: dict[str, Dispute]) -> Load:
    """The inquiry of a dispute, inside the person's chain, locked. Raises NotFound outside it."""

    def load(work: Work) -> Inquiry:
        row = find_by_id(work.session, Dispute, dispute_id)
        if row is None:
            raise NotFound()
        inquiry = _visible(work, row.inquiry_id, identity)
        work.session.refresh(row)
        found["dispute"] = row
        return inquiry

    return load


def _visible(work: Work, inquiry_id: str, identity: Identity) -> Inquiry:
    inquiry = work.session.scalar(select(Inquiry).where(Inquiry.id == inquiry_id, visible_to(identity)))
    if inquiry is None:
        raise NotFound()
    return locked(work, inquiry)


def _arbiter_only(identity: Identity, found: dict[str, Dispute]) -> Authorise:
    def authorise(work: Work, inquiry: Inquiry | None) -> None:
        dispute = found["dispute"]
        is_open = dispute.state is DisputeState.OPEN
        if is_open and not may_decide(work, identity, found_inquiry(inquiry), dispute):
            raise RoleRequired("这件事不由您裁定。")

    return authorise
