"""Read an attachment back, from whichever store keeps it."""

from __future__ import annotations

from sqlalchemy import select

from backend.domain.errors import AttachmentErased, NotFound
from backend.models import Attachment, Blob, BlobChunk, Inquiry
from backend.services.attaching import read_attachment
from backend.services.work import Work, find_by_id
from backend.vault.blobs import BlobStore


def attachment_bytes(
    work: Work, inquiry: Inquiry, attachment_id: str, store: BlobStore
) -> tuple[Attachment, bytes]:
    """The row and the cleaned bytes. Raises NotFound, AttachmentErased, BlobMissing, SealBroken."""
    row = find_by_id(work.session, Attachment, attachment_id)
    if row is None or row.inquiry_id != inquiry.id:
        raise NotFound()
    if row.erased_at is not None:
        raise AttachmentErased()
    blob = work.session.get_one(Blob, row.blob_id)
    if blob.store == "files":
        sealed = store.read(blob.locator)
    else:
        chunks = select(BlobChunk.sealed).where(BlobChunk.blob_id == blob.id).order_by(BlobChunk.position)
        sealed = b"".join(work.session.scalars(chunks))
    return row, read_attachment(work.tools, inquiry, blob, sealed)
