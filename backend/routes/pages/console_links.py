"""What the console's first page leads to besides the boxes, for whom it concerns."""

from __future__ import annotations

from backend.domain.identity import Identity
from backend.queries.leads import has_leads
from backend.services.unit_records import RECORDERS
from backend.services.work import Work

Links = list[tuple[str, str]]
"""`(address, words)`."""


def console_links(work: Work, identity: Identity) -> Links:
    """The links of this person, in order."""
    links: Links = []
    if has_leads(work, identity):
        links.append(("/staff/leads", "问责线索"))
    if identity.unit_id in identity.units_with(*RECORDERS):
        links.append(("/staff/records", "本单位的实施细则和鼓励激励"))
    return links
