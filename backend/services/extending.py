"""说明理由延长 (坛 七（一） 原则上): once for a limit, before it is over, and the citizen is told why."""

from __future__ import annotations

from backend.domain.errors import ExtensionNotAllowed, FieldInvalid
from backend.domain.identity import Identity
from backend.domain.states import Step
from backend.domain.times import local
from backend.domain.vocabulary import Strictness
from backend.models import Clock, Inquiry, LedgerEntry
from backend.services.changing import ensure_holder, move, name_first_responder
from backend.services.changing_clocks import extend_clock
from backend.services.clock_chains import chain_of, extension_in
from backend.services.clocks import running_clocks
from backend.services.ledger import record
from backend.services.outbox import message_citizen
from backend.services.texts import store_text
from backend.services.work import Work

READING = "extension-once"


def extend_limit(
    work: Work, identity: Identity, inquiry: Inquiry, *, reason: str, days: int | None
) -> LedgerEntry:
    """Extend the running limit 原则上 by `days` working days, by default the reading's.

    Raises NotHolder, IllegalTransition, ExtensionNotAllowed, FieldInvalid.
    """
    holding = ensure_holder(work, identity, inquiry, Step.EXTEND)
    clock = extendable(work, inquiry)
    most = work.tools.statute.number(READING)
    wanted = most if days is None else days
    if not 1 <= wanted <= most:
        raise FieldInvalid("/days", f"最多延长 {most} 个工作日。")
    row, digest = store_text(work, inquiry, "reason", reason)
    move(inquiry, Step.EXTEND)
    # Somebody who was away may have been named by this: the limit to extend is then theirs, in a row of its own.
    named = name_first_responder(work, inquiry, holding, identity.staff_id)
    extended = extend_clock(work, inquiry, extendable(work, inquiry), days=wanted, reason_text_id=row.id)
    entry = record(
        work,
        "clock_extended",
        inquiry,
        unit_id=inquiry.unit_id,
        holding=holding,
        facts={
            "clock": extended.id,
            "duty": extended.duty,
            "days": wanted,
            "old_due_at": local(clock.due_at).isoformat(),
            "due_at": local(extended.due_at).isoformat(),
            "provisional": extended.is_provisional,
            **named,
        },
        texts={"reason": (row.id, digest)},
    )
    message_citizen(work, "progress", inquiry, event="clock_extended")
    return entry


def extendable(work: Work, inquiry: Inquiry) -> Clock:
    """The limit that may be extended now. Raises ExtensionNotAllowed, saying why there is none."""
    principled = [c for c in running_clocks(work, inquiry) if c.strictness is Strictness.PRINCIPLE]
    if not principled:
        raise ExtensionNotAllowed("现在没有可以延长的时限：只有“原则上”的时限才能延长。")
    clock = principled[0]
    if work.now > clock.due_at:
        raise ExtensionNotAllowed("时限已经届满，不能再延长。")
    if extension_in(chain_of(work.session, clock)) is not None:
        raise ExtensionNotAllowed("这个时限已经延长过一次，不能再延长。")
    return clock
