"""`…/opinions`: 科室负责人意见 and 分管领导意见 on the ledger's lines (泸 附件2)."""

from __future__ import annotations

from apiflask import APIBlueprint

from backend.routes.api import Shown, access, show, submission
from backend.routes.documented import documented
from backend.routes.loading import by_number
from backend.routes.openapi import BEARER
from backend.routes.operations import sign_offs
from backend.routes.pipeline import carry_out
from backend.routes.unit_writes import carry_out_unit, show_unit
from backend.schemas.answers import StepOut
from backend.schemas.sign_offs import OpinionIn, OpinionsIn, SignedOut

bp = APIBlueprint("staff_opinions", __name__, tag="台账")


@bp.post("/staff/inquiries/<number>/opinions")
@documented(
    bp,
    summary="签署意见：科室负责人或分管领导",
    answer=StepOut,
    body=OpinionIn,
    status=201,
    write=True,
    versioned=True,
    codes=("role_required",),
    security=BEARER,
)
def sign(number: str) -> Shown:
    """Open or closed; a later opinion shows in the place of an earlier one, and nothing waits for any."""
    identity = access().staff
    return show(carry_out(sign_offs.opinion(by_number(number, identity), identity), submission()))


@bp.post("/staff/opinions")
@documented(
    bp,
    summary="一次签署多件：全部签署，或者一件也不签署",
    answer=SignedOut,
    body=OpinionsIn,
    status=201,
    write=True,
    codes=("role_required",),
    security=BEARER,
)
def sign_many() -> Shown:
    """Every number that stands in the way is named in `errors`."""
    return show_unit(carry_out_unit(sign_offs.opinions(access().staff), submission()))
