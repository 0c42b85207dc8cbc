"""What every use case is given: the session, who acts, what time it is, and the tools of the office."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy.orm import Session

from backend.domain.actors import Actor
from backend.domain.calendar import WorkCalendar
from backend.domain.clocks import BusinessHours, Season
from backend.models import Unit
from backend.statute.model import Statute
from backend.vault.blind_index import BlindIndex
from backend.vault.cipher import Vault
from backend.vault.signing import Signer

Row = TypeVar("Row")
_ID = re.compile(r"[0-9a-f]{32}")


def is_id(text: str) -> bool:
    """Whether a text from outside can be one of our identifiers."""
    return _ID.fullmatch(text) is not None


def find_by_id(session: Session, kind: type[Row], text: str) -> Row | None:
    """The row of an identifier from outside; what cannot be one is never shown to the database, NUL least of all."""
    return session.get(kind, text) if is_id(text) else None


@dataclass(frozen=True, slots=True)
class Tools:
    """Built once with the application; holds no connection."""

    vault: Vault
    index: BlindIndex
    signer: Signer
    statute: Statute
    tracking_key: bytes
    rating_window: timedelta = timedelta(days=30)
    """How long after closing a citizen may rate."""
    wechat_app_id: str | None = None
    """The mini program this office speaks through; None where there is no WeChat."""


@dataclass(frozen=True, slots=True)
class Work:
    """One unit of work in hand. `now` is aware; `calendar` was read in this transaction."""

    session: Session
    actor: Actor
    now: datetime
    tools: Tools
    calendar: WorkCalendar

    def acting_as(self, actor: Actor) -> Work:
        """The same work in another's name."""
        return replace(self, actor=actor)

    def hours_of(self, unit: Unit) -> BusinessHours:
        """The unit's close of business through the year; the reading's where it set none. One query a session."""
        usual = unit.closes_at or self.tools.statute.time_of_day("close-of-business")
        return BusinessHours(usual, tuple(Season(row.starts_on, row.closes_at) for row in unit.seasons))
