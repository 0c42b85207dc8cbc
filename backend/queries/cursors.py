"""Where the next page of a list begins: the time and id of the last row shown, in a form nobody needs to read."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime

from backend.domain.errors import CursorInvalid
from backend.domain.times import require_aware
from backend.services.work import is_id


def write_cursor(at: datetime, row_id: str) -> str:
    """The place after this row. Raises NaiveDateTime."""
    key = json.dumps([require_aware(at).isoformat(), row_id])
    return base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> tuple[datetime, str]:
    """The time (UTC) and id a cursor means. Raises CursorInvalid for one we never gave out."""
    try:
        at, row_id = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        moment = require_aware(datetime.fromisoformat(at)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError, RecursionError):
        raise CursorInvalid from None
    if not isinstance(row_id, str) or not is_id(row_id):
        raise CursorInvalid
    return moment, row_id
