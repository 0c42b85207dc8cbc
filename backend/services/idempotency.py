"""A repeated write gets the first answer again; a key is never good for a second, different write."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from sqlalchemy import delete, func, select

from backend.domain.errors import DomainError
from backend.models import IdempotencyKey, Inquiry, LedgerEntry
from backend.services.work import Work

KEPT_FOR = timedelta(days=7)
ANONYMOUS = "anonymous"


class KeyReused(DomainError):
    """The key was used for another request; nothing of that request is revealed."""

    code = "idempotency_key_reused"


class RequestInProgress(DomainError):
    """The same key is being worked on right now."""

    code = "request_in_progress"


def find_replay(work: Work, *, owner: str, key: str, fingerprint: str) -> IdempotencyKey | None:
    """The earlier write of this key, or None when the key is free; holds the key until the transaction ends.

    Raises KeyReused for another request under the same key, RequestInProgress while a twin is running.
    """
    _lock(work, owner, key)
    work.session.execute(
        delete(IdempotencyKey).where(
            IdempotencyKey.owner == owner,
            IdempotencyKey.key_hash == _key_hash(key),
            IdempotencyKey.created_at <= work.now - KEPT_FOR,
        )
    )
    return peek(work, owner=owner, key=key, fingerprint=fingerprint)


def peek(work: Work, *, owner: str, key: str, fingerprint: str) -> IdempotencyKey | None:
    """The same without holding the key or writing anything, for a look before expensive work. Raises KeyReused."""
    row = work.session.get(IdempotencyKey, (owner, _key_hash(key)))
    if row is None or row.created_at + KEPT_FOR <= work.now:
        return None
    if row.fingerprint != fingerprint:
        raise KeyReused()
    return row


def remember(
    work: Work,
    *,
    owner: str,
    key: str,
    fingerprint: str,
    operation: str,
    status: int,
    inquiry: Inquiry | None = None,
    entry: LedgerEntry | None = None,
    resource_id: str | None = None,
) -> None:
    """Keep what the answer is rendered from, in the transaction of the write itself."""
    work.session.add(
        IdempotencyKey(
            owner=owner,
            key_hash=_key_hash(key),
            operation=operation,
            fingerprint=fingerprint,
            status=status,
            inquiry_id=inquiry.id if inquiry else None,
            entry_id=entry.id if entry else None,
            resource_id=resource_id,
            created_at=work.now,
        )
    )
    work.session.flush()


def _key_hash(key: str) -> str:
    return hashlib.sha256(key.encode("ascii")).hexdigest()


def _lock(work: Work, owner: str, key: str) -> None:
    """PostgreSQL: an advisory lock until the transaction ends, so that a running twin is told so at once.

    SQLite has one writer: a twin waits its turn and then finds the finished row.
    """
    if work.session.get_bind().dialect.name != "postgresql":
        return
    digest = hashlib.sha256(f"{owner}\n{key}".encode()).digest()
    number = int.from_bytes(digest[:8], "big", signed=True)
    if not work.session.scalar(select(func.pg_try_advisory_xact_lock(number))):
        raise RequestInProgress()
