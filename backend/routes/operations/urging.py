"""催办 by the citizen; 督办 and 批示 by those above. None of them changes the version."""

from __future__ import annotations

from typing import Any

from backend.domain.errors import RoleRequired
from backend.domain.identity import Identity
from backend.models import Inquiry
from backend.routes.answers import step_answer
from backend.routes.loading import Load
from backend.routes.operations.shared import found_inquiry
from backend.routes.pipeline import Operation, Result
from backend.schemas.urging import ReminderIn, SupervisionIn
from backend.services.urging import remind_inquiry, roles_to_supervise, supervise_inquiry
from backend.services.work import Work


def reminder(load: Load) -> Operation:
    """催办, once a Beijing day."""

    def act(work: Work, inquiry: Inquiry | None, data: dict[str, Any]) -> Result:
        found = found_inquiry(inquiry)
        made, entry = remind_inquiry(work, found, text=data.get("text"))
        return Result(found, entry, made.id)

    return Operation("remind", ReminderIn, load, act, step_answer, status=201)


def supervision(load: Load, identity: Identity) -> Operation:
    """督办 or 批示; which of the two a person may, the body says, so that 403 for 批示 alone comes from the act."""

    def authorise(work: Work, inquiry: Inquiry | None) -> None:
        found = found_inquiry(inquiry)
        if not roles_to_supervise(work, identity, found):
            raise RoleRequired()

    def act(work: Work, inquiry: Inquiry | None, data: dict[str, Any]) -> Result:
        found = found_inquiry(inquiry)
        made, entry = supervise_inquiry(work, identity, found, kind=data["kind"], text=data["text"])
        return Result(found, entry, made.id)

    return Operation(
        "supervise", SupervisionIn, load, act, step_answer, authorise, needs_version=True, status=201
    )
