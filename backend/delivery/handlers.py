"""Who carries out which topic of the outbox.

A topic without a handler is never taken: its rows wait, in order, until a handler comes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from backend.delivery.leases import Leased

Handler = Callable[[Leased], None]
"""Does the work, in an application context and in units of work of its own. May be called twice for one row; whatever
it raises is an attempt that failed."""

Handlers = Mapping[tuple[str, str], Handler]
"""By kind (`message`, `job`) and topic."""

HANDLERS: Handlers = {}
