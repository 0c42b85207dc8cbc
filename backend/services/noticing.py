"""Taking note of what came in: from then on only what is newer is told."""

from __future__ import annotations

from backend.domain.identity import Identity
from backend.models import NoticeMark
from backend.services.work import Work


def take_note(work: Work, identity: Identity) -> None:
    """Everything until now is known to this person."""
    mark = work.session.get(NoticeMark, identity.staff_id, with_for_update=True)
    if mark is None:
        work.session.add(NoticeMark(staff_id=identity.staff_id, seen_at=work.now))
    else:
        mark.seen_at = max(mark.seen_at, work.now)
    work.session.flush()
