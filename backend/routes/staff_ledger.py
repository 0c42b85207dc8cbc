"""`/staff/ledger`: the 分台账 of a section and the 总台账 of the unit (泸 二（二）4, 附件2)."""

from __future__ import annotations

import re

from apiflask import APIBlueprint
from flask import request

from backend.domain.errors import FieldInvalid
from backend.domain.identity import Identity
from backend.domain.ledger_scopes import LedgerScope
from backend.domain.times import local
from backend.queries.ledger import ledger_page, ledger_years
from backend.queries.ledger_books import Book, books_of, find_book
from backend.queries.people import ref
from backend.routes.api import Shown, access, show_read
from backend.routes.documented import documented
from backend.routes.openapi import BEARER
from backend.routes.pipeline import open_reading
from backend.schemas.answers_ledger import LedgerOut, LedgerYearsOut
from backend.schemas.ledger import ORDERS, LedgerIn, LedgerScopeIn
from backend.services.work import Work

bp = APIBlueprint("staff_ledger", __name__, tag="台账")

CODES = ("role_required", "validation_failed")


@bp.get("/staff/ledger")
@documented(
    bp,
    summary="台账：分台账或总台账，按受理时间，姓名和电话遮盖",
    answer=LedgerOut,
    body=LedgerIn,
    location="query",
    codes=(*CODES, "cursor_invalid"),
    security=BEARER,
)
def get_ledger() -> Shown:
    """One page by keyset; a year without rows is an empty page."""
    with open_reading(access().actor) as work:
        book = wanted_book(work, access().staff)
        order = request.args.get("order", ORDERS[0])
        if order not in ORDERS:
            raise FieldInvalid(
                "/order", "次序只有 oldest（从早到晚）和 newest（从晚到早）。", "choice_invalid"
            )
        newest_first = order == ORDERS[1]
        return show_read(ledger_page(work, book, request.args.get("cursor"), newest_first=newest_first))


@bp.get("/staff/ledger/years")
@documented(
    bp,
    summary="台账有哪些年份，可以看哪些台账",
    answer=LedgerYearsOut,
    body=LedgerScopeIn,
    location="query",
    codes=CODES,
    security=BEARER,
)
def get_years() -> Shown:
    """Only years that have a row."""
    with open_reading(access().actor) as work:
        identity = access().staff
        book = wanted_book(work, identity)
        scopes, sections = books_of(work, identity)
        return show_read(
            {
                "scope": book.scope.value,
                "unit": ref(book.unit),
                "section": ref(book.section),
                "years": ledger_years(work, book),
                "this_year": local(work.now).year,
                "scopes": [scope.value for scope in scopes],
                "sections": [ref(section) for section in sections],
            }
        )


def wanted_book(work: Work, identity: Identity) -> Book:
    """The book the query names. Raises FieldInvalid, RoleRequired, NotFound."""
    return find_book(
        work,
        identity,
        scope=wanted_scope(request.args.get("scope")),
        year=wanted_year(request.args.get("year")),
        section_id=request.args.get("section") or None,
    )


def wanted_scope(name: str | None) -> LedgerScope | None:
    """Raises FieldInvalid."""
    if name in {None, ""}:
        return None
    if name not in {scope.value for scope in LedgerScope}:
        raise FieldInvalid("/scope", "请选择分台账（section）或总台账（unit）。", "choice_invalid")
    return LedgerScope(name)


def wanted_year(text: str | None) -> int | None:
    """Raises FieldInvalid."""
    if text in {None, ""}:
        return None
    if text is None or not re.fullmatch(r"[0-9]{4}", text):
        raise FieldInvalid("/year", "请写四位的年份，例如 2026。")
    return int(text)
