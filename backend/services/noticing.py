"""Taking note of what came in: from then on only what is newer is told."""

from __future__ import annotations

from datetime import datetime

from backend.domain.identity import Identity
from backend.models import NoticeMark
from backend.services.work import Work


def take_note(work: Work, identity: Identity, until: datetime) -> None:
    """What came until then is known to this person: what their page showed, and nothing that came after it."""
    seen_at = min(until, work.now)
    mark = work.session.get(NoticeMark, identity.staff_id, with_for_update=True)
    if mark is None:
        work.session.add(NoticeMark(staff_id=identity.staff_id, seen_at=seen_at))
    else:
        mark.seen_at = max(mark.seen_at, seen_at)
    work.session.flush()
