"""How routes ask WeChat: always before a unit of work is opened, never inside one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from flask import current_app

from backend.domain.errors import DomainError
from backend.wechat.gateway import Gateway, gateway_of
from backend.wechat.gateway.problems import WechatProblem

Found = TypeVar("Found")


class WechatNotSetUp(DomainError):
    """This installation has no mini program; everything works through the pages."""

    code = "wechat_not_set_up"


class WechatRefused(DomainError):
    """WeChat did not take what the person showed; `code` says what about it."""

    def __init__(self, code: str) -> None:
        super().__init__()
        self.code = code


SIGN_IN = {"code_used": "code_used", "code_invalid": "code_invalid", "person_blocked": "code_blocked"}
"""Our answer to a person by the gateway's word; whatever is not here is no fault of theirs."""
PHONE = dict.fromkeys(("code_used", "code_invalid"), "phone_code_wrong")


def wechat() -> Gateway:
    """The way to WeChat. Raises WechatNotSetUp."""
    gateway = gateway_of(current_app)
    if gateway is None:
        raise WechatNotSetUp()
    return gateway


def ask_wechat(call: Callable[[], Found], refusals: Mapping[str, str]) -> Found:
    """What WeChat answers. Raises WechatRefused with the code in `refusals`, `wechat_unavailable` for the rest."""
    try:
        return call()
    except WechatProblem as problem:
        raise WechatRefused(refusals.get(problem.code, "wechat_unavailable")) from None
