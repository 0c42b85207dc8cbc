"""What is asked of the ledger."""

from __future__ import annotations

from marshmallow import fields

from backend.domain.ledger_scopes import LedgerScope
from backend.schemas.fields import In

ORDERS = ("oldest", "newest")


class LedgerScopeIn(In):
    """Without a scope: the own section's 分台账, else the 总台账."""

    scope = fields.String(metadata={"enum": [scope.value for scope in LedgerScope]})
    section = fields.String(metadata={"description": "分台账是哪个科室的；默认是本人所在科室"})


class LedgerIn(LedgerScopeIn):
    year = fields.String(metadata={"description": "受理的年份，默认今年", "pattern": "^([0-9]{4})?$"})
    order = fields.String(metadata={"enum": list(ORDERS), "description": "默认从早到晚，和纸质台账一样"})
    cursor = fields.String()
