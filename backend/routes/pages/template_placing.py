"""Put a reply template into a form that is being written."""

from __future__ import annotations

from collections.abc import Mapping

from backend.domain.identity import Identity
from backend.services.reply_templates import find_template
from backend.services.work import Work


def with_template(work: Work, identity: Identity, form: Mapping[str, str]) -> dict[str, str]:
    """The form with the chosen template below what the reply says already; as it is where none is chosen.

    Raises NotFound for a template of another section.
    """
    values = dict(form)
    if form.get("template"):
        parts = [values.get("reply", "").rstrip(), find_template(work, identity, form["template"]).body]
        values["reply"] = "\n".join(part for part in parts if part)
    return values
