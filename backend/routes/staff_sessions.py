"""`/staff/sessions`, `/staff/me`, `/staff/directory`: signing in and out, who I am, whom I can hand to."""

from __future__ import annotations

from apiflask import APIBlueprint

from backend.domain.times import local
from backend.models import Staff
from backend.queries.directory import directory
from backend.queries.people import ref
from backend.queries.worklist import box_counts, own_boxes
from backend.routes.api import Shown, access, json_body, show_read
from backend.routes.documented import documented
from backend.routes.limits import sign_in_failures
from backend.routes.openapi import BEARER
from backend.routes.pipeline import open_reading, open_work
from backend.routes.signing_in import sign_in
from backend.schemas.answers import DirectoryOut, MeOut, SessionOut
from backend.schemas.staff import StaffSessionIn
from backend.services.signing_in import sign_out

bp = APIBlueprint("staff_sign_in", __name__, tag="工作人员")
me = APIBlueprint("staff_me", __name__, tag="工作人员")


@bp.post("/staff/sessions")
@documented(
    bp,
    summary="登录",
    answer=SessionOut,
    body=StaffSessionIn,
    status=201,
    codes=(
        "json_invalid",
        "unsupported_media_type",
        "validation_failed",
        "credentials_wrong",
        "password_change_required",
        "rate_limited",
    ),
)
@sign_in_failures
def create() -> Shown:
    """Sign in with password and, where a secret is set, a one-time code."""
    data = StaffSessionIn().load(json_body())
    token, expires_at = sign_in(data["username"], data["password"], data.get("totp"))
    return show_read({"token": token, "expires_at": local(expires_at).isoformat()}, 201)


@me.delete("/staff/sessions/current")
@documented(me, summary="退出登录", answer=None, status=204, security=BEARER)
def end() -> tuple[str, int]:
    """End this session at once."""
    with open_work(access().actor) as work:
        sign_out(work, access().session_id or "")
    return "", 204


@me.get("/staff/me")
@documented(me, summary="我的单位、科室和角色", answer=MeOut, security=BEARER)
def get_me() -> Shown:
    """Who is signed in, under which measure, with the boxes they have and the counts of each."""
    identity = access().staff
    with open_reading(access().actor) as work:
        staff = work.session.get_one(Staff, identity.staff_id)
        counts = box_counts(work, identity)
        return show_read(
            {
                "id": staff.id,
                "name": staff.name,
                "unit": ref(staff.unit),
                "section": ref(staff.section),
                "roles": sorted({grant.role.value for grant in identity.grants}),
                "measure": staff.unit.measure.value,
                "counts": counts,
                "boxes": own_boxes(identity, counts),
            }
        )


@me.get("/staff/directory")
@documented(me, summary="可以转交的单位和科室", answer=DirectoryOut, security=BEARER)
def get_directory() -> Shown:
    """Active units and sections, and whether anybody there could accept now."""
    with open_reading(access().actor) as work:
        return show_read({"items": directory(work, access().staff), "next_cursor": None})
