"""Every write on an inquiry, described once for the API and for the HTML forms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from backend.domain.errors import FieldInvalid, NotFound, NotHolder, RoleRequired
from backend.domain.identity import Identity
from backend.domain.numbers import parse_number
from backend.domain.vocabulary import Category, Channel, Outcome, Source
from backend.models import Handoff, Inquiry
from backend.queries.visibility import visible_to
from backend.routes.access import Access
from backend.routes.answers import attached_answer, filed_answer, rated_answer, step_answer
from backend.routes.pipeline import Operation, Result, locked
from backend.schemas.inquiries import EmptyIn, InquiryIn, RatingIn, ReopeningIn, SupplementIn, WithdrawalIn
from backend.schemas.staff import (
    AssignmentIn,
    ClosingIn,
    ConfirmationIn,
    HandoffIn,
    HandoffReturnIn,
    RegistrationIn,
)
from backend.services.assigning import assign_inquiry, may_assign
from backend.services.attaching import Upload, attach_file
from backend.services.changing import acts_for
from backend.services.closing import Closing, close_inquiry, withdraw_inquiry
from backend.services.confirming import confirm_inquiry
from backend.services.contacts import Contact
from backend.services.filing import NewInquiry, file_inquiry
from backend.services.following import change_rating, rate_inquiry, reopen_inquiry, supplement_inquiry
from backend.services.handing_over import Offer, accept_handoff, may_answer, offer_handoff, return_handoff
from backend.services.holdings import live_holding
from backend.services.registering import register_inquiry
from backend.services.routing import destination_of_sign, destination_without_sign
from backend.services.work import Work
from backend.vault.blobs import BlobStore

Load = Callable[[Work], Inquiry]


def filing(source: Source) -> Operation:
    """A citizen files, through a sign or a unit's page."""

    def act(work: Work, _none: Inquiry | None, data: dict[str, Any]) -> Result:
        filed = file_inquiry(work, _new_inquiry(work, data, source))
        return Result(filed.inquiry, filed.entry)

    return Operation("file", InquiryIn, lambda _work: None, act, filed_answer, status=201)


def _new_inquiry(work: Work, data: dict[str, Any], source: Source) -> NewInquiry:
    sign, unit = data.get("sign"), data.get("unit")
    if (sign is None) == (unit is None):
        raise FieldInvalid(
            "/sign", "请给出岗牌编码，或者单位（可带科室），二者选一。", "conditionally_required"
        )
    if sign is not None:
        if data.get("section") is not None:
            raise FieldInvalid("/section", "岗牌已经说明了科室。")
        destination = destination_of_sign(work.session, sign)
    else:
        destination = destination_without_sign(work.session, str(unit), data.get("section"))
    about = _about(data)
    return NewInquiry(
        destination=destination,
        category=data["category"],
        content=data["content"],
        channel=Channel.OTHER,
        source=source if sign is not None or source is Source.MINIPROGRAM else Source.WEB,
        written=data.get("written"),
        contact=Contact(**data.get("contact", {})),
        about=about.get("kind"),
        about_name=about.get("name"),
    )


def _about(data: dict[str, Any]) -> dict[str, Any]:
    about: dict[str, Any] = data.get("about") or {}
    if about and data["category"] is not Category.COMPLAINT:
        raise FieldInvalid("/about", "只有投诉才填写投诉对象。")
    return about


def supplement(load: Load) -> Operation:
    """The citizen adds to an open inquiry."""
    return _citizen(
        "supplement", SupplementIn, load, lambda w, i, d: supplement_inquiry(w, i, text=d["text"])
    )


def withdrawal(load: Load) -> Operation:
    """The citizen takes it back."""
    return _citizen(
        "withdraw", WithdrawalIn, load, lambda w, i, d: withdraw_inquiry(w, i, reason=d.get("reason"))
    )


def reopening(load: Load) -> Operation:
    """The citizen asks for another round."""
    return _citizen("reopen", ReopeningIn, load, lambda w, i, d: reopen_inquiry(w, i, reason=d["reason"]))


def rating(load: Load, *, source: str) -> Operation:
    """The citizen's own grade of the closed round."""

    def act(work: Work, inquiry: Inquiry | None, data: dict[str, Any]) -> Result:
        inquiry = locked(work, _found(inquiry))
        made, entry = rate_inquiry(work, inquiry, source=source, **_grade(data))
        return Result(inquiry, entry, made.id)

    return Operation("rate", RatingIn, load, act, rated_answer, status=201)


