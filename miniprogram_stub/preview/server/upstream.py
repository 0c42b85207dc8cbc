"""One request to another server on this machine, and its answer, both byte for byte."""

from __future__ import annotations

import http.client
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

TIMEOUT = 65.0
"""A little longer than a phone waits."""
_HOP_BY_HOP = frozenset(
    {"connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer", "transfer-encoding", "upgrade"}
)  # fmt: skip
_OURS = frozenset({"host", "content-length", "origin", "referer", "cookie"})
"""What a browser adds and a phone would not send, and what belongs to one connection."""

Headers = Iterable[tuple[str, str]]


class Unreachable(Exception):
    """Nobody answered there."""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: list[tuple[str, str]]
    body: bytes


def ask(base: str, method: str, target: str, headers: Headers = (), body: bytes = b"") -> Answer:
    """Send a request to `base` and read the whole answer. `target` is path and query. Raises Unreachable."""
    address = urlsplit(base)
    connection = http.client.HTTPConnection(address.hostname or "", address.port or 80, timeout=TIMEOUT)
    passed = {name: value for name, value in headers if name.lower() not in _HOP_BY_HOP | _OURS}
    if body or method in {"POST", "PUT", "PATCH"}:
        passed["Content-Length"] = str(len(body))
    try:
        connection.request(method, target, body or None, passed)
        answer = connection.getresponse()
        kept = [
            (name, value)
            for name, value in answer.getheaders()
            if name.lower() not in _HOP_BY_HOP | {"content-length"}
        ]
        return Answer(answer.status, kept, answer.read())
    except (OSError, http.client.HTTPException) as error:
        raise Unreachable(base) from error
    finally:
        connection.close()
