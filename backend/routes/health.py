"""`/healthz` and `/readyz`: alive; able to serve."""

from __future__ import annotations

from apiflask import APIBlueprint
from sqlalchemy import select

from backend.clock import now
from backend.database import reading
from backend.domain.times import local_date
from backend.models import CalendarDayRow
from backend.queries.readiness import closed_ways_out, refused_templates, warnings_at
from backend.routes.documented import documented
from backend.schemas.answers import HealthOut

bp = APIBlueprint("health", __name__, tag="运行")


@bp.get("/healthz")
@documented(bp, summary="进程在运行", answer=HealthOut)
def healthz() -> dict[str, object]:
    """Alive. Asks nothing of the database."""
    return {"status": "ok", "warnings": []}


@bp.get("/readyz")
@documented(bp, summary="可以受理；提醒列在 warnings 里", answer=HealthOut)
def readyz() -> dict[str, object]:
    """Able to serve: the database answers. What is merely missing is a warning with 200."""
    with reading() as session:
        session.execute(select(CalendarDayRow.day).limit(1)).first()
        moment = now()
        warnings = [
            *warnings_at(session, local_date(moment)),
            *closed_ways_out(session),
            *refused_templates(session, moment),
        ]
        return {"status": "ok", "warnings": warnings}
