"""Make thick books, a volume at a time, and destroy what nobody may take any more.

A volume is read in one go and set outside every transaction, within a lease; the next one is a job of its own. What a
crash interrupts is made again, and nothing is kept twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from threading import Event

from backend.delivery.doing import NotNow, reading_work, settings, system_work
from backend.delivery.leases import Leased
from backend.domain.errors import DomainError
from backend.domain.exports import VOLUME_FORMS, ExportState, standing, volumes_of
from backend.exports.forms import Volume
from backend.exports.printing import print_slot
from backend.exports.printing_terms import TemplateBroken
from backend.models import ExportRequest
from backend.queries.exports import book_of, copy_of
from backend.queries.ledger_files import Place, Prints, lines_of, printed, prints_of, rows_after
from backend.services import exports
from backend.services.sealed_files import keep_sealed, new_blob
from backend.vault.blobs import FileBlobStore

CATCHING_UP = timedelta(seconds=2)
"""How long a copy of the database that is read from may lag behind."""


@dataclass(frozen=True, slots=True)
class Part:
    """What a volume is made of, how many lines it stands for, and the last of them."""

    prints: Prints
    count: int
    last: Place | None


def print_volume(item: Leased) -> None:
    """Make the next volume of a book and keep it. Raises NotNow, PrintBusy, PrintFailed: it is tried again."""
    export_id, done = item.payload["export"], item.payload["done"]
    try:
        with print_slot():
            part = _read(export_id, done)
            made = printed(part.prints, settings().templates_dir) if part is not None else b""
        if part is not None:
            _keep(export_id, done, part, made)
    except TemplateBroken:
        _fail(export_id, "template_broken")
    except DomainError:
        # Whoever asked for it may not read the book any more.
        _fail(export_id, "not_allowed")


def sweep(stop: Event) -> None:
    """End what ran out, a few at a time."""
    left = exports.SWEPT_AT_ONCE
    while left == exports.SWEPT_AT_ONCE and not stop.is_set():
        with system_work() as work:
            left = exports.sweep(work)


def _read(export_id: str, done: int) -> Part | None:
    with reading_work() as work:
        export = work.session.get(ExportRequest, export_id)
        if export is None or export.done_count < done:
            raise NotNow(work.now + CATCHING_UP)
        if export.done_count > done or standing(export, work.now) is not ExportState.MAKING:
            return None
        book, copy = book_of(work, export), copy_of(work, export)
        after = (export.last_at, export.last_row_id) if export.last_at and export.last_row_id else None
        left = export.row_count - done
        rows = rows_after(work, book, after, min(VOLUME_FORMS, left))
        volume = Volume(done // VOLUME_FORMS + 1, volumes_of(export.row_count))
        lines = lines_of(work, book, rows, full=export.is_full)
        prints = prints_of(work, book, copy, export.format, lines, volume)
        last = (rows[-1].received_at, rows[-1].id) if rows else None
        # Lines that left the book meanwhile are missing at its end: the last volume closes it all the same.
        return Part(prints, VOLUME_FORMS if len(rows) == VOLUME_FORMS else left, last)


def _keep(export_id: str, done: int, part: Part, data: bytes) -> None:
    store = FileBlobStore(settings().blobs_dir) if settings().blob_store == "files" else None
    with system_work() as work:
        export = work.session.get_one(ExportRequest, export_id, with_for_update=True)
        if standing(export, work.now) is not ExportState.MAKING or export.done_count != done:
            # The time is over, or another worker was faster.
            return
        blob = new_blob(work, store, len(data))
        keep_sealed(work, blob, exports.sealed(work, export, blob.id, data), store)
        exports.volume_done(work, export, blob.id, part.count, part.last)


def _fail(export_id: str, problem: str) -> None:
    with system_work() as work:
        export = work.session.get_one(ExportRequest, export_id, with_for_update=True)
        if export.state is ExportState.MAKING:
            exports.fail(work, export, problem)
