"""Fields that speak in our stable codes. A message is `code` or `code|sentence`."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from backend.domain.texts import TextEmpty, TextInvalid, TextTooLong, clean_text
from backend.domain.vocabulary import Word

MESSAGES: dict[str, Any] = {
    "required": "required",
    "null": "null_not_allowed",
    "invalid": "type_invalid",
    "type": "type_invalid",
    "validator_failed": "value_invalid",
}


_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class In(Schema):
    """A request body: an unknown field is refused, never ignored."""

    class Meta:
        unknown = RAISE

    error_messages = {"unknown": "unknown_field", "type": "type_invalid"}  # noqa: RUF012 - marshmallow's way


class Out(Schema):
    """A response body."""


class Line(fields.String):
    """One line of text without control characters, 1 to `limit` code points, kept byte for byte."""

    default_error_messages = MESSAGES
    lines = False

    def __init__(self, limit: int, **kwargs: Any) -> None:
        metadata = {"minLength": 1, "maxLength": limit, **kwargs.pop("metadata", {})}
        super().__init__(metadata=metadata, **kwargs)
        self.limit = limit

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if not isinstance(value, str):
            raise self.make_error("invalid")
        try:
            return clean_text(value, limit=self.limit, lines=self.lines)
        except TextEmpty:
            raise ValidationError("text_empty") from None
        except TextTooLong:
            raise ValidationError(f"text_too_long|内容太长，最多 {self.limit:,} 字。") from None
        except TextInvalid:
            raise ValidationError("text_invalid") from None


class Paragraphs(Line):
    """Text of several lines; CRLF is folded before counting."""

    lines = True


class Choice(fields.String):
    """One identifier of a vocabulary."""

    default_error_messages = MESSAGES

    def __init__(self, word: type[Word], *, only: tuple[Word, ...] | None = None, **kwargs: Any) -> None:
        self.word = word
        self.allowed = tuple(only or word)
        labels = "；".join(f"{w.value} {w.label}" for w in self.allowed)
        metadata = {
            "enum": [w.value for w in self.allowed],
            "description": labels,
            **kwargs.pop("metadata", {}),
        }
        super().__init__(metadata=metadata, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, str):
            raise self.make_error("invalid")
        for word in self.allowed:
            if word.value == value:
                return word
        raise ValidationError("choice_invalid")


class Flag(fields.Boolean):
    """True or false, nothing that merely looks like it."""

    default_error_messages = MESSAGES

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid")
        return value


class Moment(fields.AwareDateTime):
    """ISO 8601 with its offset."""

    default_error_messages = {**MESSAGES, "invalid_awareness": "type_invalid", "format": "type_invalid"}  # noqa: RUF012

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        if not isinstance(value, str) or not 10 <= len(value) <= 40:
            raise self.make_error("invalid", obj_type="datetime")
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            raise self.make_error("invalid", obj_type="datetime") from None
        if moment.tzinfo is None:
            raise ValidationError("type_invalid|时间要带时区，例如 2026-11-20T09:30:00+08:00。")
        return moment


class Day(fields.Date):
    """A calendar day of Beijing, 2026-11-20."""

    default_error_messages = {**MESSAGES, "format": "type_invalid"}  # noqa: RUF012 - as above

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> date:
        if not isinstance(value, str) or not _DAY.fullmatch(value):
            raise self.make_error("invalid", obj_type="date")
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise self.make_error("invalid", obj_type="date") from None


class Id(fields.String):
    """An opaque identifier."""

    default_error_messages = MESSAGES

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(metadata={"maxLength": 64, **kwargs.pop("metadata", {})}, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if not isinstance(value, str):
            raise self.make_error("invalid")
        if not 1 <= len(value) <= 64 or not value.isascii() or not value.isprintable():
            raise ValidationError("value_invalid")
        return value


class Inner(fields.Nested):
    """An object inside an object."""

    default_error_messages = MESSAGES


PhoneTail = validate.Regexp(r"^[0-9]{4}\Z", error="phone_tail_invalid")
