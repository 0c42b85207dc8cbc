"""Ways out for messages: WeChat, and whatever else an installation brings along.

A sender of text messages to phones is not part of this product. An installation that has one names it in SMS_SENDER
as `module:function`; the function is called with the application and returns a `Sender`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from importlib import import_module
from typing import Any, Protocol

from flask import Flask
from sqlalchemy.orm import Session

from backend.delivery.composing import NotSendable, Prepared, prepare_messages
from backend.delivery.leases import Leased
from backend.services.consents import spend, void_free
from backend.services.outbox import ACCOUNT, CITIZEN, STAFF
from backend.services.work import Tools
from backend.settings import Settings, WechatSettings
from backend.wechat.gateway import Gateway, gateway_of


class Ready(Protocol):
    """A message as one sender sends it."""

    @property
    def item(self) -> Leased: ...

    @property
    def account_id(self) -> str:
        """Whom it goes to, as this way out tells people apart; 32 symbols at most."""
        ...

    @property
    def template_key(self) -> str:
        """What it is made with; 32 symbols at most."""
        ...


class Sender(Protocol):
    """One way out. Its methods run in an application context; `send` in many threads at once.

    A message is what its own `prepare` made: a `Ready`.
    """

    @property
    def channel(self) -> str:
        """Its name in the table `channels`; 16 symbols at most."""
        ...

    def prepare(
        self, session: Session, items: Sequence[Leased], now: datetime
    ) -> Sequence[Ready | NotSendable]:
        """Each item in the order given, with few statements for all. Reads only."""
        ...

    def send(self, message: Any) -> str | None:
        """Send one message; returns its number, if it gets one. What goes wrong is raised as WechatProblem."""
        ...

    def settle(self, session: Session, sent: Sequence[Any], refused: Sequence[Any], now: datetime) -> None:
        """Write down what sending cost, in the transaction that marks the rows. `refused`: for want of consent."""
        ...


Senders = Mapping[str, Sender]
"""By kind of recipient. A kind without a sender cannot be told anything."""


class WechatSender:
    """Subscription messages of the mini program."""

    channel = "wechat"

    def __init__(self, tools: Tools, wechat: WechatSettings, gateway: Gateway) -> None:
        self._tools = tools
        self._wechat = wechat
        self._gateway = gateway

    def prepare(
        self, session: Session, items: Sequence[Leased], now: datetime
    ) -> Sequence[Prepared | NotSendable]:
        return prepare_messages(session, self._tools, self._wechat, items, now)

    def send(self, message: Prepared) -> str | None:
        return self._gateway.send_message(message.openid, message.template_id, message.data, message.page)

    def settle(
        self, session: Session, sent: Sequence[Prepared], refused: Sequence[Prepared], now: datetime
    ) -> None:
        """A voucher is spent by what went out; WeChat's 43101 says that none of this template is left."""
        if used := [message.consent_id for message in sent if message.consent_id is not None]:
            spend(session, used, now)
        for message in refused:
            void_free(session, message.account_id, message.template_key, now)


def senders_of(app: Flask) -> Senders:
    """Every way out this application has. Raises ImportError or AttributeError when SMS_SENDER names nothing."""
    settings: Settings = app.extensions["shouwen_settings"]
    senders: dict[str, Sender] = {}
    gateway = gateway_of(app)
    if settings.wechat is not None and gateway is not None:
        wechat = WechatSender(app.extensions["shouwen_tools"], settings.wechat, gateway)
        senders = {ACCOUNT: wechat, STAFF: wechat}
    if settings.sms_sender is not None:
        module, _, name = settings.sms_sender.partition(":")
        senders[CITIZEN] = getattr(import_module(module), name)(app)
    return senders
