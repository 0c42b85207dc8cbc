"""One HTTP exchange with WeChat: bounded in time and size, never repeated, nothing secret in what goes wrong."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from time import monotonic
from urllib.parse import urlencode, urlsplit

import urllib3
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError, SSLError

from backend.wechat.gateway.endpoints import Endpoint
from backend.wechat.gateway.problems import Remedy, WechatProblem

LARGEST_ANSWER = 4 * 1024 * 1024
"""Bytes. A mini-program code of 1,280 pixels stays far below."""

# Its lines carry whole addresses, and ours carry the secret and the token.
logging.getLogger("urllib3.connectionpool").setLevel(logging.ERROR)


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back, unread. WeChat labels JSON as text and errors as 200: the bytes decide."""

    status: int
    body: bytes = field(repr=False)


class _Body:
    """A request's body that knows whether it has left: before that, WeChat cannot have done anything."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.has_left = False

    def __iter__(self) -> Iterator[bytes]:
        self.has_left = True
        yield self.content


class Transport:
    """Keeps up to `connections` connections open. Safe to share between threads; opens none by itself."""

    def __init__(
        self, api_url: str, *, connect_seconds: float, read_seconds: float, connections: int
    ) -> None:
        self._prefix = urlsplit(api_url).path
        self._seconds = connect_seconds + read_seconds
        self._pool = urllib3.connection_from_url(
            api_url,
            maxsize=connections,
            timeout=urllib3.Timeout(connect=connect_seconds, read=read_seconds),
            retries=False,  # nor are redirects followed
        )

    def ask(self, endpoint: Endpoint, query: Mapping[str, str], body: object = None) -> Reply:
        """Send one request and read the whole answer.

        Raises WechatProblem: `unreachable` or `connection_not_trusted` before the request had left, else `unanswered`
        with the endpoint's remedy.
        """
        sent = None if body is None else _Body(json.dumps(body, ensure_ascii=False).encode())
        code, may_be_done = "unanswered", True
        try:
            reply = self._exchange(endpoint, query, sent)
        except (NewConnectionError, ConnectTimeoutError):
            reply, code, may_be_done = None, "unreachable", False
        except SSLError:
            reply, code, may_be_done = None, "connection_not_trusted", sent is not None and sent.has_left
        except (HTTPError, OSError):
            reply, may_be_done = None, sent is None or sent.has_left
        if reply is None:  # raised out here: the library's exception names the whole address
            raise WechatProblem(code, endpoint.unanswered if may_be_done else Remedy.LATER)
        return reply

    def close(self) -> None:
        """Close the idle connections."""
        self._pool.close()

    def _exchange(self, endpoint: Endpoint, query: Mapping[str, str], sent: _Body | None) -> Reply | None:
        """The answer; None when it is too slow or too large to be waited for to its end."""
        until = monotonic() + self._seconds
        headers = {"Accept-Encoding": "identity"}
        if sent is not None:
            headers |= {"Content-Type": "application/json", "Content-Length": str(len(sent.content))}
        response = self._pool.urlopen(
            endpoint.method,
            f"{self._prefix}{endpoint.path}?{urlencode(query)}",
            body=sent,
            headers=headers,
            preload_content=False,
        )
        body = b""
        # Piece by piece: the time-out of the pool is that of one piece, and an answer may come in many.
        while piece := response.read1(64 * 1024):
            body += piece
            if len(body) > LARGEST_ANSWER or monotonic() > until:
                response.close()
                return None
        return Reply(response.status, body)
