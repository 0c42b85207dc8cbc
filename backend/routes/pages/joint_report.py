"""`/staff/inquiries/{number}/joint/report`: the written report to 区委办公室 or 区政府办公室, for paper (坛 六（三）)."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import Response, g

from backend.domain.numbers import display_number
from backend.queries.joints import joint_report
from backend.routes.loading import find_visible
from backend.routes.pages.frame import render
from backend.routes.pages.guards import access, identity
from backend.routes.pipeline import open_reading

bp = APIBlueprint("staff_joint_report", __name__, enable_openapi=False)


@bp.get("/staff/inquiries/<number>/joint/report")
def show(number: str) -> Response:
    """The report as it was sent, with the records of talks as its appendix. Raises NotFound before."""
    with open_reading(access().actor) as work:
        inquiry = find_visible(work, number, identity())
        report = joint_report(work, inquiry)
    return render(
        "staff/joint_report.html",
        me=g.me,
        report=report,
        display_number=display_number(inquiry.number),
        inquiry_url=f"/staff/inquiries/{inquiry.number}",
        form_actions={"logout": "/staff/logout"},
    )
