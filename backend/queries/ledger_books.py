"""Which book is asked for, whether the person may read it, and what its cover says (泸 附件2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select

from backend.domain.errors import FieldInvalid, NotFound, RoleRequired
from backend.domain.identity import Identity
from backend.domain.ledger_form import COLUMNS, FORM, book_title, provided_label
from backend.domain.ledger_scopes import (
    FIRST_YEAR,
    LAST_YEAR,
    LedgerScope,
    may_read_section,
    readable_sections,
    readable_units,
    reads_ledgers,
    sees_own_grades,
)
from backend.domain.times import SHANGHAI, local
from backend.domain.vocabulary import PostKind
from backend.domain.vocabulary_organisation import ChangeKind
from backend.models import OrganisationChange, Section, Unit
from backend.queries.people import ref
from backend.services.presence import section_post, unit_post
from backend.services.work import Work, find_by_id


@dataclass(frozen=True, slots=True)
class Book:
    """One ledger of one year, as one person reads it."""

    scope: LedgerScope
    unit: Unit
    section: Section | None
    year: int
    identity: Identity

    @property
    def sees_own_grades(self) -> bool:
        return sees_own_grades(self.identity, self.scope, self.unit.id)


def find_book(
    work: Work,
    identity: Identity,
    *,
    scope: LedgerScope | None = None,
    year: int | None = None,
    section_id: str | None = None,
) -> Book:
    """The book meant: without a scope the own section's, else the unit's; without a year this one.

    Raises RoleRequired, FieldInvalid, and NotFound for a section whose 分台账 is not this person's to read.
    """
    if not reads_ledgers(identity):
        raise RoleRequired("台账由各科室和本单位总岗、机关纪委、负责人查看。")
    year = year if year is not None else local(work.now).year
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise FieldInvalid("/year", "请写四位的年份，例如 2026。")
    if scope is None:
        sectional = section_id is not None or bool(readable_sections(identity))
        scope = LedgerScope.SECTION if sectional else LedgerScope.UNIT
    if scope is LedgerScope.UNIT:
        if section_id is not None:
            raise FieldInvalid("/section", "总台账是全单位的，不用选择科室。")
        return Book(scope, _unit(work, identity), None, year, identity)
    section = _section(work, identity, section_id)
    return Book(scope, section.unit, section, year, identity)


def books_of(work: Work, identity: Identity) -> tuple[list[LedgerScope], list[Section]]:
    """Which ledgers are the person's to read: the scopes, and the sections whose 分台账 they may open."""
    units, own = readable_units(identity), readable_sections(identity)
    sections = work.session.scalars(
        select(Section)
        .where(or_(Section.id.in_(own), Section.unit_id.in_(units)))
        .order_by(Section.unit_id, Section.name, Section.id)
    ).all()
    scopes = [LedgerScope.SECTION] if sections else []
    return [*scopes, LedgerScope.UNIT] if units else scopes, list(sections)


def cover_of(work: Work, book: Book) -> dict[str, Any]:
    """What stands on the cover and above the columns: names as they are now, of a year that is over as at its end."""
    if book.section is not None:
        post = section_post(work.session, book.section.id)
    else:
        post = unit_post(work.session, book.unit.id, PostKind.GENERAL)
    changes = _changes_since(work, book)
    unit_name = changes.was(ChangeKind.UNIT_CHANGED, None, "name", book.unit.name)
    section = ref(book.section)
    if section is not None:
        now = section["name"]
        section["name"] = changes.was(ChangeKind.SECTION_CHANGED, section["id"], "name", now) or now
    holder = None
    if post is not None:
        holder = post.holder.name if post.holder else None
        holder = changes.was(ChangeKind.POST_CHANGED, post.id, "holder", holder)
    return {
        "scope": book.scope.value,
        "scope_label": book.scope.label,
        "year": book.year,
        "unit": {"id": book.unit.id, "name": unit_name},
        "section": section,
        "post": {"label": post.kind.label, "holder_name": holder} if post is not None else None,
        "title": book_title(str(unit_name)),
        "form_title": FORM,
        "label": provided_label(book.unit.measure),
        "columns": [{"id": column.id, "label": column.label} for column in COLUMNS],
    }


class _Changes:
    """What was changed in a unit after a year was over."""

    def __init__(self, rows: Sequence[OrganisationChange]) -> None:
        self._rows = rows

    def was(self, kind: ChangeKind, about: str | None, field: str, now: str | None) -> str | None:
        """What stood there before the first of these changes; else what stands there now."""
        for row in self._rows:
            concerned = {ChangeKind.SECTION_CHANGED: row.section_id, ChangeKind.POST_CHANGED: row.post_id}
            if row.kind is kind and concerned.get(kind) == about and field in row.facts:
                was: str | None = row.facts[field][0]
                return was
        return now


def _changes_since(work: Work, book: Book) -> _Changes:
    """Nothing of a year that is not over."""
    end = datetime(book.year + 1, 1, 1, tzinfo=SHANGHAI)
    if end > work.now:
        return _Changes(())
    kinds = (ChangeKind.UNIT_CHANGED, ChangeKind.SECTION_CHANGED, ChangeKind.POST_CHANGED)
    rows = work.session.scalars(
        select(OrganisationChange)
        .where(
            OrganisationChange.unit_id == book.unit.id,
            OrganisationChange.at >= end,
            OrganisationChange.kind.in_(kinds),
        )
        .order_by(OrganisationChange.at, OrganisationChange.id)
    )
    return _Changes(rows.all())


def _unit(work: Work, identity: Identity) -> Unit:
    units = readable_units(identity)
    if not units:
        raise RoleRequired("总台账由本单位总岗、机关纪委和负责人查看；您可以查看分台账。")
    return work.session.get_one(Unit, identity.unit_id if identity.unit_id in units else min(units))


def _section(work: Work, identity: Identity, section_id: str | None) -> Section:
    if section_id is not None:
        section = find_by_id(work.session, Section, section_id)
        if section is None or not may_read_section(identity, section.id, section.unit_id):
            raise NotFound()
        return section
    sections = readable_sections(identity)
    if identity.section_id in sections:
        return work.session.get_one(Section, identity.section_id)
    found = work.session.scalar(
        select(Section).where(Section.id.in_(sections)).order_by(Section.name, Section.id).limit(1)
    )
    if found is None:
        raise FieldInvalid("/section", "请选择科室。", "conditionally_required")
    return found
