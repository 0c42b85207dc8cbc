"""书面移交 to an authority that is not on the system (坛 六（四）): letter, 送达, and the result that comes back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from backend.domain.clocks import date_phrase
from backend.domain.errors import HandoffPending, LetterClosed, ResultAlreadyBack
from backend.domain.handoffs import check_outside, check_service
from backend.domain.identity import Identity
from backend.domain.states import Step
from backend.domain.times import local
from backend.domain.vocabulary import ClockEnd, ExternalState, PostKind, ServiceMethod, Status
from backend.models import ExternalHandoff, Inquiry, LedgerEntry
from backend.models.types import new_id
from backend.services.changing import ensure_holder, move, name_first_responder
from backend.services.clocks import end_clocks_by
from backend.services.closing import close_transferred
from backend.services.holdings import bearers, last_holding, live_holding
from backend.services.ledger import record
from backend.services.locking import lock_concerned
from backend.services.outbox import message_citizen, message_staff
from backend.services.pending import ensure_nothing_pending
from backend.services.presence import keepers, unit_post
from backend.services.texts import store_text
from backend.services.work import Work
from backend.statute.model import Event


@dataclass(frozen=True, slots=True)
class Outside:
    """The competent authority: its name, and at least one of address and phone."""

    name: str
    address: str = ""
    phone: str = ""


def address_outside(
    work: Work, identity: Identity, inquiry: Inquiry, outside: Outside, *, reason: str
) -> tuple[ExternalHandoff, LedgerEntry]:
    """Draw up the letter. The giver goes on holding, and nothing has been handed over until it is served (坛 六（四）).

    Raises NotHolder, FieldInvalid, HandoffPending, DisputePending, IllegalTransition.
    """
    holding = ensure_holder(work, identity, inquiry, Step.ADDRESS_OUTSIDE)
    check_outside(outside.name, outside.address, outside.phone)
    if inquiry.status is Status.IN_HANDOFF:
        raise HandoffPending()
    ensure_nothing_pending(work, inquiry)
    move(inquiry, Step.ADDRESS_OUTSIDE)
    named = name_first_responder(work, inquiry, holding, identity.staff_id)
    row, digest = store_text(work, inquiry, "reason", reason)
    letter = ExternalHandoff(
        id=new_id(),
        inquiry_id=inquiry.id,
        round=inquiry.round,
        state=ExternalState.DRAFTED,
        from_unit_id=holding.unit_id,
        from_section_id=holding.section_id,
        name=outside.name,
        address=outside.address,
        phone=outside.phone,
        reason_text_id=row.id,
        clause=work.tools.statute.measures[inquiry.measure].handoff_clauses.to_unit(inquiry.category).clause,
        made_by_id=identity.staff_id,
        made_at=work.now,
    )
    work.session.add(letter)
    work.session.flush()
    entry = record(
        work,
        "addressed_outside",
        inquiry,
        unit_id=inquiry.unit_id,
        holding=holding,
        facts={"external": letter.id, **named},
        texts={"reason": (row.id, digest)},
    )
    message_citizen(work, "progress", inquiry, event="addressed_outside")
    return letter, entry


def record_service(
    work: Work,
    identity: Identity,
    inquiry: Inquiry,
    letter: ExternalHandoff,
    *,
    served_at: datetime,
    how: ServiceMethod,
    receipt: str,
) -> LedgerEntry:
    """Record the 送达: the transfer is complete at that moment (坛 六（四）), and the inquiry closes as 移交其他单位.

    A letter served in time is in time however late that is written down; a breach noted before stays a fact, and the
    entry says `served_in_time` beside it. Raises LetterClosed, NotHolder, FieldInvalid, IllegalTransition.
    """
    if letter.state is not ExternalState.DRAFTED:
        raise LetterClosed(state=letter.state.value)
    lock_concerned(work, inquiry)
    ensure_holder(work, identity, inquiry, Step.CLOSE)
    check_service(served_at, letter.made_at, inquiry.received_at, work.now)
    row, digest = store_text(work, inquiry, "receipt", receipt)
    letter.state = ExternalState.SERVED
    letter.served_at = served_at
    letter.served_recorded_at = work.now
    letter.served_by_id = identity.staff_id
    letter.served_how = how
    letter.receipt_text_id = row.id
    work.session.flush()
    ended = end_clocks_by(work, inquiry, Event.UNIT_HANDOFF_SERVED, at=served_at)
    met = [clock for clock in ended if clock.end is ClockEnd.MET]
    facts: dict[str, Any] = {
        "external": letter.id,
        "served_at": local(served_at).isoformat(),
        "how": how.value,
    }
    if met:
        facts["served_in_time"] = all(served_at <= clock.due_at for clock in met)
    return close_transferred(
        work,
        identity,
        inquiry,
        reply=_where_it_is(work, letter, served_at),
        facts=facts,
        texts={"receipt": (row.id, digest)},
    )


def cancel_letter(
    work: Work, identity: Identity, inquiry: Inquiry, letter: ExternalHandoff, *, reason: str
) -> LedgerEntry:
    """Give up a letter before it is served. Raises LetterClosed, NotHolder, IllegalTransition."""
    if letter.state is not ExternalState.DRAFTED:
        raise LetterClosed(state=letter.state.value)
    holding = ensure_holder(work, identity, inquiry, Step.ADDRESS_OUTSIDE)
    move(inquiry, Step.ADDRESS_OUTSIDE)
    row, digest = store_text(work, inquiry, "reason", reason)
    letter.state = ExternalState.CANCELLED
    work.session.flush()
    entry = record(
        work,
        "external_cancelled",
        inquiry,
        unit_id=inquiry.unit_id,
        holding=holding,
        facts={"external": letter.id},
        texts={"reason": (row.id, digest)},
    )
    message_citizen(work, "progress", inquiry, event="external_cancelled")
    return entry


def may_record_result(work: Work, identity: Identity, inquiry: Inquiry, letter: ExternalHandoff) -> bool:
    """Whether this person may write down what came back: who held it last, or the first unit's general post."""
    if letter.state is not ExternalState.SERVED:
        return False
    session = work.session
    holding = last_holding(session, inquiry)
    people = bearers(session, holding, work.now) if holding is not None else []
    post = unit_post(session, inquiry.first_unit_id, PostKind.GENERAL)
    people += keepers(session, post, work.now) if post is not None else []
    return identity.staff_id in {person.id for person in people}


