"""Check files that were uploaded, and make of them what somebody confirmed: a step at a time, so that nothing waits for it."""

from __future__ import annotations

import time

from backend.delivery.doing import reading_work, system_work
from backend.delivery.leases import Leased
from backend.domain.actors import SYSTEM, Actor
from backend.domain.identity import Identity
from backend.domain.imports import Findings
from backend.domain.vocabulary_organisation import ImportKind, ImportState
from backend.models import ImportFile, Staff, Unit
from backend.services.administering import administered
from backend.services.checking_ledger import LedgerPlan, check_ledger
from backend.services.importing_ledger import put_on_record
from backend.services.importing_organisation import Plan, check_organisation
from backend.services.imports import RUN, finish, make_all, note_checked, open_file, refuse
from backend.services.organising import identity_of
from backend.services.outbox import add_job
from backend.services.staff_accounts import make_first_password
from backend.services.work import Work
from backend.spreadsheets.apart import read_workbook
from backend.spreadsheets.terms import Sheet, WorkbookRefused

MOST_ROWS = 20_020
"""Read of a sheet at all: its limit and what may stand above the headings."""
AT_ONCE = 25
"""Rows put on record in one transaction: other writers get their turn in between."""
STEP_SECONDS = 15.0
"""Well within a lease; what is left goes into a job of its own."""
WORDS = {
    "workbook_unreadable": "打不开：不是完整的 xlsx 文件，或者有密码。请用 Excel 或 WPS 另存为 xlsx 再传。",
    "workbook_too_complex": "展开以后太大，没有读。请拆成几个文件。",
}


def check_import(item: Leased) -> None:
    """Read and judge a file; nothing but its own row is written. Raises ReaderBusy: it is tried again."""
    import_id = item.payload["import"]
    sheets, findings = _sheets(import_id)
    plan: Plan | LedgerPlan | None = None
    if not findings.count:
        with reading_work() as work:
            plan = planned(work, work.session.get_one(ImportFile, import_id), sheets)
    with system_work() as work:
        file = _locked(work, import_id)
        if file.state is not ImportState.CHECKING:
            return
        found = plan.findings if plan is not None else findings
        note_checked(work, file, found, plan.counts if plan else {}, rows_in(plan) if plan else 0)


def run_import(item: Leased) -> None:
    """Make what was confirmed. Raises ReaderBusy: it is tried again."""
    import_id = item.payload["import"]
    sheets, findings = _sheets(import_id)
    if findings.count:
        with system_work() as work:
            refuse(work, _locked(work, import_id), findings)
        return
    with reading_work() as work:
        file = work.session.get_one(ImportFile, import_id)
        if file.state is not ImportState.RUNNING:
            return
        plan = planned(work, file, sheets)
        actor = Actor("staff", file.approved_by_id) if file.approved_by_id else SYSTEM
    if isinstance(plan, Plan):
        _make_organisation(import_id, plan, sheets, actor)
    else:
        _put_on_record(import_id, plan, actor)


def planned(work: Work, file: ImportFile, sheets: list[Sheet]) -> Plan | LedgerPlan:
    """What the file would make now."""
    if file.kind is ImportKind.LEDGER:
        return check_ledger(work, work.session.get_one(Unit, file.unit_id), sheets)
    reach = None
    if file.created_by_id is not None:
        reach = administered(work, _identity(work, file.created_by_id))
    return check_organisation(work, reach, sheets)


def rows_in(plan: Plan | LedgerPlan) -> int:
    return plan.row_count if isinstance(plan, Plan) else len(plan.lines)


def _make_organisation(import_id: str, plan: Plan, sheets: list[Sheet], actor: Actor) -> None:
    # Hashed before the writer's turn; nobody can have added people to the file meanwhile.
    with reading_work() as work:
        tools = work.tools
    first = [make_first_password(tools) for _ in plan.staff]
    with system_work() as work:
        file = _locked(work, import_id)
        if file.state is not ImportState.RUNNING:
            return
        acting = work.acting_as(actor)
        again = planned(acting, file, sheets)
        if again.findings.count or not isinstance(again, Plan):
            refuse(acting, file, again.findings)
        else:
            make_all(acting, file, again, first)


def _put_on_record(import_id: str, plan: LedgerPlan, actor: Actor) -> None:
    until = time.monotonic() + STEP_SECONDS
    waiting = plan.lines
    if plan.findings.count:
        with system_work() as work:
            refuse(work, _locked(work, import_id), plan.findings)
        return
    while True:
        batch, waiting = waiting[:AT_ONCE], waiting[AT_ONCE:]
        with system_work() as work:
            file = _locked(work, import_id)
            if file.state is not ImportState.RUNNING:
                return
            acting = work.acting_as(actor)
            made = sum(put_on_record(acting, file, line) is not None for line in batch)
            file.done_count = min(file.done_count + made, file.row_count)
            if not waiting:
                finish(acting, file)
                return
            if time.monotonic() > until:
                add_job(work, RUN, **{"import": file.id})
                return


def _sheets(import_id: str) -> tuple[list[Sheet], Findings]:
    """The sheets of a file, or what is wrong with it as a whole."""
    findings = Findings()
    with reading_work() as work:
        file = work.session.get_one(ImportFile, import_id)
        if file.sealed is None:
            return [], findings
        data = open_file(work.tools, file)
    try:
        return read_workbook(data, most_rows=MOST_ROWS), findings
    except WorkbookRefused as refused:
        findings.add("文件", 0, "", WORDS[refused.code])
        return [], findings


def _identity(work: Work, staff_id: str) -> Identity:
    return identity_of(work.session.get_one(Staff, staff_id))


def _locked(work: Work, import_id: str) -> ImportFile:
    return work.session.get_one(ImportFile, import_id, with_for_update=True, populate_existing=True)
