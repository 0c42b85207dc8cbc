"""Check files that were uploaded, and make of them what somebody confirmed: a step at a time, so that nothing waits for it."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence

import structlog

from backend.delivery.doing import reading_work, system_work
from backend.delivery.leases import Leased
from backend.domain.actors import SYSTEM, Actor
from backend.domain.identity import Identity
from backend.domain.imports import Findings
from backend.domain.vocabulary_organisation import ImportKind, ImportState
from backend.models import ImportFile, Staff, Unit
from backend.services.administering import administered
from backend.services.checking_ledger import LedgerLine, LedgerPlan, check_ledger, known_rows
from backend.services.import_plans import held_plan, hold_plan
from backend.services.importing_ledger import put_on_record
from backend.services.importing_organisation import Plan, check_organisation
from backend.services.imports import RUN, finish, make_all, note_checked, note_stopped, open_file, refuse
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
MOST_ATTEMPTS = 6
"""After these, 43 minutes in all, somebody is asked what is to be done."""
WORKER_DIED = "worker_died"
log = structlog.get_logger("imports")
WORDS = {
    "workbook_unreadable": "打不开：不是完整的 xlsx 文件，或者有密码。请用 Excel 或 WPS 另存为 xlsx 再传。",
    "workbook_too_complex": "展开以后太大，没有读。请拆成几个文件。",
}


def check_import(item: Leased) -> None:
    """Read and judge a file; nothing but its own row is written. What fails is tried again a few times."""
    _try(item, _check)


def run_import(item: Leased) -> None:
    """Make what was confirmed. What fails is tried again a few times, and goes on where it stopped."""
    _try(item, _run)


def _try(item: Leased, act: Callable[[str], None]) -> None:
    import_id, problem = item.payload["import"], WORKER_DIED
    if item.attempts <= MOST_ATTEMPTS:
        try:
            act(import_id)
        except Exception as error:
            if item.attempts < MOST_ATTEMPTS:
                raise
            log.exception("import stopped", item=item.id, topic=item.topic)
            problem = type(error).__name__
        else:
            return
    with system_work() as work:
        note_stopped(work, _locked(work, import_id), problem)


def _check(import_id: str) -> None:
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


def _run(import_id: str) -> None:
    with reading_work() as work:
        file = work.session.get_one(ImportFile, import_id)
        if not _is_running(file):
            return
        actor = _actor_of(file)
        lines = held_plan(work.tools, file)
    if lines is None:
        sheets, findings = _sheets(import_id)
        if findings.count:
            with system_work() as work:
                refuse(work, _locked(work, import_id), findings)
            return
        with reading_work() as work:
            plan = planned(work, work.session.get_one(ImportFile, import_id), sheets)
        if isinstance(plan, Plan):
            _make_organisation(import_id, plan, sheets, actor)
            return
        if not _hold(import_id, plan):
            return
        lines = plan.lines
    put_all_on_record(import_id, lines, actor, seconds=STEP_SECONDS)


def _hold(import_id: str, plan: LedgerPlan) -> bool:
    """The last judgement of a ledger: refused as a whole, or held so that nothing refuses any of it from here on."""
    with system_work() as work:
        file = _locked(work, import_id)
        if not _is_running(file):
            return False
        if plan.findings.count:
            refuse(work, file, plan.findings)
            return False
        hold_plan(work.tools, file, plan.lines)
        file.row_count, file.counts = len(plan.lines), plan.counts
        return True


def put_all_on_record(
    import_id: str, lines: Sequence[LedgerLine], actor: Actor, *, seconds: float = math.inf
) -> None:
    """Every line that is not on record yet, a few in one transaction. After so many seconds a job goes on."""
    until = time.monotonic() + seconds
    with reading_work() as work:
        known = known_rows(work, lines)
    waiting = [line for line in lines if line.index not in known]
    while True:
        batch, waiting = waiting[:AT_ONCE], waiting[AT_ONCE:]
        with system_work() as work:
            file = _locked(work, import_id)
            if not _is_running(file):
                return
            acting = work.acting_as(actor)
            made = sum(put_on_record(acting, file, line) is not None for line in batch)
            file.done_count = min(file.done_count + made, file.row_count)
            if not waiting:
                finish(work.acting_as(_approver_of(file)), file)
                return
            if time.monotonic() > until:
                add_job(work, RUN, **{"import": file.id})
                return


def _actor_of(file: ImportFile) -> Actor:
    """In whose name it is made: rows of a ledger in that of who brought them in, an organisation in that of who said so."""
    if file.kind is ImportKind.LEDGER and file.created_by_id is not None:
        return Actor("staff", file.created_by_id)
    return _approver_of(file)


def _approver_of(file: ImportFile) -> Actor:
    return Actor("staff", file.approved_by_id) if file.approved_by_id else SYSTEM


def _is_running(file: ImportFile) -> bool:
    """Confirmed, and neither over nor stopped for somebody to say what is to be done."""
    return file.state is ImportState.RUNNING and file.problem is None


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
        if not _is_running(file):
            return
        acting = work.acting_as(actor)
        again = planned(acting, file, sheets)
        if again.findings.count or not isinstance(again, Plan):
            refuse(acting, file, again.findings)
        else:
            make_all(acting, file, again, first)


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
