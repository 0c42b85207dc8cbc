"""首问码: the first person asked is responsible until the matter is answered or properly handed over."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from apiflask import APIFlask

    from backend.clock import Clock
    from backend.settings import Settings


def create_app(settings: Settings, clock: Clock | None = None) -> APIFlask:
    """Put the application together. Opens no connection and asks the database nothing.

    Imported only now: the supervisor and the simulated WeChat live in this package and need none of it.
    Raises KeyringError when the keys cannot be read, StatuteInvalid when the measures do not hold together.
    """
    from backend.application import build_app

    return build_app(settings, clock)
