"""What descriptions of writes have in common: who may, and the usual shape of a step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from backend.domain.errors import FieldInvalid, NotFound, NotHolder
from backend.domain.identity import Identity
from backend.domain.vocabulary import Category
from backend.models import Inquiry
from backend.routes.answers import step_answer
from backend.routes.loading import Load
from backend.routes.pipeline import Operation, Result
from backend.services.changing import acts_for
from backend.services.holdings import live_holding
from backend.services.work import Work

Authorise = Callable[[Work, Inquiry | None], None]


def holder_only(identity: Identity) -> Authorise:
    def authorise(work: Work, inquiry: Inquiry | None) -> None:
        holding = live_holding(work.session, found_inquiry(inquiry))
        if holding is not None and not acts_for(work, identity, holding):
            raise NotHolder()

    return authorise


def citizen_step(
    name: str,
    schema: Any,
    load: Load,
    step: Callable[[Work, Inquiry, dict[str, Any]], Any],
    *,
    status: int = 200,
) -> Operation:
    def act(work: Work, inquiry: Inquiry | None, data: dict[str, Any]) -> Result:
        found = found_inquiry(inquiry)
        return Result(found, step(work, found, data))

    return Operation(name, schema, load, act, step_answer, status=status)


def staff_step(
    name: str,
    schema: Any,
    load: Load,
    step: Callable[[Work, Inquiry, dict[str, Any]], Any],
    authorise: Authorise,
) -> Operation:
    def act(work: Work, inquiry: Inquiry | None, data: dict[str, Any]) -> Result:
        found = found_inquiry(inquiry)
        return Result(found, step(work, found, data))

    return Operation(name, schema, load, act, step_answer, authorise, needs_version=True)


def found_inquiry(inquiry: Inquiry | None) -> Inquiry:
    if inquiry is None:
        raise NotFound()
    return inquiry


def about_of(data: dict[str, Any]) -> dict[str, Any]:
    about: dict[str, Any] = data.get("about") or {}
    if about and data["category"] is not Category.COMPLAINT:
        raise FieldInvalid("/about", "只有投诉才填写投诉对象。")
    return about
