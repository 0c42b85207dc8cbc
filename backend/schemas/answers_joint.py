"""What the API answers about joint handling (坛 六（三）、七（三）)."""

from __future__ import annotations

from marshmallow import fields

from backend.domain.vocabulary import JointState, OpinionKind, ReportTo
from backend.schemas.fields import Out

# By name: these schemas stand inside those of `answers`, which imports this module.
REF = "RefOut"
CLOCK = "ClockOut"


class JointUnitOut(Out):
    """One of the other units: whether it has spoken, what it does, whether that is done."""

    unit = fields.Nested(REF)
    answered = fields.Boolean()
    answered_at = fields.String(allow_none=True, metadata={"format": "date-time"})
    answered_at_text = fields.String(allow_none=True)
    task = fields.String(allow_none=True)
    done = fields.Boolean()
    done_at = fields.String(allow_none=True, metadata={"format": "date-time"})
    done_at_text = fields.String(allow_none=True)


class JointOut(Out):
    """A joint case as its citizen sees it."""

    id = fields.String()
    round = fields.Integer()
    state = fields.String(metadata={"enum": [state.value for state in JointState]})
    state_label = fields.String()
    clause = fields.String(allow_none=True)
    provided_by_us = fields.Boolean(metadata={"description": "the measure knows no joint handling"})
    lead = fields.Nested(REF)
    started_at = fields.String(metadata={"format": "date-time"})
    started_at_text = fields.String()
    planned_at = fields.String(allow_none=True, metadata={"format": "date-time"})
    planned_at_text = fields.String(allow_none=True)
    referred_at = fields.String(allow_none=True, metadata={"format": "date-time"})
    referred_at_text = fields.String(allow_none=True)
    ended_at = fields.String(allow_none=True, metadata={"format": "date-time"})
    ended_at_text = fields.String(allow_none=True)
    report_to = fields.String(allow_none=True, metadata={"enum": [*(to.value for to in ReportTo), None]})
    report_to_label = fields.String(allow_none=True)
    plan_clock = fields.Nested(CLOCK, allow_none=True)
    units = fields.List(fields.Nested(JointUnitOut))


class JointOpinionOut(Out):
    """An opinion or a record of talks."""

    id = fields.String()
    kind = fields.String(metadata={"enum": [kind.value for kind in OpinionKind]})
    kind_label = fields.String()
    unit = fields.Nested(REF)
    by = fields.Nested(REF)
    text = fields.String(allow_none=True)
    said_at = fields.String(metadata={"format": "date-time"})
    said_at_text = fields.String()


class StaffJointUnitOut(JointUnitOut):
    """The same with what the unit reported as done."""

    done_text = fields.String(allow_none=True)


class StaffJointOut(JointOut):
    """A joint case as the office sees it: every word."""

    matter = fields.String(allow_none=True)
    started_by = fields.Nested(REF)
    found_at = fields.String(metadata={"format": "date-time"})
    found_at_text = fields.String()
    plan = fields.String(allow_none=True)
    opinions = fields.List(fields.Nested(JointOpinionOut))
    exculpation = fields.List(
        fields.Nested(JointOpinionOut),
        metadata={"description": "records of talks beside a plan or report that is late"},
    )
    has_report = fields.Boolean()
    plan_refusal = fields.String(
        allow_none=True, metadata={"description": "why no plan can be put on record yet"}
    )
    reading_label = fields.String()
    units = fields.List(fields.Nested(StaffJointUnitOut))


class JointReportOut(Out):
    """The written report with its three parts, and the records of talks as its appendix."""

    number = fields.String(required=True)
    title = fields.String()
    clause = fields.String()
    quote = fields.String()
    unit = fields.Nested(REF)
    report_to = fields.String(metadata={"enum": [to.value for to in ReportTo]})
    report_to_label = fields.String()
    matter = fields.String(allow_none=True)
    units = fields.List(fields.Nested(REF))
    matters = fields.String(allow_none=True)
    positions = fields.String(allow_none=True)
    opinion = fields.String(allow_none=True)
    consultations = fields.List(fields.Nested(JointOpinionOut))
    referred_by = fields.Nested(REF)
    referred_at = fields.String(metadata={"format": "date-time"})
    date_text = fields.String()
