"""What a sign says: unit, section, post, place, and which measure binds there."""

from __future__ import annotations

from typing import Any

from backend.domain.numbers import display_sign_code
from backend.models import Sign
from backend.queries.people import ref
from backend.services.work import Work


def sign_shape(work: Work, sign: Sign, base_url: str) -> dict[str, Any]:
    """A live sign for its page and the API."""
    post, unit = sign.post, sign.post.unit
    measure = work.tools.statute.measures[unit.measure]
    return {
        "code": sign.code,
        "display_code": display_sign_code(sign.code),
        "url": f"{base_url}/s/{sign.code}",
        "location": sign.location or post.location,
        "unit": ref(unit),
        "section": ref(post.section),
        "post": {
            "id": post.id,
            "kind": post.kind.value,
            "label": post.kind.label,
            "location": post.location,
            "phone": post.phone,
            "holder_name": post.holder.name if post.holder else None,
        },
        "complaint_phone": unit.complaint_phone,
        "measure": {
            "id": unit.measure.value,
            "term": measure.terms.system,
            "title": measure.title,
            "document": measure.document_number,
        },
    }
