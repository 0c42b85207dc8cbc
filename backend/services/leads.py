"""问责线索 (坛 十; 泸 三（二）、三（三）): open one from a fact. A lead names facts for a human and decides nothing.

Against whom: 十（一） whoever bore 首问责任 at that moment; 十（二） the head of the unit that bore the duty. A unit under 泸
has its own two items and never 坛's, because the item comes from the duty of the inquiry's own measure.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, or_, select

from backend.domain.accountability import lead_item
from backend.domain.actors import SYSTEM
from backend.domain.errors import FieldInvalid, RoleRequired
from backend.domain.identity import Identity
from backend.domain.times import local
from backend.domain.vocabulary import LeadAgainst, LeadGround, LeadState, Role
from backend.models import (
    AccountabilityLead,
    Clock,
    ClockFact,
    Holding,
    Inquiry,
    LedgerEntry,
    Notice,
    Post,
    Staff,
)
from backend.models.types import new_id
from backend.services.clock_chains import chain_of
from backend.services.ledger import record
from backend.services.outbox import message_staff
from backend.services.presence import people_with_role
from backend.services.texts import store_text
from backend.services.work import Work, find_by_id

OPENERS = (Role.DISCIPLINE, Role.PRINCIPAL_LEADER, Role.GENERAL_POST)
"""Who may put a lead on record by hand, inside their unit."""
ONE_TIME_NOTICE = "one-time-notice"


def lead_from_breach(
    work: Work, inquiry: Inquiry, clock: Clock, fact: ClockFact
) -> AccountabilityLead | None:
    """Open the lead that a breach points to; None where its duty names no item. One breach, one lead.

    Never for a limit that stands still or ended in time. The bearer is the one of that moment: a receiver who took
    over before it, or whoever kept the post that held it.
    """
    duty = work.tools.statute.duty(clock.measure, clock.duty)
    item = lead_item(
        duty.accountability,
        due_at=clock.due_at,
        is_paused=clock.paused_at is not None,
        ended_at=clock.ended_at,
    )
    if item is None or _is_known(work, clock, item):
        return None
    against = work.tools.statute.accountability(clock.measure, item).against
    holding = work.session.get(Holding, fact.holding_id) if fact.holding_id else None
    staff_id = None
    if against is LeadAgainst.FIRST_RESPONDER:
        staff_id = fact.bearer_staff_id or _keeper_of(work, inquiry, holding)
    lead = AccountabilityLead(
        id=new_id(),
        inquiry_id=inquiry.id,
        measure=clock.measure,
        item=item,
        against=against,
        ground=LeadGround.BREACH,
        clock_id=clock.id,
        unit_id=fact.bearer_unit_id,
        staff_id=staff_id,
        at=fact.at,
        recorded_at=work.now,
        state=LeadState.OPEN,
    )
    _open(work.acting_as(SYSTEM), inquiry, lead)
    return lead


def lead_from_notice(work: Work, inquiry: Inquiry, notice: Notice) -> AccountabilityLead | None:
    """Open the lead of a later notice that asks for what the first one of the round did not list (坛 十（一）2 未一次性告知).

    It is about whoever bore 首问责任 when the first notice was given. None under a measure without this duty (泸),
    for the first notice itself, and where it stands already.
    """
    item = _item_of_notice(work, inquiry)
    first = work.session.scalar(
        select(Notice).where(
            Notice.inquiry_id == inquiry.id, Notice.round == notice.round, Notice.position == 1
        )
    )
    known = select(AccountabilityLead.id).where(
        AccountabilityLead.notice_id == notice.id, AccountabilityLead.ground == LeadGround.LATER_DEMAND
    )
    if item is None or first is None or first.id == notice.id or work.session.scalar(known) is not None:
        return None
    holding = _holding_at(work, inquiry, first.given_at)
    lead = AccountabilityLead(
        id=new_id(),
        inquiry_id=inquiry.id,
        measure=inquiry.measure,
        item=item,
        against=work.tools.statute.accountability(inquiry.measure, item).against,
        ground=LeadGround.LATER_DEMAND,
        notice_id=notice.id,
        unit_id=holding.unit_id if holding else inquiry.unit_id,
        staff_id=_keeper_of(work, inquiry, holding) or first.given_by_id,
        at=notice.given_at,
        recorded_at=work.now,
        state=LeadState.OPEN,
    )
    _open(work.acting_as(SYSTEM), inquiry, lead)
    return lead


def may_open_lead(identity: Identity, unit_id: str) -> bool:
    """Whether this person may put a lead that concerns this unit on record."""
    return unit_id in identity.units_with(*OPENERS)


def open_lead(
    work: Work,
    identity: Identity,
    inquiry: Inquiry,
    *,
    item: str,
    note: str,
    ground: LeadGround,
    staff_id: str | None,
) -> tuple[AccountabilityLead, LedgerEntry]:
    """Put a lead on record by hand, with what was seen. It does not change the inquiry.

    About whoever bears 首问责任 now, or bore it last; `staff_id` names another one of those who bore it in the
    opener's unit. An item about the head of a unit concerns the opener's unit. Raises FieldInvalid, RoleRequired.
    """
    try:
        against = work.tools.statute.accountability(inquiry.measure, item).against
    except KeyError:
        raise FieldInvalid("/item", "这件事适用的办法里没有这一项。", "choice_invalid") from None
    unit_id, person_id = _concerned(work, identity, inquiry, against, staff_id)
    if not may_open_lead(identity, unit_id):
        raise RoleRequired("这条线索涉及别的单位，请告诉那个单位的机关纪委或者牵头部门。")
    row, digest = store_text(work, inquiry, "lead_note", note)
    lead = AccountabilityLead(
        id=new_id(),
        inquiry_id=inquiry.id,
        measure=inquiry.measure,
        item=item,
        against=against,
        ground=ground,
        note_text_id=row.id,
        unit_id=unit_id,
        staff_id=person_id,
        at=work.now,
        recorded_at=work.now,
        reported_by_id=identity.staff_id,
        state=LeadState.OPEN,
    )
    return lead, _open(work, inquiry, lead, texts={"lead_note": (row.id, digest)})


def heads_of(work: Work, unit_id: str) -> list[Staff]:
    """Who answers for a unit (坛 十一: 各单位主要负责人)."""
    return people_with_role(work.session, Role.PRINCIPAL_LEADER, work.now, unit_id=unit_id)


def bearers_of_inquiry(work: Work, inquiry: Inquiry) -> list[Staff]:
    """Everybody who has borne this inquiry, in person or as holder of a post, each once, in order."""
    holdings = work.session.scalars(
        select(Holding)
        .where(Holding.inquiry_id == inquiry.id)
        .order_by(Holding.started_at, Holding.ended_at.is_(None), Holding.id)
    )
    ids = [_keeper_of(work, inquiry, holding) for holding in holdings]
    if inquiry.subject_staff_id is not None:
        # A complaint that proves true is about this person, who never bore it.
        ids.append(inquiry.subject_staff_id)
    return [work.session.get_one(Staff, one) for one in dict.fromkeys(ids) if one is not None]


def _open(
    work: Work,
    inquiry: Inquiry,
    lead: AccountabilityLead,
    *,
    texts: dict[str, tuple[str, str]] | None = None,
) -> LedgerEntry:
    work.session.add(lead)
    work.session.flush()
    entry = record(
        work,
        "lead_opened",
        inquiry,
        unit_id=inquiry.unit_id,
        # The unit concerned has it in its own chain too, so that nobody can say it never was.
        mirror_unit_ids=() if inquiry.is_confidential else (lead.unit_id,),
        facts={
            "lead": lead.id,
            "item": lead.item,
            "measure": lead.measure.value,
            "ground": lead.ground.value,
            "state": lead.state.value,
            "clock": lead.clock_id,
            "notice": lead.notice_id,
            "unit": lead.unit_id,
            "staff": lead.staff_id,
            "legal_moment": local(lead.at).isoformat(),
        },
        texts=texts,
    )
    # Whoever it is about can say something only when they know of it.
    told = [lead.staff_id] if lead.staff_id else [head.id for head in heads_of(work, lead.unit_id)]
    message_staff(work, "lead_opened", inquiry, told, lead=lead.id)
    return entry


def _is_known(work: Work, clock: Clock, item: str) -> bool:
    """Whether this breach has its lead: one of an earlier row of the limit, or of the same limit started once more.

    A 暂定 end that moved nearer is no second breach; nor is a limit that a correction of the category, made and taken
    back, starts again to end at the same legal moment.
    """
    rows = [row.id for row in chain_of(work.session, clock)]
    known = (
        select(AccountabilityLead.id)
        .join(Clock, AccountabilityLead.clock_id == Clock.id)
        .where(
            AccountabilityLead.inquiry_id == clock.inquiry_id,
            AccountabilityLead.item == item,
            AccountabilityLead.ground == LeadGround.BREACH,
            or_(
                and_(Clock.id.in_(rows), AccountabilityLead.at >= clock.due_at),
                and_(Clock.duty == clock.duty, Clock.round == clock.round, Clock.due_at == clock.due_at),
            ),
        )
    )
    return work.session.scalar(known.limit(1)) is not None


def _item_of_notice(work: Work, inquiry: Inquiry) -> str | None:
    try:
        return work.tools.statute.duty(inquiry.measure, ONE_TIME_NOTICE).accountability
    except KeyError:
        return None


def _holding_at(work: Work, inquiry: Inquiry, at: datetime) -> Holding | None:
    return work.session.scalar(
        select(Holding)
        .where(Holding.inquiry_id == inquiry.id, Holding.started_at <= at)
        .order_by(Holding.started_at.desc())
        .limit(1)
    )


def _keeper_of(work: Work, inquiry: Inquiry, holding: Holding | None) -> str | None:
    """Who bore it by this holding: the person, the first responder at the post asked first, else the post's holder."""
    if holding is None or holding.post_id is None:
        return holding.staff_id if holding else None
    if holding.post_id == inquiry.first_post_id and inquiry.first_responder_id and holding.round == 1:
        return inquiry.first_responder_id
    return work.session.get_one(Post, holding.post_id).holder_id


def _concerned(
    work: Work, identity: Identity, inquiry: Inquiry, against: LeadAgainst, staff_id: str | None
) -> tuple[str, str | None]:
    """The unit and the person a lead by hand is about."""
    if against is LeadAgainst.UNIT_HEAD:
        if staff_id is not None:
            raise FieldInvalid("/staff", "这一项针对单位负责人，不另外指定人员。", "staff_unknown")
        return identity.unit_id, None
    if staff_id is not None:
        person = find_by_id(work.session, Staff, staff_id)
        if person is None or person.id not in {one.id for one in bearers_of_inquiry(work, inquiry)}:
            raise FieldInvalid("/staff", "请选择承担过这件事首问责任的人员。", "staff_unknown")
        return person.unit_id, person.id
    last = work.session.scalar(
        select(Holding)
        .where(Holding.inquiry_id == inquiry.id)
        .order_by(Holding.started_at.desc(), Holding.ended_at.is_(None).desc())
        .limit(1)
    )
    return (last.unit_id if last else inquiry.unit_id), _keeper_of(work, inquiry, last)
