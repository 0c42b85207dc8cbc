"""Short ways to ask for hostile things, and to see that nothing was written."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from backend.database import Base
from tests.support.app import Api, Office, new_key

FIRM = {"Content-Type": "application/json"}


def rows(office: Office) -> dict[str, int]:
    """How many rows each table has; sessions apart, which a test opens by signing in."""
    with office.looking() as work:
        return {
            name: work.session.scalar(select(func.count()).select_from(table)) or 0
            for name, table in sorted(Base.metadata.tables.items())
            if name != "sessions"
        }


def send(who: Api, method: str, path: str, data: bytes | str = b"", **headers: str) -> Any:
    """A raw body as JSON, with a fresh key unless one is given; an empty header is left out."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    wanted = {**FIRM, "Idempotency-Key": new_key(), **who.headers, **named}
    wanted = {name: value for name, value in wanted.items() if value}
    return who.client.open(f"/api/v1{path}", method=method, data=data, headers=wanted)


def chunked(who: Api, method: str, path: str, stream: Any, **headers: str) -> Any:
    """A body without a length, as gunicorn passes it on."""
    named = {**FIRM, "Idempotency-Key": new_key(), **who.headers}
    named |= {name.replace("_", "-"): value for name, value in headers.items()}
    environ = {"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
    return who.client.open(
        f"/api/v1{path}",
        method=method,
        input_stream=stream,
        headers={name: value for name, value in named.items() if value},
        environ_overrides=environ,
    )


def errors(answer: Any) -> list[tuple[str, str]]:
    """(pointer, code) of each complaint about a field."""
    return [(item["pointer"], item["code"]) for item in answer.json["errors"]]
