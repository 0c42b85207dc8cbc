"""Keep the keyed words of summaries, by which a search finds where to look (docs/decisions/0011).

A term is 52 bits: 40 that stand for the unit, 12 for a pair of characters. So few bits make many pairs share a number:
what is stored says little of what was written, and whatever is found is opened and read before it is shown.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import delete, insert, select

from backend.domain.summary_words import pairs
from backend.models import Holding, Inquiry, SummaryTerm
from backend.services.work import Tools, Work

UNIT_DIGITS, PAIR_DIGITS = 10, 3
"""Hexadecimal digits of either part."""


def terms_of(tools: Tools, unit_id: str, text: str) -> list[int]:
    """The terms of a text in one unit's lists."""
    unit = int(tools.index.index("summary_unit", unit_id)[:UNIT_DIGITS], 16) << 4 * PAIR_DIGITS
    found = (int(tools.index.index(f"summary:{unit_id}", pair)[:PAIR_DIGITS], 16) for pair in pairs(text))
    return sorted({unit | number for number in found})


def index_summary(work: Work, inquiry: Inquiry, text: str) -> None:
    """Make an inquiry be found by its summary, in every unit that holds it, held it or was asked first."""
    forget_summary(work, inquiry.id)
    terms = {term for unit_id in _units(work, inquiry) for term in terms_of(work.tools, unit_id, text)}
    if terms:
        rows = [
            {"term": term, "received_at": inquiry.received_at, "inquiry_id": inquiry.id}
            for term in sorted(terms)
        ]
        work.session.execute(insert(SummaryTerm), rows)


def forget_summary(work: Work, inquiry_id: str) -> None:
    """Nothing of its summary is to be found any more: it was erased, or written anew."""
    work.session.execute(delete(SummaryTerm).where(SummaryTerm.inquiry_id == inquiry_id))


def _units(work: Work, inquiry: Inquiry) -> Iterable[str]:
    held = select(Holding.unit_id).where(Holding.inquiry_id == inquiry.id).distinct()
    return {inquiry.unit_id, inquiry.first_unit_id, *work.session.scalars(held)}
