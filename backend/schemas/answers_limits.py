"""What a limit says beyond itself: where its days come from."""

from __future__ import annotations

from marshmallow import fields

from backend.schemas.fields import Out


class NamedOut(Out):
    """An entry of the 事项目录 by its name."""

    id = fields.String()
    name = fields.String()


class BasisOut(Out):
    """Where the days of a stated or promised limit come from (法定时限, 承诺时限)."""

    kind = fields.String()
    label = fields.String()
    days = fields.Integer(allow_none=True)
    text = fields.String(allow_none=True)
    matter = fields.Nested(NamedOut, allow_none=True)
    regime_label = fields.String(allow_none=True)
