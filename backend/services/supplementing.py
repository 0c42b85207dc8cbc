"""收到补充材料: papers that came to the window or by post, as the office writes them down."""

from __future__ import annotations

from datetime import datetime

from backend.domain.errors import FieldInvalid
from backend.domain.identity import Identity
from backend.domain.states import Step, next_status
from backend.domain.times import local
from backend.models import Inquiry, LedgerEntry
from backend.services.changing import ensure_holder, move, name_first_responder
from backend.services.holdings import round_began
from backend.services.ledger import record
from backend.services.notices import end_wait, wait_began_with
from backend.services.outbox import message_citizen
from backend.services.texts import store_text
from backend.services.work import Work


def record_supplement(
    work: Work, identity: Identity, inquiry: Inquiry, *, text: str, received_at: datetime | None
) -> LedgerEntry:
    """Write down what was brought, which ends the wait from the day it came: entering it late moves no end.

    Raises NotHolder, IllegalTransition, FieldInvalid for a moment before the notice that asks for it, or after now.
    """
    holding = ensure_holder(work, identity, inquiry, Step.SUPPLEMENT)
    next_status(inquiry.status, Step.SUPPLEMENT)
    came = _came(work, inquiry, received_at)
    row, digest = store_text(work, inquiry, "supplement", text)
    move(inquiry, Step.SUPPLEMENT)
    named = name_first_responder(work, inquiry, holding, identity.staff_id)
    resumed = end_wait(work, inquiry, at=came)
    entry = record(
        work,
        "supplemented",
        inquiry,
        unit_id=inquiry.unit_id,
        holding=holding,
        facts={"received_at": local(came).isoformat(), **named}
        | ({"resumed": [clock.id for clock in resumed]} if resumed else {}),
        texts={"supplement": (row.id, digest)},
    )
    message_citizen(work, "progress", inquiry, event="supplemented")
    return entry


def _came(work: Work, inquiry: Inquiry, received_at: datetime | None) -> datetime:
    """When the papers came: in the very minute of the notice counts as after it, forms know no seconds."""
    if received_at is None:
        return work.now
    if received_at > work.now:
        raise FieldInvalid("/received_at", "收到时间不能晚于现在。")
    notice = wait_began_with(work, inquiry)
    earliest = notice.given_at if notice is not None else round_began(work.session, inquiry)
    if received_at < earliest.replace(second=0, microsecond=0):
        raise FieldInvalid("/received_at", "收到时间不能早于告知，也不能早于收到事项。")
    return max(received_at, earliest)
