"""What people put beside a lead: elements only a human can find, the statement of whom it concerns, the decision.

Every step is an entry of the inquiry's ledger and changes nothing of the inquiry. Nothing is decided here: the
competent body decided elsewhere (坛 十（三）), and that is recorded once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, or_, select
from sqlalchemy.exc import IntegrityError

from backend.domain.accountability import MEASURES_WITH_WAYS, Ruling, check_ruling
from backend.domain.errors import LeadDecided, NotFound
from backend.domain.identity import Identity
from backend.domain.times import local_date
from backend.domain.vocabulary import DecisionMeasure, LeadAgainst, LeadState, Role, ToleranceLevel
from backend.models import (
    AccountabilityLead,
    Inquiry,
    LeadDecision,
    LeadElement,
    LeadMeasure,
    LeadStatement,
    LedgerEntry,
    Staff,
    Unit,
)
from backend.models.types import new_id
from backend.services.leads import heads_of
from backend.services.ledger import record
from backend.services.outbox import message_staff
from backend.services.texts import store_text
from backend.services.work import Work
from backend.statute.model import Accountability, Element, ElementKind

FINDERS = (Role.DISCIPLINE, Role.PRINCIPAL_LEADER)
"""Who looks into a lead of their unit."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision as somebody records it. `body` is who decided; `document` its paper, if there is one."""

    decided_on: date
    body: str
    reason: str
    measures: frozenset[DecisionMeasure]
    document: str = ""
    tolerance: ToleranceLevel | None = None
    is_dismissed: bool = False


def is_concerned(identity: Identity, lead: AccountabilityLead) -> bool:
    """Whether the lead is about this person: named in it, or head of the unit that answers."""
    if lead.against is LeadAgainst.UNIT_HEAD:
        return lead.unit_id in identity.units_with(Role.PRINCIPAL_LEADER)
    return lead.staff_id == identity.staff_id


def overseen_units(identity: Identity) -> Select[str]:
    """SQL: the units this person's lead office looks after: those below it, and those beside and above it.

    A lead office stands above the units, or beside the one above them (design 4); never over itself.
    """
    own = identity.units_with(Role.OVERSEER)
    parents = select(Unit.parent_id).where(Unit.id.in_(own), Unit.parent_id.is_not(None))
    tree = select(Unit.id).where(or_(Unit.id.in_(own), Unit.id.in_(parents))).cte("overseen", recursive=True)
    tree = tree.union(select(Unit.id).join(tree, Unit.parent_id == tree.c.id))
    return select(tree.c.id).where(tree.c.id.not_in(own))


def oversees(work: Work, identity: Identity, unit_id: str) -> bool:
    """Whether this person is of the lead office over a unit."""
    if not identity.holds(Role.OVERSEER):
        return False
    within = select(Unit.id).where(Unit.id == unit_id, Unit.id.in_(overseen_units(identity)))
    return work.session.scalar(within) is not None


def may_find(work: Work, identity: Identity, lead: AccountabilityLead) -> bool:
    """Who fills in a human element: discipline and head of the unit, or the lead office; never whom it concerns.

    What is about the head of a unit (坛 十（二）) is for the lead office over it alone: nobody judges their own head.
    """
    if is_concerned(identity, lead):
        return False
    if lead.against is LeadAgainst.UNIT_HEAD:
        return oversees(work, identity, lead.unit_id)
    return lead.unit_id in identity.units_with(*FINDERS) or oversees(work, identity, lead.unit_id)


def deciding_role(work: Work, identity: Identity, lead: AccountabilityLead) -> Role | None:
    """In which role this person may record the decision: the unit's discipline, or the lead office over it.

    About the head of a unit (坛 十（二）) the lead office alone.
    """
    if is_concerned(identity, lead):
        return None
    is_own = lead.unit_id in identity.units_with(Role.DISCIPLINE)
    if is_own and lead.against is not LeadAgainst.UNIT_HEAD:
        return Role.DISCIPLINE
    return Role.OVERSEER if oversees(work, identity, lead.unit_id) else None


def item_of(work: Work, lead: AccountabilityLead) -> Accountability:
    """The item of the measure the lead points to, with its clause and elements."""
    return work.tools.statute.accountability(lead.measure, lead.item)


def human_element(work: Work, lead: AccountabilityLead, element_id: str) -> Element:
    """An element that only a human can find. Raises NotFound for another; facts fill themselves."""
    for element in item_of(work, lead).elements:
        if element.id == element_id and element.kind is ElementKind.HUMAN:
            return element
    raise NotFound("这一项里没有要由人认定的这个要素。")


