"""一次性告知 (坛 六（一）): telling all four parts at once, the citizen's receipt, and the wait that follows."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from backend.domain.errors import AlreadyReceived, FieldInvalid, IllegalTransition, NotFound
from backend.domain.identity import Identity
from backend.domain.notices import (
    NoticeParts,
    StatedDays,
    catalogue_days,
    catalogue_limit,
    check_parts,
    stated_days,
    unlisted,
)
from backend.domain.states import Step
from backend.domain.vocabulary import LimitBasis, Status
from backend.models import (
    Clock,
    Holding,
    Inquiry,
    InquiryText,
    LedgerEntry,
    Matter,
    Notice,
    NoticeDocument,
)
from backend.models.types import new_id
from backend.services.changing import ensure_holder, move, name_first_responder, open_offer
from backend.services.changing_clocks import pause_clocks, resume_clocks
from backend.services.clocks import StatedLimit, end_clocks_by, running_clocks, start_stated_clock
from backend.services.holdings import round_began
from backend.services.leads import lead_from_notice
from backend.services.ledger import record
from backend.services.outbox import message_citizen
from backend.services.texts import read_text, store_text
from backend.services.work import Work, find_by_id
from backend.statute.model import Event, LimitKind

FIRST = 1
"""The place of a round's first notice: 一次性告知 itself."""
_WAITING = frozenset({Status.AWAITING_CITIZEN, Status.IN_HANDOFF})
"""An offer does not end the wait; what comes of it does."""


@dataclass(frozen=True, slots=True)
class NewNotice:
    """What is told. With `matter_id`, an entry of the unit's 事项目录, what is left out is taken from there."""

    parts: NoticeParts
    days: int | None = None
    kind: LimitBasis | None = None
    matter_id: str | None = None


def give_notice(
    work: Work, identity: Identity, inquiry: Inquiry, new: NewNotice
) -> tuple[Notice, LedgerEntry]:
    """Tell all four parts at once, and wait for the citizen; 办理时限 starts with it, and stands still meanwhile.

    A further notice of the same round is kept beside the first; what it asks for beyond the list is marked, and the
    wait after it is counted. No notice states days that do not run. Raises FieldInvalid, NotHolder, IllegalTransition.
    """
    matter = _matter(work, inquiry, new.matter_id)
    runs = _stays(work, inquiry, (Event.NOTICE_GIVEN, *(events_of_naming(matter) if matter else ())))
    parts = new.parts.filled_from(_told_by(matter, runs)) if matter else new.parts
    check_parts(parts)
    days = _days(new, matter, runs)
    holding = ensure_holder(work, identity, inquiry, Step.NOTIFY)
    was_filed = inquiry.status is Status.FILED
    move(inquiry, Step.NOTIFY)
    if was_filed:
        inquiry.confirmed_at = work.now
    named = name_first_responder(work, inquiry, holding, identity.staff_id)
    notice, marks, texts = _keep(work, identity, inquiry, parts, days, matter)
    end_clocks_by(work, inquiry, Event.NOTICE_GIVEN)
    for event in events_of_naming(matter) if matter else ():
        end_clocks_by(work, inquiry, event)
    started = _start_limit(work, inquiry, holding, notice, days, matter) if days is not None else None
    # Once is once: asking again does not stop the citizen's clock again.
    paused = pause_clocks(work, inquiry) if notice.position == FIRST else []
    entry = record(
        work,
        "noticed",
        inquiry,
        unit_id=inquiry.unit_id,
        holding=holding,
        facts={
            "notice": notice.id,
            "position": notice.position,
            "documents": len(marks),
            "unlisted": sum(marks),
            "matter": notice.matter_id,
            "regime": matter.regime.value if matter and matter.regime else None,
            "clock": started.id if started else None,
            "paused": [clock.id for clock in paused],
            **named,
        },
        texts=texts,
    )
    if any(marks):
        lead_from_notice(work, inquiry, notice)
    message_citizen(work, "notice", inquiry, notice=notice.id)
    return notice, entry


