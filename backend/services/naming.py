"""认定事项: staff say which matter it is, or which other regime prevails, and so which limit holds (坛 五、六（一）、十（一）2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from backend.domain.errors import FieldInvalid, LimitAlreadyStated
from backend.domain.identity import Identity
from backend.domain.states import Step, next_status
from backend.domain.times import local
from backend.domain.vocabulary import ClockEnd, LimitBasis, Measure, PostKind, Regime, Status
from backend.models import Clock, Inquiry, LedgerEntry, Matter
from backend.services.changing import ensure_holder, move, name_first_responder
from backend.services.changing_clocks import pause_clocks
from backend.services.clocks import (
    StatedLimit,
    due_from,
    end_clock,
    end_clocks_by,
    running_clocks,
    start_stated_clock,
)
from backend.services.holdings import round_began
from backend.services.ledger import record
from backend.services.notices import events_of_naming, is_paused_wait
from backend.services.outbox import message_citizen, message_staff
from backend.services.presence import keepers, unit_post
from backend.services.texts import store_text
from backend.services.work import Work, find_by_id
from backend.statute.model import Event

HANDLING, SUPERIOR = "handling-limit", "superior-law"


@dataclass(frozen=True, slots=True)
class Naming:
    """Either `matter_id` (an entry of the unit's 事项目录), or the other regime with its days and where they stand."""

    matter_id: str | None = None
    regime: Regime | None = None
    days: int | None = None
    basis: str | None = None


def name_matter(work: Work, identity: Identity, inquiry: Inquiry, naming: Naming) -> LedgerEntry:
    """Start the limit of the named matter, counted from receipt: naming it late gains no time.

    Under 坛 another regime is cited beside as superior-law (第五条) and prevails over the measure's own limits; 泸 has no
    such clause, its limit is the handling limit. Of a regime that the 事项目录 does not name the general post learns.
    What a notice stated gives way to the 事项目录 where that one ends earlier.
    Raises NotHolder, IllegalTransition, FieldInvalid, LimitAlreadyStated.
    """
    holding = ensure_holder(work, identity, inquiry, Step.NAME_MATTER)
    next_status(inquiry.status, Step.NAME_MATTER)
    matter = _matter(work, inquiry, naming)
    regime = matter.regime if matter is not None else naming.regime
    prevails = regime is not None and inquiry.measure is Measure.TAN
    duty = SUPERIOR if prevails else HANDLING
    days, kind = _days(naming, matter)
    began = round_began(work.session, inquiry)
    replaced = _given_way(work, inquiry, duty, matter, days, since=began)
    texts = {}
    if naming.basis is not None:
        row, digest = store_text(work, inquiry, "limit_basis", naming.basis)
        texts["limit_basis"] = (row.id, digest)
    move(inquiry, Step.NAME_MATTER)
    named = name_first_responder(work, inquiry, holding, identity.staff_id)
    for event in events_of_naming(matter) if matter is not None else (Event.REGIME_NAMED,):
        end_clocks_by(work, inquiry, event)
    if replaced is not None:
        end_clock(work, inquiry, replaced, ClockEnd.CANCELLED)
    basis_text_id = texts["limit_basis"][0] if texts else None
    stated = StatedLimit(days, kind, basis_text_id, matter.id if matter else None)
    clock = start_stated_clock(work, inquiry, duty, stated, since=began, holding=holding)
    if inquiry.status is Status.AWAITING_CITIZEN and is_paused_wait(work, inquiry):
        pause_clocks(work, inquiry)
    entry = record(
        work,
        "matter_named",
        inquiry,
        unit_id=inquiry.unit_id,
        holding=holding,
        facts=_facts(matter, regime, clock) | named,
        texts=texts,
    )
    message_citizen(work, "progress", inquiry, event="matter_named")
    post = unit_post(work.session, inquiry.unit_id, PostKind.GENERAL) if matter is None else None
    if post is not None:
        people = [person.id for person in keepers(work.session, post, work.now)]
        message_staff(work, "regime_named", inquiry, people, clock=clock.id)
    return entry


def gives_way(clock: Clock) -> bool:
    """Whether an entry of the 事项目录 that ends earlier may take the place of this limit: a notice alone stated it."""
    return clock.duty == HANDLING and clock.notice_id is not None and clock.matter_id is None


def _facts(matter: Matter | None, regime: Regime | None, clock: Clock) -> dict[str, Any]:
    return {
        "matter": matter.id if matter is not None else None,
        "regime": regime.value if regime is not None else None,
        "clock": clock.id,
        "duty": clock.duty,
        "days": clock.working_days,
        "basis_kind": clock.basis_kind.value if clock.basis_kind else None,
        "due_at": local(clock.due_at).isoformat(),
        "provisional": clock.is_provisional,
    }


def _matter(work: Work, inquiry: Inquiry, naming: Naming) -> Matter | None:
    if naming.matter_id is None:
        for field, value in (("regime", naming.regime), ("days", naming.days), ("basis", naming.basis)):
            if value is None:
                raise FieldInvalid(f"/{field}", _ASKS[field], "conditionally_required")
        return None
    for field, value in (("regime", naming.regime), ("days", naming.days), ("basis", naming.basis)):
        if value is not None:
            raise FieldInvalid(f"/{field}", "选了事项目录中的事项，就按目录写明的时限和依据，不用另写。")
    matter = find_by_id(work.session, Matter, naming.matter_id)
    if matter is None or matter.ended_at is not None or matter.unit_id != inquiry.unit_id:
        raise FieldInvalid("/matter", "本单位的事项目录里没有这一项。")
    return matter


_ASKS = {
    "regime": "请选择事项目录中的事项，或者选择适用的其他规定。",
    "days": "请写明办理时限是多少个工作日。",
    "basis": "请写明时限的依据：文件名称和条款。",
}


def _days(naming: Naming, matter: Matter | None) -> tuple[int, LimitBasis]:
    if matter is None:
        return naming.days or 0, LimitBasis.LEGAL
    if matter.promised_days is not None:
        return matter.promised_days, LimitBasis.PROMISED
    return matter.legal_days or 0, LimitBasis.LEGAL


def _given_way(
    work: Work, inquiry: Inquiry, duty: str, matter: Matter | None, days: int, *, since: datetime
) -> Clock | None:
    """The limit that the new one takes the place of, if one runs. Raises LimitAlreadyStated where it stays."""
    standing = [clock for clock in running_clocks(work, inquiry) if clock.duty in {duty, SUPERIOR}]
    if not standing:
        return None
    [clock] = standing
    due, _ = due_from(work, inquiry.unit_id, since, days)
    if matter is None or not gives_way(clock) or due.due_at >= clock.due_at:
        raise LimitAlreadyStated()
    return clock
