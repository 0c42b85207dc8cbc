"""Signing in by WeChat, binding one's own WeChat, and the phone number WeChat knows."""

from __future__ import annotations

from marshmallow import fields, validate

from backend.schemas.fields import MESSAGES, In, Line, Out

CODE = validate.Regexp(r"^[\x21-\x7e]{1,512}\Z", error="value_invalid")
"""What WeChat gives out: printable ASCII. Anything else is not even shown to it."""


class WechatSessionIn(In):
    js_code = fields.String(
        required=True,
        validate=CODE,
        error_messages=MESSAGES,
        metadata={"description": "wx.login 刚刚给出的 code；只能用一次，不要重发"},
    )


class StaffWechatSessionIn(WechatSessionIn):
    binding_code = Line(40, metadata={"description": "第一次登录时：工作台“绑定微信”显示的绑定码"})


class PhoneNumberIn(In):
    code = fields.String(
        required=True,
        validate=CODE,
        error_messages=MESSAGES,
        metadata={"description": "手机号按钮（getPhoneNumber）给出的 code，不是 wx.login 的"},
    )


class PromptOut(Out):
    key = fields.String(required=True)
    id = fields.String(required=True, metadata={"description": "模板编号，交给 wx.requestSubscribeMessage"})
    title = fields.String(required=True)
    long_term = fields.Boolean(required=True, metadata={"description": "长期订阅；和一次性的分开请求"})


class WechatSessionOut(Out):
    token = fields.String(required=True)
    expires_at = fields.String(required=True, metadata={"format": "date-time"})
    templates = fields.List(fields.Nested(PromptOut), required=True)


class StaffPromptOut(PromptOut):
    """The same (OpenAPI names a schema once for each use)."""


class StaffWechatSessionOut(Out):
    token = fields.String(required=True)
    expires_at = fields.String(required=True, metadata={"format": "date-time"})
    templates = fields.List(fields.Nested(StaffPromptOut), required=True)


class PhoneNumberOut(Out):
    phone = fields.String(required=True, metadata={"description": "可以直接填进 contact.phone"})


class BindingCodeOut(Out):
    code = fields.String(required=True, metadata={"description": "8 位，输入时不分大小写，横线可有可无"})
    expires_at = fields.String(required=True, metadata={"format": "date-time"})


class BindingOut(Out):
    bound = fields.Boolean(required=True)
    since = fields.String(required=True, allow_none=True, metadata={"format": "date-time"})
