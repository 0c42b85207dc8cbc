"""`/staff/templates`: the section's reply templates, written and changed by its head and its post."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from apiflask import APIBlueprint
from flask import Response, g, redirect, request
from werkzeug.wrappers import Response as Redirect

from backend.domain.errors import NotFound
from backend.models import Section
from backend.queries.reply_templates import reply_templates
from backend.routes.pages.forms import Form, FormKind, Refusal, blank, filled, kept_words, refused, submission
from backend.routes.pages.frame import render
from backend.routes.pages.guards import access, identity, posted
from backend.routes.pages.refusals import shown_again_by
from backend.routes.pipeline import open_reading
from backend.routes.reply_templates import changing, writing
from backend.routes.unit_writes import carry_out_unit
from backend.services.reply_templates import READERS, WRITERS

bp = APIBlueprint("staff_templates", __name__, enable_openapi=False)

ADDRESS = "/staff/templates"
KIND = FormKind(("section", "title", "body"), {"title": "请写标题。", "body": "请写模板的内容。"})


@bp.get(ADDRESS)
def show_list() -> Response:
    """Raises NotFound for whoever answers in no section."""
    return templates_page()


def templates_page(refusal: Refusal | None = None, template_id: str | None = None) -> Response:
    """A page of templates with a form to change each, and one for a new one; the refused form as it was filled in."""
    if not identity().sections_with(*READERS):
        raise NotFound()
    cursor = (posted() if request.method == "POST" else request.args).get("cursor")
    with open_reading(access().actor) as work:
        page = reply_templates(work, identity(), cursor, with_retired=True)
        sections = [
            (section_id, work.session.get_one(Section, section_id).name)
            for section_id in sorted(identity().sections_with(*WRITERS))
        ]
    items, more = page["items"], page["next_cursor"]
    forms = {item["id"]: _form(item) for item in items if item["may_change"]}
    new = blank()
    is_there = template_id is None or template_id in forms
    if refusal is not None and template_id is None:
        new = refused(KIND, refusal)
    elif refusal is not None and template_id in forms:
        # With what it says by now: who saves it again has seen that.
        forms[template_id] = refused(KIND, refusal) | {"version": forms[template_id]["version"]}
    return render(
        "staff/templates.html",
        refusal.status if refusal else 200,
        at=ADDRESS,
        me=g.me,
        items=items,
        cursor=cursor,
        next_url=f"{ADDRESS}?{urlencode({'cursor': more})}" if more else None,
        forms=forms,
        new=new,
        sections=sections,
        kept=kept_words() if refusal is not None and not is_there else [],
        form_actions={"logout": "/staff/logout", "write": ADDRESS},
    )


@bp.post(ADDRESS)
@shown_again_by(templates_page)
def write() -> Redirect:
    carry_out_unit(writing(identity()), submission(filled(posted(), "section", "title", "body")))
    return redirect(ADDRESS, 303)


@bp.post(f"{ADDRESS}/<template_id>")
@shown_again_by(templates_page)
def change(template_id: str) -> Redirect:
    """Change it, or take it out of use or into use again, by the button that was pressed."""
    data = filled(posted(), "title", "body") | {"active": posted().get("active") != "no"}
    data |= {"unchanged_since": posted()["version"]} if posted().get("version") else {}
    carry_out_unit(changing(identity(), template_id), submission(data))
    return redirect(ADDRESS, 303)


@bp.get(f"{ADDRESS}/<template_id>")
def back(template_id: str) -> Redirect:
    """Where a form was sent is no page."""
    del template_id
    return redirect(ADDRESS, 303)


def _form(item: dict[str, Any]) -> Form:
    return blank(title=item["title"], body=item["body"]) | {"version": item["changed_at"]}
