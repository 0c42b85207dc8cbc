"""A book given out as a file, for the API and for the console alike: at once, or as a job."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import structlog
from flask import Response, stream_with_context
from sqlalchemy import select

from backend.domain.actors import Actor
from backend.domain.exports import (
    ExportExpired,
    ExportFormat,
    ExportState,
    is_job,
    standing,
)
from backend.domain.ledger_form import moment_text
from backend.exports.copies import Copy, masked_copy
from backend.exports.ledger_sheet import MEDIA_TYPE as XLSX_TYPE
from backend.exports.printing import DOCX_TYPE, PDF_TYPE, print_slot
from backend.exports.streams import packed_files
from backend.models import Blob, ExportRequest, ExportVolume
from backend.queries.exports import book_of, copy_of, export_shape, name_of_file
from backend.queries.ledger import ledger_lines
from backend.queries.ledger_books import Book
from backend.queries.ledger_files import book_size, ledger_count, ledger_workbook, printed, prints_of
from backend.routes import downloads
from backend.routes.access import Access
from backend.routes.files import file_store
from backend.routes.installation import settings
from backend.routes.pipeline import open_reading, open_work
from backend.services import exports
from backend.services.sealed_files import sealed_bytes
from backend.services.work import Work

MEDIA = {ExportFormat.XLSX: XLSX_TYPE, ExportFormat.DOCX: DOCX_TYPE, ExportFormat.PDF: PDF_TYPE}
ZIP_TYPE = "application/zip"

FindBook = Callable[[Work], Book]
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Later:
    """It is made by a job: what is known of it now."""

    export: dict[str, Any]


def masked_file(caller: Access, find: FindBook, form: ExportFormat) -> Response | Later:
    """The masked book as this kind of file. Raises what `find` raises, TooOften, TemplateBroken, PrintBusy, PrintFailed."""
    with open_reading(caller.actor) as work:
        book = find(work)
        rows = ledger_count(work, book)
        is_later = is_job(form, rows, _size(work, book, form, rows))
        copy = masked_copy(caller.staff.name, moment_text(work.now) or "")
        name = name_of_file(work, book, form, is_full=False)
        log.info(
            "ledger_exported",
            staff=caller.staff.staff_id,
            unit=book.unit.id,
            section=book.section.id if book.section else None,
            year=book.year,
            format=form.value,
            rows=rows,
        )
    if is_later:
        with open_work(caller.actor) as work:
            export = exports.ask_for_print(work, find(work), form, rows)
            return Later(export_shape(work, caller.staff, export))
    return _made_now(caller, find, copy, form, name, full=False)


def taken_file(caller: Access, export_id: str) -> Response:
    """The copy that was taken, while the time for it lasts. Raises ExportExpired, NotFound, RoleRequired."""
    # On the writer: a copy of the database that is read from may not know yet that it was just taken.
    with open_work(caller.actor) as work:
        export = work.session.get_one(ExportRequest, export_id)
        exports.ensure_requester(caller.staff, export)
        if standing(export, work.now) is not ExportState.DOWNLOADED or export.expires_at <= work.now:
            raise ExportExpired()
        book, copy = book_of(work, export), copy_of(work, export)
        name = name_of_file(work, book, export.format, is_full=export.is_full)
        volumes = select(ExportVolume).where(ExportVolume.export_id == export_id)
        blobs = [
            (volume.position, volume.blob_id)
            for volume in work.session.scalars(volumes.order_by(ExportVolume.position))
        ]
    if blobs:
        return _volumes_as_file(caller.actor, export, name, blobs)

    def find(work: Work) -> Book:
        return book_of(work, export)

    return _made_now(caller, find, copy, export.format, name, full=export.is_full)


def _size(work: Work, book: Book, form: ExportFormat, rows: int) -> int:
    """How much the texts of a book are, where it matters: a workbook is written line by line, many forms are a job anyhow."""
    return 0 if is_job(form, rows) or form is ExportFormat.XLSX else book_size(work, book)


def _made_now(
    caller: Access, find: FindBook, copy: Copy, form: ExportFormat, name: str, *, full: bool
) -> Response:
    if form is not ExportFormat.XLSX:
        # The turn first: who waits for it holds neither a book nor a connection.
        with print_slot():
            with open_reading(caller.actor) as work:
                book = find(work)
                prints = prints_of(work, book, copy, form, ledger_lines(work, book, full=full))
            return _file(printed(prints, settings().templates_dir), MEDIA[form], name)

    def chunks() -> Iterator[bytes]:
        with open_reading(caller.actor) as work:
            yield from ledger_workbook(work, find(work), copy, full=full)

    end = downloads.begin(caller.staff.staff_id)
    # Written while it is read: a fault on the way cuts the answer short, which no client takes for the whole.
    response = _file(stream_with_context(downloads.in_time(chunks(), end)), XLSX_TYPE, name)
    response.call_on_close(end)
    return response


def _volumes_as_file(
    actor: Actor, export: ExportRequest, name: str, blobs: Sequence[tuple[int, str]]
) -> Response:
    files = _volumes(actor, export, name, blobs)
    if len(blobs) == 1:
        return _file(next(files)[1], MEDIA[export.format], name)
    return _file(stream_with_context(packed_files(files)), ZIP_TYPE, f"{name.rpartition('.')[0]}.zip")


def _volumes(
    actor: Actor, export: ExportRequest, name: str, blobs: Sequence[tuple[int, str]]
) -> Iterator[tuple[str, bytes]]:
    """Each finished volume in clear, one at a time."""
    stem, _, suffix = name.rpartition(".")
    with open_reading(actor) as work:
        for position, blob_id in blobs:
            sealed = sealed_bytes(work.session, work.session.get_one(Blob, blob_id), file_store())
            yield f"{stem}-第{position}册.{suffix}", exports.unsealed(work, export, blob_id, sealed)


def _file(body: bytes | Iterator[bytes], media_type: str, name: str) -> Response:
    """A download that no browser runs or keeps."""
    response = Response(body, mimetype=media_type)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "private, no-store"
    return response
