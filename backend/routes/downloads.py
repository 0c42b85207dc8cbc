"""Long downloads: one at a time for a person, and none for ever, so that slow ones cannot take every connection."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator

from backend.domain.errors import TooOften

LONGEST_SECONDS = 600.0
RETRY_SECONDS = 10
_LOCK = threading.Lock()
_RUNNING: dict[str, float] = {}
"""Until when whose download may run, in this process."""


class DownloadTooSlow(Exception):
    """The time for it is over: what was not taken by now is cut off."""


def begin(staff_id: str) -> Callable[[], None]:
    """Take the one place of this person; what is returned gives it back. Raises TooOften while it is taken."""
    now = time.monotonic()
    until = now + LONGEST_SECONDS
    with _LOCK:
        if _RUNNING.get(staff_id, now) > now:
            raise TooOften(RETRY_SECONDS)
        _RUNNING[staff_id] = until

    def end() -> None:
        with _LOCK:
            if _RUNNING.get(staff_id) == until:
                del _RUNNING[staff_id]

    return end


def in_time(chunks: Iterable[bytes], end: Callable[[], None]) -> Iterator[bytes]:
    """The chunks, as long as there is time. Raises DownloadTooSlow, which no client takes for the end of the file."""
    until = time.monotonic() + LONGEST_SECONDS
    try:
        for chunk in chunks:
            yield chunk
            if time.monotonic() > until:
                raise DownloadTooSlow
    finally:
        end()
