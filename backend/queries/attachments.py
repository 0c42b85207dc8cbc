"""Read an attachment back, from whichever store keeps it."""

from __future__ import annotations

from backend.domain.errors import AttachmentErased, NotFound
from backend.models import Attachment, Blob, Inquiry
from backend.services.attaching import read_attachment
from backend.services.sealed_files import sealed_bytes
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
    sealed = sealed_bytes(work.session, blob, store)
    return row, read_attachment(work.tools, inquiry, blob, sealed)
