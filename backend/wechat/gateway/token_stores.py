"""Where the processes of an installation share the access token: Redis for several hosts, a file for one. Sealed."""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

import redis
import structlog
from redis.backoff import NoBackoff
from redis.exceptions import LockError, RedisError
from redis.retry import Retry

from backend.clock import SystemClock
from backend.vault.cipher import SealBroken, Vault
from backend.wechat.gateway.tokens import Token

REFRESH_SECONDS = 8.0
"""How long one process waits while another asks WeChat; then it asks as well, which does no harm."""
_REDIS_SECONDS = 1.0
_LOOK_AGAIN = 0.05
_WRAPPED_BYTES = 66

_log = structlog.get_logger("wechat")


class TokenSeal:
    """Tokens as bytes that say nothing to whoever reads the file or the Redis. One for each mini program."""

    def __init__(self, vault: Vault, app_id: str) -> None:
        self._vault = vault
        self._context = f"wechat access token:{app_id}"

    def close(self, token: Token) -> bytes:
        """The sealed token, with the wrapped key it needs in front."""
        text = json.dumps({"value": token.value, "expires_at": token.expires_at.isoformat()})
        wrapped = self._vault.new_data_key()
        return wrapped + self._vault.seal(wrapped, text, self._context)

    def open(self, blob: object) -> Token | None:
        """The token, or None for anything that was not sealed for this mini program under our keys."""
        if not isinstance(blob, bytes):
            return None
        try:
            text = self._vault.unseal_text(blob[:_WRAPPED_BYTES], blob[_WRAPPED_BYTES:], self._context)
        except SealBroken:
            return None
        kept = json.loads(text)
        return Token(kept["value"], datetime.fromisoformat(kept["expires_at"]))


class FileTokenStore:
    """A file only we can read, and a lock beside it, for the processes of one host."""

    def __init__(self, folder: Path, seal: TokenSeal) -> None:
        self._path = folder / "wechat-token"
        self._lock_path = folder / "wechat-token.lock"
        self._seal = seal

    def get(self) -> Token | None:
        with suppress(OSError):
            return self._seal.open(self._path.read_bytes())
        return None

    def put(self, token: Token) -> None:
        beside = self._path.with_name(f"{self._path.name}.{os.getpid()}")
        try:
            with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(self._seal.close(token))
            beside.replace(self._path)
        except OSError as error:
            _log.warning("wechat_token_not_kept", problem=error.strerror)

    def drop(self, value: str) -> None:
        with self.refreshing():
            kept = self.get()
            if kept is not None and kept.value == value:
                with suppress(OSError):
                    self._path.unlink()

    @contextmanager
    def refreshing(self) -> Iterator[None]:
        try:
            descriptor = os.open(self._lock_path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError:
            yield
            return
        try:
            _lock_or_give_up(descriptor)
            yield
        finally:
            os.close(descriptor)


class RedisTokenStore:
    """A key that Redis forgets by itself, for any number of hosts. While Redis is away nothing is shared."""

    def __init__(self, url: str, app_id: str, seal: TokenSeal) -> None:
        # Flask-Limiter's name for a Unix socket is redis+unix://, redis-py's is unix://.
        self._redis = redis.Redis.from_url(
            url.removeprefix("redis+"),
            socket_timeout=_REDIS_SECONDS,
            socket_connect_timeout=_REDIS_SECONDS,
            retry=Retry(NoBackoff(), 0),
        )
        self._key = f"shouwen:wechat:{app_id}:token"
        self._seal = seal

    def get(self) -> Token | None:
        with suppress(RedisError):
            return self._seal.open(self._redis.get(self._key))
        return None

    def put(self, token: Token) -> None:
        seconds = max(1, int((token.expires_at - SystemClock().now()).total_seconds()))
        try:
            self._redis.set(self._key, self._seal.close(token), ex=seconds)
        except RedisError as error:
            _log.warning("wechat_token_not_kept", problem=type(error).__name__)

    def drop(self, value: str) -> None:
        def forget(pipe: redis.client.Pipeline) -> None:
            kept = self._seal.open(pipe.get(self._key))
            pipe.multi()
            if kept is not None and kept.value == value:
                pipe.delete(self._key)

        with suppress(RedisError):
            self._redis.transaction(forget, self._key)

    @contextmanager
    def refreshing(self) -> Iterator[None]:
        lock = self._redis.lock(
            f"{self._key}:lock", timeout=REFRESH_SECONDS, blocking_timeout=REFRESH_SECONDS
        )
        with suppress(RedisError):
            lock.acquire()
        try:
            yield
        finally:
            # Not ours any more, never ours, or Redis gone: nobody has to wait for it.
            with suppress(LockError, RedisError):
                lock.release()


def _lock_or_give_up(descriptor: int) -> None:
    until = time.monotonic() + REFRESH_SECONDS
    while time.monotonic() < until:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(_LOOK_AGAIN)
        else:
            return
