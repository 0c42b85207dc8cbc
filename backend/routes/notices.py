"""一次性告知, its receipt, papers brought upon it, and 更正首问类别."""

from __future__ import annotations

from apiflask import APIBlueprint

from backend.routes.api import Shown, access, show, submission
from backend.routes.documented import documented
from backend.routes.loading import by_capability, by_number
from backend.routes.openapi import BEARER, TRACKING
from backend.routes.operations import notices as operations
from backend.routes.pipeline import carry_out
from backend.schemas.answers import StepOut
from backend.schemas.classification import ClassificationIn
from backend.schemas.inquiries import EmptyIn
from backend.schemas.notices import NoticeIn, PapersIn

bp = APIBlueprint("notices", __name__, tag="首问事项")
staff = APIBlueprint("staff_notices", __name__, tag="办理")


@staff.post("/staff/inquiries/<number>/notice")
@documented(
    staff,
    summary="一次性告知办理依据、办理时限、办理程序和所需资料",
    answer=StepOut,
    body=NoticeIn,
    status=201,
    write=True,
    versioned=True,
    codes=("not_holder", "illegal_transition"),
    security=BEARER,
)
def notify(number: str) -> Shown:
    """Tell all four parts at once; the wait for the citizen begins (坛 六（一）)."""
    identity = access().staff
    return show(carry_out(operations.notice(by_number(number, identity), identity), submission()))


@staff.post("/staff/inquiries/<number>/supplements")
@documented(
    staff,
    summary="收到补充材料：送到窗口或者邮寄来的",
    answer=StepOut,
    body=PapersIn,
    status=201,
    write=True,
    versioned=True,
    codes=("not_holder", "illegal_transition"),
    security=BEARER,
)
def record_papers(number: str) -> Shown:
    """Write down papers that came on paper; a wait for them ends with the day on which they came."""
    identity = access().staff
    return show(carry_out(operations.papers(by_number(number, identity), identity), submission()))


@bp.post("/inquiries/<number>/notice/receipt")
@documented(
    bp,
    summary="确认收到一次性告知",
    answer=StepOut,
    body=EmptyIn,
    write=True,
    codes=("already_received", "illegal_transition"),
    security=TRACKING,
)
def receive(number: str) -> Shown:
    """Say once that one has it; the version stays as it is."""
    return show(carry_out(operations.notice_receipt(by_capability(number, access())), submission()))


@staff.post("/staff/inquiries/<number>/classification")
@documented(
    staff,
    summary="更正首问类别，写明理由",
    answer=StepOut,
    body=ClassificationIn,
    write=True,
    versioned=True,
    codes=("not_holder", "role_required", "illegal_transition"),
    security=BEARER,
)
def classify(number: str) -> Shown:
    """Correct the category; no running must is shed, no time is gained, and a complaint goes past whom it is about."""
    identity = access().staff
    return show(carry_out(operations.classification(by_number(number, identity), identity), submission()))