def rating_change(load: Load) -> Operation:
    """The one change of a grade."""

    def act(work: Work, inquiry: Inquiry | None, data: dict[str, Any]) -> Result:
        inquiry = locked(work, _found(inquiry))
        changed, entry = change_rating(work, inquiry, **_grade(data))
        return Result(inquiry, entry, changed.id)

    return Operation("change_rating", RatingIn, load, act, rated_answer)


def attachment(load: Load, upload: Upload, store: BlobStore | None) -> Operation:
    """Add a file that has already been cleaned."""

    def act(work: Work, inquiry: Inquiry | None, _data: dict[str, Any]) -> Result:
        inquiry = locked(work, _found(inquiry))
        row, entry = attach_file(work, inquiry, upload, store)
        return Result(inquiry, entry, row.id)

    return Operation("attach", EmptyIn, load, act, attached_answer, status=201)


def registration(access: Access) -> Operation:
    """Staff enter a call, a visit or a letter; it may be closed in the same step."""

    def act(work: Work, _none: Inquiry | None, data: dict[str, Any]) -> Result:
        about = _about(data)
        closing = data.get("closing")
        filed, entry = register_inquiry(
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
            external_no=data.get("external_no"),
            closing=_closing(closing) if closing else None,
        )
        return Result(filed.inquiry, entry)

    return Operation("register", RegistrationIn, lambda _work: None, act, _registered_answer, status=201)


def _registered_answer(work: Work, result: Result) -> dict[str, Any]:
    answer = filed_answer(work, result)
    if result.inquiry.outcome is not None and result.inquiry.round == 1:
        answer |= {"status": result.inquiry.status.value, "version": result.inquiry.version}
    return answer


def confirmation(load: Load, identity: Identity) -> Operation:
    """签收."""

    def step(work: Work, inquiry: Inquiry, data: dict[str, Any]) -> Any:
        return confirm_inquiry(
            work, identity, inquiry, summary=data.get("summary"), competent=data.get("competent")
        )

    return _staff("confirm", ConfirmationIn, load, step, _holder_only(identity))


def handoff(load: Load, identity: Identity) -> Operation:
    """转交 to a section, 移交 to a unit."""

    def act(work: Work, inquiry: Inquiry | None, data: dict[str, Any]) -> Result:
        offer = Offer(
            data.get("to_unit"),
            data.get("to_section"),
            data.get("to_staff"),
            data["mode"],
            data["reason"],
            data.get("written"),
        )
        found = _found(inquiry)
        made, entry = offer_handoff(work, identity, found, offer)
        return Result(found, entry, made.id)

    return Operation(
        "hand_over",
        HandoffIn,
        load,
        act,
        step_answer,
        _holder_only(identity),
        needs_version=True,
        status=201,
    )


def handoff_acceptance(handoff_id: str, identity: Identity) -> Operation:
    """承接."""
    found: dict[str, Handoff] = {}

    def step(work: Work, inquiry: Inquiry, _data: dict[str, Any]) -> Any:
        return accept_handoff(work, identity, inquiry, found["handoff"])

    return _staff(
        "accept", EmptyIn, _by_handoff(handoff_id, identity, found), step, _receiver_only(identity, found)
    )


def handoff_return(handoff_id: str, identity: Identity) -> Operation:
    """退回, with a reason and its clause."""
    found: dict[str, Handoff] = {}

    def step(work: Work, inquiry: Inquiry, data: dict[str, Any]) -> Any:
        return return_handoff(
            work, identity, inquiry, found["handoff"], reason=data["reason"], clause=data["clause"]
        )

    return _staff(
        "return",
        HandoffReturnIn,
        _by_handoff(handoff_id, identity, found),
        step,
        _receiver_only(identity, found),
    )


def assignment(load: Load, identity: Identity) -> Operation:
    """分派 inside the scope."""

    def authorise(work: Work, inquiry: Inquiry) -> None:
        if live_holding(work.session, inquiry) is not None and not may_assign(
            work.session, identity, inquiry
        ):
            raise RoleRequired()

    def step(work: Work, inquiry: Inquiry, data: dict[str, Any]) -> Any:
        return assign_inquiry(
            work, identity, inquiry, to_staff_id=data["to_staff"], reason=data.get("reason")
        )

    return _staff("assign", AssignmentIn, load, step, authorise)


