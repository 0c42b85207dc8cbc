"""服务对象: who asked. Everything about a person is sealed; finding one goes through blind indexes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import Base
from backend.domain.vocabulary import CitizenKind
from backend.models.types import Moment, PrimaryId, UtcDateTime, WordType, word_check


class Citizen(Base):
    """A 公民, 法人 or 其他组织 (坛 第二条) who left contact data; anonymous inquiries have none."""

    __tablename__ = "citizens"

    id: Mapped[PrimaryId]
    kind: Mapped[CitizenKind] = mapped_column(WordType(CitizenKind))
    wrapped_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    """The person's data key; destroying it erases the person everywhere, backups included."""
    name_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    org_name_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    phone_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    phone_index: Mapped[str | None] = mapped_column(String(64))
    phone_tail_index: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[Moment]
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        word_check("kind", CitizenKind),
        Index(None, "phone_index"),
        Index(None, "phone_tail_index"),
    )
