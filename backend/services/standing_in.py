"""AB岗 of the own posts: who stands in, and who is away, entered by those who hold or head them (泸 二（二）2).

The unit's head and general post enter it for the whole unit, the head of a section for the section, the holder of a post
for the post: absences of its keepers, and the deputies. A deputy sees the post and enters nothing but the own absence.
Who holds a post only the administrator changes.

The posts of 机关纪委 and of the lead office are their holders' business alone: a complaint passes whoever is away there
and comes to the general post or the head, who must not be able to arrange that.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload, selectinload

from backend.domain.errors import FieldInvalid, NotFound
from backend.domain.identity import Identity
from backend.domain.vocabulary import PostKind, Role
from backend.models import Absence, Post, PostDeputy, Staff
from backend.services.organising import cancel_absence, end_absence, set_absence
from backend.services.posts import set_keepers
from backend.services.work import Work, find_by_id

APART = frozenset({PostKind.DISCIPLINE, PostKind.OVERSIGHT})
"""Posts that look at the unit itself: nobody who heads it arranges who keeps them."""
_HEADS = (Role.GENERAL_POST, Role.PRINCIPAL_LEADER)


def own_posts(work: Work, identity: Identity) -> list[Post]:
    """The posts this person sees: those of their unit, of the sections they head, and those they keep or stand in for."""
    deputised = select(PostDeputy.post_id).where(PostDeputy.staff_id == identity.staff_id)
    headed = or_(
        Post.unit_id.in_(identity.units_with(*_HEADS)),
        Post.section_id.in_(identity.sections_with(Role.SECTION_HEAD)),
    )
    reach = or_(headed & Post.kind.not_in(APART), Post.holder_id == identity.staff_id, Post.id.in_(deputised))
    query = (
        select(Post)
        .where(Post.is_active, reach)
        .order_by(Post.kind, Post.section_id, Post.id)
        .options(
            joinedload(Post.unit),
            joinedload(Post.section),
            joinedload(Post.holder),
            selectinload(Post.deputies).joinedload(PostDeputy.staff),
        )
    )
    return list(work.session.scalars(query))


def find_own_post(work: Work, identity: Identity, post_id: str) -> Post:
    """One of them. Raises NotFound."""
    for post in own_posts(work, identity):
        if post.id == post_id:
            return post
    raise NotFound()


def may_choose_deputies(identity: Identity, post: Post) -> bool:
    """The holder, and whoever heads the section or unit where the post is none that looks at the unit itself."""
    if post.holder_id == identity.staff_id:
        return True
    if post.kind in APART:
        return False
    return post.unit_id in identity.units_with(*_HEADS) or (
        post.section_id is not None and post.section_id in identity.sections_with(Role.SECTION_HEAD)
    )


def people_of(work: Work, identity: Identity) -> list[Staff]:
    """Whose absences this person enters: oneself, the deputies of the own post, and everybody they head."""
    held = select(Post.id).where(Post.is_active, Post.holder_id == identity.staff_id)
    own_deputies = select(PostDeputy.staff_id).where(PostDeputy.post_id.in_(held))
    apart = select(Post.id).where(Post.is_active, Post.kind.in_(APART))
    apart_deputies = select(PostDeputy.staff_id).where(PostDeputy.post_id.in_(apart))
    apart_holders = select(Post.holder_id).where(Post.id.in_(apart), Post.holder_id.is_not(None))
    headed = or_(
        Staff.unit_id.in_(identity.units_with(*_HEADS)),
        Staff.section_id.in_(identity.sections_with(Role.SECTION_HEAD)),
    )
    query = select(Staff).where(
        Staff.is_active,
        or_(
            Staff.id == identity.staff_id,
            Staff.id.in_(own_deputies),
            headed & Staff.id.not_in(apart_holders) & Staff.id.not_in(apart_deputies),
        ),
    )
    query = query.order_by(Staff.name, Staff.id).options(joinedload(Staff.unit), joinedload(Staff.section))
    return list(work.session.scalars(query))


def choose_deputies(work: Work, identity: Identity, post: Post, deputies: Sequence[Staff]) -> None:
    """Who stands in for the holder, in order. A deputy does not choose deputies. Raises NotFound, FieldInvalid."""
    if not may_choose_deputies(identity, post):
        raise FieldInvalid("/form", "替岗的人由责任人本人、科室负责人或者首问责任总岗确定。")
    set_keepers(work, post, post.holder, deputies)


def enter_absence(
    work: Work, identity: Identity, staff_id: str, *, starts_at: datetime, ends_at: datetime | None
) -> Staff:
    """Somebody within reach is away. Raises FieldInvalid."""
    staff = _within(work, identity, staff_id)
    set_absence(work, staff, starts_at=starts_at, ends_at=ends_at)
    return staff


def enter_return(work: Work, identity: Identity, staff_id: str) -> Staff:
    """Somebody within reach is back. Raises FieldInvalid."""
    staff = _within(work, identity, staff_id)
    if not end_absence(work, staff):
        raise FieldInvalid("/form", f"{staff.name}现在没有登记不在岗。")
    return staff


def take_back_absence(work: Work, identity: Identity, absence_id: str) -> Staff:
    """A planned absence of somebody within reach will not be. Raises FieldInvalid."""
    absence = find_by_id(work.session, Absence, absence_id)
    # One that is gone may have been anybody's: `cancel_absence` says so.
    staff = _within(work, identity, absence.staff_id if absence else identity.staff_id)
    cancel_absence(work, staff, absence_id)
    return staff


def _within(work: Work, identity: Identity, staff_id: str) -> Staff:
    for staff in people_of(work, identity):
        if staff.id == staff_id:
            return staff
    raise FieldInvalid("/staff", "您的范围里没有这位工作人员。", "staff_unknown")
