"""AB岗 of the own posts: who stands in, and who is away, entered by those who keep or head them (泸 二（二）2).

The unit's head and general post enter it for the whole unit, the head of a section for the section, the holder of a post
for the post: absences of its keepers, and the deputies. Who holds a post only the administrator changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select

from backend.domain.errors import FieldInvalid, NotFound
from backend.domain.identity import Identity
from backend.domain.vocabulary import PostKind, Role
from backend.models import Post, PostDeputy, Staff
from backend.services.organising import end_absence, set_absence
from backend.services.posts import set_keepers
from backend.services.work import Work, find_by_id


def own_posts(work: Work, identity: Identity) -> list[Post]:
    """The posts this person sees to: those of their unit, of the sections they head, and those they keep or stand in for."""
    units = identity.units_with(Role.GENERAL_POST, Role.PRINCIPAL_LEADER)
    sections = identity.sections_with(Role.SECTION_HEAD)
    deputised = select(PostDeputy.post_id).where(PostDeputy.staff_id == identity.staff_id)
    reach = or_(
        Post.unit_id.in_(units),
        Post.section_id.in_(sections),
        Post.holder_id == identity.staff_id,
        Post.id.in_(deputised),
    )
    query = select(Post).where(Post.is_active, reach).order_by(Post.kind, Post.section_id, Post.id)
    # The lead office's post is nobody's business but its keepers'.
    return [
        post
        for post in work.session.scalars(query)
        if post.kind is not PostKind.OVERSIGHT or _keeps(post, identity)
    ]


def find_own_post(work: Work, identity: Identity, post_id: str) -> Post:
    """One of them. Raises NotFound."""
    for post in own_posts(work, identity):
        if post.id == post_id:
            return post
    raise NotFound()


def people_of(work: Work, identity: Identity) -> list[Staff]:
    """Whose absences this person enters: oneself, the keepers of those posts, and everybody they head."""
    keepers = {identity.staff_id}
    for post in own_posts(work, identity):
        keepers |= {one for one in (post.holder_id, *(deputy.staff_id for deputy in post.deputies)) if one}
    units = identity.units_with(Role.GENERAL_POST, Role.PRINCIPAL_LEADER)
    sections = identity.sections_with(Role.SECTION_HEAD)
    query = select(Staff).where(
        Staff.is_active,
        or_(Staff.id.in_(keepers), Staff.unit_id.in_(units), Staff.section_id.in_(sections)),
    )
    return list(work.session.scalars(query.order_by(Staff.name, Staff.id)))


def choose_deputies(work: Work, identity: Identity, post: Post, deputies: Sequence[Staff]) -> None:
    """Who stands in for the holder, in order. A deputy does not choose deputies. Raises NotFound, FieldInvalid."""
    heads = post.unit_id in identity.units_with(Role.GENERAL_POST, Role.PRINCIPAL_LEADER) or (
        post.section_id is not None and post.section_id in identity.sections_with(Role.SECTION_HEAD)
    )
    if not heads and post.holder_id != identity.staff_id:
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


def _within(work: Work, identity: Identity, staff_id: str) -> Staff:
    staff = find_by_id(work.session, Staff, staff_id)
    if staff is None or staff.id not in {one.id for one in people_of(work, identity)}:
        raise FieldInvalid("/staff", "您的范围里没有这位工作人员。", "staff_unknown")
    return staff


def _keeps(post: Post, identity: Identity) -> bool:
    return identity.staff_id in {post.holder_id, *(one.staff_id for one in post.deputies)}
