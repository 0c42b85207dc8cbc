"""Sealed files, wherever this installation keeps them: a folder, or rows of the database for several hosts."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from backend.models import Blob, BlobChunk
from backend.models.types import new_id
from backend.services.outbox import add_job
from backend.services.work import Work
from backend.vault.blobs import BlobStore, new_locator

CHUNK_BYTES = 256 * 1024
DESTROY_FILE = "destroy_file"
"""The job that removes a sealed file once the transaction stands; rows of the database go with it."""


def new_blob(work: Work, store: BlobStore | None, size: int) -> Blob:
    """The row of a file that is about to be sealed: its id goes into the seal. `store` None keeps bytes as rows."""
    kind = "files" if store is not None else "rows"
    blob = Blob(id=new_id(), store=kind, locator=new_locator(), size=size, created_at=work.now)
    work.session.add(blob)
    work.session.flush()
    return blob


def keep_sealed(work: Work, blob: Blob, sealed: bytes, store: BlobStore | None) -> None:
    """Write it before the transaction commits: a crash leaves an unnamed file, never a row without one.

    Raises StorageFull.
    """
    if store is not None:
        store.write(blob.locator, sealed)
        return
    work.session.add_all(
        BlobChunk(blob_id=blob.id, position=n, sealed=sealed[start : start + CHUNK_BYTES])
        for n, start in enumerate(range(0, len(sealed), CHUNK_BYTES))
    )


def sealed_bytes(session: Session, blob: Blob, store: BlobStore) -> bytes:
    """What was sealed. Raises BlobMissing."""
    if blob.store == "files":
        return store.read(blob.locator)
    chunks = select(BlobChunk.sealed).where(BlobChunk.blob_id == blob.id).order_by(BlobChunk.position)
    return b"".join(session.scalars(chunks))


def destroy_sealed(work: Work, blob_id: str) -> None:
    """Its rows now, its file once the transaction stands; the row that names it stays."""
    work.session.execute(delete(BlobChunk).where(BlobChunk.blob_id == blob_id))
    if work.session.get_one(Blob, blob_id).store == "files":
        add_job(work, DESTROY_FILE, once=blob_id, blob=blob_id)
