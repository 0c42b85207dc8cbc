"""Small shapes every answer shares: units, sections, posts, persons, and who holds an inquiry."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from backend.models import Holding, Post, Section, Staff, Unit


def ref(thing: Unit | Section | Staff | None) -> dict[str, str] | None:
    """`{id, name}` of a unit, section or person."""
    return {"id": thing.id, "name": thing.name} if thing is not None else None


def place_name(unit: Unit, section: Section | None) -> str:
    """单位 and 科室 in one line."""
    return f"{unit.name} {section.name}" if section is not None else unit.name


def holder_of(holding: Holding) -> dict[str, Any]:
    """Who bears an inquiry: unit, section, post and person, and the same in one sentence."""
    post = holding.post
    person = holding.staff or (post.holder if post is not None else None)
    where = place_name(holding.unit, holding.section)
    label = post.kind.label if post is not None else ""
    named = person.name if person is not None else ""
    return {
        "unit": ref(holding.unit),
        "section": ref(holding.section),
        "post": {
            "id": post.id,
            "kind": post.kind.value,
            "label": label,
            "location": post.location,
            "phone": post.phone,
        }
        if post is not None
        else None,
        "person": ref(person),
        "text": " ".join(part for part in (where, label, named) if part),
    }


def holder_at(session: Session, facts: dict[str, Any] | None) -> dict[str, Any] | None:
    """The holder a ledger entry names, rendered like a live one; None where the entry names none."""
    if not facts:
        return None
    unit = session.get_one(Unit, facts["unit"])
    section = session.get(Section, facts["section"]) if facts.get("section") else None
    post = session.get(Post, facts["post"]) if facts.get("post") else None
    staff = session.get(Staff, facts["staff"]) if facts.get("staff") else None
    return holder_of(Holding(unit=unit, section=section, post=post, staff=staff))
