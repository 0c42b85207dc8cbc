"""Which book is asked for, whether the person may read it, and what its cover says (泸 附件2)."""

from __future__ import annotations

from dataclasses import dataclass
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
from backend.domain.times import local
from backend.domain.vocabulary import PostKind
from backend.models import Section, Unit
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
    """What stands on the cover and above the columns."""
    if book.section is not None:
        post = section_post(work.session, book.section.id)
    else:
        post = unit_post(work.session, book.unit.id, PostKind.GENERAL)
    return {
        "scope": book.scope.value,
        "scope_label": book.scope.label,
        "year": book.year,
        "unit": ref(book.unit),
        "section": ref(book.section),
        "post": {"label": post.kind.label, "holder_name": post.holder.name if post.holder else None}
        if post is not None
        else None,
        "title": book_title(book.unit.name),
        "form_title": FORM,
        "label": provided_label(book.unit.measure),
        "columns": [{"id": column.id, "label": column.label} for column in COLUMNS],
    }


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
