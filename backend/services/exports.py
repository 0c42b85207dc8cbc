"""Copies of the ledger that are asked for, allowed, made and taken. Each step of one with names is in the unit's chain."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, select

from backend.domain.errors import FieldInvalid, NotFound, RoleRequired, TooOften
from backend.domain.exports import (
    A_DAY,
    FULL_KEPT_FOR,
    FULL_ROWS,
    MAKING_FOR,
    OPEN_STATES,
    PRINT_KEPT_FOR,
    WAITS_FOR,
    ExportDecided,
    ExportDecision,
    ExportExpired,
    ExportFormat,
    ExportNotReady,
    ExportState,
    ExportTaken,
    day_began,
    is_job,
    may_take_full,
    standing,
)
from backend.domain.identity import Identity
from backend.models import ExportRequest, ExportVolume, InquiryText, LedgerRow
from backend.models.types import new_id
from backend.queries.ledger_books import Book
from backend.services.ledger import lock_chains, record_of_unit
from backend.services.outbox import add_job
from backend.services.sealed_files import destroy_sealed
from backend.services.work import Work, find_by_id

PRINT_LEDGER = "print_ledger"
"""The job that makes the next volume of a book."""
SWEPT_AT_ONCE = 50
_DAY_SECONDS = 24 * 3600


def ask_for_print(work: Work, book: Book, form: ExportFormat, rows: int) -> ExportRequest:
    """Have a masked book made by a job; one that is made or waits to be taken already is not made twice."""
    there = work.session.scalar(
        select(ExportRequest)
        .where(
            *_same_book(book),
            ExportRequest.requested_by_id == book.identity.staff_id,
            ExportRequest.format == form,
            ~ExportRequest.is_full,
            ExportRequest.state.in_((ExportState.MAKING, ExportState.READY)),
            ExportRequest.expires_at > work.now,
        )
        .order_by(ExportRequest.requested_at.desc())
        .limit(1)
    )
    if there is not None:
        return there
    export = _new(work, book, form, rows, reason=None)
    _start_making(work, export)
    return export


def ask_for_full(work: Work, book: Book, form: ExportFormat, rows: int, reason: str) -> ExportRequest:
    """Ask for a copy with names and phones. Raises RoleRequired, TooOften, FieldInvalid."""
    ensure_full_role(book.identity, book.unit.id)
    # Counted under the lock of the chain the request goes to: two at once are one after the other.
    lock_chains(work.session, [book.unit.id])
    _ensure_not_too_often(work, book.identity.staff_id)
    if rows > FULL_ROWS:
        raise FieldInvalid(
            "/section", f"这本台账有 {rows:,} 件，一次最多导出 {FULL_ROWS:,} 件，请按科室分开申请。"
        )
    export = _new(work, book, form, rows, reason=reason)
    _note(work, "export_requested", export)
    return export


def decide(
    work: Work, identity: Identity, export: ExportRequest, decision: ExportDecision, note: str | None
) -> None:
    """Say yes or no to another one's request. From a yes on it can be taken for ten minutes, or is made.

    Raises RoleRequired, ExportDecided.
    """
    ensure_second_person(identity, export)
    if standing(_locked(work, export), work.now) is not ExportState.WAITING:
        raise ExportDecided()
    export.decided_by_id = identity.staff_id
    export.decided_at = work.now
    export.note = note
    if decision is ExportDecision.REFUSED:
        export.state = ExportState.REFUSED
    elif is_job(export.format, export.row_count, texts_size(work, _place_of(export))):
        _start_making(work, export)
    else:
        _make_ready(work, export)
    work.session.flush()
    _note(work, f"export_{decision.value}", export)


def texts_size(work: Work, lines: ColumnElement[bool]) -> int:
    """How much the texts of these lines of the ledger take, as they are kept."""
    matters = select(LedgerRow.inquiry_id).where(lines)
    size = select(func.sum(func.length(InquiryText.sealed))).where(InquiryText.inquiry_id.in_(matters))
    return int(work.session.scalar(size) or 0)


def take(work: Work, export: ExportRequest) -> None:
    """Take a copy: once, by whoever asked for it. Raises ExportNotReady, ExportTaken, ExportExpired."""
    state = standing(_locked(work, export), work.now)
    if state is ExportState.DOWNLOADED:
        raise ExportTaken()
    if state is ExportState.EXPIRED:
        raise ExportExpired()
    if state is not ExportState.READY:
        raise ExportNotReady()
    export.state = ExportState.DOWNLOADED
    export.downloaded_at = work.now
    work.session.flush()
    if export.is_full:
        _note(work, "export_downloaded", export)


def find_export(work: Work, identity: Identity, export_id: str) -> ExportRequest:
    """One's own, or another's of the unit that one may allow. Raises NotFound."""
    export = find_by_id(work.session, ExportRequest, export_id)
    if export is None or not (
        export.requested_by_id == identity.staff_id
        or (export.is_full and may_take_full(identity, export.unit_id))
    ):
        raise NotFound()
    return export


def ensure_full_role(identity: Identity, unit_id: str) -> None:
    """Raises RoleRequired."""
    if not may_take_full(identity, unit_id):
        raise RoleRequired("含姓名、电话的导出由首问责任总岗、机关纪委或主要领导申请和批准。")


def ensure_second_person(identity: Identity, export: ExportRequest) -> None:
    """Raises RoleRequired."""
    ensure_full_role(identity, export.unit_id)
    if export.requested_by_id == identity.staff_id:
        raise RoleRequired("自己的申请由另一位有权限的同志批准。")


def ensure_requester(identity: Identity, export: ExportRequest) -> None:
    """Raises RoleRequired: also for who asked, once the post that allowed it is theirs no more."""
    if export.requested_by_id != identity.staff_id:
        raise RoleRequired("由申请人本人下载。")
    if export.is_full:
        ensure_full_role(identity, export.unit_id)


def volume_done(
    work: Work, export: ExportRequest, blob_id: str, count: int, last: tuple[datetime, str] | None
) -> None:
    """Keep a finished volume; goes on with the next, or lets the copy be taken."""
    position = 1 + (
        work.session.scalar(
            select(func.count()).select_from(ExportVolume).where(ExportVolume.export_id == export.id)
        )
        or 0
    )
    work.session.add(ExportVolume(export_id=export.id, position=position, blob_id=blob_id))
    export.done_count += count
    if last is not None:
        export.last_at, export.last_row_id = last
    if export.done_count >= export.row_count:
        _make_ready(work, export)
    else:
        add_job(work, PRINT_LEDGER, export=export.id, done=export.done_count)
    work.session.flush()


def sealed(work: Work, export: ExportRequest, blob_id: str, data: bytes) -> bytes:
    """A volume as it is kept. Raises ValueError once the copy's key is destroyed."""
    return work.tools.vault.seal(_key(export), data, _context(export, blob_id))


