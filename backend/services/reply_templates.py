"""回复模板: texts a section answers with again and again. Whoever heads the section or keeps its post writes them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from backend.domain.errors import FieldInvalid, NotFound, RoleRequired, VersionConflict
from backend.domain.identity import Identity
from backend.domain.vocabulary import Role
from backend.models import ReplyTemplate
from backend.models.types import new_id
from backend.services.work import Work, find_by_id

WRITERS = (Role.POST_HOLDER, Role.SECTION_HEAD)
READERS = (Role.HANDLER, *WRITERS)
MOST = 100
"""Templates of a section that are in use; more than that nobody finds through."""


def ensure_writer(identity: Identity) -> None:
    """Raises RoleRequired."""
    if not identity.sections_with(*WRITERS):
        raise RoleRequired("回复模板由科室负责人和首问责任岗编写。")


def find_template(work: Work, identity: Identity, template_id: str) -> ReplyTemplate:
    """A template of a section whose templates this person may use. Raises NotFound."""
    row = find_by_id(work.session, ReplyTemplate, template_id)
    if row is None or row.section_id not in identity.sections_with(*READERS):
        raise NotFound()
    return row


def write_template(
    work: Work, identity: Identity, *, section_id: str | None, title: str, body: str
) -> ReplyTemplate:
    """A new template. Raises RoleRequired, FieldInvalid."""
    section = _section(identity, section_id)
    _ensure_room(work, section)
    row = ReplyTemplate(
        id=new_id(),
        section_id=section,
        title=title,
        body=body,
        changed_by_id=identity.staff_id,
        changed_at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    return row


def change_template(
    work: Work,
    identity: Identity,
    row: ReplyTemplate,
    *,
    title: str,
    body: str,
    is_active: bool,
    unchanged_since: datetime | None = None,
) -> None:
    """What was answered with it stays as it was. `unchanged_since` is its last change as whoever changes it saw it.

    Raises RoleRequired, VersionConflict, FieldInvalid.
    """
    if row.section_id not in identity.sections_with(*WRITERS):
        raise RoleRequired("回复模板由科室负责人和首问责任岗编写。")
    if unchanged_since is not None and row.changed_at != unchanged_since:
        raise VersionConflict("这个模板有人刚改过，请看过现在的内容再保存，您写的还在。")
    if is_active and not row.is_active:
        _ensure_room(work, row.section_id)
    row.title, row.body, row.is_active = title, body, is_active
    row.changed_by_id, row.changed_at = identity.staff_id, work.now
    work.session.flush()


def _ensure_room(work: Work, section_id: str) -> None:
    in_use = select(func.count()).where(ReplyTemplate.section_id == section_id, ReplyTemplate.is_active)
    if (work.session.scalar(in_use) or 0) >= MOST:
        raise FieldInvalid("/title", f"一个科室最多 {MOST} 个模板，请先停用不用的。")


def _section(identity: Identity, section_id: str | None) -> str:
    sections = identity.sections_with(*WRITERS)
    if section_id is None and identity.section_id in sections:
        section_id = identity.section_id
    if section_id is None and len(sections) == 1:
        return min(sections)
    if section_id is None or section_id not in sections:
        raise FieldInvalid("/section", "请选择您负责的科室。", "section_unknown")
    return section_id
