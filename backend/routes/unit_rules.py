"""`/units/{id}/rules`: what a unit has laid down for itself, open to everybody (坛 十一; 泸 二（二）1)."""

from __future__ import annotations

from apiflask import APIBlueprint

from backend.domain.actors import Actor
from backend.queries.unit_rules import rules_shape
from backend.routes.api import Shown, show_read
from backend.routes.documented import documented
from backend.routes.pipeline import open_reading
from backend.schemas.answers_rules import UnitRulesOut

bp = APIBlueprint("unit_rules", __name__, tag="单位")


@bp.get("/units/<unit_id>/rules")
@documented(bp, summary="实施细则：作息、承诺时限、事项目录和文件", answer=UnitRulesOut)
def get_rules(unit_id: str) -> Shown:
    """Hours, promises beside the law's limits, matters and papers of a unit."""
    with open_reading(Actor("citizen")) as work:
        return show_read(rules_shape(work, unit_id))
