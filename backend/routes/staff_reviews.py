"""`/staff/reviews`: what a machine found doubtful or could not look at, and what people say of it."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import request

from backend.queries.reviews import review_list
from backend.routes.api import Shown, access, show_read, submission
from backend.routes.documented import documented
from backend.routes.openapi import BEARER
from backend.routes.operations import reviews
from backend.routes.pipeline import carry_out, open_reading
from backend.schemas.reviews import ReviewedOut, ReviewIn, ReviewListIn, ReviewListOut

bp = APIBlueprint("staff_reviews", __name__, tag="内容复核")


@bp.get("/staff/reviews")
@documented(
    bp,
    summary="待复核的文字和文件，等得久的在前",
    answer=ReviewListOut,
    body=ReviewListIn,
    location="query",
    codes=("cursor_invalid",),
    security=BEARER,
)
def get_list() -> Shown:
    """One page of what waits for this person; empty for who reviews nothing."""
    with open_reading(access().actor) as work:
        page = review_list(work, access().staff, request.args.get("cursor"))
    for item in page["items"]:
        if item["attachment"] is not None:
            item["attachment"]["url"] = (
                f"/api/v1/staff/inquiries/{item['number']}/attachments/{item['attachment']['id']}"
            )
    return show_read(page)


@bp.post("/staff/reviews/<review_id>")
@documented(
    bp,
    summary="复核：没有问题，或者折叠显示",
    answer=ReviewedOut,
    body=ReviewIn,
    write=True,
    codes=("review_decided",),
    security=BEARER,
)
def decide(review_id: str) -> Shown:
    """Said once. Nothing is removed: what is folded opens at a tap."""
    answer = carry_out(reviews.decision(review_id, access().staff), submission())
    headers = {"Cache-Control": "no-store"}
    if answer.replayed:
        headers["Idempotent-Replayed"] = "true"
    return answer.body, answer.status, headers