def unsealed(work: Work, export: ExportRequest, blob_id: str, data: bytes) -> bytes:
    """The same back in clear. Raises ValueError, SealBroken."""
    return work.tools.vault.unseal(_key(export), data, _context(export, blob_id))


def fail(work: Work, export: ExportRequest, problem: str) -> None:
    """It cannot be made, and trying again would not help."""
    export.state, export.problem = ExportState.FAILED, problem
    _destroy(work, export)


def sweep(work: Work) -> int:
    """End what ran out and destroy what was made of it. Returns how many there were."""
    over = work.session.scalars(
        select(ExportRequest)
        .where(
            ExportRequest.expires_at <= work.now,
            (ExportRequest.state.in_(OPEN_STATES)) | ExportRequest.wrapped_key.is_not(None),
        )
        .order_by(ExportRequest.expires_at)
        .limit(SWEPT_AT_ONCE)
        .with_for_update(skip_locked=True)
    ).all()
    for export in over:
        state = standing(export, work.now)
        if state is ExportState.FAILED:
            export.problem = export.problem or "too_slow"
        export.state = state
        _destroy(work, export)
    return len(over)


def _new(work: Work, book: Book, form: ExportFormat, rows: int, *, reason: str | None) -> ExportRequest:
    export = ExportRequest(
        id=new_id(),
        unit_id=book.unit.id,
        section_id=book.section.id if book.section else None,
        scope=book.scope,
        year=book.year,
        format=form,
        is_full=reason is not None,
        reason=reason,
        requested_by_id=book.identity.staff_id,
        requested_at=work.now,
        row_count=rows,
        state=ExportState.WAITING if reason is not None else ExportState.MAKING,
        expires_at=work.now + WAITS_FOR,
        done_count=0,
    )
    work.session.add(export)
    work.session.flush()
    return export


