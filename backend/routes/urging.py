"""`…/reminder` for citizens, `…/supervision` for those above the holder."""

from __future__ import annotations

from apiflask import APIBlueprint

from backend.routes.api import Shown, access, show, submission
from backend.routes.documented import documented
from backend.routes.loading import by_capability, by_number
from backend.routes.openapi import BEARER, TRACKING
from backend.routes.operations import urging
from backend.routes.pipeline import carry_out
from backend.schemas.answers import StepOut
from backend.schemas.urging import ReminderIn, SupervisionIn

citizen = APIBlueprint("reminders", __name__, tag="首问事项")
staff = APIBlueprint("supervisions", __name__, tag="办理")


@citizen.post("/inquiries/<number>/reminder")
@documented(
    citizen,
    summary="催办，每天一次",
    answer=StepOut,
    body=ReminderIn,
    status=201,
    write=True,
    codes=("already_reminded", "illegal_transition"),
    security=TRACKING,
)
def remind(number: str) -> Shown:
    """Urge an open inquiry; the day changes at 00:00 Beijing time."""
    return show(carry_out(urging.reminder(by_capability(number, access())), submission()))


@staff.post("/staff/inquiries/<number>/supervision")
@documented(
    staff,
    summary="督办或批示",
    answer=StepOut,
    body=SupervisionIn,
    status=201,
    write=True,
    versioned=True,
    codes=("role_required", "illegal_transition"),
    security=BEARER,
)
def supervise(number: str) -> Shown:
    """督办 by leaders, discipline and the general post; 批示 by leaders. The holder is told, the citizen sees that and when."""
    identity = access().staff
    return show(carry_out(urging.supervision(by_number(number, identity), identity), submission()))
