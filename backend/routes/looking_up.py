"""Finding an inquiry again by number and phone tail, alike for the API and the page."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from backend.models import AccessSession, Inquiry
from backend.routes.installation import settings
from backend.services.tracking import look_up
from backend.services.work import Work


def find_again(work: Work, data: dict[str, Any]) -> tuple[str, AccessSession, Inquiry]:
    """Open a tracking session of this installation's length for a loaded `LookupIn`. Raises NotFound."""
    lifetime = timedelta(hours=settings().tracking_hours)
    return look_up(work, number=data["number"], phone_tail=data["phone_tail"], lifetime=lifetime)
