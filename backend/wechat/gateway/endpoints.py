"""The calls we make, and what each one's silence and its own meaning of an errcode ask for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from backend.wechat.gateway.errcodes import AT_MINI_CODE, AT_PHONE, AT_TOKEN, ERRCODES, UNKNOWN, Meaning
from backend.wechat.gateway.problems import Remedy


@dataclass(frozen=True, slots=True, eq=False)
class Endpoint:
    """One call of WeChat's."""

    method: str
    path: str
    unanswered: Remedy = Remedy.LATER
    """What to do when the request left and no usable answer came: it may have been carried out."""
    meanings: Mapping[int, Meaning] = field(default_factory=dict)
    """Errcodes that mean something of their own here."""
    unknown: Meaning = UNKNOWN

    def meaning(self, errcode: int) -> Meaning:
        """Our word and remedy for an errcode this call answered."""
        return self.meanings.get(errcode) or ERRCODES.get(errcode) or self.unknown


TOKEN = Endpoint(
    "POST", "/cgi-bin/stable_token", meanings=AT_TOKEN, unknown=("account_refused", Remedy.OPERATOR)
)
SIGN_IN = Endpoint("GET", "/sns/jscode2session", unanswered=Remedy.SIGN_IN_AGAIN)
"""The code is good for one try, whether or not we hear how it ended."""
PHONE = Endpoint(
    "POST", "/wxa/business/getuserphonenumber", unanswered=Remedy.SIGN_IN_AGAIN, meanings=AT_PHONE
)
SEND = Endpoint("POST", "/cgi-bin/message/subscribe/send", unanswered=Remedy.UNSURE)
MINI_CODE = Endpoint("POST", "/wxa/getwxacodeunlimit", meanings=AT_MINI_CODE)
CHECK_TEXT = Endpoint("POST", "/wxa/msg_sec_check")
CHECK_MEDIA = Endpoint("POST", "/wxa/media_check_async")
