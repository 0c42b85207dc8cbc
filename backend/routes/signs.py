"""`/signs`: where a scan arrived."""

from __future__ import annotations

from apiflask import APIBlueprint

from backend.domain.actors import Actor
from backend.queries.signs import sign_shape
from backend.routes.api import Shown, show_read
from backend.routes.documented import documented
from backend.routes.installation import settings
from backend.routes.pipeline import open_reading
from backend.schemas.answers import SignOut
from backend.services.routing import find_sign

bp = APIBlueprint("signs", __name__, tag="岗牌")


@bp.get("/signs/<code>")
@documented(
    bp, summary="岗牌：单位、科室、岗位和适用的办法", answer=SignOut, codes=("sign_unknown", "sign_retired")
)
def get_sign(code: str) -> Shown:
    """Show a live sign; a retired one answers 410 with its successor."""
    with open_reading(Actor("citizen")) as work:
        sign = find_sign(work.session, code)
        return show_read(sign_shape(work, sign, settings().base_url))
