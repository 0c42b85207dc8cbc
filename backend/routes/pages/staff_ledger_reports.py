"""`/staff/ledger/reports`: 回访情况上报 and 台账汇总: looked at first, then made for good, then printed (泸 二（二）4, 附件1-15)."""

from __future__ import annotations

from urllib.parse import urlencode

from apiflask import APIBlueprint
from flask import Response, g, redirect, request
from werkzeug.wrappers import Response as Redirect

from backend.domain.errors import NotFound
from backend.domain.ledger_scopes import reads_ledgers
from backend.domain.vocabulary_ledger import LedgerReportKind
from backend.queries.ledger_preview import makes_reports, recent_periods, report_preview
from backend.queries.ledger_reports import find_report, report_list, report_shape
from backend.routes.operations import ledger_reports
from backend.routes.pages.forms import FormKind, Refusal, blank, filled, refused, submission
from backend.routes.pages.frame import render
from backend.routes.pages.guards import access, identity, posted
from backend.routes.pages.refusals import shown_again_by
from backend.routes.pipeline import open_reading
from backend.routes.unit_writes import carry_out_unit

bp = APIBlueprint("staff_ledger_report_pages", __name__, enable_openapi=False)

ADDRESS = "/staff/ledger/reports"
KIND = FormKind(("kind", "period", "section"), {"period": "请选择月份或季度。"})
KINDS = {kind.value: kind for kind in LedgerReportKind}


@bp.get(ADDRESS)
def show_list() -> Response:
    """What was made, and what can be. Raises NotFound, CursorInvalid."""
    return list_page()


def list_page(refusal: Refusal | None = None) -> Response:
    if not reads_ledgers(identity()):
        raise NotFound()
    with open_reading(access().actor) as work:
        page = report_list(work, identity(), None, None, request.args.get("cursor"))
        makes = makes_reports(work, identity())
        periods = recent_periods(work)
    more = page["next_cursor"]
    return render(
        "staff/ledger_reports.html",
        refusal.status if refusal else 200,
        at=ADDRESS,
        me=g.me,
        items=page["items"],
        makes=makes,
        periods=periods,
        form=refused(KIND, refusal) if refusal else blank(),
        next_url=f"{ADDRESS}?{urlencode({'cursor': more})}" if more else None,
        form_actions={"logout": "/staff/logout", "preview": f"{ADDRESS}/preview"},
    )


@bp.get(f"{ADDRESS}/preview")
def preview() -> Response:
    """The figures as they are now, with the button that makes them stand. Raises RoleRequired, FieldInvalid."""
    return preview_page(
        _kind(request.args.get("kind")), request.args.get("period", ""), request.args.get("section") or None
    )


def preview_page(
    kind: LedgerReportKind, period: str, section: str | None, refusal: Refusal | None = None
) -> Response:
    with open_reading(access().actor) as work:
        report = report_preview(work, identity(), kind, period, section)
    asked = {"kind": kind.value, "period": period} | ({"section": section} if section else {})
    return render(
        "staff/ledger_preview.html",
        refusal.status if refusal else 200,
        at=f"{ADDRESS}/preview?{urlencode(asked)}",
        me=g.me,
        report=report,
        asked=asked,
        form=refused(KIND, refusal) if refusal else blank(),
        form_actions={"logout": "/staff/logout", "make": ADDRESS},
    )


def _again(refusal: Refusal) -> Response:
    kind = _kind(posted().get("kind"))
    return preview_page(kind, posted().get("period", ""), posted().get("section") or None, refusal)


@bp.post(ADDRESS)
@shown_again_by(_again)
def make() -> Redirect:
    """Submit or seal, dated and for good; leads to the page for paper."""
    if _kind(posted().get("kind")) is LedgerReportKind.SUBMISSION:
        write, data = ledger_reports.submission(identity()), filled(posted(), "period", "section")
    else:
        write, data = ledger_reports.summary(identity()), filled(posted(), "period")
    answer = carry_out_unit(write, submission(data))
    return redirect(f"{ADDRESS}/{answer.resource_id}", 303)


@bp.get(f"{ADDRESS}/<report_id>")
def show(report_id: str) -> Response:
    """One of them, for paper. Raises NotFound."""
    with open_reading(access().actor) as work:
        report = report_shape(work, identity(), find_report(work, identity(), report_id))
    return render(
        "staff/ledger_report.html", me=g.me, report=report, form_actions={"logout": "/staff/logout"}
    )


def _kind(name: str | None) -> LedgerReportKind:
    if name not in KINDS:
        raise NotFound()
    return KINDS[name]
