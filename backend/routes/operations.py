"""Every write on an inquiry, described once for the API and for the HTML forms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from backend.domain.errors import FieldInvalid, NotFound, NotHolder, RoleRequired, StaffCannotRate
from backend.domain.identity import Identity
from backend.domain.vocabulary import Category, Channel, Outcome, Source
from backend.models import Handoff, Inquiry
from backend.routes.access import Access
from backend.routes.answers import attached_answer, filed_answer, rated_answer, registered_answer, step_answer
from backend.routes.loading import Load, by_handoff
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
from backend.services.following import (
    change_rating,
    is_from_staff_phone,
    rate_inquiry,
    reopen_inquiry,
    supplement_inquiry,
)
from backend.services.handing_over import Offer, accept_handoff, may_answer, offer_handoff, return_handoff
from backend.services.holdings import live_holding
from backend.services.idempotency import RequestInProgress
from backend.services.registering import ensure_registrar, register_inquiry
from backend.services.routing import destination_of_sign, destination_without_sign
from backend.services.work import Work
from backend.vault.blobs import BlobStore

Authorise = Callable[[Work, Inquiry | None], None]


def filing(source: Source, channel: Channel = Channel.OTHER) -> Operation:
    """A citizen files, through a sign, a unit's page or its mailbox."""

    def act(work: Work, _none: Inquiry | None, data: dict[str, Any]) -> Result:
        filed = file_inquiry(work, _new_inquiry(work, data, source, channel))
        return Result(filed.inquiry, filed.entry)

    return Operation("file", InquiryIn, lambda _work: None, act, filed_answer, status=201)


def _new_inquiry(work: Work, data: dict[str, Any], source: Source, channel: Channel) -> NewInquiry:
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
        channel=channel,
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
        "supplement", SupplementIn, load, lambda w, i, d: supplement_inquiry(w, i, text=d["text"]), status=201
    )


def withdrawal(load: Load) -> Operation:
    """The citizen takes it back."""
    return _citizen(
        "withdraw", WithdrawalIn, load, lambda w, i, d: withdraw_inquiry(w, i, reason=d.get("reason"))
    )


def reopening(load: Load) -> Operation:
    """The citizen asks for another round."""
    return _citizen("reopen", ReopeningIn, load, lambda w, i, d: reopen_inquiry(w, i, reason=d["reason"]))


def rating(load: Load, *, source: str, by_staff: bool = False) -> Operation:
    """The citizen's own grade of the closed round. `by_staff`: a staff session stands behind the request."""

    def act(work: Work, inquiry: Inquiry | None, data: dict[str, Any]) -> Result:
        inquiry = locked(work, _found(inquiry))
        made, entry = rate_inquiry(work, inquiry, source=source, **_grade(data))
        return Result(inquiry, entry, made.id)

    return Operation("rate", RatingIn, load, act, rated_answer, _citizen_only(by_staff=by_staff), status=201)


def rating_change(load: Load, *, by_staff: bool = False) -> Operation:
    """The one change of a grade."""

    def act(work: Work, inquiry: Inquiry | None, data: dict[str, Any]) -> Result:
        inquiry = locked(work, _found(inquiry))
        changed, entry = change_rating(work, inquiry, **_grade(data))
        return Result(inquiry, entry, changed.id)

    return Operation("change_rating", RatingIn, load, act, rated_answer, _citizen_only(by_staff=by_staff))


def attachment(load: Load, upload: Upload | None, store: BlobStore | None) -> Operation:
    """Add a file that has already been cleaned; None where it was seen to be a repetition."""

    def act(work: Work, inquiry: Inquiry | None, _data: dict[str, Any]) -> Result:
        inquiry = locked(work, _found(inquiry))
        if upload is None:
            raise RequestInProgress()  # the earlier answer expired between the look and now: ask again
        row, entry = attach_file(work, inquiry, upload, store)
        return Result(inquiry, entry, row.id)

    return Operation("attach", EmptyIn, load, act, attached_answer, status=201)


def registration(access: Access) -> Operation:
    """Staff enter a call, a visit or a letter; it may be closed in the same step."""

    def act(work: Work, _none: Inquiry | None, data: dict[str, Any]) -> Result:
        about = _about(data)
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
        "accept", EmptyIn, by_handoff(handoff_id, identity, found), step, _receiver_only(identity, found)
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
        by_handoff(handoff_id, identity, found),
        step,
        _receiver_only(identity, found),
    )


def assignment(load: Load, identity: Identity) -> Operation:
    """分派 inside the scope."""

    def authorise(work: Work, inquiry: Inquiry | None) -> None:
        found = _found(inquiry)
        if live_holding(work.session, found) is not None and not may_assign(work.session, identity, found):
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


def _citizen_only(*, by_staff: bool) -> Authorise:
    """Staff rate neither in their session nor from their own phone (design 5)."""

    def authorise(work: Work, inquiry: Inquiry | None) -> None:
        if by_staff or is_from_staff_phone(work, _found(inquiry)):
            raise StaffCannotRate()

    return authorise


def _holder_only(identity: Identity) -> Authorise:
    def authorise(work: Work, inquiry: Inquiry | None) -> None:
        holding = live_holding(work.session, _found(inquiry))
        if holding is not None and not acts_for(work, identity, holding):
            raise NotHolder()

    return authorise


def _receiver_only(identity: Identity, found: dict[str, Handoff]) -> Authorise:
    def authorise(work: Work, _inquiry: Inquiry | None) -> None:
        if not may_answer(work.session, identity, found["handoff"], work.now):
            raise NotHolder("这次转交不是给您或您所在科室的。")

    return authorise


def _citizen(
    name: str,
    schema: Any,
    load: Load,
    step: Callable[[Work, Inquiry, dict[str, Any]], Any],
    *,
    status: int = 200,
) -> Operation:
    def act(work: Work, inquiry: Inquiry | None, data: dict[str, Any]) -> Result:
        found = _found(inquiry)
        return Result(found, step(work, found, data))

    return Operation(name, schema, load, act, step_answer, status=status)


def _staff(
    name: str,
    schema: Any,
    load: Load,
    step: Callable[[Work, Inquiry, dict[str, Any]], Any],
    authorise: Authorise,
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
