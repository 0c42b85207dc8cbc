"""The access token: kept in memory, shared through a store, asked for once however many need it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Protocol, TypeGuard

from backend.wechat.gateway.problems import WechatProblem

LONGEST = 7200
OVERLAP = 300
SHORTEST = 60
"""Seconds. WeChat hands out the next token 300 seconds before the end; what is shorter is still worth a minute."""


@dataclass(frozen=True, slots=True)
class Token:
    """An access token and until when we use it."""

    value: str = field(repr=False)
    expires_at: datetime

    @classmethod
    def issued(cls, value: str, expires_in: int, now: datetime) -> Token:
        """A token WeChat gave now, with the seconds it said remain."""
        seconds = max(SHORTEST, min(expires_in, LONGEST) - OVERLAP)
        return cls(value, now + timedelta(seconds=seconds))


class TokenStore(Protocol):
    """What the processes of an installation share. Losing it costs one question to WeChat; it never raises."""

    def get(self) -> Token | None:
        """The token kept, however old; None when there is none to be read."""

    def put(self, token: Token) -> None:
        """Keep this one."""

    def drop(self, value: str) -> None:
        """Forget the token if it is still this one."""

    def refreshing(self) -> AbstractContextManager[None]:
        """Hold others who would ask WeChat too, for a few seconds at most: two who ask get the same token."""


class TokenSource:
    """Hands the token to any number of threads. `fetch` asks WeChat; `now` is the machine's time, not a rehearsal's."""

    def __init__(self, store: TokenStore, fetch: Callable[[], Token], now: Callable[[], datetime]) -> None:
        self._store = store
        self._fetch = fetch
        self._now = now
        self._lock = Lock()
        self._held: Token | None = None
        self._flight: Future[Token] | None = None

    def current(self) -> str:
        """A token to be used now. Raises WechatProblem when WeChat gives none."""
        with self._lock:
            if self._is_fresh(self._held):
                return self._held.value
            flight, is_mine = self._flight or Future[Token](), self._flight is None
            self._flight = flight
        if is_mine:
            self._fly(flight)
        problem = flight.exception()
        if isinstance(problem, WechatProblem):
            # One of its own for each thread: they would write their tracebacks into one another's.
            raise WechatProblem(
                problem.code,
                problem.remedy,
                errcode=problem.errcode,
                rid=problem.rid,
                address=problem.address,
            ) from None
        return flight.result().value

    def drop(self, value: str) -> None:
        """WeChat refused this token: forget it, here and in the store, unless another has taken its place."""
        with self._lock:
            if self._held is not None and self._held.value == value:
                self._held = None
        self._store.drop(value)

    def _fly(self, flight: Future[Token]) -> None:
        """Find a token for everybody who waits, and tell them."""
        token, trouble = None, None
        try:
            token = self._shared()
        except BaseException as error:  # noqa: BLE001  (those who wait must hear of it, whatever it is)
            trouble = error
        with self._lock:
            self._held = token
            self._flight = None
        if token is None:
            flight.set_exception(trouble)
        else:
            flight.set_result(token)

    def _shared(self) -> Token:
        """The store's token, or a new one put there."""
        token = self._store.get()
        if self._is_fresh(token):
            return token
        with self._store.refreshing():
            token = self._store.get()  # whoever held us has put one there
            if not self._is_fresh(token):
                token = self._fetch()
                self._store.put(token)
            return token

    def _is_fresh(self, token: Token | None) -> TypeGuard[Token]:
        return token is not None and self._now() < token.expires_at
