"""What a unit has laid down for itself (实施细则), as the API answers it."""

from __future__ import annotations

from marshmallow import fields

from backend.schemas.answers import MeasureOut, RefOut
from backend.schemas.answers_explanation import SeasonOut
from backend.schemas.fields import Out


class UnitHoursOut(Out):
    """When the unit closes; with seasons they alone say so."""

    closes_at = fields.String()
    is_own = fields.Boolean(metadata={"description": "单位自己设定；否则是系统设定的默认值"})
    seasons = fields.List(fields.Nested(SeasonOut))


class LawLimitOut(Out):
    clause = fields.String()
    short_clause = fields.String()
    days = fields.Integer()


class PromiseOut(Out):
    """承诺时限, beside the law's own limit where there is one."""

    category = fields.String()
    category_label = fields.String()
    label = fields.String()
    working_days = fields.Integer()
    basis = fields.String()
    law = fields.Nested(LawLimitOut, allow_none=True)
    no_limit_note = fields.String(allow_none=True)


class MatterOut(Out):
    """An entry of the 事项目录."""

    id = fields.String()
    name = fields.String()
    regime = fields.String(allow_none=True)
    regime_label = fields.String(allow_none=True)
    basis = fields.String()
    legal_days = fields.Integer(allow_none=True)
    promised_days = fields.Integer(allow_none=True)
    procedure = fields.String(allow_none=True)
    documents = fields.List(fields.String())


class UnitRecordOut(Out):
    """A dated paper of the unit."""

    id = fields.String()
    kind = fields.String()
    kind_label = fields.String()
    title = fields.String()
    document_number = fields.String(allow_none=True)
    dated_on = fields.String(metadata={"format": "date"})
    dated_text = fields.String()
    body = fields.String(allow_none=True)


class UnitRulesOut(Out):
    unit = fields.Nested(RefOut, required=True)
    measure = fields.Nested(MeasureOut)
    hours = fields.Nested(UnitHoursOut)
    reading_label = fields.String()
    promises = fields.List(fields.Nested(PromiseOut))
    matters = fields.List(fields.Nested(MatterOut))
    records = fields.List(fields.Nested(UnitRecordOut))
