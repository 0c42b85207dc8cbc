"""`/sessions`: signing in by WeChat and out again, for citizens and for staff; `/phone-numbers`: what WeChat knows of one."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from apiflask import APIBlueprint
from flask import g

from backend.domain.actors import Actor
from backend.domain.times import local
from backend.routes.api import Shown, access, json_body, show_read
from backend.routes.documented import documented
from backend.routes.installation import settings
from backend.routes.limits import wechat_sign_ins, wrong_binding_codes
from backend.routes.openapi import BEARER, CITIZEN
from backend.routes.pipeline import open_work, tools
from backend.routes.wechat_door import PHONE, SIGN_IN, ask_wechat, wechat
from backend.schemas.wechat import (
    PhoneNumberIn,
    PhoneNumberOut,
    StaffWechatSessionIn,
    StaffWechatSessionOut,
    WechatSessionIn,
    WechatSessionOut,
)
from backend.services.accounts import openid_index
from backend.services.contacts import national
from backend.services.signing_in import sign_out
from backend.services.wechat_sign_in import open_citizen_session, open_staff_session
from backend.wechat.templates import prompts

bp = APIBlueprint("wechat_sign_in", __name__, tag="微信")
current = APIBlueprint("wechat_session", __name__, tag="微信")
citizen = APIBlueprint("wechat_citizen", __name__, tag="微信")

ASKING = (
    "json_invalid",
    "unsupported_media_type",
    "validation_failed",
    "wechat_not_set_up",
    "wechat_unavailable",
)
SIGN_IN_CODES = (*ASKING, "code_used", "code_invalid", "code_blocked", "rate_limited")


@bp.post("/sessions/wechat")
@documented(
    bp,
    summary="服务对象用微信登录",
    answer=WechatSessionOut,
    body=WechatSessionIn,
    status=201,
    codes=SIGN_IN_CODES,
)
@wechat_sign_ins
def sign_in() -> Shown:
    """A session of our own for who brought a code of wx.login. A code is asked about once: after 503 bring a new one.

    `templates` are what this person can be asked to receive. Neither openid nor session_key ever goes out.
    """
    data = WechatSessionIn().load(json_body())
    gateway = wechat()
    person = ask_wechat(lambda: gateway.sign_in(data["js_code"]), SIGN_IN)
    lifetime = timedelta(days=settings().citizen_session_days)
    with open_work(Actor("citizen")) as work:
        token, session = open_citizen_session(
            work, app_id=gateway.app_id, openid=person.openid, lifetime=lifetime
        )
        return _opened(token, session.expires_at, "citizen")


@bp.post("/staff/sessions/wechat")
@documented(
    bp,
    summary="工作人员用微信登录；第一次带绑定码",
    answer=StaffWechatSessionOut,
    body=StaffWechatSessionIn,
    status=201,
    codes=(
        *SIGN_IN_CODES,
        "not_bound",
        "binding_code_wrong",
        "wechat_already_bound",
        "staff_already_bound",
    ),
)
@wechat_sign_ins
def sign_in_staff() -> Shown:
    """A staff session for who bound this WeChat; with `binding_code`, bind it first.

    No one-time code: the code to bind is had in a full session of the console, which asks leaders for theirs, and the
    bound phone is the second factor from then on.
    """
    data = StaffWechatSessionIn().load(json_body())
    gateway = wechat()
    person = ask_wechat(lambda: gateway.sign_in(data["js_code"]), SIGN_IN)
    g.wechat_mark = openid_index(tools(), gateway.app_id, person.openid)
    return _enter(gateway.app_id, person.openid, data.get("binding_code"))


@wrong_binding_codes
def _enter(app_id: str, openid: str, binding_code: str | None) -> Shown:
    """Five wrong codes, and this WeChat waits; nobody else does."""
    lifetime = timedelta(hours=settings().session_hours)
    with open_work(Actor("staff")) as work:
        token, session = open_staff_session(
            work, app_id=app_id, openid=openid, binding_code=binding_code, lifetime=lifetime
        )
        return _opened(token, session.expires_at, "staff")


@current.delete("/sessions/current")
@documented(current, summary="退出用微信登录的会话", answer=None, status=204, security=[CITIZEN, BEARER])
def sign_out_here() -> tuple[str, int]:
    """End this session at once, a citizen's or a member of staff's."""
    with open_work(access().actor) as work:
        sign_out(work, access().session_id or "")
    return "", 204


@citizen.post("/phone-numbers")
@documented(
    citizen,
    summary="取得微信里的手机号，好填进表里",
    answer=PhoneNumberOut,
    body=PhoneNumberIn,
    codes=(*ASKING, "phone_code_wrong"),
    security=CITIZEN,
)
def tell_phone_number() -> Shown:
    """The number of who tapped the phone button, for their own form. Nothing is kept, so there is nothing to repeat:
    it takes no Idempotency-Key, and a code is asked about once."""
    data = PhoneNumberIn().load(json_body())
    gateway = wechat()
    return show_read({"phone": national(ask_wechat(lambda: gateway.phone_number(data["code"]), PHONE))})


def _opened(token: str, expires_at: datetime, audience: Literal["citizen", "staff"]) -> Shown:
    configured = settings().wechat
    return show_read(
        {
            "token": token,
            "expires_at": local(expires_at).isoformat(),
            "templates": prompts(configured, audience) if configured is not None else [],
        },
        201,
    )
