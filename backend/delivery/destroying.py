"""Remove the sealed files of which the database says that they are destroyed."""

from __future__ import annotations

from backend.database import reading
from backend.delivery.doing import settings
from backend.delivery.leases import Leased
from backend.models import Blob
from backend.vault.blobs import FileBlobStore


def destroy_file(item: Leased) -> None:
    """Remove one; removing what is gone already is no error."""
    with reading() as session:
        locator = session.get_one(Blob, item.payload["blob"]).locator
    FileBlobStore(settings().blobs_dir).delete(locator)
