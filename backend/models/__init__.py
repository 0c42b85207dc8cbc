"""Every table, one aggregate a file."""

from backend.models.access import AccessSession, IdempotencyKey
from backend.models.accounts import BindingCode, Consent, StaffBinding, WechatAccount
from backend.models.blobs import Blob, BlobChunk
from backend.models.calendar import CalendarDayRow
from backend.models.citizens import Citizen
from backend.models.clocks import Clock, ClockFact
from backend.models.console import ClosedPlace, Draft, NoticeMark, ReplyTemplate, SummaryTerm
from backend.models.content_checks import ContentCheck
from backend.models.exports import ExportRequest, ExportVolume
from backend.models.follow_ups import FollowUp
from backend.models.handoffs import Handoff
from backend.models.imports import ImportedRow, ImportFile
from backend.models.inquiries import Attachment, Holding, Inquiry, InquiryText
from backend.models.joints import JointHandling, JointOpinion, JointUnit
from backend.models.leads import (
    AccountabilityLead,
    LeadDecision,
    LeadElement,
    LeadMeasure,
    LeadStatement,
)
from backend.models.ledger import LedgerEntry, LedgerHead
from backend.models.ledger_rows import LedgerRow
from backend.models.notices import Notice, NoticeDocument
from backend.models.organisation import Section, Unit
from backend.models.organisation_changes import OrganisationChange
from backend.models.outbox import OutboxItem, ScheduleSlot
from backend.models.posts import Post, PostDeputy, Sign
from backend.models.ratings import Rating
from backend.models.rules import Coordinator, Matter, UnitHours, UnitPromise, UnitRecord
from backend.models.sign_offs import ExternalNumber, LedgerReport, Opinion
from backend.models.staff import Absence, RoleGrant, Staff
from backend.models.transfers import Dispute, ExternalHandoff
from backend.models.urging import Reminder, Supervision
from backend.models.wechat import ChannelState, WechatEvent

__all__ = [
    "Absence",
    "AccessSession",
    "AccountabilityLead",
    "Attachment",
    "BindingCode",
    "Blob",
    "BlobChunk",
    "CalendarDayRow",
    "ChannelState",
    "Citizen",
    "Clock",
    "ClockFact",
    "ClosedPlace",
    "Consent",
    "ContentCheck",
    "Coordinator",
    "Dispute",
    "Draft",
    "ExportRequest",
    "ExportVolume",
    "ExternalHandoff",
    "ExternalNumber",
    "FollowUp",
    "Handoff",
    "Holding",
    "IdempotencyKey",
    "ImportFile",
    "ImportedRow",
    "Inquiry",
    "InquiryText",
    "JointHandling",
    "JointOpinion",
    "JointUnit",
    "LeadDecision",
    "LeadElement",
    "LeadMeasure",
    "LeadStatement",
    "LedgerEntry",
    "LedgerHead",
    "LedgerReport",
    "LedgerRow",
    "Matter",
    "Notice",
    "NoticeDocument",
    "NoticeMark",
    "Opinion",
    "OrganisationChange",
    "OutboxItem",
    "Post",
    "PostDeputy",
    "Rating",
    "Reminder",
    "ReplyTemplate",
    "RoleGrant",
    "ScheduleSlot",
    "Section",
    "Sign",
    "Staff",
    "StaffBinding",
    "SummaryTerm",
    "Supervision",
    "Unit",
    "UnitHours",
    "UnitPromise",
    "UnitRecord",
    "WechatAccount",
    "WechatEvent",
]
