"""Walk down a long list, the newest first, and stop after a bounded number of steps, however little was found.

Who asks for something rare in a million inquiries waits no longer than who asks for something common: the page ends
early and says where to go on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, select

from backend.models import Inquiry
from backend.queries.cursors import read_cursor, write_cursor
from backend.services.work import Work

PAGE = 20
STRIDES = (60, 440, 1500, 3000)
"""How many places are looked at, and how many more while the page is not full."""
Place = tuple[datetime, str]
Source = Callable[[Place | None, int], Select[datetime, str]]
"""At most so many `(moment, inquiry id)` below a place, the newest first."""


@dataclass(frozen=True, slots=True)
class Walked:
    """A page; `next_cursor` leads on, `is_complete` says that nothing more can be there."""

    inquiries: list[Inquiry]
    next_cursor: str | None
    is_complete: bool


def walk(
    work: Work,
    source: Source,
    keep: Sequence[ColumnElement[bool]],
    cursor: str | None,
    *,
    fits: Callable[[list[Inquiry]], list[Inquiry]] = list,
) -> Walked:
    """The next page of what `keep` lets through and `fits` (which may open texts) agrees to. Raises CursorInvalid."""
    place = read_cursor(cursor) if cursor else None
    found: list[tuple[Place, Inquiry]] = []
    for stride in STRIDES:
        steps = [(at, inquiry_id) for at, inquiry_id in work.session.execute(source(place, stride))]
        by_id = {inquiry_id: (at, inquiry_id) for at, inquiry_id in steps}
        rows = work.session.scalars(select(Inquiry).where(Inquiry.id.in_(by_id), *keep))
        order = {inquiry_id: number for number, inquiry_id in enumerate(by_id)}
        kept = fits(sorted(rows, key=lambda inquiry: order[inquiry.id]))
        found += [(by_id[inquiry.id], inquiry) for inquiry in kept]
        if len(found) > PAGE:
            page = found[:PAGE]
            return Walked([inquiry for _, inquiry in page], write_cursor(*page[-1][0]), is_complete=False)
        if len(steps) < stride:
            return Walked([inquiry for _, inquiry in found], None, is_complete=True)
        place = steps[-1]
    return Walked(
        [inquiry for _, inquiry in found], write_cursor(*place) if place else None, is_complete=False
    )
