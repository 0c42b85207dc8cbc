"""回访情况上报 and 台账汇总: what is sent and what is answered."""

from __future__ import annotations

from marshmallow import fields

from backend.domain.vocabulary_ledger import LedgerReportKind
from backend.schemas.answers_ledger import LedgerTotalsOut
from backend.schemas.fields import Id, In, Line, Out

PERIOD = {"description": "月份或季度：2026-11、2026-Q4", "examples": ["2026-11", "2026-Q4"]}


class SubmissionIn(In):
    period = Line(7, required=True, metadata=PERIOD)
    section = Id()


class SummaryIn(In):
    period = Line(7, required=True, metadata=PERIOD)


class ReportListIn(In):
    kind = fields.String(metadata={"enum": [kind.value for kind in LedgerReportKind]})
    period = fields.String(metadata=PERIOD)
    cursor = fields.String()


class ReportReceiptOut(Out):
    sequence = fields.Integer()
    hash = fields.String()
    signature = fields.String()


class ReportPartOut(Out):
    """One section in a summary: `submission` is null where it is missing."""

    section = fields.Nested("RefOut")
    submission = fields.String(allow_none=True)
    counted = fields.Integer()
    closed = fields.Integer()
    followed_up = fields.Integer()


class LedgerReportOut(Out):
    id = fields.String()
    kind = fields.String(metadata={"enum": [kind.value for kind in LedgerReportKind]})
    kind_label = fields.String()
    label = fields.String(allow_none=True)
    unit = fields.Nested("RefOut")
    section = fields.Nested("RefOut", allow_none=True)
    period = fields.String()
    period_label = fields.String()
    starts_on = fields.String(metadata={"format": "date"})
    ends_on = fields.String(metadata={"format": "date"})
    complete = fields.Boolean(metadata={"description": "作出时这个月份或季度是否已经过完"})
    at = fields.String(metadata={"format": "date-time"})
    at_text = fields.String()
    by = fields.String()
    row_count = fields.Integer()
    rows_sha256 = fields.String()
    counts = fields.Nested(LedgerTotalsOut)
    grades_suppressed = fields.Boolean(metadata={"description": "评价不足 5 件，满意度不显示"})
    sections = fields.List(fields.Nested(ReportPartOut))
    missing = fields.List(fields.Nested("RefOut"))
    receipt = fields.Nested(ReportReceiptOut)


class MadeReportOut(LedgerReportOut):
    """The same as an answer of its own (OpenAPI names a schema once for each use)."""


class LedgerReportsOut(Out):
    items = fields.List(fields.Nested(LedgerReportOut))
    next_cursor = fields.String(allow_none=True)
    can_submit = fields.Boolean()
    can_sum_up = fields.Boolean()
