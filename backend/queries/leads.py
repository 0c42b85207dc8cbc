"""Leads a person may see: those of the unit they look into or oversee, those about themselves, those they reported.

Newest first and a page at a time; nowhere are persons counted or ranked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, and_, false, or_, select, tuple_
from sqlalchemy.orm import Session

from backend.domain.clocks import date_phrase
from backend.domain.errors import NotFound
from backend.domain.identity import NEVER_HOLDERS, Identity
from backend.domain.numbers import display_number
from backend.domain.times import local
from backend.domain.vocabulary import LeadAgainst, LeadGround, LeadState, Role
from backend.models import AccountabilityLead, Inquiry, LeadStatement, Staff, Unit
from backend.queries.cursors import read_cursor, write_cursor
from backend.queries.lead_standing import NO_LONGER_STANDS, fallen_facts
from backend.queries.people import ref
from backend.queries.visibility import not_about
from backend.services.lead_steps import FINDERS, item_of, overseen_units
from backend.services.leads import OPENERS, bearers_of_inquiry, may_open_lead
from backend.services.work import Work, find_by_id

PAGE = 20
NO_VERDICT = "这里列的是事实，不是结论。是否应当问责，由有权机关依照规定认定；系统不作判断，也不排名。"
UNHEARD = "尚未听取本人说明"
Named = TypeVar("Named", Inquiry, Unit, Staff)


def may_see_leads(identity: Identity) -> ColumnElement[bool]:
    """SQL, over leads joined with their inquiry: this person may see the lead.

    The discipline and the head of the unit concerned, the lead office over it, whoever reported it, and whom it is
    about. What stems from a complaint is kept from whom the complaint is about, the own lead too: a lead would give
    the complaint away (design 4). They are heard once it is released.
    """
    if identity.holds(*NEVER_HOLDERS):
        return false()
    lookers = [
        AccountabilityLead.unit_id.in_(identity.units_with(*FINDERS)),
        AccountabilityLead.reported_by_id == identity.staff_id,
    ]
    if identity.holds(Role.OVERSEER):
        lookers.append(AccountabilityLead.unit_id.in_(overseen_units(identity)))
    return or_(
        _is_own(identity),
        and_(not_about(identity), or_(*lookers)),
    )


def _is_own(identity: Identity) -> ColumnElement[bool]:
    """SQL, over leads joined with their inquiry: it is about this person, and no complaint about them stands behind it."""
    return and_(
        AccountabilityLead.staff_id == identity.staff_id,
        or_(~Inquiry.is_confidential, not_about(identity)),
    )


def find_lead(work: Work, identity: Identity, lead_id: str) -> AccountabilityLead:
    """A lead this person may see. Raises NotFound, which is also what another's lead looks like."""
    lead = find_by_id(work.session, AccountabilityLead, lead_id)
    seen = (
        select(AccountabilityLead.id)
        .join(Inquiry, AccountabilityLead.inquiry_id == Inquiry.id)
        .where(AccountabilityLead.id == lead_id, may_see_leads(identity))
    )
    if lead is None or work.session.scalar(seen) is None:
        raise NotFound("没有这条线索。")
    return lead


def leads_of_inquiry(work: Work, identity: Identity, inquiry: Inquiry) -> list[dict[str, Any]]:
    """The leads of an inquiry that this person may see, oldest first; their entries stand on the timeline for nobody else."""
    rows = work.session.scalars(
        select(AccountabilityLead)
        .join(Inquiry, AccountabilityLead.inquiry_id == Inquiry.id)
        .where(AccountabilityLead.inquiry_id == inquiry.id, may_see_leads(identity))
        .order_by(AccountabilityLead.at, AccountabilityLead.id)
    )
    return lead_lines(work, rows.all())


def has_leads(work: Work, identity: Identity) -> bool:
    """Whether the list has a place in this person's console: by their role, or because a lead is about them."""
    if identity.holds(*FINDERS, Role.OVERSEER, Role.GENERAL_POST):
        return True
    own = (
        select(AccountabilityLead.id)
        .join(Inquiry, AccountabilityLead.inquiry_id == Inquiry.id)
        .where(_is_own(identity))
    )
    return work.session.scalar(own.limit(1)) is not None


def lead_list(work: Work, identity: Identity, state: LeadState | None, cursor: str | None) -> dict[str, Any]:
    """One page: `{items, next_cursor}`, by the legal moment, newest first. Raises CursorInvalid."""
    key = (AccountabilityLead.at, AccountabilityLead.id)
    query = (
        select(AccountabilityLead)
        .join(Inquiry, AccountabilityLead.inquiry_id == Inquiry.id)
        .where(may_see_leads(identity))
    )
    if state is not None:
        query = query.where(AccountabilityLead.state == state)
    if cursor:
        query = query.where(tuple_(*key) < read_cursor(cursor))
    rows = list(work.session.scalars(query.order_by(*(column.desc() for column in key)).limit(PAGE + 1)))
    page = rows[:PAGE]
    more = write_cursor(page[-1].at, page[-1].id) if len(rows) > PAGE else None
    return {"items": lead_lines(work, page), "next_cursor": more}


