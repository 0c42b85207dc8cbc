"""What the API answers; OpenAPI is made from these."""

from __future__ import annotations

from marshmallow import fields

from backend.domain.vocabulary import Measure
from backend.schemas.answers_closing import ReplyOut
from backend.schemas.answers_deliveries import DeliveryOut
from backend.schemas.answers_duties import DutyOut, InterpretationOut
from backend.schemas.answers_follow_ups import FollowUpsOut
from backend.schemas.answers_joint import JointOut, StaffJointOut
from backend.schemas.answers_leads import LeadOut
from backend.schemas.answers_ledger import ExternalLimitOut
from backend.schemas.answers_limits import BasisOut
from backend.schemas.answers_notices import NoticeOut
from backend.schemas.answers_transfers import DisputeOut, ExternalHandoffOut, LegOut, SignalOut
from backend.schemas.answers_urging import RemindersOut
from backend.schemas.fields import Out
from backend.schemas.sign_offs import OpinionOut, OpinionRoleOut
from backend.schemas.spot_checks import SpotCheckOut, SpotCheckWayOut


class ProblemItemOut(Out):
    pointer = fields.String()
    code = fields.String()
    detail = fields.String()


class ProblemOut(Out):
    """RFC 9457, with a stable `code` and a Chinese `detail`."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    code = fields.String(required=True)
    request_id = fields.String(required=True)
    errors = fields.List(fields.Nested(ProblemItemOut))


class RefOut(Out):
    id = fields.String()
    name = fields.String()


class PostOut(Out):
    id = fields.String()
    kind = fields.String()
    label = fields.String()
    location = fields.String()
    phone = fields.String()
    holder_name = fields.String(allow_none=True)


class HolderOut(Out):
    unit = fields.Nested(RefOut)
    section = fields.Nested(RefOut, allow_none=True)
    post = fields.Nested(PostOut, allow_none=True)
    person = fields.Nested(RefOut, allow_none=True)
    text = fields.String()


class BearerOut(Out):
    kind = fields.String()
    unit = fields.Nested(RefOut)
    person = fields.Nested(RefOut, allow_none=True)


class ClockOut(Out):
    """One running limit; `quote` is the words of the clause."""

    id = fields.String()
    duty = fields.String()
    title = fields.String()
    clause = fields.String()
    short_clause = fields.String()
    quote = fields.String()
    strictness = fields.String()
    strictness_label = fields.String()
    bearer = fields.Nested(BearerOut)
    bearer_label = fields.String()
    starts_at = fields.String(metadata={"format": "date-time"})
    due_at = fields.String(metadata={"format": "date-time"})
    due_text = fields.String()
    remaining_text = fields.String(allow_none=True)
    state = fields.String(
        metadata={
            "enum": ["running", "due_soon", "overdue", "paused", "met", "met_late", "missed", "cancelled"]
        }
    )
    paused_text = fields.String(allow_none=True)
    change = fields.String(allow_none=True)
    change_label = fields.String(allow_none=True)
    change_reason = fields.String(allow_none=True)
    basis = fields.Nested(BasisOut, allow_none=True)
    interpretations = fields.List(fields.Nested(InterpretationOut))
    explain = fields.String(metadata={"description": "怎么算的"})
    provisional = fields.Boolean()
    ended_at = fields.String(allow_none=True)
    end = fields.String(allow_none=True)
    readings = fields.List(fields.String())
    reading_label = fields.String()


class ReceiptOut(Out):
    sequence = fields.Integer()
    hash = fields.String()
    signature = fields.String()


class FiledOut(Out):
    number = fields.String(required=True)
    display_number = fields.String()
    status = fields.String()
    version = fields.Integer()
    received_at = fields.String(metadata={"format": "date-time"})
    tracking_token = fields.String()
    tracking_url = fields.String()
    holder = fields.Nested(HolderOut, allow_none=True)
    clocks = fields.List(fields.Nested(ClockOut))
    no_limit_note = fields.String(allow_none=True)
    receipt = fields.Nested(ReceiptOut)


class RegisteredOut(Out):
    """As for filing, without the citizen's capability."""

    number = fields.String(required=True)
    display_number = fields.String()
    status = fields.String()
    version = fields.Integer()
    received_at = fields.String(metadata={"format": "date-time"})
    late_entry = fields.Boolean()
    holder = fields.Nested(HolderOut, allow_none=True)
    clocks = fields.List(fields.Nested(ClockOut))
    no_limit_note = fields.String(allow_none=True)
    receipt = fields.Nested(ReceiptOut)


