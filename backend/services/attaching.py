"""Photos and PDFs: cleaned before they come here, sealed, and kept with the inquiry."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from backend.domain.errors import DomainError
from backend.domain.states import Step, next_status
from backend.models import Attachment, Blob, Inquiry, LedgerEntry
from backend.models.types import new_id
from backend.services.changing import move
from backend.services.content_checks import start_check
from backend.services.holdings import bearers, live_holding
from backend.services.ledger import record
from backend.services.notices import end_wait, wait_began_with
from backend.services.outbox import message_staff
from backend.services.sealed_files import keep_sealed, new_blob
from backend.services.texts import store_text
from backend.services.work import Tools, Work
from backend.vault.blobs import BlobStore
from backend.vault.media import CleanMedia

AT_MOST = 6


class AttachmentsFull(DomainError):
    """An inquiry takes six files."""

    code = "attachments_full"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as received, already re-encoded; `file_name` is what the citizen called it."""

    media: CleanMedia
    file_name: str


def ensure_room(work: Work, inquiry: Inquiry) -> int:
    """The next free place. Raises AttachmentsFull, or IllegalTransition once the inquiry is closed."""
    next_status(inquiry.status, Step.ATTACH)
    count = work.session.scalar(
        select(func.count()).select_from(Attachment).where(Attachment.inquiry_id == inquiry.id)
    )
    if (count or 0) >= AT_MOST:
        raise AttachmentsFull()
    return (count or 0) + 1


def attach_file(
    work: Work, inquiry: Inquiry, upload: Upload, store: BlobStore | None
) -> tuple[Attachment, LedgerEntry]:
    """Seal a cleaned file and add it, which ends a wait for the citizen. `store` None keeps the bytes as rows.

    A file is written before the transaction commits: a crash leaves at worst an unnamed sealed file, never a row
    without its file. Raises AttachmentsFull, IllegalTransition, StorageFull.
    """
    position = ensure_room(work, inquiry)
    if inquiry.wrapped_key is None:
        raise ValueError("the inquiry has been erased")
    blob = new_blob(work, store, len(upload.media.data))
    sealed = work.tools.vault.seal(inquiry.wrapped_key, upload.media.data, _context(inquiry.id, blob.id))
    keep_sealed(work, blob, sealed, store)
    name_row, name_digest = store_text(work, inquiry, "file_name", upload.file_name)
    attachment = Attachment(
        id=new_id(),
        inquiry_id=inquiry.id,
        position=position,
        media_type=upload.media.media_type,
        size=len(upload.media.data),
        file_name_text_id=name_row.id,
        blob_id=blob.id,
        added_at=work.now,
    )
    work.session.add(attachment)
    work.session.flush()
    start_check(work, inquiry, attachment)
    was_awaited = wait_began_with(work, inquiry) is not None
    move(inquiry, Step.ATTACH)
    work.session.flush()
    resumed = end_wait(work, inquiry)
    holding = live_holding(work.session, inquiry)
    entry = record(
        work,
        "attached",
        inquiry,
        unit_id=inquiry.unit_id,
        facts={"attachment": attachment.id, "media_type": attachment.media_type, "size": attachment.size}
        | ({"resumed": [clock.id for clock in resumed]} if resumed else {}),
        texts={"file_name": (name_row.id, name_digest)},
    )
    if was_awaited and holding is not None:
        message_staff(work, "supplemented", inquiry, [s.id for s in bearers(work.session, holding, work.now)])
    return attachment, entry


def read_attachment(work_tools: Tools, inquiry: Inquiry, blob: Blob, sealed: bytes) -> bytes:
    """The cleaned bytes of an attachment. Raises SealBroken when they were tampered with."""
    if inquiry.wrapped_key is None:
        raise ValueError("the inquiry has been erased")
    return work_tools.vault.unseal(inquiry.wrapped_key, sealed, _context(inquiry.id, blob.id))


def _context(inquiry_id: str, blob_id: str) -> str:
    return f"blob:{inquiry_id}:{blob_id}"
