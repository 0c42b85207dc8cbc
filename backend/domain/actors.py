"""Who does something: a citizen, a member of staff, or the system itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Actor:
    """`id` is the staff id, the citizen's id where known, or None for the system and anonymous citizens."""

    kind: Literal["citizen", "staff", "system"]
    id: str | None = None


SYSTEM = Actor("system")
