"""Who keeps a post: its holder, the deputies in order (AB岗), and the role that goes with holding it (泸 二（二）2)."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select

from backend.domain.errors import DomainError, FieldInvalid
from backend.domain.identity import NEVER_HOLDERS
from backend.domain.vocabulary import PostKind, Role
from backend.domain.vocabulary_organisation import ChangeKind
from backend.models import Holding, Post, PostDeputy, Section, Sign, Staff, Unit
from backend.services.organisation_changes import changed, note_change
from backend.services.organising import create_post, grant_role
from backend.services.signs import retire_sign
from backend.services.staff_accounts import revoke_role
from backend.services.work import Work

ROLE_OF = {
    PostKind.SECTION: Role.POST_HOLDER,
    PostKind.GENERAL: Role.GENERAL_POST,
    PostKind.DISCIPLINE: Role.DISCIPLINE,
    PostKind.OVERSIGHT: Role.OVERSEER,
}
"""The role the holder of a post has by it: it comes and goes with the post."""


class PostHasOpenCases(DomainError):
    code = "post_has_open_cases"


def set_up_post(
    work: Work,
    kind: PostKind,
    *,
    unit: Unit,
    section: Section | None,
    holder: Staff | None,
    deputies: Sequence[Staff],
    location: str,
    phone: str,
) -> Post:
    """A new post whose holder gets its role. Raises FieldInvalid, PowersNotSplit."""
    _ensure_can_keep([holder, *deputies], unit)
    post = create_post(
        work,
        kind,
        unit=unit,
        section=section,
        holder=holder,
        deputies=deputies,
        location=location,
        phone=phone,
    )
    if holder is not None:
        grant_role(work, holder, ROLE_OF[kind], section=section)
    return post


def change_place(work: Work, post: Post, *, location: str, phone: str) -> None:
    """Where the post stands and how it is called."""
    facts = changed(post, location=location, phone=phone)
    if facts:
        note_change(work, ChangeKind.POST_CHANGED, post.unit_id, facts, section=post.section, post=post)


def set_keepers(work: Work, post: Post, holder: Staff | None, deputies: Sequence[Staff]) -> None:
    """Who keeps the post from now on; what it holds stays with the post. The role passes with the holder.

    Raises FieldInvalid, PowersNotSplit.
    """
    _ensure_can_keep([holder, *deputies], post.unit)
    former = post.holder
    were = [one.staff for one in post.deputies]
    is_same = (former.id if former else None) == (holder.id if holder else None)
    if is_same and [one.id for one in were] == [one.id for one in deputies]:
        return
    work.session.execute(delete(PostDeputy).where(PostDeputy.post_id == post.id))
    post.holder_id = holder.id if holder else None
    work.session.flush()
    work.session.add_all(
        PostDeputy(post_id=post.id, staff_id=one.id, position=place) for place, one in enumerate(deputies, 1)
    )
    work.session.flush()
    work.session.expire(post, ["deputies", "holder"])
    facts: dict[str, object] = {}
    if not is_same:
        facts["holder"] = [former.name if former else None, holder.name if holder else None]
        _pass_role(work, post, former, holder)
    if [one.id for one in were] != [one.id for one in deputies]:
        facts["deputies"] = [[one.name for one in were], [one.name for one in deputies]]
    note_change(work, ChangeKind.POST_CHANGED, post.unit_id, facts, section=post.section, post=post)


def close_post(work: Work, post: Post) -> None:
    """Take a post down, its signs with it. Raises PostHasOpenCases while it holds anything."""
    # Whatever is about to come to the post waits until this is decided (`holdings.hold`).
    work.session.scalars(select(Post.id).where(Post.id == post.id).with_for_update()).one()
    held = select(Holding.id).where(Holding.post_id == post.id, Holding.ended_at.is_(None))
    if work.session.scalar(held.limit(1)) is not None:
        raise PostHasOpenCases()
    set_keepers(work, post, None, [])
    retire_signs(work, post)
    post.is_active = False
    work.session.flush()
    note_change(work, ChangeKind.POST_CLOSED, post.unit_id, section=post.section, post=post)


def retire_signs(work: Work, post: Post) -> None:
    """Nobody is asked here any more: whoever scans one of its plates is told so."""
    for sign in work.session.scalars(select(Sign).where(Sign.post_id == post.id, Sign.retired_at.is_(None))):
        retire_sign(work, sign, None)


def _pass_role(work: Work, post: Post, former: Staff | None, holder: Staff | None) -> None:
    role = ROLE_OF[post.kind]
    if former is not None:
        for grant in list(former.grants):
            if (grant.role, grant.unit_id, grant.section_id) == (role, post.unit_id, post.section_id):
                revoke_role(work, former, grant)
    if holder is not None:
        grant_role(work, holder, role, section=post.section)


def _ensure_can_keep(people: Sequence[Staff | None], unit: Unit) -> None:
    keepers = [one for one in people if one is not None]
    if len({one.id for one in keepers}) < len(keepers):
        raise FieldInvalid("/deputies", "同一个人不能既是责任人又是替岗，也不能重复。")
    for place, one in enumerate(people):
        if one is None:
            continue
        pointer = "/deputies" if place else "/holder"
        if one.unit_id != unit.id or not one.is_active:
            raise FieldInvalid(pointer, f"{one.name}不在这个单位，或者账号已经停用。", "staff_unknown")
        if any(grant.role in NEVER_HOLDERS for grant in one.grants):
            raise FieldInvalid(pointer, f"{one.name}是审计或者系统管理，不能守岗。", "staff_unknown")