def receive_notice(work: Work, inquiry: Inquiry) -> LedgerEntry:
    """The citizen says that they have the latest notice. No version moves: no form of the office goes stale by it.

    Raises IllegalTransition once closed, NotFound without a notice, AlreadyReceived.
    """
    if inquiry.status is Status.CLOSED:
        raise IllegalTransition(status=inquiry.status.value, step="receive_notice")
    given = notices_of(work, inquiry)
    if not given:
        raise NotFound("还没有一次性告知。")
    if given[-1].received_at is not None:
        raise AlreadyReceived()
    given[-1].received_at = work.now
    work.session.flush()
    return record(
        work,
        "notice_received",
        inquiry,
        unit_id=inquiry.unit_id,
        facts={"notice": given[-1].id, "position": given[-1].position},
    )


def end_wait(work: Work, inquiry: Inquiry, *, at: datetime | None = None) -> list[Clock]:
    """The wait for the citizen is over: what stood still runs on, from `at` or now. Returns the limits that do.

    An offer that is open meanwhile leads back to work in hand, no longer to the wait.
    """
    resumed = resume_clocks(work, inquiry, at=at)
    offer = open_offer(work, inquiry)
    if offer is not None and offer.prior_status is Status.AWAITING_CITIZEN:
        offer.prior_status = Status.CONFIRMED
        work.session.flush()
    return resumed


def is_paused_wait(work: Work, inquiry: Inquiry) -> bool:
    """Whether the present wait for the citizen began with the round's first notice, and so stops the handling limit."""
    began_with = wait_began_with(work, inquiry)
    return began_with is not None and began_with.position == FIRST


def wait_began_with(work: Work, inquiry: Inquiry) -> Notice | None:
    """The notice that the present wait for the citizen began with; None while nobody waits."""
    bodies = work.session.scalars(
        select(LedgerEntry.body)
        .where(LedgerEntry.inquiry_id == inquiry.id, ~LedgerEntry.is_mirror)
        .order_by(LedgerEntry.recorded_at.desc(), LedgerEntry.sequence.desc())
    )
    began_with = None
    for body in map(json.loads, bodies):
        if body["status"] not in _WAITING or _ended_wait(body):
            break
        if body["event"] == "noticed":
            began_with = body["facts"]["notice"]
    return work.session.get(Notice, began_with) if began_with else None


def _ended_wait(body: dict[str, Any]) -> bool:
    """What the citizen sends while it is offered ends the wait, and leaves the status as it is."""
    return body["event"] in {"supplemented", "attached"}


def notices_of(work: Work, inquiry: Inquiry) -> list[Notice]:
    """The notices of this round, the first one first."""
    return list(
        work.session.scalars(
            select(Notice)
            .where(Notice.inquiry_id == inquiry.id, Notice.round == inquiry.round)
            .order_by(Notice.position)
        )
    )


def documents_of(work: Work, notices: Sequence[Notice]) -> list[tuple[NoticeDocument, InquiryText]]:
    """The 所需资料 of these notices with their sealed names, in the order in which they were asked for."""
    rows = work.session.execute(
        select(NoticeDocument, InquiryText)
        .join(InquiryText, InquiryText.id == NoticeDocument.name_text_id)
        .join(Notice, Notice.id == NoticeDocument.notice_id)
        .where(Notice.id.in_([notice.id for notice in notices]))
        .order_by(Notice.position, NoticeDocument.position)
    )
    return [(document, text) for document, text in rows]


def _matter(work: Work, inquiry: Inquiry, matter_id: str | None) -> Matter | None:
    if matter_id is None:
        return None
    matter = find_by_id(work.session, Matter, matter_id)
    if matter is None or matter.unit_id != inquiry.unit_id or matter.ended_at is not None:
        raise FieldInvalid("/matter", "本单位的事项目录里没有这一项。")
    return matter


def events_of_naming(matter: Matter) -> tuple[Event, ...]:
    """What naming an entry of the 事项目录 means: it is ours (坛 六（四）), and where another regime prevails, that too."""
    return (Event.MATTER_NAMED, Event.REGIME_NAMED) if matter.regime else (Event.MATTER_NAMED,)


