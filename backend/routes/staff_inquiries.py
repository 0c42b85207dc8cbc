"""`/staff/inquiries` and `/staff/handoffs`: the work list, registering, and every step of the office."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import Response, request

from backend.domain.boxes import Box
from backend.domain.errors import FieldInvalid
from backend.queries.inquiry import staff_detail
from backend.queries.worklist import work_list
from backend.routes import operations
from backend.routes.api import Shown, access, show, show_read, submission
from backend.routes.documented import documented
from backend.routes.files import EXTENSIONS, send_attachment
from backend.routes.list_asking import read_filters
from backend.routes.loading import by_number, find_visible
from backend.routes.openapi import BEARER
from backend.routes.pipeline import carry_out, open_reading
from backend.schemas.answers import RegisteredOut, StaffInquiryOut, StepOut
from backend.schemas.answers_lists import WorkListOut
from backend.schemas.inquiries import EmptyIn
from backend.schemas.staff import (
    AssignmentIn,
    ClosingIn,
    ConfirmationIn,
    HandoffIn,
    HandoffReturnIn,
    RegistrationIn,
    WorkListIn,
)

bp = APIBlueprint("staff_inquiries", __name__, tag="办理")

HOLDER_CODES = ("not_holder", "illegal_transition")


@bp.get("/staff/inquiries")
@documented(
    bp,
    summary="工作列表",
    answer=WorkListOut,
    body=WorkListIn,
    location="query",
    codes=("validation_failed", "cursor_invalid"),
    security=BEARER,
)
def get_list() -> Shown:
    """One page of a box, by keyset."""
    with open_reading(access().actor) as work:
        filters = read_filters(request.args)
        return show_read(work_list(work, access().staff, wanted_box(), request.args.get("cursor"), filters))


def wanted_box() -> Box:
    """The box asked for; 待签收 when none is. Raises FieldInvalid."""
    name = request.args.get("box", Box.TODO.value)
    if name not in {box.value for box in Box}:
        raise FieldInvalid("/box", "没有这个列表。", "choice_invalid")
    return Box(name)


@bp.post("/staff/inquiries")
@documented(
    bp,
    summary="登记来电、来访、来信等，可以同时办结",
    answer=RegisteredOut,
    body=RegistrationIn,
    status=201,
    write=True,
    codes=("role_required", "backdating_not_allowed"),
    security=BEARER,
)
def register() -> Shown:
    """Register for a caller or visitor, who gets the number."""
    return show(carry_out(operations.registration(access()), submission()))


@bp.get("/staff/inquiries/<number>")
@documented(bp, summary="一件事项：全部经过和现在可以做什么", answer=StaffInquiryOut, security=BEARER)
def get_one(number: str) -> Shown:
    """The inquiry as staff of its chain see it."""
    with open_reading(access().actor) as work:
        inquiry = find_visible(work, number, access().staff)
        shape = staff_detail(work, access().staff, inquiry)
        for file in shape["attachments"]:
            file["url"] = f"/api/v1/staff/inquiries/{inquiry.number}/attachments/{file['id']}"
        return show_read(shape, version=inquiry.version)


@bp.get("/staff/inquiries/<number>/attachments/<attachment_id>")
@documented(
    bp,
    summary="下载附件",
    answer=None,
    media=tuple(EXTENSIONS),
    codes=("attachment_erased",),
    security=BEARER,
)
def download(number: str, attachment_id: str) -> Response:
    """Serve a file inert."""
    with open_reading(access().actor) as work:
        inquiry = find_visible(work, number, access().staff)
        return send_attachment(work, inquiry, attachment_id)


@bp.post("/staff/inquiries/<number>/confirmation")
@documented(
    bp,
    summary="签收",
    answer=StepOut,
    body=ConfirmationIn,
    write=True,
    versioned=True,
    codes=HOLDER_CODES,
    security=BEARER,
)
def confirm(number: str) -> Shown:
    """Sign for it; `competent` says it is this unit's own duty (坛 六（四）)."""
    identity = access().staff
    return show(carry_out(operations.confirmation(by_number(number, identity), identity), submission()))


@bp.post("/staff/inquiries/<number>/handoffs")
@documented(
    bp,
    summary="转交其他科室，或书面移交其他单位（包括没有使用本系统的主管部门）",
    answer=StepOut,
    body=HandoffIn,
    status=201,
    write=True,
    versioned=True,
    codes=(
        *HOLDER_CODES,
        "handoff_pending",
        "dispute_pending",
        "handoff_target_unavailable",
        "handoff_to_self",
        "subject_conflict",
    ),
    security=BEARER,
)
def hand_over(number: str) -> Shown:
    """Offer it to another section or unit; the giver holds until somebody accepts (坛 六（二）、六（四）)."""
    identity = access().staff
    return show(carry_out(operations.handoff(by_number(number, identity), identity), submission()))


@bp.post("/staff/handoffs/<handoff_id>/acceptance")
@documented(
    bp,
    summary="承接",
    answer=StepOut,
    body=EmptyIn,
    write=True,
    versioned=True,
    codes=("not_holder", "offer_cancelled", "illegal_transition"),
    security=BEARER,
)
def accept(handoff_id: str) -> Shown:
    """Take over 首问责任 in person."""
    return show(carry_out(operations.handoff_acceptance(handoff_id, access().staff), submission()))


@bp.post("/staff/handoffs/<handoff_id>/return")
@documented(
    bp,
    summary="退回，写明理由和职责依据",
    answer=StepOut,
    body=HandoffReturnIn,
    write=True,
    versioned=True,
    codes=("not_holder", "offer_cancelled", "illegal_transition"),
    security=BEARER,
)
def give_back(handoff_id: str) -> Shown:
    """Return an offer with a reason and its clause."""
    return show(carry_out(operations.handoff_return(handoff_id, access().staff), submission()))


@bp.post("/staff/inquiries/<number>/assignment")
@documented(
    bp,
    summary="分派给具体承办人员",
    answer=StepOut,
    body=AssignmentIn,
    write=True,
    versioned=True,
    codes=("role_required", "handoff_target_unavailable", "subject_conflict", "illegal_transition"),
    security=BEARER,
)
def assign(number: str) -> Shown:
    """Name the person, inside the scope."""
    identity = access().staff
    return show(carry_out(operations.assignment(by_number(number, identity), identity), submission()))


@bp.post("/staff/inquiries/<number>/closing")
@documented(
    bp,
    summary="答复并办结",
    answer=StepOut,
    body=ClosingIn,
    write=True,
    versioned=True,
    codes=HOLDER_CODES,
    security=BEARER,
)
def close(number: str) -> Shown:
    """Answer and close; a refusal names 理由, 依据 and 救济途径 (坛 六（一）)."""
    identity = access().staff
    return show(carry_out(operations.closing(by_number(number, identity), identity), submission()))
