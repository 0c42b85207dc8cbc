"""抽查 as a write: put on record by the general post or discipline, alone or together."""

from __future__ import annotations

from typing import Any

from backend.domain.errors import RoleRequired
from backend.domain.identity import Identity
from backend.domain.spot_checks import SpotCheck
from backend.models import Inquiry
from backend.routes.answers import step_answer
from backend.routes.loading import Load
from backend.routes.operations.shared import found_inquiry
from backend.routes.pipeline import Operation, Result
from backend.schemas.spot_checks import SpotCheckIn
from backend.services.spot_checks import NOT_YOURS, may_spot_check, spot_check
from backend.services.work import Work


def spot_check_report(load: Load, identity: Identity) -> Operation:
    """What came of a check. Nothing of the inquiry moves, and neither does its version."""

    def authorise(work: Work, inquiry: Inquiry | None) -> None:
        if not may_spot_check(work, identity, found_inquiry(inquiry)):
            raise RoleRequired(NOT_YOURS)

    def act(work: Work, inquiry: Inquiry | None, data: dict[str, Any]) -> Result:
        found = found_inquiry(inquiry)
        return Result(found, spot_check(work, identity, found, SpotCheck(**data)))

    return Operation(
        "spot_check", SpotCheckIn, load, act, step_answer, authorise, needs_version=True, status=201
    )
