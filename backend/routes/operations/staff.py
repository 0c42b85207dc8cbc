"""What the office does: register, sign for, hand over, answer an offer, assign, close."""

from __future__ import annotations

from typing import Any

from backend.domain.closing import Authority
from backend.domain.errors import FieldInvalid, NotHolder, RoleRequired
from backend.domain.external_numbers import external_of
from backend.domain.identity import Identity
from backend.domain.vocabulary import HandoffMode, Outcome
from backend.models import Handoff, Inquiry
from backend.routes.access import Access
from backend.routes.answers import registered_answer, step_answer
from backend.routes.loading import Load, by_handoff
from backend.routes.operations.shared import Authorise, about_of, found_inquiry, holder_only, staff_step
from backend.routes.pipeline import Operation, Result
from backend.schemas.inquiries import EmptyIn
from backend.schemas.staff import (
    AssignmentIn,
    ClosingIn,
    ConfirmationIn,
    HandoffIn,
    HandoffReturnIn,
    RegistrationIn,
)
from backend.services.assigning import assign_inquiry, may_assign
from backend.services.closing import Closing, close_inquiry
from backend.services.confirming import confirm_inquiry
from backend.services.contacts import Contact
from backend.services.external import Outside, address_outside
from backend.services.handing_over import Offer, accept_handoff, may_answer, offer_handoff, return_handoff
from backend.services.holdings import live_holding
from backend.services.registering import ensure_registrar, register_inquiry
from backend.services.work import Work


def registration(access: Access) -> Operation:
    """Staff enter a call, a visit or a letter; it may be closed in the same step."""

    def act(work: Work, _none: Inquiry | None, data: dict[str, Any]) -> Result:
        about = about_of(data)
        closing = data.get("closing")
        filed, closed = register_inquiry(
            work,
            access.staff,
            channel=data["channel"],
            category=data["category"],
            content=data["content"],
            summary=data.get("summary"),
            contact=Contact(**data.get("contact", {})),
            about=about.get("kind"),
            about_name=about.get("name"),
            written=data.get("written"),
            occurred_at=data.get("occurred_at"),
            closing=_closing(closing) if closing else None,
            external=external_of(
                data["channel"],
                data.get("external_no"),
                data.get("external_due_at"),
                data.get("external_basis"),
            ),
        )
        return Result(filed.inquiry, filed.entry, closed.id if closed else None)

    def authorise(_work: Work, _none: Inquiry | None) -> None:
        ensure_registrar(access.staff)

    return Operation(
        "register", RegistrationIn, lambda _work: None, act, registered_answer, authorise, status=201
    )


def confirmation(load: Load, identity: Identity) -> Operation:
    """签收."""

    def step(work: Work, inquiry: Inquiry, data: dict[str, Any]) -> Any:
        return confirm_inquiry(
            work,
            identity,
            inquiry,
            summary=data.get("summary"),
            competent=data.get("competent"),
            on_the_spot=data.get("on_the_spot"),
        )

    return staff_step("confirm", ConfirmationIn, load, step, holder_only(identity))


def handoff(load: Load, identity: Identity) -> Operation:
    """转交 to a section, 移交 to a unit, or a letter to an authority that is not on the system (坛 六（四）)."""

    def act(work: Work, inquiry: Inquiry | None, data: dict[str, Any]) -> Result:
        if "external" in data:
            ensure_only_outside(data)
            outside = Outside(**data["external"])
            letter, entry = address_outside(
                work, identity, found_inquiry(inquiry), outside, reason=data["reason"]
            )
            return Result(found_inquiry(inquiry), entry, letter.id)
        offer = Offer(
            data.get("to_unit"),
            data.get("to_section"),
            data.get("to_staff"),
            data["mode"],
            data["reason"],
            data.get("written"),
        )
        found = found_inquiry(inquiry)
        made, entry = offer_handoff(work, identity, found, offer)
        return Result(found, entry, made.id)

    return Operation(
        "hand_over",
        HandoffIn,
        load,
        act,
        step_answer,
        holder_only(identity),
        needs_version=True,
        status=201,
    )


def ensure_only_outside(data: dict[str, Any]) -> None:
    """An outside authority stands alone: nobody on the system is named beside it, and it is always in writing.

    Raises FieldInvalid.
    """
    for field in ("to_unit", "to_section", "to_staff"):
        if field in data:
            raise FieldInvalid(f"/{field}", "移交给系统以外的单位，不能同时选择系统内的单位、科室或人员。")
    if data["mode"] is not HandoffMode.TRANSFER:
        raise FieldInvalid("/mode", "移交给系统以外的单位，以书面形式移交。", "choice_invalid")
    if data.get("written") is False:
        raise FieldInvalid("/written", "移交给系统以外的单位，以书面形式移交。")


def handoff_acceptance(handoff_id: str, identity: Identity) -> Operation:
    """承接."""
    found: dict[str, Handoff] = {}

    def step(work: Work, inquiry: Inquiry, _data: dict[str, Any]) -> Any:
        return accept_handoff(work, identity, inquiry, found["handoff"])

    return staff_step(
        "accept", EmptyIn, by_handoff(handoff_id, identity, found), step, _receiver_only(identity, found)
    )


def handoff_return(handoff_id: str, identity: Identity) -> Operation:
    """退回, with a reason and its clause."""
    found: dict[str, Handoff] = {}

    def step(work: Work, inquiry: Inquiry, data: dict[str, Any]) -> Any:
        return return_handoff(
            work, identity, inquiry, found["handoff"], reason=data["reason"], clause=data["clause"]
        )

    return staff_step(
        "return",
        HandoffReturnIn,
        by_handoff(handoff_id, identity, found),
        step,
        _receiver_only(identity, found),
    )


def assignment(load: Load, identity: Identity) -> Operation:
    """分派 inside the scope."""

    def authorise(work: Work, inquiry: Inquiry | None) -> None:
        found = found_inquiry(inquiry)
        if live_holding(work.session, found) is not None and not may_assign(work.session, identity, found):
            raise RoleRequired()

    def step(work: Work, inquiry: Inquiry, data: dict[str, Any]) -> Any:
        return assign_inquiry(
            work, identity, inquiry, to_staff_id=data["to_staff"], reason=data.get("reason")
        )

    return staff_step("assign", AssignmentIn, load, step, authorise)


def closing(load: Load, identity: Identity) -> Operation:
    """答复并办结."""

    def step(work: Work, inquiry: Inquiry, data: dict[str, Any]) -> Any:
        return close_inquiry(work, identity, inquiry, _closing(data))

    return staff_step("close", ClosingIn, load, step, holder_only(identity))


def _receiver_only(identity: Identity, found: dict[str, Handoff]) -> Authorise:
    def authorise(work: Work, _inquiry: Inquiry | None) -> None:
        if not may_answer(work.session, identity, found["handoff"], work.now):
            raise NotHolder("这次转交不是给您或您所在科室的。")

    return authorise


def _closing(data: dict[str, Any]) -> Closing:
    outcome: Outcome = data["outcome"]
    authority = data.get("authority")
    return Closing(
        outcome,
        data["reply"],
        data.get("reason"),
        data.get("basis"),
        data.get("remedy"),
        Authority(**authority) if authority else None,
        data.get("help"),
    )
