"""催办 by the citizen, 督办 and 批示 by those above: dated, on the timeline, without changing the inquiry."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from backend.domain.errors import AlreadyReminded, RoleRequired
from backend.domain.identity import Identity
from backend.domain.states import Step, next_status
from backend.domain.times import local, local_date
from backend.domain.urging import next_reminder_at, supervising_role
from backend.domain.vocabulary import PostKind, Role, SupervisionKind
from backend.models import Holding, Inquiry, LedgerEntry, Post, Reminder, Supervision
from backend.models.types import new_id
from backend.services.content_checks import start_check
from backend.services.holdings import bearers, live_holding
from backend.services.ledger import record
from backend.services.outbox import message_staff
from backend.services.presence import keepers, people_with_role
from backend.services.texts import store_text
from backend.services.work import Work

SUPERVISION_EVENTS = {
    SupervisionKind.SUPERVISION: "supervised",
    SupervisionKind.INSTRUCTION: "instructed",
}


def remind_inquiry(work: Work, inquiry: Inquiry, *, text: str | None) -> tuple[Reminder, LedgerEntry]:
    """The citizen urges an open inquiry, once a Beijing day; whoever can act and the head of the section are told.

    Raises IllegalTransition for a closed one, AlreadyReminded.
    """
    next_status(inquiry.status, Step.URGE)
    day = local_date(work.now)
    if reminder_of_today(work, inquiry) is not None:
        raise AlreadyReminded(next_at=local(next_reminder_at(work.now)).isoformat())
    texts = {}
    row = None
    if text:
        row, digest = store_text(work, inquiry, "reminder", text)
        start_check(work, inquiry, row)
        texts["reminder"] = (row.id, digest)
    reminder = Reminder(
        id=new_id(), inquiry_id=inquiry.id, day=day, at=work.now, text_id=row.id if row else None
    )
    work.session.add(reminder)
    try:
        work.session.flush()
    except IntegrityError as error:
        raise AlreadyReminded() from error
    holding = live_holding(work.session, inquiry)
    entry = record(
        work,
        "reminded",
        inquiry,
        unit_id=inquiry.unit_id,
        holding=holding,
        facts={"reminder": reminder.id, "day": day.isoformat()},
        texts=texts,
    )
    if holding is not None:
        message_staff(work, "reminded", inquiry, _told(work, holding), reminder=reminder.id)
    return reminder, entry


def reminder_of_today(work: Work, inquiry: Inquiry) -> Reminder | None:
    """Today's 催办, by the Beijing day."""
    return work.session.scalar(
        select(Reminder).where(Reminder.inquiry_id == inquiry.id, Reminder.day == local_date(work.now))
    )


def roles_to_supervise(work: Work, identity: Identity, inquiry: Inquiry) -> dict[SupervisionKind, Role]:
    """In which role this person may do which kind of supervision on this inquiry; empty outside their scope.

    The scope is every unit and section that holds or has held it, and the first unit. Who keeps the general post of
    one of the units (AB岗) acts for it.
    """
    held = work.session.execute(
        select(Holding.unit_id, Holding.section_id).where(Holding.inquiry_id == inquiry.id)
    ).all()
    units = {unit_id for unit_id, _ in held}
    if not inquiry.is_confidential:
        units.add(inquiry.first_unit_id)
    sections = {section_id for _, section_id in held if section_id is not None}
    found = {kind: supervising_role(identity, kind, units, sections) for kind in SupervisionKind}
    roles = {kind: role for kind, role in found.items() if role is not None}
    if SupervisionKind.SUPERVISION not in roles and _keeps_general_post(work, identity, units):
        roles[SupervisionKind.SUPERVISION] = Role.GENERAL_POST
    return roles


def supervise_inquiry(
    work: Work, identity: Identity, inquiry: Inquiry, *, kind: SupervisionKind, text: str
) -> tuple[Supervision, LedgerEntry]:
    """督办 or 批示 an open inquiry; whoever can act for the holder is told. Citizens see that and when, not the text.

    Raises RoleRequired, IllegalTransition.
    """
    role = roles_to_supervise(work, identity, inquiry).get(kind)
    if role is None:
        raise RoleRequired()
    next_status(inquiry.status, Step.URGE)
    row, digest = store_text(work, inquiry, "supervision", text)
    supervision = Supervision(
        id=new_id(), inquiry_id=inquiry.id, kind=kind, staff_id=identity.staff_id, text_id=row.id, at=work.now
    )
    work.session.add(supervision)
    work.session.flush()
    holding = live_holding(work.session, inquiry)
    entry = record(
        work,
        SUPERVISION_EVENTS[kind],
        inquiry,
        unit_id=inquiry.unit_id,
        holding=holding,
        facts={"supervision": supervision.id, "kind": kind.value, "role": role.value},
        texts={"supervision": (row.id, digest)},
    )
    if holding is not None:
        told = [person.id for person in bearers(work.session, holding, work.now)]
        message_staff(work, "supervised", inquiry, told, kind=kind.value, supervision=supervision.id)
    return supervision, entry


def _keeps_general_post(work: Work, identity: Identity, units: set[str]) -> bool:
    """Whether this person keeps the general post of one of the units now: whoever is away supervises nothing."""
    posts = work.session.scalars(
        select(Post).where(Post.kind == PostKind.GENERAL, Post.is_active, Post.unit_id.in_(units))
    )
    return any(
        identity.staff_id in {staff.id for staff in keepers(work.session, post, work.now)}
        for post in posts.all()
    )


def _told(work: Work, holding: Holding) -> list[str]:
    """Whoever can act for the holder, and the head of the section."""
    people = bearers(work.session, holding, work.now)
    if holding.section_id is not None:
        people = people + people_with_role(
            work.session,
            Role.SECTION_HEAD,
            work.now,
            unit_id=holding.unit_id,
            section_id=holding.section_id,
        )
    return [person.id for person in people]
