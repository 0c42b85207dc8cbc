"""`/staff/imports`: upload a workbook, see what the check found, say so, watch it being made."""

from __future__ import annotations

import hashlib
from typing import Any
from urllib.parse import quote

from apiflask import APIBlueprint
from flask import Response, g, redirect, request
from werkzeug.wrappers import Response as Redirect

from backend.domain.errors import FieldInvalid, NotFound
from backend.domain.vocabulary import Role
from backend.domain.vocabulary_organisation import ImportKind
from backend.queries.imports import import_kinds, import_list, import_shape
from backend.routes.pages.forms import FormKind, Refusal, blank, filled, refused, submission
from backend.routes.pages.frame import render
from backend.routes.pages.guards import access, identity, posted
from backend.routes.pages.refusals import shown_again_by
from backend.routes.pipeline import open_reading
from backend.routes.unit_writes import UnitWrite, carry_out_unit
from backend.schemas.imports import ImportIn, NothingIn
from backend.services import imports
from backend.services.work import Work
from backend.spreadsheets.templates import MEDIA_TYPE, template_of
from backend.spreadsheets.terms import MOST_BYTES

bp = APIBlueprint("staff_import_pages", __name__, enable_openapi=False)

HOME = "/staff/imports"
UPLOAD = FormKind(("kind", "file"), {"kind": "请选择导入什么。"})
NONE = FormKind(())
LOGOUT = {"logout": "/staff/logout"}
NAMES = {ImportKind.ORGANISATION: "组织导入模板.xlsx", ImportKind.LEDGER: "台账导入模板.xlsx"}


@bp.get(HOME)
def show() -> Response:
    return upload_page()


def upload_page(refusal: Refusal | None = None) -> Response:
    """What was uploaded, and the form. Raises NotFound for who imports nothing."""
    kinds = import_kinds(identity())
    if not kinds and not identity().holds(Role.OVERSEER):
        raise NotFound()
    with open_reading(access().actor) as work:
        items = import_list(work, identity())
    return render(
        "staff/imports.html",
        refusal.status if refusal else 200,
        at=HOME,
        me=g.me,
        form=refused(UPLOAD, refusal) if refusal else blank(),
        kinds=kinds,
        items=items,
        form_actions={"upload": HOME, **LOGOUT},
    )


@bp.post(HOME)
@shown_again_by(upload_page)
def upload() -> Redirect:
    """Keep the file sealed and have it checked; leads to its page. Raises RoleRequired, FieldInvalid."""
    sent = request.files.get("file")
    data = sent.read(MOST_BYTES + 1) if sent is not None else b""
    name = sent.filename or "" if sent is not None else ""
    if len(data) > MOST_BYTES:
        raise FieldInvalid("/file", "文件太大，最多 10 MB。")

    def act(work: Work, body: dict[str, Any]) -> str:
        return imports.receive_file(work, identity(), body["kind"], name, data).id

    form = filled(posted(), "kind") | {"sha256": hashlib.sha256(data).hexdigest()}
    done = carry_out_unit(_write("import_file", ImportIn, act), submission(form))
    return redirect(f"{HOME}/{done.resource_id}", 303)


@bp.get(f"{HOME}/templates/<any(organisation,ledger):kind>.xlsx")
def download(kind: str) -> Response:
    """The empty table to be filled in. Raises NotFound for who may not import it."""
    wanted = ImportKind(kind)
    if not imports.may_import(identity(), wanted):
        raise NotFound()
    response = Response(template_of(kind), mimetype=MEDIA_TYPE)
    # A header holds ASCII alone: gunicorn refuses whatever else stands in one.
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(NAMES[wanted], safe='')}"
    return response


@bp.get(f"{HOME}/<import_id>")
def show_one(import_id: str) -> Response:
    return import_page(import_id)


def import_page(import_id: str, refusal: Refusal | None = None) -> Response:
    """How far it is and what was found. Raises NotFound."""
    with open_reading(access().actor) as work:
        shape = import_shape(work, identity(), imports.find_import(work, identity(), import_id))
    return render(
        "staff/import.html",
        refusal.status if refusal else 200,
        at=f"{HOME}/{shape['id']}",
        me=g.me,
        file=shape,
        form=refused(NONE, refusal) if refusal else blank(),
        address=f"{HOME}/{shape['id']}",
        form_actions=LOGOUT,
    )


def _again(refusal: Refusal, import_id: str, act: str) -> Response:
    del act
    return import_page(import_id, refusal)


@bp.post(f"{HOME}/<import_id>/<any(approval,dropping,resuming):act>")
@shown_again_by(_again)
def decide(import_id: str, act: str) -> Redirect:
    """Confirm it, give it up, or go on where it stopped. Raises NotFound, ImportNotReady."""

    def run(work: Work, _body: dict[str, Any]) -> str:
        file = imports.find_import(work, identity(), import_id)
        work.session.refresh(file, with_for_update=True)
        if act == "approval":
            imports.approve(work, identity(), file)
        elif act == "resuming":
            imports.take_up(work, file)
        else:
            imports.drop(work, file)
        return file.id

    carry_out_unit(_write(f"import_{act}", NothingIn, run), submission({}))
    return redirect(f"{HOME}/{import_id}", 303)


@bp.get(f"{HOME}/<import_id>/passwords")
def passwords(import_id: str) -> Response:
    """The first passwords of the people who were made, to be printed and cut apart. Raises NotFound."""
    with open_reading(access().actor) as work:
        file = imports.find_import(work, identity(), import_id)
        people = [
            {
                "name": staff.name,
                "username": staff.username,
                "where": staff.section.name if staff.section else staff.unit.name,
                "password": shown.password,
            }
            for staff, shown in imports.first_passwords(work, file)
        ]
    if not people:
        raise NotFound("没有可以显示的初始密码：都已经换过，或者超过了 7 天。")
    return render(
        "staff/import_passwords.html",
        me=g.me,
        people=people,
        address=f"{HOME}/{import_id}",
        form_actions=LOGOUT,
    )


@bp.get(f"{HOME}/<import_id>/<path:rest>")
def back(import_id: str, rest: str) -> Redirect:
    """Where a form was sent is no page."""
    del rest
    return redirect(f"{HOME}/{import_id}", 303)


def _write(name: str, schema: Any, act: Any) -> UnitWrite:
    return UnitWrite(name, schema, act, lambda _work, _row_id: {}, lambda _work: None)
