"""Column types shared by every table."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Annotated, Any

from sqlalchemy import CheckConstraint, DateTime, Dialect, LargeBinary, String, Text
from sqlalchemy.orm import mapped_column
from sqlalchemy.types import TypeDecorator

from backend.domain.vocabulary import Word


def new_id() -> str:
    """An opaque identifier of 32 hexadecimal symbols."""
    return uuid.uuid4().hex


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, stored as UTC; a naive value is a programming error and is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime cannot be stored")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class WordType(TypeDecorator[Any]):
    """A `Word` stored by its identifier."""

    impl = String(32)
    cache_ok = True

    def __init__(self, word: type[Word]) -> None:
        super().__init__()
        self.word = word

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else str(self.word(value).value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else self.word(value)


def word_check(column: str, word: type[Word]) -> CheckConstraint:
    """The database's own refusal of any word but these, for the table arguments of a `WordType` column.

    Words stand in alphabetical order, so that telling them in another order is no change of the schema.
    """
    return CheckConstraint(words_in(column, word), name=f"known_{column}")


def words_in(column: str, words: Iterable[Word]) -> str:
    """SQL: the column holds one of the words (or NULL, which a CHECK lets pass)."""
    return f"{column} IN ({', '.join(repr(word.value) for word in sorted(words))})"


Id = Annotated[str, mapped_column(String(32))]
PrimaryId = Annotated[str, mapped_column(String(32), primary_key=True, default=new_id)]
Moment = Annotated[datetime, mapped_column(UtcDateTime)]
Name = Annotated[str, mapped_column(String(200))]
LongText = Annotated[str, mapped_column(Text)]
Sealed = Annotated[bytes, mapped_column(LargeBinary)]
"""Ciphertext of the vault; carries its own version, algorithm and nonce."""
