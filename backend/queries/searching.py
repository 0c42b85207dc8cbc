"""Find an inquiry by its number (or another system's), a phone's last four digits, or words of its summary.

Only in one's own chain: outside it, nothing exists.

A phone's tail is found by its blind index, words by the keyed terms of the person's unit. What the terms point to is
opened and read before it is shown, a bounded number of summaries each time (queries/walking.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, select, tuple_
from sqlalchemy.orm import aliased

from backend.domain.errors import FieldInvalid
from backend.domain.identity import NEVER_HOLDERS, Identity
from backend.domain.numbers import parse_number
from backend.domain.summary_words import contains, pairs
from backend.models import Citizen, ExternalNumber, Inquiry, SummaryTerm
from backend.queries.list_filters import NO_FILTERS, Filters
from backend.queries.visibility import visible_to
from backend.queries.walking import Place, Source, Walked, walk
from backend.queries.work_items import summaries_of, work_items
from backend.services.external_numbers import external_index
from backend.services.summary_terms import terms_of
from backend.services.work import Work

SAMPLE = 60
"""Places of a term that are looked at to tell how rare it is."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: all that is given must fit."""

    number: str | None = None
    phone_tail: str | None = None
    text: str | None = None
    filters: Filters = NO_FILTERS


def search(work: Work, identity: Identity, wanted: Wanted, cursor: str | None) -> dict[str, Any]:
    """One page, newest first: `{items, next_cursor, complete}`. Raises FieldInvalid, CursorInvalid."""
    ensure_searchable(wanted)
    if identity.holds(*NEVER_HOLDERS):
        return {"items": [], "next_cursor": None, "complete": True}
    keep = [visible_to(identity), *wanted.filters.conditions(work.now)]
    if wanted.number is not None:
        keep.append(_is_numbered(work, wanted.number))
    if wanted.phone_tail is not None:
        keep.append(_has_tail(work, wanted.phone_tail))
    walked = _found(work, identity, wanted, keep, cursor)
    return {
        "items": work_items(work, walked.inquiries),
        "next_cursor": walked.next_cursor,
        "complete": walked.is_complete,
    }


def is_known_elsewhere(work: Work, identity: Identity, typed: str) -> bool:
    """Whether another system (12345) gave this very number to something this person may see, whatever it looks like."""
    if identity.holds(*NEVER_HOLDERS):
        return False
    seen = select(Inquiry.id).where(_given(work, typed), visible_to(identity)).limit(1)
    return work.session.scalar(seen) is not None


def ensure_searchable(wanted: Wanted) -> None:
    """Raises FieldInvalid."""
    if wanted.number is None and wanted.phone_tail is None and wanted.text is None:
        raise FieldInvalid("", "请填编号、电话后四位或者摘要里的字，至少一样。", "conditionally_required")
    if wanted.text is not None and not pairs(wanted.text):
        raise FieldInvalid("/text", "摘要里的字至少写两个。", "value_invalid")


def _found(
    work: Work, identity: Identity, wanted: Wanted, keep: list[ColumnElement[bool]], cursor: str | None
) -> Walked:
    if wanted.text is None:
        return walk(work, _received(*keep), keep, cursor)
    text = wanted.text

    def fits(inquiries: list[Inquiry]) -> list[Inquiry]:
        summaries = summaries_of(work, inquiries)
        return [inquiry for inquiry in inquiries if contains(summaries.get(inquiry.id, ""), text)]

    if wanted.number is not None or wanted.phone_tail is not None:
        return walk(work, _received(*keep), keep, cursor, fits=fits)
    first, *others = _rarest_first(work, terms_of(work.tools, identity.unit_id, text))
    return walk(work, _of_term(first), [*(_has_term(term) for term in others), *keep], cursor, fits=fits)


def _received(*keep: ColumnElement[bool]) -> Source:
    """Few are meant: one number, or one phone's tail."""

    def source(below: Place | None, limit: int) -> Select[datetime, str]:
        key = (Inquiry.received_at, Inquiry.id)
        query = select(*key).where(*keep)
        if below is not None:
            query = query.where(tuple_(*key) < tuple_(*below))
        return query.order_by(*(column.desc() for column in key)).limit(limit)

    return source


def _of_term(term: int) -> Source:
    def source(below: Place | None, limit: int) -> Select[datetime, str]:
        key = (SummaryTerm.received_at, SummaryTerm.inquiry_id)
        query = select(*key).where(SummaryTerm.term == term)
        if below is not None:
            query = query.where(tuple_(*key) < tuple_(*below))
        return query.order_by(*(column.desc() for column in key)).limit(limit)

    return source


def _has_term(term: int) -> ColumnElement[bool]:
    other = aliased(SummaryTerm)
    return exists().where(
        other.term == term, other.received_at == Inquiry.received_at, other.inquiry_id == Inquiry.id
    )


def _is_numbered(work: Work, number: str) -> ColumnElement[bool]:
    """Our own number, or the one another system gave it (12345)."""
    own = parse_number(number)
    if own is not None:
        return Inquiry.number == own
    return _given(work, number)


def _given(work: Work, number: str) -> ColumnElement[bool]:
    index = external_index(work.tools, number)
    return Inquiry.id.in_(select(ExternalNumber.inquiry_id).where(ExternalNumber.number_index == index))


def _has_tail(work: Work, tail: str) -> ColumnElement[bool]:
    index = work.tools.index.phone_tail_index(tail)
    return Inquiry.citizen_id.in_(select(Citizen.id).where(Citizen.phone_tail_index == index))


def _rarest_first(work: Work, terms: list[int]) -> list[int]:
    """The terms, the one with the fewest places in front: the further back so many of them reach, the rarer it is.

    A few steps for each, however many places it has; one that has not even so many is rare enough.
    """
    reach: dict[int, datetime] = {}
    for term in terms:
        places = select(SummaryTerm.received_at).where(SummaryTerm.term == term)
        newest = places.order_by(SummaryTerm.received_at.desc(), SummaryTerm.inquiry_id.desc())
        at = work.session.scalar(newest.offset(SAMPLE - 1).limit(1))
        if at is None:
            return [term, *(other for other in terms if other != term)]
        reach[term] = at
    return sorted(terms, key=lambda term: reach[term])
