"""Copies of the ledger: what is asked, decided and shown."""

from __future__ import annotations

from marshmallow import fields, validate

from backend.domain.exports import ExportDecision, ExportFormat, ExportState
from backend.domain.ledger_scopes import FIRST_YEAR, LAST_YEAR, LedgerScope
from backend.schemas.answers_ledger import TIME
from backend.schemas.fields import MESSAGES, Choice, Id, In, Line, Out
from backend.schemas.ledger import LedgerScopeIn

REASON_LIMIT = 200


class LedgerFileIn(LedgerScopeIn):
    """Of the address of a file."""

    year = fields.String(metadata={"description": "受理的年份，默认今年", "pattern": "^([0-9]{4})?$"})


class ExportIn(In):
    scope = Choice(LedgerScope, required=True)
    section = Id(metadata={"description": "分台账是哪个科室的；总台账不写"})
    year = fields.Integer(
        required=True,
        strict=True,
        validate=validate.Range(FIRST_YEAR, LAST_YEAR, error="value_invalid|请写四位的年份，例如 2026。"),
        error_messages=MESSAGES | {"too_large": "value_invalid"},
    )
    format = Choice(ExportFormat, required=True)
    reason = Line(REASON_LIMIT, required=True)


class ExportDecisionIn(In):
    decision = Choice(ExportDecision, required=True)
    note = Line(REASON_LIMIT)


class ExportListIn(In):
    cursor = fields.String()


class ExportOut(Out):
    """One copy. `expires_at`: until when it waits for leave, or can be taken; `done` of `rows` lines are made."""

    id = fields.String(required=True)
    scope = fields.String(metadata={"enum": [scope.value for scope in LedgerScope]})
    scope_label = fields.String()
    unit = fields.Nested("RefOut")
    section = fields.Nested("RefOut", allow_none=True)
    year = fields.Integer()
    format = fields.String(metadata={"enum": [form.value for form in ExportFormat]})
    format_label = fields.String()
    full = fields.Boolean(metadata={"description": "含姓名、电话"})
    reason = fields.String(allow_none=True)
    state = fields.String(metadata={"enum": [state.value for state in ExportState]})
    state_label = fields.String()
    rows = fields.Integer()
    done = fields.Integer()
    volumes = fields.Integer(metadata={"description": "分成几册；多于一册的，下载的是装着各册的 zip"})
    requested_by = fields.Nested("RefOut")
    requested_at = fields.String(metadata=TIME)
    requested_text = fields.String()
    decided_by = fields.Nested("RefOut", allow_none=True)
    decided_at = fields.String(allow_none=True, metadata=TIME)
    note = fields.String(allow_none=True)
    expires_at = fields.String(allow_none=True, metadata=TIME)
    expires_text = fields.String(allow_none=True)
    downloaded_at = fields.String(allow_none=True, metadata=TIME)
    downloaded_text = fields.String(allow_none=True)
    problem = fields.String(allow_none=True)
    own = fields.Boolean()
    may_decide = fields.Boolean()
    may_download = fields.Boolean()
    href = fields.String()


class ExportLineOut(ExportOut):
    """The same as an item of the list (OpenAPI names a schema once for each use)."""


class ExportListOut(Out):
    items = fields.List(fields.Nested(ExportLineOut))
    next_cursor = fields.String(allow_none=True)
