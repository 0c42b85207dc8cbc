"""`/staff/ledger`: the 分台账 and the 总台账 by year, and opinions on many lines at one stroke (泸 二（二）4, 附件2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from apiflask import APIBlueprint
from flask import Response, g, redirect, request
from werkzeug.wrappers import Response as Redirect

from backend.domain.identity import Identity
from backend.domain.ledger_scopes import LedgerScope
from backend.domain.sign_offs import may_sign
from backend.domain.vocabulary_ledger import SignOffRole
from backend.queries.ledger import ledger_page, ledger_years
from backend.queries.ledger_books import Book, books_of, find_book
from backend.routes.operations.sign_offs import opinions
from backend.routes.pages.forms import FormKind, Refusal, blank, filled, refused, submission
from backend.routes.pages.frame import render
from backend.routes.pages.guards import access, identity, posted
from backend.routes.pages.refusals import shown_again_by
from backend.routes.pipeline import open_reading
from backend.routes.staff_ledger import wanted_scope, wanted_year
from backend.routes.unit_writes import carry_out_unit
from backend.services.work import Work

bp = APIBlueprint("staff_ledger_pages", __name__, enable_openapi=False)

ADDRESS = "/staff/ledger"
PICK = "pick."
"""Before the number of each line that is ticked."""
KIND = FormKind(
    ("role", "text"),
    {"role": "请选择以什么身份签署。", "text": "请写意见。"},
    families=(PICK,),
)
ASKED = ("scope", "section", "year", "order")
NEWEST, OLDEST = "newest", "oldest"


@bp.get(ADDRESS)
def show() -> Response:
    """A page of a book; without a word, the own section's of this year, the newest first.

    Raises RoleRequired, FieldInvalid, NotFound, CursorInvalid.
    """
    return book_page()


def book_page(refusal: Refusal | None = None) -> Response:
    """The page as it is; what was ticked and written is still there when it was refused."""
    asked: Mapping[str, str] = request.args if refusal is None else posted()
    order = OLDEST if asked.get("order") == OLDEST else NEWEST
    with open_reading(access().actor) as work:
        book = _book(work, asked)
        page = ledger_page(work, book, asked.get("cursor") or None, newest_first=order == NEWEST)
        scopes, sections = books_of(work, identity())
        years = sorted({*ledger_years(work, book), book.year}, reverse=True)
    kept = _kept(book, order)
    more = page["next_cursor"]
    roles = _roles(book, identity()) if page["items"] else []
    return render(
        "staff/ledger.html",
        refusal.status if refusal else 200,
        at=_address(kept),
        me=g.me,
        book=page,
        books=_books(book, scopes, sections),
        years=[
            {"label": year, "href": _address(kept | {"year": str(year)}), "current": year == book.year}
            for year in years
        ],
        orders=[
            {"label": label, "href": _address(kept | {"order": name}), "current": name == order}
            for name, label in ((NEWEST, "新的在前"), (OLDEST, "从早到晚"))
        ],
        kept=kept | ({"cursor": asked["cursor"]} if asked.get("cursor") else {}),
        roles=[{"value": role.value, "label": role.label} for role in roles],
        pick=PICK,
        picked=_picked() if refusal else [],
        form=refused(KIND, refusal) if refusal else blank(),
        signed=request.args.get("signed", type=int),
        next_url=_address(kept | {"cursor": more}) if more else None,
        form_actions={"logout": "/staff/logout", "sign": f"{ADDRESS}/opinions"},
    )


@bp.post(f"{ADDRESS}/opinions")
@shown_again_by(book_page)
def sign() -> Redirect:
    """One opinion on every ticked line, or on none of them."""
    data = filled(posted(), "role", "text") | {"numbers": _picked()}
    answer = carry_out_unit(opinions(identity()), submission(data))
    kept = {name: posted()[name] for name in (*ASKED, "cursor") if posted().get(name)}
    return redirect(_address(kept | {"signed": str(answer.body["count"])}), 303)


@bp.get(f"{ADDRESS}/opinions")
def back() -> Redirect:
    """Where a form was sent is no page."""
    return redirect(ADDRESS, 303)


def _picked() -> list[str]:
    return [name.removeprefix(PICK) for name in posted() if name.startswith(PICK)]


def _book(work: Work, asked: Mapping[str, str]) -> Book:
    return find_book(
        work,
        identity(),
        scope=wanted_scope(asked.get("scope")),
        year=wanted_year(asked.get("year")),
        section_id=asked.get("section") or None,
    )


def _kept(book: Book, order: str) -> dict[str, str]:
    section = {"section": book.section.id} if book.section else {}
    return {"scope": book.scope.value, **section, "year": str(book.year), "order": order}


def _address(asked: Mapping[str, str]) -> str:
    return f"{ADDRESS}?{urlencode(asked)}"


def _books(book: Book, scopes: list[LedgerScope], sections: list[Any]) -> list[dict[str, Any]]:
    """The books this person may open: the unit's, and each section's."""
    asked = [({"scope": LedgerScope.UNIT.value}, LedgerScope.UNIT.label, None)]
    asked = asked if LedgerScope.UNIT in scopes else []
    asked += [({"scope": LedgerScope.SECTION.value, "section": one.id}, one.name, one.id) for one in sections]
    shown = book.section.id if book.section else None
    return [
        {"label": label, "href": _address(which | {"year": str(book.year)}), "current": section_id == shown}
        for which, label, section_id in asked
    ]


def _roles(book: Book, who: Identity) -> list[SignOffRole]:
    """In which roles the person signs lines of this book."""
    section_id = book.section.id if book.section else None
    return [role for role in SignOffRole if may_sign(who, role, book.unit.id, section_id)]
