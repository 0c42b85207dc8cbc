"""Put on record what is done to the organisation: who, what, when. Nothing takes it off again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backend.domain.vocabulary_organisation import ChangeKind
from backend.models import OrganisationChange, Post, Section, Staff
from backend.models.types import new_id
from backend.services.work import Work


def note_change(
    work: Work,
    kind: ChangeKind,
    unit_id: str,
    facts: Mapping[str, Any] | None = None,
    *,
    section: Section | None = None,
    post: Post | None = None,
    staff: Staff | None = None,
    change_id: str | None = None,
) -> OrganisationChange:
    """One change. `facts` are `[old, new]` by field, or plain facts of something new; never a secret."""
    row = OrganisationChange(
        id=change_id or new_id(),
        at=work.now,
        kind=kind,
        by_id=work.actor.id if work.actor.kind == "staff" else None,
        unit_id=unit_id,
        section_id=section.id if section else None,
        post_id=post.id if post else None,
        staff_id=staff.id if staff else None,
        facts=dict(facts or {}),
    )
    work.session.add(row)
    work.session.flush()
    return row


def changed(row: Any, **wanted: Any) -> dict[str, list[Any]]:
    """Set these attributes of a row; returns those that differ as `[old, new]`, as JSON takes them."""
    facts: dict[str, list[Any]] = {}
    for name, value in wanted.items():
        old = getattr(row, name)
        if old != value:
            setattr(row, name, value)
            facts[name] = [_plain(old), _plain(value)]
    return facts


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, (bool, int)) else str(value)
