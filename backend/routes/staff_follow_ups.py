"""`/staff/follow-ups` and `…/follow-ups`: the calls that wait, and what came of them (泸 二（二）4, 附件1-16)."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import request

from backend.queries.follow_ups import call_list
from backend.routes.api import Shown, access, show, show_read, submission
from backend.routes.documented import documented
from backend.routes.loading import by_number
from backend.routes.openapi import BEARER
from backend.routes.operations.follow_ups import call_report
from backend.routes.pipeline import carry_out, open_reading
from backend.schemas.answers import StepOut
from backend.schemas.answers_follow_ups import CallsOut
from backend.schemas.follow_ups import FollowUpIn, FollowUpListIn

bp = APIBlueprint("staff_follow_ups", __name__, tag="办理")


@bp.get("/staff/follow-ups")
@documented(
    bp,
    summary="要打的回访电话",
    answer=CallsOut,
    body=FollowUpListIn,
    location="query",
    codes=("cursor_invalid",),
    security=BEARER,
)
def get_list() -> Shown:
    """Of the posts this person keeps: a section's, or the whole unit's. The most urgent first, by keyset."""
    with open_reading(access().actor) as work:
        return show_read(call_list(work, access().staff, request.args.get("cursor")))


@bp.post("/staff/inquiries/<number>/follow-ups")
@documented(
    bp,
    summary="登记电话回访",
    answer=StepOut,
    body=FollowUpIn,
    status=201,
    write=True,
    versioned=True,
    codes=("role_required", "follow_up_not_possible", "already_followed_up"),
    security=BEARER,
)
def report(number: str) -> Shown:
    """What came of the call of this round; an answered one carries the grade that was given."""
    identity = access().staff
    return show(carry_out(call_report(by_number(number, identity), identity), submission()))
