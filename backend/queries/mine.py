"""我的事项: what one WeChat has filed, newest first, as lines of a list."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, tuple_

from backend.domain.clocks import date_phrase
from backend.domain.errors import NotRateable
from backend.domain.numbers import display_number
from backend.domain.ratings import ensure_rateable
from backend.domain.times import local
from backend.domain.vocabulary import RatingKind
from backend.models import Clock, Holding, Inquiry, InquiryText, Rating
from backend.queries.clocks import clock_state, due_text
from backend.queries.cursors import read_cursor, write_cursor
from backend.queries.people import holder_of, ref
from backend.queries.work_items import live_holders, next_clocks
from backend.services.following import is_from_staff_phone, is_from_staff_wechat
from backend.services.texts import read_text
from backend.services.work import Work

PAGE = 20
EXCERPT = 40
"""Code points of their own words by which people know a matter again."""


def own_inquiries(work: Work, account_id: str, cursor: str | None) -> dict[str, Any]:
    """One page: `{items, next_cursor}`. Raises CursorInvalid."""
    key = (Inquiry.received_at, Inquiry.id)
    query = select(Inquiry).where(Inquiry.account_id == account_id)
    if cursor:
        query = query.where(tuple_(*key) < read_cursor(cursor))
    rows = list(work.session.scalars(query.order_by(*(column.desc() for column in key)).limit(PAGE + 1)))
    page = rows[:PAGE]
    more = write_cursor(page[-1].received_at, page[-1].id) if len(rows) > PAGE else None
    return {"items": own_lines(work, page), "next_cursor": more}


def own_lines(work: Work, page: list[Inquiry]) -> list[dict[str, Any]]:
    """The lines of these inquiries; few statements, however many they are."""
    ids = [inquiry.id for inquiry in page]
    clocks, holders = next_clocks(work.session, ids), live_holders(work.session, ids)
    contents, rated = _contents(work, page), _rated(work, ids)
    return [
        _line(work, i, clocks.get(i.id), holders.get(i.id), contents.get(i.id, ""), (i.id, i.round) in rated)
        for i in page
    ]


def _line(
    work: Work, inquiry: Inquiry, clock: Clock | None, holding: Holding | None, content: str, is_rated: bool
) -> dict[str, Any]:
    return {
        "number": inquiry.number,
        "display_number": display_number(inquiry.number),
        "category": inquiry.category.value,
        "category_label": inquiry.category.label,
        "excerpt": excerpt_of(content),
        "received_at": local(inquiry.received_at).isoformat(),
        "received_text": date_phrase(inquiry.received_at, work.now),
        "unit": ref(inquiry.first_unit),
        "section": ref(inquiry.first_section),
        "status": inquiry.status.value,
        "status_label": inquiry.status.label,
        "version": inquiry.version,
        "round": inquiry.round,
        "outcome": inquiry.outcome.value if inquiry.outcome else None,
        "outcome_label": inquiry.outcome.label if inquiry.outcome else None,
        "closed_at": local(inquiry.closed_at).isoformat() if inquiry.closed_at else None,
        "holder_text": holder_of(holding)["text"] if holding is not None else None,
        "due_at": local(clock.due_at).isoformat() if clock and clock.paused_at is None else None,
        "due_text": due_text(clock, work) if clock else None,
        "clock_state": clock_state(work, clock) if clock else None,
        "rated": is_rated,
        "rateable": not is_rated and _can_be_rated(work, inquiry),
    }


def excerpt_of(content: str) -> str:
    """The beginning of a text in one line."""
    line = " ".join(content.split())
    return line if len(line) <= EXCERPT else f"{line[: EXCERPT - 1]}…"


def _can_be_rated(work: Work, inquiry: Inquiry) -> bool:
    try:
        ensure_rateable(
            inquiry.status, inquiry.outcome, inquiry.closed_at, work.now, work.tools.rating_window
        )
    except NotRateable:
        return False
    return not (is_from_staff_phone(work, inquiry) or is_from_staff_wechat(work, inquiry))


def _contents(work: Work, page: list[Inquiry]) -> dict[str, str]:
    by_id = {inquiry.id: inquiry for inquiry in page}
    rows = work.session.scalars(
        select(InquiryText)
        .where(InquiryText.inquiry_id.in_(by_id), InquiryText.kind == "content")
        .order_by(InquiryText.created_at)
    )
    return {row.inquiry_id: read_text(work.tools, by_id[row.inquiry_id], row) for row in rows}


def _rated(work: Work, ids: list[str]) -> set[tuple[str, int]]:
    rows = work.session.execute(
        select(Rating.inquiry_id, Rating.round).where(
            Rating.inquiry_id.in_(ids), Rating.kind == RatingKind.OWN
        )
    )
    return {(row.inquiry_id, row.round) for row in rows}
