"""`/staff/reply-templates`: the texts a section answers with again and again."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import request

from backend.domain.identity import Identity
from backend.models import ReplyTemplate
from backend.queries.reply_templates import reply_templates, template_shape
from backend.routes.api import Shown, access, show_read, submission
from backend.routes.documented import documented
from backend.routes.openapi import BEARER
from backend.routes.pipeline import open_reading
from backend.routes.unit_writes import UnitWrite, carry_out_unit, show_unit
from backend.schemas.reply_templates import (
    ReplyTemplateChangeIn,
    ReplyTemplateIn,
    ReplyTemplateListIn,
    ReplyTemplateOut,
    ReplyTemplatesOut,
)
from backend.services.reply_templates import (
    change_template,
    ensure_writer,
    find_template,
    write_template,
)
from backend.services.work import Work

bp = APIBlueprint("reply_templates", __name__, tag="办理")


@bp.get("/staff/reply-templates")
@documented(
    bp,
    summary="本科室的回复模板，最近改过的在前",
    answer=ReplyTemplatesOut,
    body=ReplyTemplateListIn,
    location="query",
    codes=("cursor_invalid",),
    security=BEARER,
)
def get_list() -> Shown:
    """One page of those in use, of every section the person works for."""
    with open_reading(access().actor) as work:
        return show_read(reply_templates(work, access().staff, request.args.get("cursor")))


@bp.post("/staff/reply-templates")
@documented(
    bp,
    summary="写一个回复模板",
    answer=ReplyTemplateOut,
    body=ReplyTemplateIn,
    status=201,
    write=True,
    codes=("role_required",),
    security=BEARER,
)
def add() -> Shown:
    """For the section; whoever heads it or keeps its post."""
    return show_unit(carry_out_unit(writing(access().staff), submission()))


@bp.put("/staff/reply-templates/<template_id>")
@documented(
    bp,
    summary="修改或停用一个回复模板",
    answer=ReplyTemplateOut,
    body=ReplyTemplateChangeIn,
    write=True,
    key_optional=True,
    codes=("role_required", "version_conflict"),
    security=BEARER,
)
def change(template_id: str) -> Shown:
    """What was answered with it stays as it was."""
    return show_unit(carry_out_unit(changing(access().staff, template_id), submission(key_optional=True)))


def writing(identity: Identity) -> UnitWrite:
    """A new template, for the API and for the form alike."""

    def act(work: Work, data: dict[str, Any]) -> str:
        made = write_template(
            work, identity, section_id=data.get("section"), title=data["title"], body=data["body"]
        )
        return made.id

    return UnitWrite(
        "write_reply_template", ReplyTemplateIn, act, _render(identity), lambda _work: ensure_writer(identity)
    )


def changing(identity: Identity, template_id: str) -> UnitWrite:
    """The same for one there is."""

    def act(work: Work, data: dict[str, Any]) -> str:
        row = find_template(work, identity, template_id)
        change_template(
            work,
            identity,
            row,
            title=data["title"],
            body=data["body"],
            is_active=data["active"],
            unchanged_since=data.get("unchanged_since"),
        )
        return row.id

    def load(work: Work) -> None:
        find_template(work, identity, template_id)

    return UnitWrite(
        "change_reply_template",
        ReplyTemplateChangeIn,
        act,
        _render(identity),
        lambda _work: ensure_writer(identity),
        load,
        status=200,
    )


def _render(identity: Identity) -> Any:
    def render(work: Work, template_id: str) -> dict[str, Any]:
        return template_shape(work, identity, work.session.get_one(ReplyTemplate, template_id))

    return render