def _start_making(work: Work, export: ExportRequest) -> None:
    export.state = ExportState.MAKING
    export.expires_at = work.now + MAKING_FOR
    export.wrapped_key = work.tools.vault.new_data_key()
    work.session.flush()
    add_job(work, PRINT_LEDGER, export=export.id, done=0)


def _make_ready(work: Work, export: ExportRequest) -> None:
    export.state = ExportState.READY
    export.expires_at = work.now + (FULL_KEPT_FOR if export.is_full else PRINT_KEPT_FOR)


def _destroy(work: Work, export: ExportRequest) -> None:
    volumes = work.session.scalars(select(ExportVolume).where(ExportVolume.export_id == export.id)).all()
    for volume in volumes:
        work.session.delete(volume)
        destroy_sealed(work, volume.blob_id)
    export.wrapped_key = None
    work.session.flush()


def _ensure_not_too_often(work: Work, staff_id: str) -> None:
    began = day_began(work.now)
    made = work.session.scalar(
        select(func.count())
        .select_from(ExportRequest)
        .where(
            ExportRequest.requested_by_id == staff_id,
            ExportRequest.is_full,
            ExportRequest.requested_at >= began,
        )
    )
    if (made or 0) >= A_DAY:
        raise TooOften(_DAY_SECONDS - int((work.now - began).total_seconds()))


def _key(export: ExportRequest) -> bytes:
    if export.wrapped_key is None:
        raise ValueError("the copy is destroyed")
    return export.wrapped_key


def _context(export: ExportRequest, blob_id: str) -> str:
    return f"export:{export.id}:{blob_id}"


def _same_book(book: Book) -> tuple[ColumnElement[bool], ...]:
    section = ExportRequest.section_id
    return (
        ExportRequest.unit_id == book.unit.id,
        section.is_(None) if book.section is None else section == book.section.id,
        ExportRequest.year == book.year,
    )


def _place_of(export: ExportRequest) -> ColumnElement[bool]:
    """SQL: this row of `ledger_rows` stands in the book that was asked for."""
    place = (
        LedgerRow.unit_id == export.unit_id
        if export.section_id is None
        else LedgerRow.section_id == export.section_id
    )
    return and_(place, LedgerRow.year == export.year)


def _locked(work: Work, export: ExportRequest) -> ExportRequest:
    work.session.refresh(export, with_for_update=True)
    return export


def note_operators_copy(work: Work, book: Book, form: ExportFormat, rows: int) -> None:
    """A masked copy made at the command line: nobody signed in for it, so the unit's chain keeps it."""
    facts = {
        "by": "command_line",
        "scope": book.scope.value,
        "section": book.section.id if book.section else None,
        "year": book.year,
        "format": form.value,
        "rows": rows,
    }
    record_of_unit(work, "ledger_exported", book.unit.id, facts)


def _note(work: Work, event: str, export: ExportRequest) -> None:
    facts = {
        "export": export.id,
        "scope": export.scope.value,
        "section": export.section_id,
        "year": export.year,
        "format": export.format.value,
        "rows": export.row_count,
        "requested_by": export.requested_by_id,
    }
    record_of_unit(work, event, export.unit_id, facts)
