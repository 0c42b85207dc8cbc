"""Tokens, sign-in and phone numbers: `/cgi-bin/stable_token`, `/cgi-bin/token`, `/sns/…`, `getuserphonenumber`."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from typing import Any

from backend.wechat.simulator.calls import Call
from backend.wechat.simulator.state import App, Code, Person, Refused, random_letters
from backend.wechat.simulator.tokens import plain_token, stable_token

CODE_LIFE = timedelta(minutes=5)
SIGN_INS_A_MINUTE = 100
ROTATED_EVERY = 3
"""Every third sign-in gives a new session_key."""


def give_stable_token(call: Call) -> dict[str, Any]:
    body = call.body
    app = _known_app(call, call.text("appid"), call.text("secret"), call.text("grant_type"))
    force = body.get("force_refresh", False)
    if not isinstance(force, bool):
        raise Refused(47001, "data format error")
    value, seconds = stable_token(call.world, app, call.now, force=force)
    return {"access_token": value, "expires_in": seconds}


def give_token(call: Call) -> dict[str, Any]:
    query = call.query
    app = _known_app(
        call, query.get("appid", ""), query.get("secret", ""), query.get("grant_type", ""), is_plain=True
    )
    value, seconds = plain_token(call.world, app, call.now)
    return {"access_token": value, "expires_in": seconds}


def _known_app(call: Call, app_id: str, secret: str, grant_type: str, *, is_plain: bool = False) -> App:
    if grant_type != "client_credential":
        raise Refused(40002, "invalid grant_type")
    if not app_id:
        raise Refused(41002, "appid missing")
    app = call.world.apps.get(app_id)
    if app is None:
        raise Refused(40013, "invalid appid")
    if not secret:
        raise Refused(41004, "appsecret missing")
    if not hmac.compare_digest(secret.encode(), app.secret.encode()):
        raise Refused(*((40001, "invalid credential") if is_plain else (40125, "invalid appsecret")))
    allowed = app.options.ip_whitelist
    if allowed and call.remote not in allowed:
        raise Refused(40164, f"invalid ip {call.remote} ipv6 ::ffff:{call.remote}, not in whitelist")
    if app.options.secret_frozen:
        raise Refused(40243, "AppSecret is frozen")
    if app.options.is_frozen:
        raise Refused(50007, "account is frozen")
    return app


def sign_in(call: Call) -> dict[str, Any]:
    """`/sns/jscode2session`: no access token, no errcode when it went well."""
    query = call.query
    app_id, secret, value = (query.get(name, "") for name in ("appid", "secret", "js_code"))
    if not app_id:
        raise Refused(41002, "appid missing")
    app = call.world.apps.get(app_id)
    if app is None:
        raise Refused(40013, "invalid appid")
    if not secret:
        raise Refused(41004, "appsecret missing")
    if not hmac.compare_digest(secret.encode(), app.secret.encode()):
        raise Refused(40125, "invalid appsecret")
    if query.get("grant_type") != "authorization_code":
        raise Refused(40002, "invalid grant_type")
    if not value:
        raise Refused(41008, "missing code")
    person = _take(app.login_codes, value, call.now, used=(40163, "code been used"))
    app.calls[call.path, f"{person.openid} {call.now:%Y%m%d%H%M}"] += 1
    if app.calls[call.path, f"{person.openid} {call.now:%Y%m%d%H%M}"] > SIGN_INS_A_MINUTE:
        raise Refused(45011, "api minute-quota reach limit, must slower, retry next minute")
    if person.is_blocked:
        raise Refused(40226, "code blocked")
    if person.sign_ins % ROTATED_EVERY == 0:
        person.session_key = base64.b64encode(secrets.token_bytes(16)).decode()
    person.sign_ins += 1
    person.last_visit = call.now
    answer = {"session_key": person.session_key, "openid": person.openid}
    return answer | ({"unionid": person.unionid} if app.options.has_unionid else {})


def check_session(call: Call) -> dict[str, Any]:
    person = call.app.of_openid(call.query.get("openid", ""))
    if person is None:
        raise Refused(40003, "invalid openid")
    if call.query.get("sig_method") != "hmac_sha256":
        raise Refused(87008, "invalid sig_method")
    if not person.session_key:
        raise Refused(87007, "session_key is not existed or expired")
    right = hmac.new(person.session_key.encode(), b"", hashlib.sha256).hexdigest()
    if not hmac.compare_digest(right.encode(), call.query.get("signature", "").encode()):
        raise Refused(87009, "invalid signature")
    return {}


def phone_number(call: Call) -> dict[str, Any]:
    app = call.app
    value, openid = call.text("code"), call.text("openid")
    code = app.phone_codes.get(value)
    if openid and code is not None and code.person.openid != openid:
        raise Refused(app.options.phone_mismatch_errcode, "invalid openid")
    person = _take(app.phone_codes, value, call.now, used=(40029, "invalid code"))
    return {
        "phone_info": {
            "phoneNumber": person.phone,
            "purePhoneNumber": person.phone,
            "countryCode": "86",
            "watermark": {"timestamp": int(call.now.timestamp()), "appid": app.app_id},
        }
    }


def new_code(codes: dict[str, Code], person: Person, now: datetime) -> str:
    """A code as `wx.login` or the phone button gives one."""
    value = f"0{random_letters(31)}"
    codes[value] = Code(person, now)
    return value


def _take(codes: dict[str, Code], value: str, now: datetime, *, used: tuple[int, str]) -> Person:
    code = codes.get(value)
    if code is None or now - code.made_at >= CODE_LIFE:
        raise Refused(40029, "invalid code")
    if code.is_used:
        raise Refused(*used)
    code.is_used = True
    return code.person
