"""The forms of letters to outside authorities (坛 六（四）) and of disputes, and the acts they lead to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from backend.domain.errors import NotFound
from backend.domain.identity import Identity
from backend.domain.vocabulary import DisputeLevel
from backend.models import Dispute
from backend.queries.transfers import latest_letter
from backend.routes import operations
from backend.routes.loading import by_number, find_visible
from backend.routes.operations import transfers
from backend.routes.pages.forms import FormKind, filled, moment_of
from backend.routes.pages.guards import access
from backend.routes.pages.steps import Step
from backend.routes.pipeline import open_reading

Group = tuple[str | None, list[tuple[str, str]]]

OUTSIDE = FormKind(
    ("name", "address", "phone", "reason"),
    {"name": "请写明主管部门的名称。", "reason": "请写明为什么移交。"},
    {
        "/external": "name",
        "/external/name": "name",
        "/external/address": "address",
        "/external/phone": "phone",
    },
)
SERVICE = FormKind(
    ("served_at", "how", "receipt"),
    {
        "served_at": "请把送达的日期和时间都选上。",
        "how": "请选择怎么送达的。",
        "receipt": "请写明凭据，例如收件人姓名或者邮件号码。",
    },
)
CANCELLATION = FormKind(("reason",), {"reason": "请写明为什么取消。"})
RESULT = FormKind(("text",), {"text": "请写明对方办理的结果。"})
DECISION = FormKind(
    ("target", "to_staff", "reason"),
    {"target": "请选择由谁承办。", "reason": "请写明裁定的理由。"},
    {"/to_unit": "target", "/to_section": "target"},
)
ESCALATION = FormKind(("reason",), {"reason": "请写明为什么提请主要负责人裁定。"})


def outside(form: Mapping[str, str]) -> dict[str, Any]:
    return {"external": filled(form, "name", "address", "phone")} | filled(form, "reason")


def service(form: Mapping[str, str]) -> dict[str, Any]:
    data = filled(form, "how", "receipt")
    if form.get("served_at"):
        data["served_at"] = moment_of(form["served_at"])
    return data


def cancellation(form: Mapping[str, str]) -> dict[str, Any]:
    return filled(form, "reason")


def result(form: Mapping[str, str]) -> dict[str, Any]:
    return filled(form, "text")


def decision(form: Mapping[str, str]) -> dict[str, Any]:
    """`target` is `unit/section`; without a section it is the unit's general post that holds."""
    unit, _, section = form.get("target", "").partition("/")
    target = {"to_unit": unit, "to_section": section}
    return filled(target, *target) | filled(form, "to_staff", "reason")


def arbitration_targets(units: list[dict[str, Any]], shape: dict[str, Any]) -> list[Group]:
    """Whom the arbiter can name, as `unit/section`: inside a unit its own people, a coordinator anybody."""
    dispute = shape["dispute"]
    if dispute is None:
        return []
    is_coordinator = dispute["level"] == DisputeLevel.COORDINATOR
    groups: list[Group] = []
    for unit in units:
        if is_coordinator or unit["id"] == dispute["arbiter_unit"]["id"]:
            sections = [
                (f"{unit['id']}/{one['id']}", one["name"]) for one in unit["sections"] if one["staffed"]
            ]
            groups.append((unit["name"], [(f"{unit['id']}/", "首问责任总岗"), *sections]))
    return groups


def _letter(number: str, identity: Identity) -> str:
    """The letter a page of this inquiry spoke of: the last one, whatever became of it meanwhile. Raises NotFound."""
    with open_reading(access().actor) as work:
        letter = latest_letter(work, find_visible(work, number, identity))
    if letter is None:
        raise NotFound("没有移交函。")
    return letter.id


def _dispute(number: str, identity: Identity) -> str:
    """The dispute a page of this inquiry spoke of: the last one. Raises NotFound."""
    with open_reading(access().actor) as work:
        inquiry = find_visible(work, number, identity)
        found = work.session.scalar(
            select(Dispute.id)
            .where(Dispute.inquiry_id == inquiry.id)
            .order_by(Dispute.opened_at.desc(), Dispute.id)
            .limit(1)
        )
    if found is None:
        raise NotFound("没有等待裁定的事。")
    return found


STEPS = {
    "outside": Step(
        "address_outside",
        OUTSIDE,
        outside,
        lambda number, who: operations.handoff(by_number(number, who), who),
    ),
    "service": Step(
        "record_service",
        SERVICE,
        service,
        lambda number, who: transfers.letter_service(_letter(number, who), who),
    ),
    "letter_cancellation": Step(
        "cancel_letter",
        CANCELLATION,
        cancellation,
        lambda number, who: transfers.letter_cancellation(_letter(number, who), who),
    ),
    "result": Step(
        "record_result",
        RESULT,
        result,
        lambda number, who: transfers.transfer_result(_letter(number, who), who),
    ),
    "decision": Step(
        "decide_dispute",
        DECISION,
        decision,
        lambda number, who: transfers.dispute_decision(_dispute(number, who), who),
    ),
    "escalation": Step(
        "escalate_dispute",
        ESCALATION,
        cancellation,
        lambda number, who: transfers.dispute_escalation(_dispute(number, who), who),
    ),
}
"""Every act on letters and disputes by its address below the inquiry."""
