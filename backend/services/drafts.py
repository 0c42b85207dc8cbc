"""Half-written forms, one of each a person, sealed with the person's own key: nobody else can open one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from backend.domain.errors import FieldInvalid
from backend.domain.identity import Identity
from backend.models import Draft, Staff
from backend.services.work import Work

KEPT_FOR = timedelta(days=7)
"""Then it is erased, whatever it was for."""
MOST_CHARACTERS = 60_000
"""More than any of our forms takes in all."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What was written, and when."""

    values: Mapping[str, str]
    saved_at: datetime


def save_draft(work: Work, identity: Identity, place: str, values: Mapping[str, str]) -> None:
    """Keep a form as it is now, in the place of what was kept of it; an empty one is dropped. Raises FieldInvalid."""
    written = {name: text for name, text in values.items() if text.strip()}
    if not written:
        drop_draft(work, identity, place)
        return
    if sum(len(name) + len(text) for name, text in written.items()) > MOST_CHARACTERS:
        raise FieldInvalid("", "写的内容太长，存不下草稿，请删减。", "text_too_long")
    person = work.session.get_one(Staff, identity.staff_id)
    words = json.dumps(written, ensure_ascii=True)
    sealed = work.tools.vault.seal(person.wrapped_key, words, _context(identity, place))
    row = work.session.get(Draft, (identity.staff_id, place), with_for_update=True)
    if row is None:
        work.session.add(Draft(staff_id=identity.staff_id, place=place, sealed=sealed, saved_at=work.now))
    else:
        row.sealed, row.saved_at = sealed, work.now
    work.session.flush()


def drafts_of(work: Work, identity: Identity, beginning: str) -> dict[str, Kept]:
    """This person's drafts whose place begins like this, by the rest of their place."""
    rows = work.session.scalars(
        select(Draft).where(
            Draft.staff_id == identity.staff_id,
            Draft.place.startswith(beginning, autoescape=True),
            Draft.saved_at > work.now - KEPT_FOR,
        )
    ).all()
    if not rows:
        return {}
    key = work.session.get_one(Staff, identity.staff_id).wrapped_key
    opened = {
        row.place: json.loads(work.tools.vault.unseal_text(key, row.sealed, _context(identity, row.place)))
        for row in rows
    }
    return {row.place.removeprefix(beginning): Kept(opened[row.place], row.saved_at) for row in rows}


def drop_draft(work: Work, identity: Identity, place: str) -> None:
    """What was written has been sent, or is not wanted any more."""
    work.session.execute(delete(Draft).where(Draft.staff_id == identity.staff_id, Draft.place == place))


def _context(identity: Identity, place: str) -> str:
    return f"draft:{identity.staff_id}:{place}"
