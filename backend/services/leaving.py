"""Somebody leaves their place: moved, or their account closed. What they held goes to others first, or nothing happens.

坛 二: whoever leaves, the matter has somebody who answers for it. Locks go staff → inquiries → chains.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from backend.domain.errors import DomainError, FieldInvalid
from backend.domain.identity import NEVER_HOLDERS, SECTION_ROLES
from backend.domain.times import local
from backend.domain.vocabulary import HandoffState, PostKind, Role
from backend.domain.vocabulary_organisation import ChangeKind
from backend.models import Handoff, Holding, Inquiry, Post, PostDeputy, Section, Staff, Unit
from backend.services.assigning import replace_holder
from backend.services.binding import unbind_wechat
from backend.services.handing_over import void_offer
from backend.services.ledger import lock_chains
from backend.services.locking import concerned_units
from backend.services.organisation_changes import note_change
from backend.services.organising import grant_role
from backend.services.posts import set_keepers
from backend.services.staff_accounts import end_sessions, revoke_role
from backend.services.work import Work


class OwnerHasOpenCases(DomainError):
    """Somebody leaves who still holds open inquiries in person. `count` says how many, `inquiries` which."""

    code = "owner_has_open_cases"


def open_cases(work: Work, staff: Staff) -> list[tuple[Inquiry, Holding]]:
    """What the person holds in person now, oldest first."""
    rows = work.session.execute(
        select(Inquiry, Holding)
        .join(Holding, Holding.inquiry_id == Inquiry.id)
        .where(Holding.staff_id == staff.id, Holding.ended_at.is_(None))
        .order_by(Inquiry.received_at, Inquiry.id)
    )
    return [(inquiry, holding) for inquiry, holding in rows]


def posts_held(work: Work, staff: Staff) -> list[Post]:
    """The posts of which the person is the holder."""
    query = select(Post).where(Post.holder_id == staff.id, Post.is_active)
    return list(work.session.scalars(query.order_by(Post.kind, Post.id)))


def deactivate_staff(
    work: Work, staff: Staff, *, reassign_to: Staff | None = None, posts_to: Staff | None = None
) -> None:
    """Close an account: its cases, offers and posts go to others, its roles end, and so does every session, at once.

    Raises OwnerHasOpenCases without `reassign_to`, FieldInvalid, HandoffTargetUnavailable, SubjectConflict.
    """
    _lock(work, staff)
    _hand_on(work, staff, posts_held(work, staff), reassign_to, posts_to, leaves_unit=True)
    for grant in list(staff.grants):
        revoke_role(work, staff, grant)
    staff.is_active = False
    unbind_wechat(work, staff.id)
    end_sessions(work, staff)
    note_change(work, ChangeKind.STAFF_DISABLED, staff.unit_id, section=staff.section, staff=staff)


def move_staff(
    work: Work,
    staff: Staff,
    unit: Unit,
    section: Section | None,
    *,
    reassign_to: Staff | None = None,
    posts_to: Staff | None = None,
) -> None:
    """Move somebody to another section or unit. What they held stays where it is, with somebody else.

    Their roles for the old section end, in another unit all of them; in the new section they are a handler, if they
    may hold anything at all.
    Raises as deactivate_staff does.
    """
    if section is not None and (section.unit_id != unit.id or not section.is_active):
        raise FieldInvalid("/section", "这个单位没有这个科室。", "section_unknown")
    if not unit.is_active:
        raise FieldInvalid("/unit", "没有这个单位。", "unit_unknown")
    if (unit.id, section.id if section else None) == (staff.unit_id, staff.section_id):
        raise FieldInvalid("/section", "就在这个科室，不用调动。")
    _lock(work, staff)
    leaves_unit = unit.id != staff.unit_id
    posts = [
        post
        for post in posts_held(work, staff)
        if leaves_unit or (post.kind is PostKind.SECTION and post.section_id == staff.section_id)
    ]
    _hand_on(work, staff, posts, reassign_to, posts_to, leaves_unit=leaves_unit)
    for grant in list(staff.grants):
        of_old_section = grant.role in SECTION_ROLES and grant.section_id == staff.section_id
        if leaves_unit or (of_old_section and grant.role is not Role.DEPUTY_LEADER):
            revoke_role(work, staff, grant)
    was = staff.unit, staff.section
    staff.unit_id, staff.section_id = unit.id, section.id if section else None
    work.session.flush()
    work.session.refresh(staff, ["unit", "section"])
    end_sessions(work, staff)
    told = {"section": [was[1].name if was[1] else None, section.name if section else None]}
    if leaves_unit:
        told["unit"] = [was[0].name, unit.name]
    # Each of the two units finds it among its own changes.
    for place, where in {was[0].id: was[1], unit.id: section}.items():
        note_change(work, ChangeKind.STAFF_MOVED, place, told, section=where, staff=staff)
    # An auditor or sysadmin who keeps that role sits in the section and takes on nothing.
    if section is not None and not any(grant.role in NEVER_HOLDERS for grant in staff.grants):
        grant_role(work, staff, Role.HANDLER, section=section)


def restore_staff(work: Work, staff: Staff) -> None:
    """Open a closed account again, where it was and without any role but that of a handler of its section."""
    if staff.is_active:
        return
    if not staff.unit.is_active or (staff.section is not None and not staff.section.is_active):
        raise FieldInvalid("/section", "原来的科室或者单位已经撤销，请另建账号。")
    staff.is_active = True
    note_change(work, ChangeKind.STAFF_RESTORED, staff.unit_id, section=staff.section, staff=staff)
    if staff.section is not None:
        grant_role(work, staff, Role.HANDLER, section=staff.section)


def _lock(work: Work, staff: Staff) -> None:
    """From here on they take nothing new (`holdings.hold`)."""
    work.session.scalars(
        select(Staff).where(Staff.id == staff.id).with_for_update().execution_options(populate_existing=True)
    ).one()


def _hand_on(
    work: Work,
    staff: Staff,
    posts: Sequence[Post],
    reassign_to: Staff | None,
    posts_to: Staff | None,
    *,
    leaves_unit: bool,
) -> None:
    cases, offers = open_cases(work, staff), _offers_to(work, staff)
    if cases and reassign_to is None:
        told = [
            {"number": inquiry.number, "received_at": local(inquiry.received_at).isoformat()}
            for inquiry, _ in cases
        ]
        raise OwnerHasOpenCases(count=len(cases), inquiries=told)
    _give_posts(work, staff, posts, posts_to)
    _stand_in_no_more(work, staff, leaves_unit=leaves_unit)
    inquiries = _locked(work, {inquiry.id for inquiry, _ in cases} | {offer.inquiry_id for offer in offers})
    units = {unit for inquiry in inquiries.values() for unit in concerned_units(work, inquiry)}
    lock_chains(work.session, units)
    for offer in offers:
        void_offer(work, inquiries[offer.inquiry_id], offer)
    for inquiry, holding in cases:
        if reassign_to is not None:
            replace_holder(work, inquiries[inquiry.id], holding, reassign_to)


def _offers_to(work: Work, staff: Staff) -> list[Handoff]:
    open_offers = select(Handoff).where(
        Handoff.to_staff_id == staff.id, Handoff.state == HandoffState.OFFERED
    )
    return list(work.session.scalars(open_offers.order_by(Handoff.id)))


def _locked(work: Work, inquiry_ids: set[str]) -> dict[str, Inquiry]:
    rows = work.session.scalars(
        select(Inquiry)
        .where(Inquiry.id.in_(inquiry_ids))
        .order_by(Inquiry.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {row.id: row for row in rows}


def _give_posts(work: Work, staff: Staff, posts: Sequence[Post], posts_to: Staff | None) -> None:
    """No post is left without a holder by somebody's leaving: whoever is named takes it, else the first deputy."""
    for post in posts:
        heirs = [deputy.staff for deputy in post.deputies if deputy.staff.is_active]
        heir = posts_to or (heirs[0] if heirs else None)
        if heir is None:
            where = post.section.name if post.section else post.unit.name
            raise FieldInvalid("/posts_to", f"{where}的{post.kind.label}没有替岗，请选由谁接任。")
        set_keepers(work, post, heir, [one for one in heirs if one.id not in {heir.id, staff.id}])


def _stand_in_no_more(work: Work, staff: Staff, *, leaves_unit: bool) -> None:
    """They deputise for nobody where they are no longer: not in another unit, nor for the section they left."""
    posts = (
        select(Post).join(PostDeputy, PostDeputy.post_id == Post.id).where(PostDeputy.staff_id == staff.id)
    )
    for post in work.session.scalars(posts.order_by(Post.id)).all():
        if leaves_unit or (post.section_id is not None and post.section_id == staff.section_id):
            others = [one.staff for one in post.deputies if one.staff_id != staff.id]
            set_keepers(work, post, post.holder, others)
