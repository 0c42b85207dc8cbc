"""An account after it was made: its data, its roles, and its password, which nobody but its owner may know for long."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select, update

from backend.domain.errors import DomainError, FieldInvalid
from backend.domain.identity import NEVER_HOLDERS
from backend.domain.vocabulary import Employment, Role
from backend.domain.vocabulary_organisation import ChangeKind
from backend.models import (
    AccessSession,
    Holding,
    OrganisationChange,
    Post,
    PostDeputy,
    RoleGrant,
    Section,
    Staff,
)
from backend.models.types import new_id
from backend.services.organisation_changes import changed, note_change
from backend.services.organising import FirstPassword, ensure_powers_split, grant_role, staff_phone_index
from backend.services.signing_in import totp_context
from backend.services.work import Tools, Work
from backend.vault.passwords import PasswordCost, hash_password
from backend.vault.tokens import first_password, first_totp_secret

SHOWN_FOR = timedelta(minutes=30)
"""How long a first password can be seen on the page of who made it."""
FIRST_COST = PasswordCost(passes=1, memory_kib=8192, lanes=1)
"""A first password is 80 random bits, which a higher cost makes no harder to guess, and is soon replaced."""
SHORTEST_PASSWORD, LONGEST_PASSWORD = 12, 128


class PasswordChangeRequired(DomainError):
    """Somebody else made this password: it opens nothing but the page to choose one's own."""

    code = "password_change_required"


@dataclass(frozen=True, slots=True)
class ShownSecrets:
    """A first password, and the authenticator's secret where one was made, in clear."""

    password: str
    totp_secret: str | None


def make_first_password(tools: Tools) -> FirstPassword:
    """A fresh one, hashed: call it before the writer's turn."""
    change_id = new_id()
    return FirstPassword(
        change_id, hash_password(first_password(tools.tracking_key, change_id), cost=FIRST_COST)
    )


def shown_secrets(work: Work, staff: Staff) -> ShownSecrets | None:
    """What whoever acts has just made for this person, as long as it still counts; None for everybody else."""
    if not staff.password_is_initial:
        return None
    change = work.session.scalar(
        select(OrganisationChange)
        .where(
            OrganisationChange.staff_id == staff.id,
            OrganisationChange.kind.in_((ChangeKind.STAFF_CREATED, ChangeKind.PASSWORD_RESET)),
        )
        .order_by(OrganisationChange.at.desc(), OrganisationChange.kind)
        .limit(1)
    )
    if change is None or change.by_id != work.actor.id or change.at + SHOWN_FOR <= work.now:
        return None
    return secrets_of(work.tools, change)


def secrets_of(tools: Tools, change: OrganisationChange) -> ShownSecrets:
    """What was made with this change; it is stored nowhere and derived again."""
    has_totp = bool(change.facts.get("totp"))
    return ShownSecrets(
        first_password(tools.tracking_key, change.id),
        first_totp_secret(tools.tracking_key, change.id) if has_totp else None,
    )


def change_staff(work: Work, staff: Staff, *, name: str, employment: Employment, phone: str | None) -> None:
    """Name, 用工性质 and, where one is given, the own phone. Raises FieldInvalid."""
    facts = changed(staff, name=name, employment=employment)
    if phone:
        index = staff_phone_index(work, phone)
        if index != staff.phone_index:
            staff.phone_index = index
            facts["phone"] = [None, None]
    if facts:
        note_change(work, ChangeKind.STAFF_CHANGED, staff.unit_id, facts, section=staff.section, staff=staff)


def reset_password(work: Work, staff: Staff, first: FirstPassword, *, with_totp: bool) -> None:
    """Another first password, with a fresh secret for the authenticator where it is lost; every session ends."""
    staff.password_hash = first.hash
    staff.password_is_initial = True
    if with_totp:
        secret = first_totp_secret(work.tools.tracking_key, first.change_id)
        staff.totp_sealed = work.tools.vault.seal(staff.wrapped_key, secret, totp_context(staff.id))
        staff.totp_last_step = None
    end_sessions(work, staff)
    note_change(
        work,
        ChangeKind.PASSWORD_RESET,
        staff.unit_id,
        {"totp": with_totp},
        section=staff.section,
        staff=staff,
        change_id=first.change_id,
    )


def ensure_good_password(staff: Staff, password: str) -> None:
    """Long enough, and not the user name over again. Raises FieldInvalid."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise FieldInvalid("/new_password", f"新密码要 {SHORTEST_PASSWORD} 到 {LONGEST_PASSWORD} 个字符。")
    if staff.username.lower() in password.lower() or len(set(password)) < SHORTEST_PASSWORD // 2:
        raise FieldInvalid("/new_password", "新密码太简单，请换一个不含用户名、不重复的。")


def choose_password(work: Work, staff: Staff, hashed: str, *, session_id: str | None) -> None:
    """The person's own, hashed before the writer's turn; every other session of theirs ends."""
    staff.password_hash = hashed
    staff.password_is_initial = False
    end_sessions(work, staff, but=session_id)
    note_change(work, ChangeKind.PASSWORD_CHANGED, staff.unit_id, section=staff.section, staff=staff)


def give_role(work: Work, staff: Staff, role: Role, section: Section | None) -> RoleGrant:
    """Grant a role. Whoever is to see no inquiry at all must hold none, and keep no post.

    Raises PowersNotSplit, FieldInvalid.
    """
    if not staff.is_active:
        raise FieldInvalid("/role", "账号已经停用。")
    ensure_powers_split(staff, role)
    if role in NEVER_HOLDERS:
        held = select(Holding.id).where(Holding.staff_id == staff.id, Holding.ended_at.is_(None))
        if work.session.scalar(held.limit(1)) is not None:
            raise FieldInvalid("/role", f"名下还有没有办结的事项，不能担任{role.label}。")
        deputised = select(PostDeputy.post_id).where(PostDeputy.staff_id == staff.id)
        kept = select(Post.id).where(Post.is_active, (Post.holder_id == staff.id) | Post.id.in_(deputised))
        if work.session.scalar(kept.limit(1)) is not None:
            raise FieldInvalid("/role", f"还在守岗或者替岗，不能担任{role.label}。")
    return grant_role(work, staff, role, section=section)


def revoke_role(work: Work, staff: Staff, grant: RoleGrant) -> None:
    """Take a role away: it counts no more from the next request on."""
    section = work.session.get(Section, grant.section_id) if grant.section_id else None
    work.session.delete(grant)
    work.session.flush()
    work.session.expire(staff, ["grants"])
    note_change(
        work, ChangeKind.ROLE_REVOKED, grant.unit_id, {"role": grant.role.value}, section=section, staff=staff
    )


def end_sessions(work: Work, staff: Staff, but: str | None = None) -> None:
    """Whoever is signed in as this person is so no longer, the session `but` apart."""
    running = update(AccessSession).where(
        AccessSession.staff_id == staff.id, AccessSession.ended_at.is_(None)
    )
    if but is not None:
        running = running.where(AccessSession.id != but)
    work.session.execute(running.values(ended_at=work.now))
    work.session.flush()