def record_result(
    work: Work, identity: Identity, inquiry: Inquiry, letter: ExternalHandoff, *, text: str
) -> LedgerEntry:
    """The authority's final result, once: the first unit's row shows it and the citizen is told.

    坛 十（一）2; 泸 二（二）2 负责到底. Raises LetterClosed before service, ResultAlreadyBack.
    """
    if letter.state is not ExternalState.SERVED:
        raise LetterClosed(state=letter.state.value)
    if letter.result_at is not None:
        raise ResultAlreadyBack()
    row, digest = store_text(work, inquiry, "result", text)
    letter.result_text_id = row.id
    letter.result_at = work.now
    letter.result_by_id = identity.staff_id
    # No step of the inquiry's life: it stays closed, or open again, as it is.
    inquiry.version += 1
    work.session.flush()
    end_clocks_by(work, inquiry, Event.RESULT_BACK)
    entry = record(
        work,
        "result_back",
        inquiry,
        unit_id=inquiry.unit_id,
        mirror_unit_ids=() if inquiry.is_confidential else (inquiry.first_unit_id,),
        holding=live_holding(work.session, inquiry),
        facts={"external": letter.id},
        texts={"result": (row.id, digest)},
    )
    holding = last_holding(work.session, inquiry)
    told = bearers(work.session, holding, work.now) if holding is not None else []
    message_staff(work, "result_back", inquiry, [person.id for person in told], external=letter.id)
    message_citizen(work, "result_back", inquiry, external=letter.id)
    return entry


def _where_it_is(work: Work, letter: ExternalHandoff, served_at: datetime) -> str:
    """What the citizen reads: where the matter is now, and how to reach whoever has it."""
    lines = [
        f"这件事不属于本单位职责范围，已经以书面形式移交{letter.name}，于{date_phrase(served_at, work.now)}送达。",
        f"联系地址：{letter.address}" if letter.address else "",
        f"联系电话：{letter.phone}" if letter.phone else "",
        f"由{letter.name}依法依规办理并答复。办理结果反馈回来后，本单位会写在这里。",
    ]
    return "\n".join(line for line in lines if line)
