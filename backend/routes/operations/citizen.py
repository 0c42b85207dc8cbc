"""What a citizen does: file, add, take back, open again, rate."""

from __future__ import annotations

from typing import Any

from backend.domain.errors import FieldInvalid, StaffCannotRate
from backend.domain.vocabulary import Channel, Source
from backend.models import Inquiry
from backend.routes.answers import attached_answer, filed_answer, rated_answer
from backend.routes.loading import Load
from backend.routes.operations.shared import Authorise, about_of, citizen_step, found_inquiry
from backend.routes.pipeline import Operation, Result, locked
from backend.schemas.inquiries import EmptyIn, InquiryIn, RatingIn, ReopeningIn, SupplementIn, WithdrawalIn
from backend.services.attaching import Upload, attach_file
from backend.services.closing import withdraw_inquiry
from backend.services.contacts import Contact
from backend.services.filing import NewInquiry, file_inquiry
from backend.services.following import (
    change_rating,
    is_from_staff_phone,
    is_from_staff_wechat,
    rate_inquiry,
    reopen_inquiry,
    supplement_inquiry,
)
from backend.services.idempotency import RequestInProgress
from backend.services.person_limits import ensure_not_filed_before, ensure_within_limits
from backend.services.routing import destination_of_sign, destination_without_sign
from backend.services.work import Work
from backend.vault.blobs import BlobStore


def filing(channel: Channel = Channel.OTHER, *, account_id: str | None = None) -> Operation:
    """A citizen files, through a sign, a unit's page or its mailbox; signed in, within what one person may file."""

    def authorise(work: Work, _none: Inquiry | None) -> None:
        if account_id is not None:
            ensure_within_limits(work, account_id)

    def act(work: Work, _none: Inquiry | None, data: dict[str, Any]) -> Result:
        new = _new_inquiry(work, data, channel, account_id)
        if account_id is not None and not data["duplicate_ok"]:
            ensure_not_filed_before(work, account_id, new.content)
        filed = file_inquiry(work, new)
        return Result(filed.inquiry, filed.entry)

    return Operation("file", InquiryIn, lambda _work: None, act, filed_answer, authorise, status=201)


def _new_inquiry(work: Work, data: dict[str, Any], channel: Channel, account_id: str | None) -> NewInquiry:
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
    about = about_of(data)
    return NewInquiry(
        destination=destination,
        category=data["category"],
        content=data["content"],
        channel=channel,
        source=_source(by_sign=sign is not None, signed_in=account_id is not None),
        written=data.get("written"),
        contact=Contact(**data.get("contact", {})),
        about=about.get("kind"),
        about_name=about.get("name"),
        account_id=account_id,
    )


def _source(*, by_sign: bool, signed_in: bool) -> Source:
    if by_sign:
        return Source.SIGN
    return Source.MINIPROGRAM if signed_in else Source.WEB


def supplement(load: Load) -> Operation:
    """The citizen adds to an open inquiry."""
    return citizen_step(
        "supplement", SupplementIn, load, lambda w, i, d: supplement_inquiry(w, i, text=d["text"]), status=201
    )


def withdrawal(load: Load) -> Operation:
    """The citizen takes it back."""
    return citizen_step(
        "withdraw", WithdrawalIn, load, lambda w, i, d: withdraw_inquiry(w, i, reason=d.get("reason"))
    )


def reopening(load: Load) -> Operation:
    """The citizen asks for another round."""
    return citizen_step("reopen", ReopeningIn, load, lambda w, i, d: reopen_inquiry(w, i, reason=d["reason"]))


def rating(load: Load, *, source: str, by_staff: bool = False) -> Operation:
    """The citizen's own grade of the closed round. `by_staff`: a staff session stands behind the request."""

    def act(work: Work, inquiry: Inquiry | None, data: dict[str, Any]) -> Result:
        inquiry = locked(work, found_inquiry(inquiry))
        made, entry = rate_inquiry(work, inquiry, source=source, **_grade(data))
        return Result(inquiry, entry, made.id)

    return Operation("rate", RatingIn, load, act, rated_answer, _citizen_only(by_staff=by_staff), status=201)


def rating_change(load: Load, *, by_staff: bool = False) -> Operation:
    """The one change of a grade."""

    def act(work: Work, inquiry: Inquiry | None, data: dict[str, Any]) -> Result:
        inquiry = locked(work, found_inquiry(inquiry))
        changed, entry = change_rating(work, inquiry, **_grade(data))
        return Result(inquiry, entry, changed.id)

    return Operation("change_rating", RatingIn, load, act, rated_answer, _citizen_only(by_staff=by_staff))


def attachment(load: Load, upload: Upload | None, store: BlobStore | None) -> Operation:
    """Add a file that has already been cleaned; None where it was seen to be a repetition."""

    def act(work: Work, inquiry: Inquiry | None, _data: dict[str, Any]) -> Result:
        inquiry = locked(work, found_inquiry(inquiry))
        if upload is None:
            raise RequestInProgress()  # the earlier answer expired between the look and now: ask again
        row, entry = attach_file(work, inquiry, upload, store)
        return Result(inquiry, entry, row.id)

    return Operation("attach", EmptyIn, load, act, attached_answer, status=201)


def _citizen_only(*, by_staff: bool) -> Authorise:
    """Staff rate neither in their session nor from their own phone or WeChat (design 5)."""

    def authorise(work: Work, inquiry: Inquiry | None) -> None:
        found = found_inquiry(inquiry)
        if by_staff or is_from_staff_phone(work, found) or is_from_staff_wechat(work, found):
            raise StaffCannotRate()

    return authorise


def _grade(data: dict[str, Any]) -> dict[str, Any]:
    return {
        "grade": data["grade"],
        "comment": data.get("comment"),
        "share_with_section": data["share_with_section"],
    }
