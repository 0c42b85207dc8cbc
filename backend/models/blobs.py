"""Sealed files: where each one is, and its bytes when the database keeps them."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import Base
from backend.models.types import Moment, PrimaryId


class Blob(Base):
    """A sealed file under a random name: in `data_dir/blobs`, or as rows of 256 KiB for several hosts."""

    __tablename__ = "blobs"

    id: Mapped[PrimaryId]
    store: Mapped[str] = mapped_column(String(8))
    locator: Mapped[str] = mapped_column(String(64), unique=True)
    size: Mapped[int]
    created_at: Mapped[Moment]

    __table_args__ = (CheckConstraint("store IN ('files', 'rows')", name="known_store"),)


class BlobChunk(Base):
    __tablename__ = "blob_chunks"

    blob_id: Mapped[str] = mapped_column(String(32), ForeignKey("blobs.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
