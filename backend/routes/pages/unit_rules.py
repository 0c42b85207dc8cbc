"""`/u/{unit}/rules`: what a unit has laid down for itself."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import Response

from backend.domain.actors import Actor
from backend.queries.unit_rules import rules_shape
from backend.routes.pages.frame import render
from backend.routes.pipeline import open_reading

bp = APIBlueprint("unit_rules_pages", __name__, enable_openapi=False)


@bp.get("/u/<unit_id>/rules")
def rules(unit_id: str) -> Response:
    """Hours, 承诺时限 beside the law's limits, 事项目录 and papers. Raises NotFound."""
    with open_reading(Actor("citizen")) as work:
        shape = rules_shape(work, unit_id)
    return render("portal/unit_rules.html", rules=shape)