def closing(load: Load, identity: Identity) -> Operation:
    """答复并办结."""

    def step(work: Work, inquiry: Inquiry, data: dict[str, Any]) -> Any:
        return close_inquiry(work, identity, inquiry, _closing(data))

    return _staff("close", ClosingIn, load, step, _holder_only(identity))


def by_number(number: str, identity: Identity) -> Load:
    """The inquiry of a number inside the person's chain, locked. Raises NotFound outside it."""

    def load(work: Work) -> Inquiry:
        return locked(work, find_visible(work, number, identity))

    return load


def find_visible(work: Work, number: str, identity: Identity) -> Inquiry:
    """The inquiry of a number, if this person may see it. Raises NotFound."""
    inquiry = work.session.scalar(
        select(Inquiry).where(Inquiry.number == (parse_number(number) or ""), visible_to(identity))
    )
    if inquiry is None:
        raise NotFound()
    return inquiry


def by_capability(number: str | None, access: Access) -> Load:
    """The inquiry a capability opens, locked; with a number, only that one. Raises NotFound."""

    def load(work: Work) -> Inquiry:
        return locked(work, find_tracked(work, number, access))

    return load


def find_tracked(work: Work, number: str | None, access: Access) -> Inquiry:
    """The inquiry a capability opens. Raises NotFound when the number is another one's."""
    inquiry = work.session.get(Inquiry, access.inquiry_id) if access.inquiry_id else None
    if inquiry is None or (number is not None and parse_number(number) != inquiry.number):
        raise NotFound()
    return inquiry


def _by_handoff(handoff_id: str, identity: Identity, found: dict[str, Handoff]) -> Load:
    def load(work: Work) -> Inquiry:
        row = work.session.get(Handoff, handoff_id)
        inquiry = work.session.get(Inquiry, row.inquiry_id) if row is not None else None
        if row is None or inquiry is None:
            raise NotFound()
        inquiry = locked(work, find_visible(work, inquiry.number, identity))
        work.session.refresh(row)
        found["handoff"] = row
        return inquiry

    return load


def _holder_only(identity: Identity) -> Callable[[Work, Inquiry], None]:
    def authorise(work: Work, inquiry: Inquiry) -> None:
        holding = live_holding(work.session, inquiry)
        if holding is not None and not acts_for(work, identity, holding):
            raise NotHolder()

    return authorise


def _receiver_only(identity: Identity, found: dict[str, Handoff]) -> Callable[[Work, Inquiry], None]:
    def authorise(work: Work, _inquiry: Inquiry) -> None:
        if not may_answer(work.session, identity, found["handoff"], work.now):
            raise NotHolder("这次转交不是给您或您所在科室的。")

    return authorise


def _citizen(
    name: str, schema: Any, load: Load, step: Callable[[Work, Inquiry, dict[str, Any]], Any]
) -> Operation:
    def act(work: Work, inquiry: Inquiry | None, data: dict[str, Any]) -> Result:
        found = _found(inquiry)
        return Result(found, step(work, found, data))

    return Operation(name, schema, load, act, step_answer)


def _staff(
    name: str,
    schema: Any,
    load: Load,
    step: Callable[[Work, Inquiry, dict[str, Any]], Any],
    authorise: Callable[[Work, Inquiry], None],
) -> Operation:
    def act(work: Work, inquiry: Inquiry | None, data: dict[str, Any]) -> Result:
        found = _found(inquiry)
        return Result(found, step(work, found, data))

    return Operation(name, schema, load, act, step_answer, authorise, needs_version=True)


def _found(inquiry: Inquiry | None) -> Inquiry:
    if inquiry is None:
        raise NotFound()
    return inquiry


def _grade(data: dict[str, Any]) -> dict[str, Any]:
    return {
        "grade": data["grade"],
        "comment": data.get("comment"),
        "share_with_section": data["share_with_section"],
    }


def _closing(data: dict[str, Any]) -> Closing:
    outcome: Outcome = data["outcome"]
    return Closing(outcome, data["reply"], data.get("reason"), data.get("basis"), data.get("remedy"))
