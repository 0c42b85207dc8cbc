"""`/staff/ledger/submissions`, `/summaries`, `/reports`: 回访情况上报 and 台账汇总 (泸 二（二）4, 附件1-15)."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import request

from backend.domain.errors import FieldInvalid
from backend.domain.ledger_periods import period_of
from backend.domain.vocabulary_ledger import LedgerReportKind
from backend.queries.ledger_reports import find_report, report_list, report_shape
from backend.routes.api import Shown, access, show_read, submission
from backend.routes.documented import documented
from backend.routes.openapi import BEARER
from backend.routes.operations import ledger_reports
from backend.routes.pipeline import open_reading
from backend.routes.unit_writes import carry_out_unit, show_unit
from backend.schemas.ledger_reports import (
    LedgerReportsOut,
    MadeReportOut,
    ReportListIn,
    SubmissionIn,
    SummaryIn,
)

bp = APIBlueprint("staff_ledger_reports", __name__, tag="台账")


@bp.get("/staff/ledger/reports")
@documented(
    bp,
    summary="回访情况上报和台账汇总，新的在前",
    answer=LedgerReportsOut,
    body=ReportListIn,
    location="query",
    codes=("validation_failed", "cursor_invalid"),
    security=BEARER,
)
def get_list() -> Shown:
    """A section's people see their section's submissions; the unit's readers everything."""
    period = request.args.get("period") or None
    if period is not None:
        period_of(period)
    with open_reading(access().actor) as work:
        return show_read(report_list(work, access().staff, _kind(), period, request.args.get("cursor")))


@bp.get("/staff/ledger/reports/<report_id>")
@documented(bp, summary="一份上报或汇总", answer=MadeReportOut, security=BEARER)
def get_one(report_id: str) -> Shown:
    """Figures as of the moment it was made; they never change."""
    with open_reading(access().actor) as work:
        row = find_report(work, access().staff, report_id)
        return show_read(report_shape(work, access().staff, row))


@bp.post("/staff/ledger/submissions")
@documented(
    bp,
    summary="上报本科室的回访情况",
    answer=MadeReportOut,
    body=SubmissionIn,
    status=201,
    write=True,
    codes=("role_required",),
    security=BEARER,
)
def submit() -> Shown:
    """The section's post reports to the general post; another one for the same period stands beside it."""
    return show_unit(carry_out_unit(ledger_reports.submission(access().staff), submission()))


@bp.post("/staff/ledger/summaries")
@documented(
    bp,
    summary="作出本单位的台账汇总",
    answer=MadeReportOut,
    body=SummaryIn,
    status=201,
    write=True,
    codes=("role_required",),
    security=BEARER,
)
def seal() -> Shown:
    """The general post sums up, dated and for good; sections that have not submitted are listed."""
    return show_unit(carry_out_unit(ledger_reports.summary(access().staff), submission()))


def _kind() -> LedgerReportKind | None:
    name = request.args.get("kind") or None
    if name is None:
        return None
    if name not in {kind.value for kind in LedgerReportKind}:
        raise FieldInvalid(
            "/kind", "请选择回访情况上报（submission）或台账汇总（summary）。", "choice_invalid"
        )
    return LedgerReportKind(name)
