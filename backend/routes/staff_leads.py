"""`/staff/leads`: facts for a human decision, the words of whom they concern, and the decision made elsewhere (坛 十)."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import request

from backend.domain.errors import FieldInvalid
from backend.domain.vocabulary import LeadState
from backend.queries.lead_detail import lead_detail
from backend.queries.leads import find_lead, lead_list
from backend.routes.api import Shown, access, show, show_read, submission
from backend.routes.documented import documented
from backend.routes.loading import by_number
from backend.routes.openapi import BEARER
from backend.routes.operations import leads
from backend.routes.pipeline import Answer, carry_out, open_reading
from backend.schemas.answers import StepOut
from backend.schemas.answers_leads import LeadDetailOut, LeadListOut, LeadStepOut
from backend.schemas.leads import LeadDecisionIn, LeadElementIn, LeadIn, LeadListIn, LeadStatementIn

bp = APIBlueprint("staff_leads", __name__, tag="问责线索")


@bp.get("/staff/leads")
@documented(
    bp,
    summary="问责线索：事实，不是结论",
    answer=LeadListOut,
    body=LeadListIn,
    location="query",
    codes=("validation_failed", "cursor_invalid"),
    security=BEARER,
)
def get_list() -> Shown:
    """One page of the leads this person may see, newest first."""
    with open_reading(access().actor) as work:
        return show_read(lead_list(work, access().staff, wanted_state(), request.args.get("cursor")))


def wanted_state() -> LeadState | None:
    """The state asked for, or all. Raises FieldInvalid."""
    name = request.args.get("state")
    if name is None:
        return None
    if name not in {state.value for state in LeadState}:
        raise FieldInvalid("/state", "没有这种状态。", "choice_invalid")
    return LeadState(name)


@bp.get("/staff/leads/<lead_id>")
@documented(
    bp, summary="一条线索：条款、要素、应当考虑的事实、说明和决定", answer=LeadDetailOut, security=BEARER
)
def get_one(lead_id: str) -> Shown:
    """The lead as this person may see it."""
    with open_reading(access().actor) as work:
        lead = find_lead(work, access().staff, lead_id)
        return show_read(lead_detail(work, access().staff, lead))


@bp.post("/staff/inquiries/<number>/leads")
@documented(
    bp,
    summary="由人提出一条线索",
    answer=StepOut,
    body=LeadIn,
    status=201,
    write=True,
    versioned=True,
    codes=("role_required",),
    security=BEARER,
)
def open_one(number: str) -> Shown:
    """Put on record what was seen, under an item of the measure."""
    identity = access().staff
    return show(carry_out(leads.opening(by_number(number, identity), identity), submission()))


@bp.put("/staff/leads/<lead_id>/elements/<element>")
@documented(
    bp,
    summary="认定一个要素，或者认定没有",
    answer=LeadStepOut,
    body=LeadElementIn,
    write=True,
    key_optional=True,
    codes=("role_required", "lead_decided"),
    security=BEARER,
)
def find_element(lead_id: str, element: str) -> Shown:
    """Only what no fact of the system can fill; never by whom the lead concerns."""
    operation = leads.element(lead_id, element, access().staff)
    return _show(carry_out(operation, submission(key_optional=True)))


@bp.post("/staff/leads/<lead_id>/statements")
@documented(
    bp,
    summary="本人说明",
    answer=LeadStepOut,
    body=LeadStatementIn,
    status=201,
    write=True,
    codes=("role_required",),
    security=BEARER,
)
def make_statement(lead_id: str) -> Shown:
    """The words of whom it concerns."""
    return _show(carry_out(leads.statement(lead_id, access().staff), submission()))


@bp.post("/staff/leads/<lead_id>/decision")
@documented(
    bp,
    summary="记录有权机关的处理决定",
    answer=LeadStepOut,
    body=LeadDecisionIn,
    status=201,
    write=True,
    codes=("role_required", "lead_decided"),
    security=BEARER,
)
def decide(lead_id: str) -> Shown:
    """Recorded once; measures stand alone or together (坛 十（四）)."""
    return _show(carry_out(leads.decision(lead_id, access().staff), submission()))


def _show(answer: Answer) -> Shown:
    """Without the version of an inquiry that the person may not even see."""
    headers = {"Cache-Control": "no-store"}
    if answer.replayed:
        headers["Idempotent-Replayed"] = "true"
    return answer.body, answer.status, headers
