"""Every table, one aggregate a file."""

from backend.models.access import AccessSession, IdempotencyKey
from backend.models.blobs import Blob, BlobChunk
from backend.models.calendar import CalendarDayRow
from backend.models.citizens import Citizen
from backend.models.clocks import Clock, ClockFact
from backend.models.handoffs import Handoff
from backend.models.inquiries import Attachment, Holding, Inquiry, InquiryText
from backend.models.ledger import LedgerEntry, LedgerHead
from backend.models.organisation import Section, Unit
from backend.models.outbox import OutboxItem, ScheduleSlot
from backend.models.posts import Post, PostDeputy, Sign
from backend.models.ratings import Rating
from backend.models.staff import Absence, RoleGrant, Staff

__all__ = [
    "Absence",
    "AccessSession",
    "Attachment",
    "Blob",
    "BlobChunk",
    "CalendarDayRow",
    "Citizen",
    "Clock",
    "ClockFact",
    "Handoff",
    "Holding",
    "IdempotencyKey",
    "Inquiry",
    "InquiryText",
    "LedgerEntry",
    "LedgerHead",
    "OutboxItem",
    "Post",
    "PostDeputy",
    "Rating",
    "RoleGrant",
    "ScheduleSlot",
    "Section",
    "Sign",
    "Staff",
    "Unit",
]