def put_element(
    work: Work,
    identity: Identity,
    inquiry: Inquiry,
    lead: AccountabilityLead,
    element_id: str,
    *,
    is_found: bool,
    text: str,
) -> LedgerEntry:
    """Record what somebody found about an element, or that it was not found; until the decision it may be changed.

    Raises NotFound, LeadDecided.
    """
    element = human_element(work, lead, element_id)
    _ensure_open(lead)
    row, digest = store_text(work, inquiry, "lead_element", text)
    known = work.session.get(LeadElement, (lead.id, element.id))
    if known is None:
        known = LeadElement(lead_id=lead.id, element=element.id)
        work.session.add(known)
    known.is_found = is_found
    known.text_id = row.id
    known.found_by_id = identity.staff_id
    known.found_at = work.now
    work.session.flush()
    facts = {"element": element.id, "found": is_found}
    return _record(work, "lead_element", inquiry, lead, facts, {"lead_element": (row.id, digest)})


def make_statement(
    work: Work, identity: Identity, inquiry: Inquiry, lead: AccountabilityLead, *, text: str
) -> tuple[LeadStatement, LedgerEntry]:
    """Put the words of the person or unit concerned beside the lead, as often as they wish, also afterwards."""
    row, digest = store_text(work, inquiry, "lead_statement", text)
    statement = LeadStatement(
        id=new_id(), lead_id=lead.id, staff_id=identity.staff_id, text_id=row.id, at=work.now
    )
    work.session.add(statement)
    work.session.flush()
    facts = {"statement": statement.id}
    return statement, _record(
        work, "lead_statement", inquiry, lead, facts, {"lead_statement": (row.id, digest)}
    )


def decide_lead(
    work: Work, identity: Identity, inquiry: Inquiry, lead: AccountabilityLead, decision: Decision, role: Role
) -> LedgerEntry:
    """Record the decision of the competent body, once (坛 十（三）、（四）、九). `role`: in which role it is recorded.

    Raises FieldInvalid, LeadDecided.
    """
    person = work.session.get_one(Staff, lead.staff_id) if lead.staff_id else None
    check_ruling(
        Ruling(decision.decided_on, decision.measures, decision.is_dismissed, decision.tolerance),
        employment=person.employment if person else None,
        knows_tolerance=work.tools.statute.measures[lead.measure].tolerance is not None,
        lists_ways=lead.measure in MEASURES_WITH_WAYS,
        fact_on=local_date(lead.at),
        today=local_date(work.now),
    )
    _ensure_open(lead)
    row, digest = store_text(work, inquiry, "lead_decision", decision.reason)
    measures = sorted(decision.measures, key=list(DecisionMeasure).index)
    work.session.add(
        LeadDecision(
            lead_id=lead.id,
            decided_on=decision.decided_on,
            body=decision.body,
            document=decision.document,
            text_id=row.id,
            tolerance=decision.tolerance,
            recorded_by_id=identity.staff_id,
            recorded_at=work.now,
        )
    )
    work.session.add_all(LeadMeasure(lead_id=lead.id, measure=measure) for measure in measures)
    lead.state = LeadState.DISMISSED if decision.is_dismissed else LeadState.DECIDED
    try:
        work.session.flush()
    except IntegrityError as error:
        raise LeadDecided() from error
    entry = _record(
        work,
        "lead_decided",
        inquiry,
        lead,
        {
            "decided_on": decision.decided_on.isoformat(),
            "measures": [measure.value for measure in measures],
            "tolerance": decision.tolerance.value if decision.tolerance else None,
            "role": role.value,
        },
        {"lead_decision": (row.id, digest)},
    )
    told = [lead.staff_id] if lead.staff_id else [head.id for head in heads_of(work, lead.unit_id)]
    message_staff(work, "lead_decided", inquiry, told, lead=lead.id)
    return entry


def _ensure_open(lead: AccountabilityLead) -> None:
    if lead.state is not LeadState.OPEN:
        raise LeadDecided(state=lead.state.value)


def _record(
    work: Work,
    event: str,
    inquiry: Inquiry,
    lead: AccountabilityLead,
    facts: Mapping[str, object],
    texts: dict[str, tuple[str, str]],
) -> LedgerEntry:
    return record(
        work,
        event,
        inquiry,
        unit_id=inquiry.unit_id,
        mirror_unit_ids=() if inquiry.is_confidential else (lead.unit_id,),
        facts={"lead": lead.id, "item": lead.item, "state": lead.state.value, **facts},
        texts=texts,
    )