class StepOut(Out):
    """What a step left behind: rendered from its ledger entry, so a replay says the same."""

    id = fields.String(metadata={"description": "the resource the step made, if any"})
    number = fields.String()
    status = fields.String()
    version = fields.Integer()
    event = fields.String()
    at = fields.String(metadata={"format": "date-time"})
    holder = fields.Nested(HolderOut, allow_none=True)
    receipt = fields.Nested(ReceiptOut)


class AttachmentOut(Out):
    id = fields.String()
    name = fields.String()
    media_type = fields.String()
    size = fields.Integer()
    size_text = fields.String()
    added_at = fields.String()
    url = fields.String()
    erased = fields.Boolean(metadata={"description": "已按本人要求删除，不能再下载"})


class UploadedOut(AttachmentOut):
    """The same as an answer of its own (OpenAPI names a schema once for each use)."""


class ActionOut(Out):
    name = fields.String()
    label = fields.String()
    method = fields.String()
    href = fields.String()
    fields_ = fields.List(fields.String(), attribute="fields", data_key="fields")


class TimelineOut(Out):
    event = fields.String()
    at = fields.String()
    at_text = fields.String()
    title = fields.String()
    by = fields.String()
    text = fields.String(allow_none=True)
    round = fields.Integer()
    status = fields.String()
    folded = fields.Boolean(metadata={"description": "内容经复核后折叠；群众看自己的永远是 false"})


class RatingOut(Out):
    grade = fields.String(allow_none=True)
    grade_label = fields.String()
    comment = fields.String(allow_none=True)
    share_with_section = fields.Boolean()
    rated_at = fields.String()
    can_change = fields.Boolean()


class RatedOut(StepOut):
    grade = fields.String()


class HandoffOut(Out):
    id = fields.String()
    kind = fields.String()
    kind_label = fields.String()
    mode = fields.String()
    mode_label = fields.String()
    state = fields.String()
    state_label = fields.String()
    written = fields.Boolean()
    clause = fields.String()
    from_ = fields.String(attribute="from", data_key="from")
    to = fields.String()
    to_unit = fields.Nested(RefOut)
    to_section = fields.Nested(RefOut, allow_none=True)
    to_staff = fields.Nested(RefOut, allow_none=True)
    reason = fields.String(allow_none=True)
    offered_at = fields.String()
    offered_at_text = fields.String()
    served_at = fields.String(allow_none=True)
    lapses_at = fields.String()
    lapses_at_text = fields.String()
    lapses_provisional = fields.Boolean(
        metadata={"description": "the year it lapses in has no official calendar yet (暂定)"}
    )
    decided_at = fields.String(allow_none=True)
    return_reason = fields.String(allow_none=True)
    return_clause = fields.String(allow_none=True)
    return_clause_label = fields.String()


class MeasureOut(Out):
    id = fields.String()
    term = fields.String()
    title = fields.String()
    document = fields.String()


class ResponderOut(RefOut):
    term = fields.String()
    unit = fields.Nested(RefOut)


class InquiryOut(Out):
    """An inquiry as its citizen sees it."""

    number = fields.String(required=True)
    display_number = fields.String()
    category = fields.String()
    category_label = fields.String()
    channel = fields.String()
    channel_label = fields.String()
    source = fields.String()
    source_label = fields.String()
    content = fields.String(allow_none=True)
    received_at = fields.String(metadata={"format": "date-time"})
    received_text = fields.String()
    unit = fields.Nested(RefOut)
    section = fields.Nested(RefOut, allow_none=True)
    status = fields.String()
    status_label = fields.String()
    version = fields.Integer()
    round = fields.Integer()
    outcome = fields.String(allow_none=True)
    outcome_label = fields.String(allow_none=True)
    closed_at = fields.String(allow_none=True)
    reply = fields.Nested(ReplyOut, allow_none=True)
    holder = fields.Nested(HolderOut, allow_none=True)
    first_responder = fields.Nested(ResponderOut, allow_none=True)
    clocks = fields.List(fields.Nested(ClockOut))
    no_limit_note = fields.String(allow_none=True)
    measure = fields.Nested(MeasureOut)
    duties = fields.List(fields.Nested(DutyOut))
    notice = fields.Nested(NoticeOut, allow_none=True)
    joint = fields.Nested(JointOut, allow_none=True)
    timeline = fields.List(fields.Nested(TimelineOut))
    reminders = fields.Nested(RemindersOut)
    handoffs = fields.List(fields.Nested(HandoffOut))
    external_handoffs = fields.List(fields.Nested(ExternalHandoffOut))
    dispute = fields.Nested(DisputeOut, allow_none=True)
    holders = fields.List(fields.Nested(LegOut))
    attachments = fields.List(fields.Nested(AttachmentOut))
    rating = fields.Nested(RatingOut, allow_none=True)
    deliveries = fields.List(fields.Nested(DeliveryOut))
    actions = fields.List(fields.Nested(ActionOut))


