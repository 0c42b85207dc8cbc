"""`/staff/exports`: copies with names and phones asked for, allowed and taken; books made by jobs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from apiflask import APIBlueprint
from flask import request

from backend.domain.errors import FullSignInRequired
from backend.models import ExportRequest
from backend.queries.exports import export_list, export_shape
from backend.queries.ledger_books import find_book
from backend.queries.ledger_files import ledger_count
from backend.routes.access import Access
from backend.routes.api import Shown, access, show_read, submission
from backend.routes.documented import documented
from backend.routes.ledger_copies import MEDIA, ZIP_TYPE, taken_file
from backend.routes.openapi import BEARER
from backend.routes.pipeline import open_reading
from backend.routes.unit_writes import UnitWrite, carry_out_unit, show_unit
from backend.schemas.exports import ExportDecisionIn, ExportIn, ExportListIn, ExportListOut, ExportOut
from backend.schemas.inquiries import EmptyIn
from backend.services import exports
from backend.services.work import Work

bp = APIBlueprint("staff_exports", __name__, tag="台账")


@bp.get("/staff/exports")
@documented(
    bp,
    summary="我的导出，和等我批准的申请，新的在前",
    answer=ExportListOut,
    body=ExportListIn,
    location="query",
    codes=("cursor_invalid",),
    security=BEARER,
)
def get_list() -> Shown:
    """One page."""
    with open_reading(access().actor) as work:
        page = export_list(work, access().staff, request.args.get("cursor"))
    return show_read({**page, "items": [with_href(item) for item in page["items"]]})


@bp.post("/staff/exports")
@documented(
    bp,
    summary="申请导出含姓名、电话的台账：写明事由，由另一位有权限的同志批准",
    answer=ExportOut,
    body=ExportIn,
    status=201,
    write=True,
    codes=("role_required", "full_sign_in_required", "rate_limited"),
    security=BEARER,
)
def ask() -> Shown:
    """At most three a day for one person."""
    return show_unit(carry_out_unit(asking(access()), submission()))


@bp.get("/staff/exports/<export_id>")
@documented(bp, summary="一份导出：批准了没有，生成到哪里，下载了没有", answer=ExportOut, security=BEARER)
def get_one(export_id: str) -> Shown:
    """One's own, or another's that one may allow."""
    with open_reading(access().actor) as work:
        export = exports.find_export(work, access().staff, export_id)
        return show_read(with_href(export_shape(work, access().staff, export)))


@bp.post("/staff/exports/<export_id>/decision")
@documented(
    bp,
    summary="批准或者不批准别人的申请",
    answer=ExportOut,
    body=ExportDecisionIn,
    write=True,
    codes=("role_required", "full_sign_in_required", "export_decided"),
    security=BEARER,
)
def decide(export_id: str) -> Shown:
    """From a yes on the file can be taken for ten minutes."""
    return show_unit(carry_out_unit(deciding(access(), export_id), submission()))


@bp.post("/staff/exports/<export_id>/download")
@documented(
    bp,
    summary="下载，一次；没有收全的，在时限以内用同一个 Idempotency-Key 再取",
    answer=None,
    media=(*MEDIA.values(), ZIP_TYPE),
    body=EmptyIn,
    write=True,
    codes=(
        *("role_required", "full_sign_in_required", "export_not_ready", "export_taken", "export_expired"),
        *("template_broken", "rate_limited"),
    ),
    security=BEARER,
)
def download(export_id: str) -> Any:
    """Taken first and made then, so that no file leaves without its record."""
    answer = carry_out_unit(taking(access(), export_id), submission())
    response = taken_file(access(), export_id)
    if answer.replayed:
        response.headers["Idempotent-Replayed"] = "true"
    return response


def with_href(shape: dict[str, Any]) -> dict[str, Any]:
    """With the address where its progress is told."""
    return {**shape, "href": f"/api/v1/staff/exports/{shape['id']}"}


def asking(caller: Access) -> UnitWrite:
    """Asking for a copy with names and phones, for the API and for the form alike."""

    def act(work: Work, data: dict[str, Any]) -> str:
        book = find_book(
            work, caller.staff, scope=data["scope"], year=data["year"], section_id=data.get("section")
        )
        rows = ledger_count(work, book)
        return exports.ask_for_full(work, book, data["format"], rows, data["reason"]).id

    def authorise(_work: Work) -> None:
        _ensure_full_sign_in(caller)
        exports.ensure_full_role(caller.staff, caller.staff.unit_id)

    return UnitWrite("ask_for_export", ExportIn, act, _shown_to(caller), authorise)


def deciding(caller: Access, export_id: str) -> UnitWrite:
    """Allowing or refusing another one's request."""

    def act(work: Work, data: dict[str, Any]) -> str:
        export = exports.find_export(work, caller.staff, export_id)
        exports.decide(work, caller.staff, export, data["decision"], data.get("note"))
        return export.id

    def authorise(work: Work) -> None:
        _ensure_full_sign_in(caller)
        exports.ensure_second_person(caller.staff, exports.find_export(work, caller.staff, export_id))

    load = _there(caller, export_id)
    return UnitWrite("decide_export", ExportDecisionIn, act, _shown_to(caller), authorise, load, 200)


def taking(caller: Access, export_id: str) -> UnitWrite:
    """Taking a copy. What is answered is the file, made after this."""

    def act(work: Work, _data: dict[str, Any]) -> str:
        exports.take(work, exports.find_export(work, caller.staff, export_id))
        return export_id

    def authorise(work: Work) -> None:
        _ensure_full_sign_in(caller)
        exports.ensure_requester(caller.staff, exports.find_export(work, caller.staff, export_id))

    load = _there(caller, export_id)
    return UnitWrite("take_export", EmptyIn, act, _shown_to(caller), authorise, load, 200)


def _there(caller: Access, export_id: str) -> Callable[[Work], None]:
    def load(work: Work) -> None:
        exports.find_export(work, caller.staff, export_id)

    return load


def _shown_to(caller: Access) -> Callable[[Work, str], dict[str, Any]]:
    def render(work: Work, export_id: str) -> dict[str, Any]:
        return with_href(export_shape(work, caller.staff, work.session.get_one(ExportRequest, export_id)))

    return render


def _ensure_full_sign_in(caller: Access) -> None:
    """Names and phones leave by a session opened with the password. Raises FullSignInRequired."""
    if caller.account_id is not None:
        raise FullSignInRequired()
