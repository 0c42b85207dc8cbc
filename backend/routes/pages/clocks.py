"""怎么算的, as a page: `/t/{token}/clocks/{id}` for the citizen, `/staff/inquiries/{number}/clocks/{id}` for the office."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from apiflask import APIBlueprint
from flask import Response, g

from backend.queries.clock_explanation import explain_clock
from backend.routes.loading import find_tracked, find_visible
from backend.routes.pages.frame import render
from backend.routes.pages.guards import access, identity
from backend.routes.pipeline import open_reading

bp = APIBlueprint("clock_pages", __name__, enable_openapi=False)
staff = APIBlueprint("staff_clock_pages", __name__, enable_openapi=False)

FOLDED_FROM = 20
"""A list of more days than this is folded by month."""


@bp.get("/t/<token>/clocks/<clock_id>")
def explain(token: str, clock_id: str) -> Response:
    """How a limit was counted, for whoever holds the inquiry's address. Raises NotFound."""
    with open_reading(access().actor) as work:
        shape = explain_clock(work, find_tracked(work, None, access()), clock_id)
    return render("portal/clock.html", explained=_drawn(shape), back=f"/t/{token}")


@staff.get("/staff/inquiries/<number>/clocks/<clock_id>")
def explain_to_staff(number: str, clock_id: str) -> Response:
    """The same for staff of the inquiry's chain. Raises NotFound outside it."""
    with open_reading(access().actor) as work:
        inquiry = find_visible(work, number, identity())
        shape = explain_clock(work, inquiry, clock_id, for_staff=True)
    return render(
        "staff/clock.html",
        me=g.me,
        explained=_drawn(shape),
        back=f"/staff/inquiries/{shape['number']}",
        form_actions={"logout": "/staff/logout"},
    )


def _drawn(shape: dict[str, Any]) -> dict[str, Any]:
    for segment in shape["segments"]:
        segment["months"] = _months(segment["days"])
        segment["is_long"] = len(segment["days"]) > FOLDED_FROM
    return shape


def _months(days: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Month by month: `{label, counted, skipped, runs}`; days off in a row that have one reason stand in one line."""
    months = []
    for month, found in groupby(days, key=lambda day: day["day"][:7]):
        listed = list(found)
        runs = []
        for _, run in groupby(listed, key=lambda day: day["number"] or day["reason"]):
            same = list(run)
            text = same[0]["day_text"]
            if len(same) > 1:
                text = f"{text.partition('（')[0]}至{int(same[-1]['day'][-2:])}日"
            runs.append({**same[0], "text": text})
        counted = sum(day["counted"] for day in listed)
        year, number = month.split("-")
        label = f"{year}年{int(number)}月"
        months.append({"label": label, "counted": counted, "skipped": len(listed) - counted, "runs": runs})
    return months