def _stays(work: Work, inquiry: Inquiry, events: Sequence[Event]) -> Clock | None:
    """The stated limit that runs and that none of `events` ends: beside it no other one starts."""
    for clock in running_clocks(work, inquiry):
        duty = work.tools.statute.duty(clock.measure, clock.duty)
        ends = {*duty.met_by, *duty.cancelled_by}
        if duty.limit.kind is LimitKind.STATED and ends.isdisjoint(events):
            return clock
    return None


def _told_by(matter: Matter, runs: Clock | None) -> NoticeParts:
    """What the 事项目录 tells; of the limit only what counts, which is the one that runs already where one does."""
    if runs is not None and runs.basis_kind is not None:
        limit = f"按已在计算的办理时限：{runs.basis_kind.label} {runs.working_days} 个工作日"
    else:
        limit = catalogue_limit(matter.legal_days, matter.promised_days)
    return NoticeParts(
        matter.basis,
        limit,
        matter.procedure,
        tuple(matter.documents),
    )


def _days(new: NewNotice, matter: Matter | None, runs: Clock | None) -> StatedDays | None:
    """The days that start with this notice; None where none are stated, or a stated limit runs already."""
    laid_down = catalogue_days(matter.legal_days, matter.promised_days) if matter else None
    stated = stated_days(new.days, new.kind, at_most=laid_down.days if laid_down else None)
    if runs is None:
        return stated or laid_down
    if stated is not None:
        raise FieldInvalid("/days", "已有办理时限在计算，不能再写另一个时限。")
    return None


def _keep(
    work: Work,
    identity: Identity,
    inquiry: Inquiry,
    parts: NoticeParts,
    days: StatedDays | None,
    matter: Matter | None,
) -> tuple[Notice, tuple[bool, ...], dict[str, tuple[str, str]]]:
    """The notice's rows, which of its documents no earlier one named, and its texts for the ledger by role."""
    earlier = notices_of(work, inquiry)
    marks = unlisted(parts.documents, _listed(work, inquiry, earlier) if earlier else None)
    words = {"basis": parts.basis, "limit": parts.time_limit, "procedure": parts.procedure}
    words |= {f"doc{place:02d}": name for place, name in enumerate(parts.documents, 1)}
    kept = {role: store_text(work, inquiry, "notice", text or "") for role, text in words.items()}
    notice = Notice(
        id=new_id(),
        inquiry_id=inquiry.id,
        round=inquiry.round,
        position=len(earlier) + 1,
        given_by_id=identity.staff_id,
        given_at=work.now,
        basis_text_id=kept["basis"][0].id,
        limit_text_id=kept["limit"][0].id,
        procedure_text_id=kept["procedure"][0].id,
        limit_days=days.days if days else None,
        limit_kind=days.kind if days else None,
        matter_id=matter.id if matter else None,
    )
    work.session.add(notice)
    work.session.flush()
    work.session.add_all(
        NoticeDocument(
            id=new_id(),
            notice_id=notice.id,
            position=place,
            name_text_id=kept[f"doc{place:02d}"][0].id,
            is_unlisted=mark,
        )
        for place, mark in enumerate(marks, 1)
    )
    work.session.flush()
    return notice, marks, {role: (row.id, digest) for role, (row, digest) in kept.items()}


def _listed(work: Work, inquiry: Inquiry, earlier: list[Notice]) -> list[str]:
    return [read_text(work.tools, inquiry, text) for _, text in documents_of(work, earlier)]


def _start_limit(
    work: Work,
    inquiry: Inquiry,
    holding: Holding,
    notice: Notice,
    days: StatedDays,
    matter: Matter | None,
) -> Clock | None:
    """办理时限: of a notice from the notice, of the 事项目录 from receipt (系统设定 stated-limit)."""
    statute = work.tools.statute
    trigger = events_of_naming(matter)[-1] if matter else Event.NOTICE_GIVEN
    for duty in statute.duties_started_by(inquiry.measure, trigger, inquiry.category, inquiry.is_written):
        if duty.limit.kind is LimitKind.STATED:
            stated = StatedLimit(
                days.days,
                days.kind,
                basis_text_id=notice.basis_text_id,
                matter_id=notice.matter_id,
                notice_id=notice.id,
            )
            since = round_began(work.session, inquiry) if matter else work.now
            return start_stated_clock(work, inquiry, duty.id, stated, since=since, holding=holding)
    return None
