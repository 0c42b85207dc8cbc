"""`/staff/inquiries/{number}/matter` and `/extension`: what the holder says about a limit."""

from __future__ import annotations

from apiflask import APIBlueprint

from backend.routes.api import Shown, access, show, submission
from backend.routes.documented import documented
from backend.routes.loading import by_number
from backend.routes.openapi import BEARER
from backend.routes.operations import limits
from backend.routes.pipeline import carry_out
from backend.schemas.answers import StepOut
from backend.schemas.limits import ExtensionIn, NamingIn

bp = APIBlueprint("staff_limits", __name__, tag="时限")

CODES = ("not_holder", "illegal_transition")


@bp.post("/staff/inquiries/<number>/matter")
@documented(
    bp,
    summary="认定事项：事项目录中的一项，或者适用的其他规定及其时限",
    answer=StepOut,
    body=NamingIn,
    write=True,
    versioned=True,
    codes=(*CODES, "limit_already_stated"),
    security=BEARER,
)
def name_matter(number: str) -> Shown:
    """Start the limit that the matter has, counted from receipt (坛 五、六（一）、十（一）2)."""
    identity = access().staff
    return show(carry_out(limits.naming(by_number(number, identity), identity), submission()))


@bp.post("/staff/inquiries/<number>/extension")
@documented(
    bp,
    summary="说明理由延长“原则上”的时限，届满之前一次",
    answer=StepOut,
    body=ExtensionIn,
    write=True,
    versioned=True,
    codes=(*CODES, "extension_not_allowed"),
    security=BEARER,
)
def extend(number: str) -> Shown:
    """Extend with a reason that the citizen reads (坛 七（一）)."""
    identity = access().staff
    return show(carry_out(limits.extension(by_number(number, identity), identity), submission()))
