"""`/lookups`: find an inquiry again by number and phone tail."""

from __future__ import annotations

from apiflask import APIBlueprint

from backend.domain.actors import Actor
from backend.domain.times import local
from backend.routes.answers import tracking_url
from backend.routes.api import Shown, json_body, show_read
from backend.routes.documented import documented
from backend.routes.limits import lookup_misses
from backend.routes.looking_up import find_again
from backend.routes.pipeline import open_work
from backend.schemas.answers import LookupOut
from backend.schemas.inquiries import LookupIn

bp = APIBlueprint("lookups", __name__, tag="首问事项")


@bp.post("/lookups")
@documented(
    bp,
    summary="凭编号和电话后四位查询",
    answer=LookupOut,
    body=LookupIn,
    status=201,
    codes=("json_invalid", "unsupported_media_type", "validation_failed", "rate_limited"),
)
@lookup_misses
def lookup() -> Shown:
    """Open a short tracking session: follow, supply, rate."""
    data = LookupIn().load(json_body())
    with open_work(Actor("citizen")) as work:
        token, session, inquiry = find_again(work, data)
        return show_read(
            {
                "number": inquiry.number,
                "tracking_token": token,
                "tracking_url": tracking_url(token),
                "expires_at": local(session.expires_at).isoformat(),
            },
            201,
        )
