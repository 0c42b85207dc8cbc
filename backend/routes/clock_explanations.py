"""怎么算的: `/inquiries/{number}/clocks/{id}` for the citizen, the same below `/staff` for the office."""

from __future__ import annotations

from apiflask import APIBlueprint

from backend.queries.clock_explanation import explain_clock
from backend.routes.api import Shown, access, show_read
from backend.routes.documented import documented
from backend.routes.loading import find_tracked, find_visible
from backend.routes.openapi import BEARER, TRACKING
from backend.routes.pipeline import open_reading
from backend.schemas.answers_explanation import ClockExplanationOut

bp = APIBlueprint("clock_explanations", __name__, tag="时限")
staff = APIBlueprint("staff_clock_explanations", __name__, tag="时限")

SUMMARY = "怎么算的：每一天算不算、每次暂停和变化、由谁承担、依据什么"


@bp.get("/inquiries/<number>/clocks/<clock_id>")
@documented(bp, summary=SUMMARY, answer=ClockExplanationOut, security=TRACKING)
def explain(number: str, clock_id: str) -> Shown:
    """The limit of a row of this inquiry, running, ended or superseded; 404 for any other."""
    with open_reading(access().actor) as work:
        return show_read(explain_clock(work, find_tracked(work, number, access()), clock_id))


@staff.get("/staff/inquiries/<number>/clocks/<clock_id>")
@documented(staff, summary=SUMMARY, answer=ClockExplanationOut, security=BEARER)
def explain_to_staff(number: str, clock_id: str) -> Shown:
    """The same for staff in the inquiry's chain."""
    with open_reading(access().actor) as work:
        inquiry = find_visible(work, number, access().staff)
        return show_read(explain_clock(work, inquiry, clock_id, for_staff=True))
