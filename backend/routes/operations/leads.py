"""问责线索: put one on record, find an element, make a statement, record the decision (坛 十)."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from backend.domain.errors import RoleRequired
from backend.domain.identity import Identity
from backend.domain.vocabulary import Role
from backend.models import AccountabilityLead, Inquiry
from backend.queries.inquiry import receipt_of
from backend.queries.leads import find_lead
from backend.routes.answers import step_answer
from backend.routes.loading import Load
from backend.routes.operations.shared import found_inquiry
from backend.routes.pipeline import Operation, Result, locked
from backend.schemas.leads import LeadDecisionIn, LeadElementIn, LeadIn, LeadStatementIn
from backend.services.lead_steps import (
    Decision,
    decide_lead,
    deciding_role,
    human_element,
    is_concerned,
    make_statement,
    may_find,
    put_element,
)
from backend.services.leads import OPENERS, open_lead
from backend.services.work import Work

Found = dict[str, AccountabilityLead]
Step = Callable[[Work, Inquiry, AccountabilityLead, dict[str, Any]], Result]


def opening(load: Load, identity: Identity) -> Operation:
    """Put a lead on record by hand."""

    def authorise(_work: Work, _inquiry: Inquiry | None) -> None:
        if not identity.units_with(*OPENERS):
            raise RoleRequired()

    def act(work: Work, inquiry: Inquiry | None, data: dict[str, Any]) -> Result:
        found = found_inquiry(inquiry)
        lead, entry = open_lead(
            work,
            identity,
            found,
            item=data["item"],
            note=data["note"],
            ground=data["ground"],
            staff_id=data.get("staff"),
        )
        return Result(found, entry, lead.id)

    return Operation("open_lead", LeadIn, load, act, step_answer, authorise, needs_version=True, status=201)


def element(lead_id: str, element_id: str, identity: Identity) -> Operation:
    """Say that an element only a human can find was found, or was not."""

    def may(work: Work, lead: AccountabilityLead) -> bool:
        return may_find(work, identity, lead)

    def step(work: Work, inquiry: Inquiry, lead: AccountabilityLead, data: dict[str, Any]) -> Result:
        entry = put_element(
            work, identity, inquiry, lead, element_id, is_found=data["found"], text=data["text"]
        )
        return Result(inquiry, entry)

    return _on_lead("find_element", LeadElementIn, lead_id, identity, may, step, 200, element_id=element_id)


def statement(lead_id: str, identity: Identity) -> Operation:
    """The person concerned, or the head of the unit concerned, speaks."""

    def may(_work: Work, lead: AccountabilityLead) -> bool:
        return is_concerned(identity, lead)

    def step(work: Work, inquiry: Inquiry, lead: AccountabilityLead, data: dict[str, Any]) -> Result:
        made, entry = make_statement(work, identity, inquiry, lead, text=data["text"])
        return Result(inquiry, entry, made.id)

    return _on_lead("state", LeadStatementIn, lead_id, identity, may, step, 201)


def decision(lead_id: str, identity: Identity) -> Operation:
    """Record what the competent body decided, once."""

    def may(work: Work, lead: AccountabilityLead) -> bool:
        return deciding_role(work, identity, lead) is not None

    def step(work: Work, inquiry: Inquiry, lead: AccountabilityLead, data: dict[str, Any]) -> Result:
        made = Decision(
            decided_on=data["decided_on"],
            body=data["body"],
            reason=data["reason"],
            measures=frozenset(data["measures"]),
            document=data.get("document", ""),
            tolerance=data.get("tolerance"),
            is_dismissed=data["dismissed"],
        )
        role = deciding_role(work, identity, lead) or Role.DISCIPLINE
        return Result(inquiry, decide_lead(work, identity, inquiry, lead, made, role))

    return _on_lead("decide_lead", LeadDecisionIn, lead_id, identity, may, step, 201)


def lead_answer(work: Work, result: Result) -> dict[str, Any]:
    """The answer of a step on a lead: what its ledger entry says, and nothing of the inquiry."""
    del work
    body = json.loads(result.entry.body)
    return {
        "id": body["facts"]["lead"],
        "event": body["event"],
        "state": body["facts"]["state"],
        "at": body["at"],
        "statement": result.resource_id,
        "receipt": receipt_of(result.entry),
    }


def _on_lead(
    name: str,
    schema: Any,
    lead_id: str,
    identity: Identity,
    may: Callable[[Work, AccountabilityLead], bool],
    step: Step,
    status: int,
    *,
    element_id: str | None = None,
) -> Operation:
    """A step on a lead this person may see; under the lock of its inquiry, like every other entry of its ledger."""
    found: Found = {}

    def load(work: Work) -> Inquiry:
        lead = find_lead(work, identity, lead_id)
        if element_id is not None:
            human_element(work, lead, element_id)
        inquiry = locked(work, work.session.get_one(Inquiry, lead.inquiry_id))
        work.session.refresh(lead)
        found["lead"] = lead
        return inquiry

    def authorise(work: Work, _inquiry: Inquiry | None) -> None:
        if not may(work, found["lead"]):
            raise RoleRequired()

    def act(work: Work, inquiry: Inquiry | None, data: dict[str, Any]) -> Result:
        return step(work, found_inquiry(inquiry), found["lead"], data)

    return Operation(name, schema, load, act, lead_answer, authorise, status=status)
