"""`/staff/exports`: books taken as files, masked at once; copies with names and phones asked for, allowed and taken."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from apiflask import APIBlueprint
from flask import Response, g, redirect, request
from werkzeug.wrappers import Response as Redirect

from backend.domain.errors import NotFound
from backend.domain.exports import ExportDecision, ExportFormat, may_take_full
from backend.domain.ledger_scopes import LedgerScope, reads_ledgers
from backend.domain.times import local
from backend.queries.exports import export_list
from backend.queries.ledger import ledger_years
from backend.queries.ledger_books import Book, books_of, find_book
from backend.routes.ledger_copies import Later, masked_file, taken_file
from backend.routes.limits import ledger_files
from backend.routes.pages.forms import FormKind, Refusal, blank, filled, refused, submission
from backend.routes.pages.frame import render
from backend.routes.pages.guards import access, identity, posted
from backend.routes.pages.refusals import shown_again_by
from backend.routes.pipeline import open_reading
from backend.routes.staff_exports import asking, deciding, taking
from backend.routes.staff_ledger import wanted_scope, wanted_year
from backend.routes.unit_writes import carry_out_unit
from backend.services.work import Work

bp = APIBlueprint("staff_export_pages", __name__, enable_openapi=False)

ADDRESS = "/staff/exports"
WHOLE_UNIT = LedgerScope.UNIT.value
ASK = FormKind(
    ("book", "year", "format", "reason"),
    {
        "book": "请选择哪一本。",
        "year": "请选择年份。",
        "format": "请选择哪一种文件。",
        "reason": "请写明事由。",
    },
    {"/scope": "book", "/section": "book"},
)
DECIDE = FormKind(("decision", "note"), {"decision": "请选择批准还是不批准。"})
TAKE = FormKind(())
FORMATS = [{"value": form.value, "label": form.label} for form in ExportFormat]
DECISIONS = [{"value": one.value, "label": one.label} for one in ExportDecision]


@bp.get(ADDRESS)
def show() -> Response:
    """What can be taken, asked for and allowed. Raises NotFound, CursorInvalid."""
    return exports_page()


def exports_page(refusal: Refusal | None = None, export_id: str | None = None) -> Response:
    """The page; a refused form as it was filled in, where it stands: in the list, or above it."""
    if not reads_ledgers(identity()):
        raise NotFound()
    with open_reading(access().actor) as work:
        page = export_list(work, identity(), request.args.get("cursor"))
        books, years = _choices(work)
        asks = may_take_full(identity(), identity().unit_id)
    forms = {item["id"]: blank() for item in page["items"]}
    if refusal is not None and export_id in forms:
        kind = DECIDE if "decision" in posted() or "note" in posted() else TAKE
        forms[export_id] = refused(kind, refusal)
    is_here = refusal is not None and export_id is None
    more = page["next_cursor"]
    return render(
        "staff/exports.html",
        refusal.status if refusal else 200,
        at=ADDRESS,
        me=g.me,
        items=page["items"],
        books=books,
        years=years,
        asks=asks,
        formats=FORMATS,
        decisions=DECISIONS,
        ask=refused(ASK, refusal) if refusal and is_here else blank(year=years[0]),
        forms=forms,
        problem=refusal.problem if refusal and not is_here and export_id not in forms else None,
        next_url=f"{ADDRESS}?{urlencode({'cursor': more})}" if more else None,
        form_actions={"logout": "/staff/logout", "ask": ADDRESS},
    )


def _again(refusal: Refusal, export_id: str) -> Response:
    return exports_page(refusal, export_id)


@bp.post(ADDRESS)
@shown_again_by(exports_page)
def ask() -> Redirect:
    """Ask for a copy with names and phones; leads to where it now waits."""
    answer = carry_out_unit(asking(access()), submission(_wanted(posted())))
    return redirect(f"{ADDRESS}#e-{answer.resource_id}", 303)


@bp.post(f"{ADDRESS}/<export_id>/decision")
@shown_again_by(_again)
def decide(export_id: str) -> Redirect:
    """Allow another one's copy, or not."""
    carry_out_unit(deciding(access(), export_id), submission(filled(posted(), "decision", "note")))
    return redirect(f"{ADDRESS}#e-{export_id}", 303)


@bp.post(f"{ADDRESS}/<export_id>/download")
@shown_again_by(_again)
def take(export_id: str) -> Response:
    """Take it, once."""
    carry_out_unit(taking(access(), export_id), submission({}))
    return taken_file(access(), export_id)


@bp.get(f"{ADDRESS}/<export_id>/decision")
@bp.get(f"{ADDRESS}/<export_id>/download")
def back(export_id: str) -> Redirect:
    """Where a form was sent is no page."""
    del export_id
    return redirect(ADDRESS, 303)


@bp.get("/staff/ledger.xlsx")
@ledger_files
def take_xlsx() -> Any:
    """The masked book as a workbook. Raises RoleRequired, FieldInvalid, NotFound."""
    return _masked(ExportFormat.XLSX)


@bp.get("/staff/ledger.docx")
@ledger_files
def take_docx() -> Any:
    """The same as a Word file, or where its progress is told. Raises TemplateBroken besides."""
    return _masked(ExportFormat.DOCX)


@bp.get("/staff/ledger.pdf")
@ledger_files
def take_pdf() -> Any:
    """The same as PDF."""
    return _masked(ExportFormat.PDF)


def _masked(form: ExportFormat) -> Response | Redirect:
    asked = request.args

    def find(work: Work) -> Book:
        named = _book_named(asked["book"]) if asked.get("book") else None
        scope = named["scope"] if named else asked.get("scope")
        section = named.get("section") if named else asked.get("section")
        return find_book(
            work,
            identity(),
            scope=wanted_scope(scope),
            year=wanted_year(asked.get("year")),
            section_id=section or None,
        )

    made = masked_file(access(), find, form)
    return redirect(f"{ADDRESS}#e-{made.export['id']}", 303) if isinstance(made, Later) else made


def _choices(work: Work) -> tuple[list[tuple[str, str]], list[str]]:
    """The books this person may open, and the years there are, the newest first."""
    scopes, sections = books_of(work, identity())
    books = [(WHOLE_UNIT, LedgerScope.UNIT.label)] if LedgerScope.UNIT in scopes else []
    books += [(section.id, section.name) for section in sections]
    years = {local(work.now).year}
    if books:
        years |= set(ledger_years(work, find_book(work, identity(), **_keywords(books[0][0]))))
    return books, [str(year) for year in sorted(years, reverse=True)]


def _keywords(book: str) -> dict[str, Any]:
    named = _book_named(book)
    return {"scope": LedgerScope(named["scope"]), "section_id": named.get("section")}


def _book_named(book: str) -> dict[str, str]:
    """What a choice of the form means: the unit's book, or a section's."""
    if book == WHOLE_UNIT:
        return {"scope": WHOLE_UNIT}
    return {"scope": LedgerScope.SECTION.value, "section": book}


def _wanted(form: Mapping[str, str]) -> dict[str, Any]:
    data: dict[str, Any] = filled(form, "format", "reason")
    if form.get("book", "").strip():
        data |= _book_named(form["book"])
    year = form.get("year", "")
    if year.strip():
        data["year"] = int(year) if year.isascii() and year.isdigit() and len(year) == 4 else year
    return data