def lead_line(work: Work, lead: AccountabilityLead) -> dict[str, Any]:
    """One lead in a list: which item, about whom, from what, how it stands, and whether its fact still does."""
    return lead_lines(work, [lead])[0]


def lead_lines(work: Work, leads: Sequence[AccountabilityLead]) -> list[dict[str, Any]]:
    """The same for a page of them, in as many statements however many they are."""
    if not leads:
        return []
    around = _Around.of(work, leads)
    return [_line(work, lead, around) for lead in leads]


@dataclass(frozen=True, slots=True)
class _Around:
    """What the lines of a page name, each by its id: read once for all of them."""

    inquiries: dict[str, Inquiry]
    units: dict[str, Unit]
    people: dict[str, Staff]
    heard: frozenset[str]
    fallen: dict[str, str]

    @classmethod
    def of(cls, work: Work, leads: Sequence[AccountabilityLead]) -> _Around:
        session = work.session
        people = {lead.staff_id for lead in leads if lead.staff_id is not None}
        spoken = select(LeadStatement.lead_id).where(LeadStatement.lead_id.in_([lead.id for lead in leads]))
        return cls(
            inquiries=_by_id(session, Inquiry, {lead.inquiry_id for lead in leads}),
            units=_by_id(session, Unit, {lead.unit_id for lead in leads}),
            people=_by_id(session, Staff, people),
            heard=frozenset(session.scalars(spoken)),
            fallen=fallen_facts(work, leads),
        )


def _by_id(session: Session, kind: type[Named], ids: set[str]) -> dict[str, Named]:
    return {row.id: row for row in session.scalars(select(kind).where(kind.id.in_(ids)))}


def _line(work: Work, lead: AccountabilityLead, around: _Around) -> dict[str, Any]:
    item = item_of(work, lead)
    inquiry, unit = around.inquiries[lead.inquiry_id], around.units[lead.unit_id]
    person = around.people[lead.staff_id] if lead.staff_id else None
    why = around.fallen.get(lead.id)
    return {
        "id": lead.id,
        "number": inquiry.number,
        "display_number": display_number(inquiry.number),
        "item": lead.item,
        "clause": item.clause.clause,
        "quote": "……".join(item.clause.quote),
        "against": lead.against.value,
        "against_label": lead.against.label,
        "ground": lead.ground.value,
        "ground_label": lead.ground.label,
        "state": lead.state.value,
        "state_label": lead.state.label,
        "unit": ref(unit),
        "person": ref(person),
        "about_text": _about_text(lead, unit, person),
        "at": local(lead.at).isoformat(),
        "at_text": date_phrase(lead.at, work.now),
        "unheard_note": None if lead.id in around.heard else UNHEARD,
        "stands": why is None,
        "fallen_note": f"{NO_LONGER_STANDS}：{why}" if why is not None else None,
    }


def _about_text(lead: AccountabilityLead, unit: Unit, person: Staff | None) -> str:
    """Whom it is about, in one line."""
    if lead.against is LeadAgainst.UNIT_HEAD:
        return f"{unit.name} {lead.against.label}"
    return f"{unit.name} {person.name if person else '当时没有人在岗'}"


def lead_actions(identity: Identity, inquiry: Inquiry) -> list[dict[str, Any]]:
    """Putting a lead on record by hand, for those who may do so in their unit."""
    if not may_open_lead(identity, identity.unit_id):
        return []
    return [
        {
            "name": "open_lead",
            "label": "提出问责线索",
            "method": "POST",
            "href": f"/api/v1/staff/inquiries/{inquiry.number}/leads",
            "fields": ["item", "note", "ground", "staff"],
        }
    ]


def lead_choices(work: Work, identity: Identity, inquiry: Inquiry) -> dict[str, list[Any]]:
    """What a form for that offers: the items of the inquiry's measure, the people who bore it, the grounds."""
    items = work.tools.statute.measures[inquiry.measure].accountability
    people = bearers_of_inquiry(work, inquiry)
    units = identity.units_with(*OPENERS)
    return {
        "items": [(one.item, f"{one.item} {''.join(one.clause.quote)}") for one in items],
        "people": [(one.id, one.name) for one in people if one.unit_id in units],
        "grounds": [
            {"value": one.value, "label": one.label} for one in (LeadGround.REPORTED, LeadGround.SHIRKING)
        ],
    }
