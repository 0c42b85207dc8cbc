"""`/staff/follow-ups`, `…/follow-ups`, `…/spot-checks`: calls that wait, what came of them, and 抽查 (泸 二（二）4)."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import request

from backend.queries.follow_ups import call_list
from backend.routes.api import Shown, access, show, show_read, submission
from backend.routes.documented import documented
from backend.routes.loading import by_number
from backend.routes.openapi import BEARER
from backend.routes.operations.follow_ups import call_report
from backend.routes.operations.spot_checks import spot_check_report
from backend.routes.pipeline import carry_out, open_reading
from backend.schemas.answers import StepOut
from backend.schemas.answers_follow_ups import CallsOut
from backend.schemas.follow_ups import FollowUpIn, FollowUpListIn
from backend.schemas.spot_checks import SpotCheckIn

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


@bp.post("/staff/inquiries/<number>/spot-checks")
@documented(
    bp,
    summary="登记抽查",
    answer=StepOut,
    body=SpotCheckIn,
    status=201,
    write=True,
    versioned=True,
    codes=("role_required", "spot_check_not_possible", "follow_up_not_possible"),
    security=BEARER,
)
def report_check(number: str) -> Shown:
    """首问责任总岗 and 机关纪委, alone or together, on what is closed and none of them handled."""
    identity = access().staff
    return show(carry_out(spot_check_report(by_number(number, identity), identity), submission()))
