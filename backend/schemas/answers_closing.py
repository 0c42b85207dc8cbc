"""How an inquiry was closed, as the API shows it."""

from __future__ import annotations

from marshmallow import fields

from backend.schemas.fields import Out


class AuthorityOut(Out):
    name = fields.String()
    address = fields.String(allow_none=True)
    phone = fields.String(allow_none=True)


class ReplyOut(Out):
    text = fields.String()
    reason = fields.String(allow_none=True)
    basis = fields.String(allow_none=True)
    remedy = fields.String(allow_none=True)
    authority = fields.Nested(AuthorityOut, allow_none=True)
    help = fields.String(allow_none=True)
    clause = fields.String(allow_none=True)
    at = fields.String()
    at_text = fields.String()
