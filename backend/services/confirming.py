"""签收: seen and taken up. Responsibility and clocks have run since filing."""

from __future__ import annotations

from typing import Any

from backend.domain.errors import FieldInvalid
from backend.domain.identity import Identity
from backend.domain.states import Step
from backend.models import Inquiry, LedgerEntry
from backend.services.changing import ensure_holder, move, name_first_responder
from backend.services.clocks import end_clocks_by, start_clocks
from backend.services.ledger import record
from backend.services.outbox import message_citizen
from backend.services.texts import store_text
from backend.services.work import Work
from backend.statute.model import Event


def confirm_inquiry(
    work: Work,
    identity: Identity,
    inquiry: Inquiry,
    *,
    summary: str | None,
    competent: bool | None,
    on_the_spot: bool | None = None,
) -> LedgerEntry:
    """Sign for an inquiry. `competent` true says it is this unit's own duty (属本单位职责), which ends written-transfer.

    坛 六（四）. `on_the_spot` true says that it can be handled at once (坛 六（一）): its 即时 limit runs from here.
    Raises NotHolder, IllegalTransition, FieldInvalid where the measure knows no such duty or it is not ours at all.
    """
    holding = ensure_holder(work, identity, inquiry, Step.CONFIRM)
    move(inquiry, Step.CONFIRM)
    if on_the_spot and competent is False:
        raise FieldInvalid("/on_the_spot", "不属于本单位职责的，不能勾选“能够当场办理”。")
    if on_the_spot and not knows_on_the_spot(work, inquiry):
        raise FieldInvalid("/on_the_spot", "这件事适用的办法没有“当场办理”的时限，不用勾选。")
    inquiry.confirmed_at = work.now
    texts = {}
    if summary:
        row, digest = store_text(work, inquiry, "summary", summary)
        texts["summary"] = (row.id, digest)
    if competent:
        end_clocks_by(work, inquiry, Event.COMPETENCE_CONFIRMED)
    named = name_first_responder(work, inquiry, holding, identity.staff_id)
    facts: dict[str, Any] = {"competent": competent, **named}
    if on_the_spot:
        end_clocks_by(work, inquiry, Event.READY_ON_THE_SPOT)
        start_clocks(work, inquiry, Event.READY_ON_THE_SPOT, since=work.now, holding=holding)
        facts["on_the_spot"] = True
    entry = record(
        work,
        "confirmed",
        inquiry,
        unit_id=inquiry.unit_id,
        holding=holding,
        facts=facts,
        texts=texts,
    )
    message_citizen(work, "progress", inquiry, event="confirmed")
    return entry


def knows_on_the_spot(work: Work, inquiry: Inquiry) -> bool:
    """Whether saying that it can be handled at once starts a limit (坛 六（一）; 泸 has none)."""
    statute = work.tools.statute
    duties = statute.duties_started_by(
        inquiry.measure, Event.READY_ON_THE_SPOT, inquiry.category, inquiry.is_written
    )
    return any(duty.has_limit for duty in duties)
