"""`/staff/external-handoffs`, `/staff/disputes` and the letters of an inquiry: hand-offs beyond an offer."""

from __future__ import annotations

from apiflask import APIBlueprint

from backend.queries.letters import letter_of
from backend.routes.api import Shown, access, show, show_read, submission
from backend.routes.documented import documented
from backend.routes.loading import find_visible
from backend.routes.openapi import BEARER
from backend.routes.operations import transfers
from backend.routes.pipeline import carry_out, open_reading
from backend.schemas.answers import StepOut
from backend.schemas.answers_transfers import LetterOut
from backend.schemas.transfers import (
    DisputeDecisionIn,
    DisputeEscalationIn,
    LetterCancellationIn,
    ServiceIn,
    TransferResultIn,
)

bp = APIBlueprint("transfers", __name__, tag="办理")


@bp.get("/staff/inquiries/<number>/letters/<letter_id>")
@documented(bp, summary="移交函的内容", answer=LetterOut, security=BEARER)
def get_letter(number: str, letter_id: str) -> Shown:
    """What the printed letter says, for a written hand-off to another unit or to an outside authority."""
    with open_reading(access().actor) as work:
        inquiry = find_visible(work, number, access().staff)
        return show_read(letter_of(work, inquiry, letter_id))


@bp.post("/staff/external-handoffs/<letter_id>/service")
@documented(
    bp,
    summary="登记移交函的送达，事项以移交其他单位办结",
    answer=StepOut,
    body=ServiceIn,
    write=True,
    versioned=True,
    codes=("not_holder", "illegal_transition", "letter_closed"),
    security=BEARER,
)
def serve(letter_id: str) -> Shown:
    """送达: written-transfer is met at the moment it was served, whenever that is written down (坛 六（四）)."""
    return show(carry_out(transfers.letter_service(letter_id, access().staff), submission()))


@bp.post("/staff/external-handoffs/<letter_id>/cancellation")
@documented(
    bp,
    summary="取消还没有送达的移交函",
    answer=StepOut,
    body=LetterCancellationIn,
    write=True,
    versioned=True,
    codes=("not_holder", "illegal_transition", "letter_closed"),
    security=BEARER,
)
def cancel(letter_id: str) -> Shown:
    """Give up a letter before it is served."""
    return show(carry_out(transfers.letter_cancellation(letter_id, access().staff), submission()))


@bp.post("/staff/external-handoffs/<letter_id>/result")
@documented(
    bp,
    summary="登记移交事项的最后结果",
    answer=StepOut,
    body=TransferResultIn,
    write=True,
    versioned=True,
    codes=("not_holder", "letter_closed", "result_already_back"),
    security=BEARER,
)
def record_back(letter_id: str) -> Shown:
    """The result that came back, told to the citizen (坛 十（一）2; 泸 二（二）2)."""
    return show(carry_out(transfers.transfer_result(letter_id, access().staff), submission()))


@bp.post("/staff/disputes/<dispute_id>/decision")
@documented(
    bp,
    summary="裁定由哪个单位、科室或人员承办",
    answer=StepOut,
    body=DisputeDecisionIn,
    write=True,
    versioned=True,
    codes=(
        "role_required",
        "handoff_target_unavailable",
        "subject_conflict",
        "illegal_transition",
        "dispute_closed",
    ),
    security=BEARER,
)
def decide(dispute_id: str) -> Shown:
    """Whoever stands above says who holds it from now."""
    return show(carry_out(transfers.dispute_decision(dispute_id, access().staff), submission()))


@bp.post("/staff/disputes/<dispute_id>/escalation")
@documented(
    bp,
    summary="首问责任总岗提请单位主要负责人裁定",
    answer=StepOut,
    body=DisputeEscalationIn,
    write=True,
    versioned=True,
    codes=("role_required", "handoff_target_unavailable", "dispute_closed"),
    security=BEARER,
)
def escalate(dispute_id: str) -> Shown:
    """The general post passes it on to the unit head."""
    return show(carry_out(transfers.dispute_escalation(dispute_id, access().staff), submission()))
