"""What WeChat's errcodes mean to us: our word, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping

from backend.wechat.gateway.problems import Remedy

Meaning = tuple[str, Remedy]

TOKEN_ERRORS = frozenset({40001, 40014, 42001})
"""The token just used is wrong or too old: the call was not carried out and is repeated once with another."""

UNKNOWN: Meaning = ("refused", Remedy.LATER)
"""An errcode we have no word for. It is an answer, so nothing was carried out and asking again cannot do it twice;
what is tried later ends after a bounded number of tries, what is called permanent is lost on the first new code that
merely meant a busy moment."""

ERRCODES: Mapping[int, Meaning] = {
    -1: ("system_busy", Remedy.LATER),
    # The token. It is repeated once inside the gateway; what comes out of there has failed with two tokens.
    40001: ("token_refused", Remedy.LATER),
    40014: ("token_refused", Remedy.LATER),
    41001: ("token_refused", Remedy.LATER),
    42001: ("token_refused", Remedy.LATER),
    # The account: somebody has to change something at WeChat or in our settings.
    40013: ("app_id_wrong", Remedy.OPERATOR),
    40125: ("secret_wrong", Remedy.OPERATOR),
    40164: ("address_not_allowed", Remedy.OPERATOR),
    40243: ("secret_frozen", Remedy.OPERATOR),
    41002: ("app_id_wrong", Remedy.OPERATOR),
    41004: ("secret_wrong", Remedy.OPERATOR),
    48001: ("not_authorised", Remedy.OPERATOR),
    50004: ("token_forbidden", Remedy.OPERATOR),
    50007: ("account_frozen", Remedy.OPERATOR),
    89503: ("address_unconfirmed", Remedy.OPERATOR),
    89506: ("address_rejected", Remedy.OPERATOR),
    89507: ("address_rejected", Remedy.OPERATOR),
    # Quotas.
    44991: ("minute_quota", Remedy.NEXT_MINUTE),
    45011: ("minute_quota", Remedy.NEXT_MINUTE),
    45009: ("day_quota", Remedy.NEXT_DAY),
    # The person's code, from wx.login or the phone button.
    40029: ("code_invalid", Remedy.SIGN_IN_AGAIN),
    40163: ("code_used", Remedy.SIGN_IN_AGAIN),
    41008: ("code_invalid", Remedy.SIGN_IN_AGAIN),
    40226: ("person_blocked", Remedy.PERMANENT),
    # The person a message or a check is about.
    40003: ("openid_invalid", Remedy.PERMANENT),
    43101: ("no_consent", Remedy.CONSENT),
    43104: ("openid_invalid", Remedy.PERMANENT),
    # A template that was banned, or the ability to send as such: which of them, WeChat does not say. The others are
    # tried, the message comes back until its tries are over, and the operator is told (queries/readiness.py).
    43107: ("messages_banned", Remedy.LATER),
    43108: ("concurrent_send", Remedy.LATER),
    61010: ("person_not_seen", Remedy.PERMANENT),
    # The content of a request. One template or page that is wrong does not stop the others, so no matter for OPERATOR.
    40002: ("request_invalid", Remedy.PERMANENT),
    40004: ("media_invalid", Remedy.PERMANENT),
    40037: ("template_invalid", Remedy.PERMANENT),
    40097: ("request_invalid", Remedy.PERMANENT),
    40129: ("scene_invalid", Remedy.PERMANENT),
    40169: ("scene_invalid", Remedy.PERMANENT),
    41030: ("page_invalid", Remedy.PERMANENT),
    43002: ("request_invalid", Remedy.PERMANENT),
    44002: ("request_invalid", Remedy.PERMANENT),
    45002: ("text_too_long", Remedy.PERMANENT),
    45168: ("text_refused", Remedy.PERMANENT),
    47001: ("request_invalid", Remedy.PERMANENT),
    47003: ("data_invalid", Remedy.PERMANENT),
    85096: ("scene_invalid", Remedy.PERMANENT),
    87020: ("media_repeated", Remedy.PERMANENT),
}

AT_TOKEN: Mapping[int, Meaning] = {
    # Whatever is wrong with the request for a token is wrong with the account: a message must never be given up
    # because of it.
    40001: ("secret_wrong", Remedy.OPERATOR),
    40002: ("account_refused", Remedy.OPERATOR),
    43002: ("account_refused", Remedy.OPERATOR),
}

AT_PHONE: Mapping[int, Meaning] = {
    # Here it speaks of the code: the person's phone got it from another mini program.
    40013: ("code_invalid", Remedy.SIGN_IN_AGAIN),
}

AT_MINI_CODE: Mapping[int, Meaning] = {
    # 5,000 a minute; there is no limit of the day.
    45009: ("minute_quota", Remedy.NEXT_MINUTE),
}
