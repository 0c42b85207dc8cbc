"""What can go wrong between us and WeChat, told by what to do about it. No secret ever stands in one of these."""

from __future__ import annotations

from enum import StrEnum


class Remedy(StrEnum):
    """What a failed call asks for."""

    LATER = "later"
    """Nothing reached WeChat, or it said to come again: try again later."""
    UNSURE = "unsure"
    """No answer came: it may have been done. Never repeated blindly."""
    SIGN_IN_AGAIN = "sign_in_again"
    """The person's code is used, unknown or expired: the mini program asks for a new one."""
    PERMANENT = "permanent"
    """This request will never succeed."""
    CONSENT = "consent"
    """43101: refused, withdrawn or used up. Normal, and no failure of ours."""
    NEXT_MINUTE = "next_minute"
    """A quota of the minute: the whole channel waits."""
    NEXT_DAY = "next_day"
    """A quota of the day: the whole channel waits until midnight in Shanghai, and the operator is told."""
    OPERATOR = "operator"
    """The account is set up wrongly or was punished: nothing works until somebody changes something."""


class WechatProblem(Exception):
    """A call that did not succeed. `code` is our word for it, `errcode` WeChat's, `rid` its request id if it gave one.

    `address` is that of this server as WeChat saw it, told only when it is not on its list (40164).
    """

    def __init__(
        self,
        code: str,
        remedy: Remedy,
        *,
        errcode: int | None = None,
        rid: str | None = None,
        address: str | None = None,
    ) -> None:
        super().__init__(code if errcode is None else f"{code} ({errcode})")
        self.code = code
        self.remedy = remedy
        self.errcode = errcode
        self.rid = rid
        self.address = address
