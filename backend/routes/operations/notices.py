"""一次性告知, its receipt and what is brought upon it (坛 六（一）); 更正首问类别."""

from __future__ import annotations

from typing import Any

from backend.domain.errors import RoleRequired
from backend.domain.identity import Identity
from backend.models import Inquiry
from backend.routes.answers import step_answer
from backend.routes.loading import Load
from backend.routes.operations.shared import (
    about_of,
    citizen_step,
    found_inquiry,
    holder_only,
    staff_step,
)
from backend.routes.pipeline import Operation, Result
from backend.schemas.classification import ClassificationIn
from backend.schemas.inquiries import EmptyIn
from backend.schemas.notices import NoticeIn, PapersIn, parts_of
from backend.services.classifying import Reclassification, may_classify, reclassify_inquiry
from backend.services.notices import NewNotice, give_notice, receive_notice
from backend.services.supplementing import record_supplement
from backend.services.work import Work


def notice(load: Load, identity: Identity) -> Operation:
    """Tell all four parts at once."""

    def act(work: Work, inquiry: Inquiry | None, data: dict[str, Any]) -> Result:
        found = found_inquiry(inquiry)
        new = NewNotice(parts_of(data), data.get("days"), data.get("days_kind"), data.get("matter"))
        made, entry = give_notice(work, identity, found, new)
        return Result(found, entry, made.id)

    return Operation(
        "notify", NoticeIn, load, act, step_answer, holder_only(identity), needs_version=True, status=201
    )


def papers(load: Load, identity: Identity) -> Operation:
    """收到补充材料: the office writes down what came to the window or by post."""

    def act(work: Work, inquiry: Inquiry | None, data: dict[str, Any]) -> Result:
        found = found_inquiry(inquiry)
        entry = record_supplement(
            work, identity, found, text=data["text"], received_at=data.get("received_at")
        )
        return Result(found, entry)

    return Operation(
        "record_supplement",
        PapersIn,
        load,
        act,
        step_answer,
        holder_only(identity),
        needs_version=True,
        status=201,
    )


def notice_receipt(load: Load) -> Operation:
    """The citizen has it."""
    return citizen_step("receive_notice", EmptyIn, load, lambda w, i, _data: receive_notice(w, i))


def classification(load: Load, identity: Identity) -> Operation:
    """Correct the category, or 首问方式, with the reason."""
    is_holder = holder_only(identity)

    def authorise(work: Work, inquiry: Inquiry | None) -> None:
        is_holder(work, inquiry)
        if not may_classify(work, identity, found_inquiry(inquiry)):
            raise RoleRequired()

    def step(work: Work, inquiry: Inquiry, data: dict[str, Any]) -> Any:
        about = about_of(data)
        change = Reclassification(
            data["category"], data["reason"], data.get("channel"), about.get("kind"), about.get("name")
        )
        return reclassify_inquiry(work, identity, inquiry, change)

    return staff_step("classify", ClassificationIn, load, step, authorise)
