"""One HTTP exchange with WeChat: bounded in time and size, never repeated, nothing secret in what goes wrong.

On the standard library's client: a pool of urllib3 takes twice the processor time for a call (decision 0009), and what
it adds, retries and redirects, is what must not happen here.
"""

from __future__ import annotations

import json
import ssl
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from select import POLLIN, poll
from time import monotonic
from urllib.parse import urlencode, urlsplit
from weakref import finalize

from backend.wechat.gateway.endpoints import Endpoint
from backend.wechat.gateway.problems import Remedy, WechatProblem

LARGEST_ANSWER = 4 * 1024 * 1024
"""Bytes. A mini-program code of 1,280 pixels stays far below."""

_HEADERS = {"User-Agent": "shouwen"}
_JSON_HEADERS = _HEADERS | {"Content-Type": "application/json"}
_encode = json.JSONEncoder(ensure_ascii=False).encode


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back, unread. WeChat labels JSON as text and errors as 200: the bytes decide."""

    status: int
    body: bytes = field(repr=False)


class Transport:
    """Keeps up to `connections` idle connections open. Safe to share between threads; opens none by itself."""

    def __init__(
        self, api_url: str, *, connect_seconds: float, read_seconds: float, connections: int
    ) -> None:
        parts = urlsplit(api_url)
        self._host, self._port, self._prefix = parts.hostname or "", parts.port, parts.path
        # Verifies the certificate and the name.
        self._tls = ssl.create_default_context() if parts.scheme == "https" else None
        self._connect_seconds, self._read_seconds = connect_seconds, read_seconds
        self._connections = connections
        self._idle: deque[HTTPConnection] = deque()
        """The one used last is used next: what is not needed is closed by the other side."""
        finalize(self, _close_all, self._idle)

    def ask(self, endpoint: Endpoint, query: Mapping[str, str], body: object = None) -> Reply:
        """Send one request and read the whole answer.

        Raises WechatProblem: `unreachable` or `connection_not_trusted` before the request had left, else `unanswered`
        with the endpoint's remedy.
        """
        content = None if body is None else _encode(body).encode()
        target = f"{self._prefix}{endpoint.path}?{urlencode(query)}"
        code, remedy = "unanswered", endpoint.unanswered
        reply = None
        try:
            connection = self._connected()
        except ssl.SSLError:
            code, remedy = "connection_not_trusted", Remedy.LATER
        except (OSError, HTTPException, ValueError):  # ValueError: a name that can be none
            code, remedy = "unreachable", Remedy.LATER
        else:
            try:
                reply = self._exchange(connection, endpoint.method, target, content)
            except (OSError, HTTPException):
                pass
            finally:
                self._put_back(connection, is_sound=reply is not None)
        if reply is None:  # raised out here: the library's exception names the whole address
            raise WechatProblem(code, remedy)
        return reply

    def close(self) -> None:
        """Close the idle connections."""
        _close_all(self._idle)

    def _connected(self) -> HTTPConnection:
        """A connection that is up: an idle one, else a new one."""
        while (connection := _take(self._idle)) is not None:
            if _is_quiet(connection):
                return connection
            connection.close()
        if self._tls is None:
            connection = HTTPConnection(self._host, self._port, timeout=self._connect_seconds)
        else:
            connection = HTTPSConnection(
                self._host, self._port, timeout=self._connect_seconds, context=self._tls
            )
        try:
            connection.connect()
            connection.sock.settimeout(self._read_seconds)
        except BaseException:
            connection.close()
            raise
        return connection

    def _put_back(self, connection: HTTPConnection, *, is_sound: bool) -> None:
        """Keep it for the next call, unless something was left unread or the other side is about to close it."""
        if is_sound and connection.sock is not None and len(self._idle) < self._connections:
            self._idle.append(connection)
        else:
            connection.close()

    def _exchange(
        self, connection: HTTPConnection, method: str, target: str, content: bytes | None
    ) -> Reply | None:
        """The answer; None when it is cut short, or too slow or too large to be waited for to its end."""
        until = monotonic() + self._connect_seconds + self._read_seconds
        connection.request(method, target, content, _HEADERS if content is None else _JSON_HEADERS)
        with connection.getresponse() as response:
            body = b""
            # Piece by piece: the time-out of the socket is that of one piece, and an answer may come in many.
            while piece := response.read1(64 * 1024):
                body += piece
                if len(body) > LARGEST_ANSWER or monotonic() > until:
                    return None
            return None if response.length else Reply(response.status, body)


def _take(idle: deque[HTTPConnection]) -> HTTPConnection | None:
    try:
        return idle.pop()
    except IndexError:
        return None


def _close_all(idle: deque[HTTPConnection]) -> None:
    while (connection := _take(idle)) is not None:
        connection.close()


def _is_quiet(connection: HTTPConnection) -> bool:
    """Whether an idle connection still stands: when it can be read, it was closed, or something came unasked."""
    watched = poll()
    watched.register(connection.sock, POLLIN)
    return not watched.poll(0)