class ContactOut(Out):
    kind = fields.String()
    kind_label = fields.String()
    erased = fields.Boolean(metadata={"description": "已按本人要求删除"})
    name = fields.String(allow_none=True)
    org_name = fields.String(allow_none=True)
    phone = fields.String(allow_none=True)
    masked = fields.String()


class AboutOut(Out):
    kind = fields.String()
    kind_label = fields.String()
    name = fields.String(allow_none=True)


class LimitChoicesOut(Out):
    most_days = fields.Integer(metadata={"description": "说明理由延长，最多几个工作日"})


class StaffInquiryOut(InquiryOut):
    """The same with what only the office needs."""

    summary = fields.String(allow_none=True)
    content_folded = fields.Boolean(metadata={"description": "内容经复核后折叠"})
    folded_attachments = fields.List(fields.String())
    contact = fields.Nested(ContactOut, allow_none=True)
    about = fields.Nested(AboutOut, allow_none=True)
    late_entry = fields.Boolean()
    confidential = fields.Boolean()
    written = fields.Boolean()
    disposition = fields.String()
    disposition_label = fields.String()
    external = fields.Nested(ExternalLimitOut, allow_none=True)
    opinions = fields.List(fields.Nested(OpinionOut))
    opinion_roles = fields.List(fields.Nested(OpinionRoleOut))
    joint = fields.Nested(StaffJointOut, allow_none=True)
    handoff = fields.Nested(HandoffOut, allow_none=True)
    signals = fields.List(fields.Nested(SignalOut))
    leads = fields.List(fields.Nested(LeadOut))
    limit_choices = fields.Nested(LimitChoicesOut)
    follow_ups = fields.Nested(FollowUpsOut, allow_none=True)
    spot_checks = fields.List(fields.Nested(SpotCheckOut))
    spot_check_ways = fields.List(fields.Nested(SpotCheckWayOut))
    spot_check_partners = fields.List(fields.Nested(RefOut))


class SignOut(Out):
    code = fields.String(required=True)
    display_code = fields.String()
    url = fields.String()
    location = fields.String()
    unit = fields.Nested(RefOut)
    section = fields.Nested(RefOut, allow_none=True)
    post = fields.Nested(PostOut)
    complaint_phone = fields.String()
    measure = fields.Nested(MeasureOut)


class SessionOut(Out):
    token = fields.String(required=True)
    expires_at = fields.String(metadata={"format": "date-time"})


class LookupOut(Out):
    number = fields.String()
    tracking_token = fields.String()
    tracking_url = fields.String()
    expires_at = fields.String(metadata={"format": "date-time"})


class WorkBoxOut(Out):
    """A list of inquiries this person has, and how much is in it: a thousand stands for more."""

    name = fields.String()
    label = fields.String()
    total = fields.Integer()


class MeOut(RefOut):
    unit = fields.Nested(RefOut)
    section = fields.Nested(RefOut, allow_none=True)
    roles = fields.List(fields.String())
    measure = fields.String(metadata={"enum": [measure.value for measure in Measure]})
    counts = fields.Dict(keys=fields.String(), values=fields.Integer())
    boxes = fields.List(fields.Nested(WorkBoxOut))


class DirectorySectionOut(RefOut):
    kind = fields.String()
    staffed = fields.Boolean()
    may_assign = fields.Boolean(metadata={"description": "可以把事项分派给这里的人"})
    staff = fields.List(fields.Nested(RefOut))


class DirectoryUnitOut(RefOut):
    organ_type = fields.String()
    sections = fields.List(fields.Nested(DirectorySectionOut))


class DirectoryOut(Out):
    items = fields.List(fields.Nested(DirectoryUnitOut))
    next_cursor = fields.String(allow_none=True)


class HealthOut(Out):
    status = fields.String()
    warnings = fields.List(fields.String())
