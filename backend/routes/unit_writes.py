"""Writes of a unit about itself, with no inquiry behind them: the same order of checks, the same replay.

403 comes after the replay and before the body is read (design 6): 404 → replay, reused or running → 403 → 422 → 409.
What is answered is rendered from the row that was made, the first time and at every replay alike.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from marshmallow import Schema

from backend.routes.api import Shown
from backend.routes.pipeline import Submission, open_work
from backend.services.idempotency import find_replay, remember
from backend.services.work import Work


@dataclass(frozen=True, slots=True)
class UnitWrite:
    """A write, described once. `act` carries it out and names the row it made or changed; `render` shows that row.

    `load` raises NotFound for what the caller may not know of; `authorise` raises RoleRequired.
    """

    name: str
    schema: type[Schema]
    act: Callable[[Work, dict[str, Any]], str]
    render: Callable[[Work, str], dict[str, Any]]
    authorise: Callable[[Work], None]
    load: Callable[[Work], None] | None = None
    status: int = 201


@dataclass(frozen=True, slots=True)
class UnitAnswer:
    """What goes back."""

    body: dict[str, Any]
    status: int
    replayed: bool
    resource_id: str


def carry_out_unit(write: UnitWrite, sent: Submission) -> UnitAnswer:
    """Carry out a write in one unit of work. Raises DomainError, ValidationError and what the database raises."""
    owner, key, fingerprint = sent.access.owner, sent.key, sent.fingerprint
    with open_work(sent.access.actor) as work:
        if write.load is not None:
            write.load(work)
        kept = find_replay(work, owner=owner, key=key, fingerprint=fingerprint)
        if kept is not None and kept.resource_id is not None:
            return UnitAnswer(write.render(work, kept.resource_id), kept.status, True, kept.resource_id)
        write.authorise(work)
        made = write.act(work, write.schema().load(sent.data))
        remember(
            work,
            owner=owner,
            key=key,
            fingerprint=fingerprint,
            operation=write.name,
            status=write.status,
            resource_id=made,
        )
        return UnitAnswer(write.render(work, made), write.status, False, made)


def show_unit(answer: UnitAnswer) -> Shown:
    """The answer and, at a replay, the mark of it."""
    headers = {"Cache-Control": "no-store"}
    if answer.replayed:
        headers["Idempotent-Replayed"] = "true"
    return answer.body, answer.status, headers
