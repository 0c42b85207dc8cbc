"""Which days are working days, each with its source; an office loads a new year."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Date, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import Base
from backend.models.types import Moment


class CalendarDayRow(Base):
    """One day of an official year: holidays, make-up working days and ordinary days alike."""

    __tablename__ = "calendar_days"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    is_workday: Mapped[bool]
    source: Mapped[str] = mapped_column(String(80))
    note: Mapped[str] = mapped_column(String(80), default="")
    loaded_at: Mapped[Moment] = mapped_column(index=True)
    """When this row was last loaded; the newest one tells whether a table built from the rows is still good."""
