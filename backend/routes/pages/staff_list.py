"""`/staff`: the boxes of the day, what came in, and one page of a box."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from apiflask import APIBlueprint
from flask import Response, g, redirect, request
from werkzeug.wrappers import Response as Redirect

from backend.domain.boxes import Box
from backend.domain.errors import FieldInvalid, NotFound
from backend.domain.identity import NEVER_HOLDERS, SECTION_READERS, UNIT_READERS, Identity
from backend.domain.times import require_aware
from backend.queries.console_notices import console_notices
from backend.queries.directory import directory
from backend.queries.exports import exports_ready
from backend.queries.standing_in import who_is_away
from backend.queries.work_items import assignable
from backend.queries.worklist import work_list
from backend.routes.list_asking import kept_filters, read_filters
from backend.routes.pages import acting, shapes
from backend.routes.pages.assigning_several import KIND, PICK, assign_several, may_assign, picked
from backend.routes.pages.console_links import console_links
from backend.routes.pages.forms import Refusal, blank, kept_words, refused
from backend.routes.pages.frame import render
from backend.routes.pages.guards import access, identity, posted
from backend.routes.pages.refusals import shown_again_by
from backend.routes.pipeline import open_reading, open_work
from backend.services.noticing import take_note
from backend.services.registering import REGISTRARS

bp = APIBlueprint("staff_list", __name__, enable_openapi=False)

ASSIGNED_FROM = frozenset(
    {Box.TODO, Box.UNSIGNED, Box.MINE, Box.OVERDUE, Box.DUE_SOON, Box.SECTION, Box.UNIT}
)
"""Lists in which several can be ticked and assigned at once."""


@bp.get("/staff")
def boxes() -> Response:
    """One page of the box asked for, else of the first that has something. Raises NotFound, RequestInvalid."""
    return acting.switch() or list_page()


def list_page(
    refusal: Refusal | None = None, problems: list[str] | None = None, done: int | None = None
) -> Response:
    """The list as it is now; after an assignment of several, what was not done and why."""
    asked = request.args if request.method == "GET" else _asked_before()
    filters = read_filters(asked)
    who, reads = acting.narrowed(identity()), not identity().holds(*NEVER_HOLDERS)
    with open_reading(access().actor) as work:
        shown = shapes.boxes(work, who)
        box = _wanted(asked.get("box")) or shapes.first_box(shown)
        page = work_list(work, who, box, asked.get("cursor"), filters)
        links = console_links(work, identity())
        news = console_notices(work, identity())
        ready = exports_ready(work, identity())
        away = who_is_away(work, identity())
        pickable = assignable(work, identity(), page["items"]) if box in ASSIGNED_FROM else set()
        is_assigned_from = box in ASSIGNED_FROM and may_assign(who) and bool(pickable)
        units = directory(work, identity()) if is_assigned_from or _reads_unit(identity()) else []
    form = refused(KIND, refusal) if refusal else blank()
    more = page["next_cursor"]
    kept = {"box": box.value} | kept_filters(asked)
    return render(
        "staff/list.html",
        refusal.status if refusal else 409 if problems else 200,
        at=f"/staff?{urlencode(kept)}",
        me=g.me,
        roles=acting.role_links(identity()),
        boxes=shown if reads else [],
        current={"name": box.value, "label": box.label if reads else "工作台"},
        reads=reads,
        items=[_line(item) for item in page["items"]],
        pickable=pickable,
        cursor=asked.get("cursor"),
        filters=dict(kept_filters(asked)),
        sections=_sections(units, identity()),
        clear_url=f"/staff?{urlencode({'box': box.value})}",
        next_url=f"/staff?{urlencode(kept | {'cursor': more})}" if more else None,
        links=links,
        news=news,
        exports=ready,
        away=away,
        form=form,
        assignees=shapes.assignees(units, identity()) if is_assigned_from else [],
        picked=set(picked(posted())) if refusal or problems else set(),
        pick=PICK,
        assigned=request.args.get("assigned", type=int) if done is None else done,
        problems=problems or [],
        kept=kept_words() if problems else [],
        register_url="/staff/register" if identity().holds(*REGISTRARS) else None,
        form_actions={
            "logout": "/staff/logout",
            "assign": "/staff/assignments",
            "noted": "/staff/notices",
            "search": "/staff/search",
        },
    )


@bp.post("/staff/assignments")
@shown_again_by(list_page)
def assign() -> Response | Redirect:
    """Assign what is ticked; back to the list, which says what could not be done."""
    done, problems = assign_several(identity())
    if problems:
        return list_page(problems=problems, done=done)
    asked = {name: text for name, text in _asked_before().items() if name != "cursor"}
    return redirect(f"/staff?{urlencode(asked | {'assigned': str(done)})}", 303)


@bp.post("/staff/notices")
@shown_again_by(list_page)
def noted() -> Redirect:
    """What the page told is known."""
    until = _moment(posted().get("shown_at", ""))
    with open_work(access().actor) as work:
        take_note(work, identity(), until)
    return redirect("/staff", 303)


@bp.get("/staff/<any(assignments, notices):form>")
def back(form: str) -> Redirect:
    """Where a form was sent is no page."""
    del form
    return redirect("/staff", 303)


def _asked_before() -> dict[str, str]:
    """Which list a form was in, as its hidden fields tell."""
    return {name: posted()[name] for name in ("box", "cursor") if posted().get(name)} | kept_filters(posted())


def _moment(text: str) -> datetime:
    try:
        return require_aware(datetime.fromisoformat(text)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise FieldInvalid("/shown_at", "不知道看到了哪一刻为止，请再点一次“知道了”。") from None


def _line(item: dict[str, Any]) -> dict[str, Any]:
    return {**item, "href": f"/staff/inquiries/{item['number']}", "holder_text": item["holder_text"] or ""}


def _wanted(name: str | None) -> Box | None:
    if name is None:
        return None
    if name not in {box.value for box in Box}:
        raise NotFound("没有这个列表。")
    return Box(name)


def _reads_unit(who: Identity) -> bool:
    return bool(who.units_with(*UNIT_READERS))


def _sections(units: list[dict[str, Any]], who: Identity) -> list[tuple[str, str]]:
    """The sections whose matters this person reads, where it is more than one."""
    own = next((unit for unit in units if unit["id"] == who.unit_id), None)
    led = who.sections_with(*SECTION_READERS)
    found = [
        (s["id"], s["name"])
        for s in (own or {"sections": []})["sections"]
        if _reads_unit(who) or s["id"] in led
    ]
    return found if len(found) > 1 else []
