"""What a refusal or guidance says besides its reply: the clause, the authority, the help (坛 六（一）、六（四）、七（四）)."""

from __future__ import annotations

from typing import Any

from backend.models import Inquiry
from backend.services.closing import AUTHORITY_PARTS
from backend.services.work import Work

TEXT_LABELS = {
    "authority_name": "主管部门：",
    "authority_address": "地址：",
    "authority_phone": "电话：",
    "help": "提供的帮助：",
}


def guidance_of(work: Work, inquiry: Inquiry, facts: dict[str, Any], texts: dict[str, str]) -> dict[str, Any]:
    """Of the entry of closing: where somebody was guided to, the help given, and the clause it was done under."""
    authority = {part: texts.get(f"authority_{part}") for part in AUTHORITY_PARTS}
    duty = facts.get("duty")
    return {
        "authority": authority if authority["name"] else None,
        "help": texts.get("help"),
        "clause": work.tools.statute.duty(inquiry.measure, duty).clause if duty else None,
    }
