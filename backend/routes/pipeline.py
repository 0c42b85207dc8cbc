"""The one way every write takes: load, replay, authorise, compare versions, read the body, act, answer.

The order is the contract's (design 6): 404 → replay, reused or running → 403 → 428 → 412 → 422 → 409. The API and the
HTML forms differ only in how they make a `Submission` and how they show the answer.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import current_app
from marshmallow import Schema
from sqlalchemy import select

from backend.clock import now
from backend.database import reading, unit_of_work
from backend.domain.actors import Actor
from backend.domain.errors import DomainError, VersionConflict
from backend.models import IdempotencyKey, Inquiry, LedgerEntry
from backend.routes.access import Access
from backend.services.calendar import working_calendar
from backend.services.idempotency import find_replay, remember
from backend.services.work import Tools, Work


class PreconditionRequired(DomainError):
    code = "precondition_required"


@dataclass(frozen=True, slots=True)
class Submission:
    """One write as it came in. `data` is the raw body; `version` what the caller last saw, as sent."""

    access: Access
    key: str
    fingerprint: str
    data: Any
    version: str | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What a use case did: the entry it wrote, and the resource it made, if any."""

    inquiry: Inquiry
    entry: LedgerEntry
    resource_id: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back. `version` is the one the write left, at a replay as at the first time."""

    body: dict[str, Any]
    status: int
    replayed: bool
    inquiry: Inquiry
    version: int


def allow(_work: Work, _inquiry: Inquiry | None) -> None:
    """No check beyond having found the inquiry."""


@dataclass(frozen=True, slots=True)
class Operation:
    """A write, described once. `load` finds the inquiry (None where the write makes it); `act` carries it out;
    `render` makes the answer from the stored facts, the first time and at every replay alike."""

    name: str
    schema: type[Schema]
    load: Callable[[Work], Inquiry | None]
    act: Callable[[Work, Inquiry | None, dict[str, Any]], Result]
    render: Callable[[Work, Result], dict[str, Any]]
    authorise: Callable[[Work, Inquiry | None], None] = allow
    needs_version: bool = False
    status: int = 200


def carry_out(operation: Operation, submission: Submission) -> Answer:
    """Carry out a write in one unit of work. Raises DomainError, ValidationError and what the database raises."""
    with open_work(submission.access.actor) as work:
        inquiry = operation.load(work)
        kept = _earlier(work, submission)
        if kept is not None:
            result = Result(
                work.session.get_one(Inquiry, kept.inquiry_id),
                work.session.get_one(LedgerEntry, kept.entry_id),
                kept.resource_id,
            )
            return _answer(operation, work, result, kept.status, replayed=True)
        operation.authorise(work, inquiry)
        if inquiry is not None and operation.needs_version:
            ensure_version(inquiry, submission.version)
        data = operation.schema().load(submission.data)
        result = operation.act(work, inquiry, data)
        _keep(work, submission, operation, result)
        return _answer(operation, work, result, operation.status, replayed=False)


def _earlier(work: Work, sent: Submission) -> IdempotencyKey | None:
    return find_replay(work, owner=sent.access.owner, key=sent.key, fingerprint=sent.fingerprint)


def _keep(work: Work, sent: Submission, operation: Operation, result: Result) -> None:
    remember(
        work,
        owner=sent.access.owner,
        key=sent.key,
        fingerprint=sent.fingerprint,
        operation=operation.name,
        status=operation.status,
        inquiry=result.inquiry,
        entry=result.entry,
        resource_id=result.resource_id,
    )


def _answer(operation: Operation, work: Work, result: Result, status: int, *, replayed: bool) -> Answer:
    body = operation.render(work, result)
    version = body.get("version") or json.loads(result.entry.body)["version"]
    return Answer(body, status, replayed, result.inquiry, version)


def ensure_version(inquiry: Inquiry, seen: str | None) -> None:
    """The caller must have seen the inquiry as it is. Raises PreconditionRequired, VersionConflict."""
    if not seen:
        raise PreconditionRequired()
    if seen.strip().strip('"') != str(inquiry.version):
        raise VersionConflict(current_version=inquiry.version)


def locked(work: Work, inquiry: Inquiry) -> Inquiry:
    """The same inquiry with its row locked and freshly read, before anything is decided about it."""
    return work.session.scalars(
        select(Inquiry)
        .where(Inquiry.id == inquiry.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


@contextmanager
def open_work(actor: Actor) -> Iterator[Work]:
    """A unit of work in the name of `actor`, at the application's time."""
    with unit_of_work() as session:
        # The first query takes the writer's turn; only then is it known what time it is.
        calendar = working_calendar(session)
        yield Work(session, actor, now(), tools(), calendar)


@contextmanager
def open_reading(actor: Actor) -> Iterator[Work]:
    """The same for reads, on the reader engine."""
    with reading() as session:
        yield Work(session, actor, now(), tools(), working_calendar(session))


def tools() -> Tools:
    """The tools of the running application."""
    made: Tools = current_app.extensions["shouwen_tools"]
    return made
