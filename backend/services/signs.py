"""岗牌: issue the plate of a post, and retire it in favour of another (泸 二（二）3)."""

from __future__ import annotations

from sqlalchemy import select

from backend.domain.errors import FieldInvalid, SignRetired
from backend.domain.numbers import new_sign_code
from backend.domain.vocabulary_organisation import ChangeKind
from backend.models import Post, Sign
from backend.models.types import new_id
from backend.services.organisation_changes import note_change
from backend.services.work import Work


def issue_sign(work: Work, post: Post, *, location: str = "") -> Sign:
    """A new plate with a code of its own; without `location` it stands where the post is. Raises FieldInvalid."""
    if not post.is_active:
        raise FieldInvalid("/post", "这个岗位已经撤销。")
    sign = Sign(
        id=new_id(),
        code=_free_code(work),
        post_id=post.id,
        location=location or post.location,
        issued_at=work.now,
    )
    work.session.add(sign)
    work.session.flush()
    note_change(
        work,
        ChangeKind.SIGN_ISSUED,
        post.unit_id,
        {"code": sign.code, "location": sign.location},
        section=post.section,
        post=post,
    )
    return sign


def retire_sign(work: Work, sign: Sign, successor: Sign | None) -> None:
    """Take a plate out of use; whoever scans it is sent to the successor.

    A successor must be live, so that retired plates never lead in a circle. Raises SignRetired, FieldInvalid.
    """
    if sign.retired_at is not None:
        raise SignRetired()
    if successor is not None and (successor.id == sign.id or successor.retired_at is not None):
        raise FieldInvalid("/successor", "接替的岗牌要是另一块在用的岗牌。")
    sign.retired_at = work.now
    sign.successor_id = successor.id if successor else None
    work.session.flush()
    post = sign.post
    note_change(
        work,
        ChangeKind.SIGN_RETIRED,
        post.unit_id,
        {"code": sign.code, "successor": successor.code if successor else None},
        section=post.section,
        post=post,
    )


def _free_code(work: Work) -> str:
    while True:
        code = new_sign_code()
        if work.session.scalar(select(Sign.id).where(Sign.code == code)) is None:
            return code
