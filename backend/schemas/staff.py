"""What staff send."""

from __future__ import annotations

from marshmallow import ValidationError, fields

from backend.domain.boxes import Box
from backend.domain.closing import STAFF_OUTCOMES
from backend.domain.texts import has_long_number
from backend.domain.vocabulary import Category, Channel, HandoffMode, Outcome, Status
from backend.schemas.fields import MESSAGES, Choice, Flag, Id, In, Inner, Line, Moment, Paragraphs, PhoneTail
from backend.schemas.inquiries import TEXT_LIMIT, AboutIn, ContactIn
from backend.schemas.transfers import OutsideIn

SUMMARY_LIMIT = 40
EXTERNAL_NO_LIMIT = 60
DAY = "^([0-9]{4}-[0-9]{2}-[0-9]{2})?$"
"""Or nothing: a form sends a field left empty as it is."""


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
    external_no = Line(EXTERNAL_NO_LIMIT, metadata={"description": "政务热线、局长信箱：其他系统的编号"})
    external_due_at = Moment(metadata={"description": "其他系统交办的期限，和办法的时限分开"})
    external_basis = Line(200)
    closing = Inner(ClosingPart)


class FiltersIn(In):
    """What narrows a list."""

    category = fields.String(metadata={"enum": [word.value for word in Category]})
    channel = fields.String(metadata={"enum": [word.value for word in Channel]})
    status = fields.String(metadata={"enum": [word.value for word in Status]})
    section = fields.String(metadata={"description": "首问或者办理过的科室"})
    late_entry = fields.String(metadata={"enum": ["true"], "description": "只看补录的"})
    overdue = fields.String(metadata={"enum": ["true"], "description": "只看已超期的"})
    since = fields.String(metadata={"description": "受理日期从这一天起", "pattern": DAY})
    until = fields.String(metadata={"description": "受理日期到这一天止", "pattern": DAY})


class WorkListIn(FiltersIn):
    box = fields.String(metadata={"enum": [box.value for box in Box]})
    cursor = fields.String()


class SearchIn(In):
    """At least one of the three; all that is given must fit."""

    number = Line(60, metadata={"description": "本系统的编号，或者政务热线、局长信箱的编号"})
    phone_tail = fields.String(validate=PhoneTail, error_messages=MESSAGES)
    text = Line(SUMMARY_LIMIT, metadata={"description": "摘要里连着的字，至少两个"})
    cursor = Line(200)
