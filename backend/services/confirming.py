"""签收: seen and taken up. Responsibility and clocks have run since filing."""

from __future__ import annotations

from backend.domain.identity import Identity
from backend.domain.states import Step
from backend.models import Inquiry, LedgerEntry
from backend.services.changing import ensure_holder, move, name_first_responder
from backend.services.clocks import end_clocks_by
from backend.services.ledger import record
from backend.services.outbox import message_citizen
from backend.services.texts import store_text
from backend.services.work import Work
from backend.statute.model import Event


def confirm_inquiry(
    work: Work, identity: Identity, inquiry: Inquiry, *, summary: str | None, competent: bool | None
) -> LedgerEntry:
    """Sign for an inquiry. `competent` true says it is this unit's own duty (属本单位职责), which ends written-transfer.

    坛 六（四）. Raises NotHolder, IllegalTransition.
    """
    holding = ensure_holder(work, identity, inquiry, Step.CONFIRM)
    move(inquiry, Step.CONFIRM)
    inquiry.confirmed_at = work.now
    texts = {}
    if summary:
        row, digest = store_text(work, inquiry, "summary", summary)
        texts["summary"] = (row.id, digest)
    if competent:
        end_clocks_by(work, inquiry, Event.COMPETENCE_CONFIRMED)
    named = name_first_responder(work, inquiry, holding, identity.staff_id)
    entry = record(
        work,
        "confirmed",
        inquiry,
        unit_id=inquiry.unit_id,
        holding=holding,
        facts={"competent": competent, **named},
        texts=texts,
    )
    message_citizen(work, "progress", inquiry, event="confirmed")
    return entry
