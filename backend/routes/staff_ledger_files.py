"""`/staff/ledger.xlsx`, `.docx` and `.pdf`: a book as a file, names and phones masked."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint

from backend.domain.exports import ExportFormat
from backend.queries.ledger_books import Book
from backend.routes.api import access
from backend.routes.documented import documented
from backend.routes.ledger_copies import MEDIA, Later, masked_file
from backend.routes.limits import ledger_files
from backend.routes.openapi import BEARER
from backend.routes.staff_exports import with_href
from backend.routes.staff_ledger import CODES, wanted_book
from backend.schemas.exports import ExportOut, LedgerFileIn
from backend.services.work import Work

bp = APIBlueprint("staff_ledger_files", __name__, tag="台账")

FILE_CODES = (*CODES, "rate_limited")
PRINT_CODES = (*FILE_CODES, "storage_full", "outcome_unknown")


@bp.get("/staff/ledger.xlsx")
@documented(
    bp,
    summary="台账的 Excel 表格，附件2的栏目，一行一件，姓名和电话遮盖",
    answer=None,
    media=(MEDIA[ExportFormat.XLSX],),
    body=LedgerFileIn,
    location="query",
    codes=FILE_CODES,
    security=BEARER,
)
@ledger_files
def get_xlsx() -> Any:
    """Written while it is read, however long the ledger is."""
    return _answer(ExportFormat.XLSX)


@bp.get("/staff/ledger.docx")
@documented(
    bp,
    summary="台账的 Word 文档，封面和每件一张登记表，姓名和电话遮盖；超过 2,000 件，或者文字很多的，由后台任务生成",
    answer=None,
    media=(MEDIA[ExportFormat.DOCX],),
    later="ExportOut",
    body=LedgerFileIn,
    location="query",
    codes=(*PRINT_CODES, "template_broken"),
    security=BEARER,
)
@ledger_files
def get_docx() -> Any:
    """From a template an office can edit."""
    return _answer(ExportFormat.DOCX)


@bp.get("/staff/ledger.pdf")
@documented(
    bp,
    summary="台账的 PDF，封面和每件一张登记表，姓名和电话遮盖；超过 2,000 件，或者文字很多的，由后台任务生成",
    answer=None,
    media=(MEDIA[ExportFormat.PDF],),
    later="ExportOut",
    body=LedgerFileIn,
    location="query",
    codes=PRINT_CODES,
    security=BEARER,
)
@ledger_files
def get_pdf() -> Any:
    """附件2 as it is printed."""
    return _answer(ExportFormat.PDF)


def _answer(form: ExportFormat) -> Any:
    caller = access()

    def find(work: Work) -> Book:
        return wanted_book(work, caller.staff)

    made = masked_file(caller, find, form)
    if isinstance(made, Later):
        body = ExportOut().dump(with_href(made.export))
        return body, 202, {"Cache-Control": "no-store", "Location": body["href"]}
    return made
