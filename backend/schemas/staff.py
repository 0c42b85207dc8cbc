"""What staff send."""

from __future__ import annotations

from marshmallow import ValidationError, fields

from backend.domain.boxes import Box
from backend.domain.closing import STAFF_OUTCOMES
from backend.domain.texts import has_long_number
from backend.domain.vocabulary import Category, Channel, HandoffMode, Outcome
from backend.schemas.fields import Choice, Flag, Id, In, Inner, Line, Moment, Paragraphs
from backend.schemas.inquiries import TEXT_LIMIT, AboutIn, ContactIn
from backend.schemas.transfers import OutsideIn

SUMMARY_LIMIT = 40
EXTERNAL_NO_LIMIT = 60


def no_personal_data(summary: str) -> None:
    """A summary stands in lists: no phone or identity number belongs there (design 7). Raises ValidationError."""
    if has_long_number(summary):
        raise ValidationError("value_invalid|摘要会出现在列表里，请不要写电话或证件号码。")


class StaffSessionIn(In):
    username = Line(64, required=True)
    password = Line(200, required=True)
    totp = Line(12)


class ConfirmationIn(In):
    summary = Line(SUMMARY_LIMIT, validate=no_personal_data)
    competent = Flag()
    on_the_spot = Flag()


class HandoffIn(In):
    to_unit = Id()
    to_section = Id()
    to_staff = Id()
    external = Inner(OutsideIn)
    mode = Choice(HandoffMode, load_default=HandoffMode.TRANSFER)
    reason = Paragraphs(TEXT_LIMIT, required=True)
    written = Flag()


class HandoffReturnIn(In):
    reason = Paragraphs(TEXT_LIMIT, required=True)
    clause = Paragraphs(500, required=True)


class AssignmentIn(In):
    to_staff = Id(required=True)
    reason = Paragraphs(TEXT_LIMIT)


class AuthorityIn(In):
    """The 主管部门 somebody is guided to; its address or its phone as well (坛 六（四）)."""

    name = Line(120, required=True)
    address = Line(300)
    phone = Line(40)


class ClosingPart(In):
    """How an inquiry ends. A refusal also needs reason, basis and remedy (坛 六（一）); guidance `authority` or `help`,
    of a consultation reason and help (坛 六（四）、七（四）)."""

    outcome = Choice(Outcome, only=STAFF_OUTCOMES, required=True)
    reply = Paragraphs(TEXT_LIMIT, required=True)
    reason = Paragraphs(TEXT_LIMIT)
    basis = Paragraphs(TEXT_LIMIT)
    remedy = Paragraphs(TEXT_LIMIT)
    authority = Inner(AuthorityIn)
    help = Paragraphs(TEXT_LIMIT)


class ClosingIn(ClosingPart):
    """The same as a body of its own (OpenAPI names a schema once for each use)."""


class RegistrationIn(In):
    """来电、来访、来信 and the like; most visits end on the spot, so closing can come along."""

    channel = Choice(Channel, required=True)
    category = Choice(Category, required=True)
    content = Paragraphs(TEXT_LIMIT, required=True)
    summary = Line(SUMMARY_LIMIT, validate=no_personal_data)
    contact = Inner(ContactIn)
    about = Inner(AboutIn)
    written = Flag()
    occurred_at = Moment()
    external_no = Line(EXTERNAL_NO_LIMIT, metadata={"description": "政务热线、局长信箱：原系统的编号"})
    external_due_at = Moment(metadata={"description": "其他系统交办的期限，和办法的时限分开"})
    external_basis = Line(200)
    closing = Inner(ClosingPart)


class WorkListIn(In):
    box = fields.String(metadata={"enum": [box.value for box in Box]})
    cursor = fields.String()
