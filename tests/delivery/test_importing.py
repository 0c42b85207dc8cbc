"""Uploaded files are checked and made by the worker, a step at a time."""

from __future__ import annotations

import io
from typing import Any

import pytest
import xlsxwriter
from sqlalchemy import func, select

from backend.database import reading
from backend.delivery import importing
from backend.delivery.leases import Leased
from backend.domain.errors import NotFound, RoleRequired
from backend.domain.vocabulary_organisation import ChangeKind, ImportKind, ImportState
from backend.models import ImportFile, Inquiry, LedgerEntry, OrganisationChange, Staff
from backend.queries.imports import import_shape
from backend.services.imports import (
    RUN,
    ImportNotReady,
    approve,
    drop,
    find_import,
    findings_of,
    first_passwords,
    imports_waiting,
    note_stopped,
    receive_file,
    take_up,
)
from backend.services.outbox import add_job
from backend.services.verifying import verify_ledgers
from backend.spreadsheets.terms import ReaderBusy
from backend.vault.passwords import verify_password
from tests.support import workbooks
from tests.support.app import Office
from tests.support.importing import ROW, run_jobs


@pytest.fixture
def office(office: Any) -> Office:
    """The office itself; nothing else here is on its way."""
    inside: Office = office.office
    return inside


def upload(office: Office, name: str, kind: ImportKind, data: bytes) -> str:
    identity = office.org.identity(name)
    with office.working(identity.actor) as work:
        return receive_file(work, identity, kind, "表.xlsx", data).id


def confirm(office: Office, name: str, import_id: str) -> None:
    identity = office.org.identity(name)
    with office.working(identity.actor) as work:
        approve(work, identity, find_import(work, identity, import_id))


def state(office: Office, import_id: str) -> ImportFile:
    with office.looking() as work:
        return work.session.get_one(ImportFile, import_id)


def told(office: Office, import_id: str) -> list[str]:
    with office.looking() as work:
        lines: list[str] = findings_of(work.tools, work.session.get_one(ImportFile, import_id))["lines"]
        return lines


def test_a_ledger_is_checked_confirmed_and_made_in_steps(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "AT_ONCE", 3)
    monkeypatch.setattr(importing, "STEP_SECONDS", 0.0)
    rows = [ROW | {"首问内容": f"第{n}件"} for n in range(10)]
    import_id = upload(office, "general", ImportKind.LEDGER, workbooks.ledger(*rows))
    assert run_jobs(office) == 1
    ready = state(office, import_id)
    assert (ready.state, ready.row_count, ready.counts["closed"]) == (ImportState.READY, 10, 10)
    with office.looking() as work:
        assert work.session.scalar(select(func.count()).select_from(Inquiry)) == 0
    confirm(office, "overseer", import_id)
    assert run_jobs(office) == 4, "three rows a step, a job for each"
    done = state(office, import_id)
    assert (done.state, done.done_count, done.sealed) == (ImportState.DONE, 10, None)
    with office.app.app_context(), reading() as session:
        assert session.scalar(select(func.count()).select_from(Inquiry)) == 10
        actors = set(session.scalars(select(LedgerEntry.body)))
        assert all(office.org.people["general"].id in body for body in actors)
        by = session.scalars(
            select(OrganisationChange.by_id).where(OrganisationChange.kind == ChangeKind.IMPORTED)
        )
        assert by.all() == [office.org.people["overseer"].id]
    with office.app.app_context(), reading() as session:
        reports = verify_ledgers(session, office.app.extensions["shouwen_tools"].signer)
        assert all(report.is_whole for report in reports)


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize("name", ["general", "principal", "discipline", "sysadmin", "auditor"])
def test_a_ledger_is_let_in_by_the_lead_office_alone(office: Office, name: str) -> None:
    """D-4: bulk import needs the overseer, never who uploaded it."""
    import_id = upload(office, "general", ImportKind.LEDGER, workbooks.ledger(ROW))
    identity, overseer = office.org.identity(name), office.org.identity("overseer")
    with office.looking() as work, pytest.raises(NotFound):
        find_import(work, overseer, import_id)
    run_jobs(office)
    with office.working(identity.actor) as work:
        with pytest.raises((RoleRequired, NotFound)):
            approve(work, identity, find_import(work, identity, import_id))
        assert imports_waiting(work, identity) == 0
        assert imports_waiting(work, overseer) == 1
        shape = import_shape(work, overseer, find_import(work, overseer, import_id))
    assert (shape["may_approve"], shape["unit"]) == (True, office.org.unit.name)
    with office.working(overseer.actor) as work:
        file = find_import(work, overseer, import_id)
        approve(work, overseer, file)


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_the_same_file_again_is_known_and_makes_nothing(office: Office) -> None:
    data = workbooks.ledger(ROW)
    for kept in (0, 1):
        import_id = upload(office, "general", ImportKind.LEDGER, data)
        run_jobs(office)
        assert state(office, import_id).counts["kept"] == kept
        confirm(office, "overseer", import_id)
        run_jobs(office)
        assert state(office, import_id).state is ImportState.DONE
    with office.looking() as work:
        assert work.session.scalar(select(func.count()).select_from(Inquiry)) == 1


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_step_that_was_killed_is_taken_up_where_it_stopped(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "AT_ONCE", 2)
    rows = [ROW | {"首问内容": f"第{n}件"} for n in range(6)]
    import_id = upload(office, "general", ImportKind.LEDGER, workbooks.ledger(*rows))
    run_jobs(office)
    confirm(office, "overseer", import_id)
    made = importing.put_on_record
    calls = []

    def dies(work, file, line):
        calls.append(line)
        if len(calls) == 4:
            raise RuntimeError("killed")
        return made(work, file, line)

    monkeypatch.setattr(importing, "put_on_record", dies)
    with pytest.raises(RuntimeError):
        run_jobs(office)
    assert state(office, import_id).done_count == 2
    monkeypatch.setattr(importing, "put_on_record", made)
    office.clock.forward(minutes=5)
    with office.working() as work:
        add_job(work, RUN, **{"import": import_id})
    run_jobs(office)
    done = state(office, import_id)
    assert (done.state, done.done_count) == (ImportState.DONE, 6)
    with office.looking() as work:
        assert work.session.scalar(select(func.count()).select_from(Inquiry)) == 6


def test_what_changes_while_a_ledger_is_made_refuses_none_of_it(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All or nothing: what is judged last, before the first row, is what is made."""
    monkeypatch.setattr(importing, "AT_ONCE", 2)
    monkeypatch.setattr(importing, "STEP_SECONDS", 0.0)
    still_open = {"办结时间": None, "具体办理情况": None}
    rows = [ROW | still_open | {"首问内容": f"第{n}件"} for n in range(6)]
    import_id = upload(office, "general", ImportKind.LEDGER, workbooks.ledger(*rows))
    run_jobs(office)
    confirm(office, "overseer", import_id)
    made = importing.put_on_record
    seen = []

    def disturbed(work, file, line):
        if len(seen) == 3:
            asked = work.session.get_one(Staff, office.org.people["window_a"].id)
            asked.unit_id, asked.username = office.org.lead.id, "elsewhere"
        seen.append(line)
        return made(work, file, line)

    monkeypatch.setattr(importing, "put_on_record", disturbed)
    assert run_jobs(office) == 3
    done = state(office, import_id)
    assert (done.state, done.done_count, done.planned) == (ImportState.DONE, 6, None)
    with office.looking() as work:
        assert set(work.session.scalars(select(Inquiry.unit_id))) == {office.org.unit.id}
        assert work.session.scalar(select(func.count()).select_from(Inquiry)) == 6


def attempt(office: Office, act, import_id: str, attempts: int) -> None:
    """One attempt of a job, the last of so many."""
    item = Leased(1, "token", "job", RUN, None, None, None, {"import": import_id}, attempts)
    with office.app.app_context():
        act(item)


@pytest.mark.parametrize("attempts", [importing.MOST_ATTEMPTS, importing.MOST_ATTEMPTS + 1])
def test_an_import_that_stopped_midway_says_so_and_goes_on_at_a_word(
    office: Office, monkeypatch: pytest.MonkeyPatch, attempts: int
) -> None:
    """Also one whose workers died of it."""
    monkeypatch.setattr(importing, "AT_ONCE", 2)
    rows = [ROW | {"首问内容": f"第{n}件"} for n in range(4)]
    import_id = upload(office, "general", ImportKind.LEDGER, workbooks.ledger(*rows))
    run_jobs(office)
    confirm(office, "overseer", import_id)
    made = importing.put_on_record

    def dies(work, file, line):
        if work.session.get_one(ImportFile, file.id).done_count == 2:
            raise RuntimeError("again and again")
        return made(work, file, line)

    monkeypatch.setattr(importing, "put_on_record", dies)
    with pytest.raises(RuntimeError):
        attempt(office, importing.run_import, import_id, 1)
    assert state(office, import_id).problem is None
    attempt(office, importing.run_import, import_id, attempts)
    stopped = state(office, import_id)
    assert (stopped.state, stopped.done_count, stopped.sealed is None) == (ImportState.RUNNING, 2, False)
    assert stopped.problem in {"RuntimeError", importing.WORKER_DIED}
    general = office.org.identity("general")
    with office.looking() as work:
        shape = import_shape(work, general, work.session.get_one(ImportFile, import_id))
        assert (shape["state_label"], shape["is_stopped"], shape["is_waiting"]) == ("部分导入", True, False)
    attempt(office, importing.run_import, import_id, 1)
    assert state(office, import_id).done_count == 2, "nobody works at it before somebody says so"
    monkeypatch.setattr(importing, "put_on_record", made)
    with office.working(general.actor) as work:
        take_up(work, find_import(work, general, import_id))
    run_jobs(office)
    done = state(office, import_id)
    assert (done.state, done.done_count, done.problem) == (ImportState.DONE, 4, None)


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_what_could_not_be_checked_is_checked_again_or_given_up(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_id = upload(office, "general", ImportKind.LEDGER, workbooks.ledger(ROW))
    read = importing.read_workbook

    def busy(*_given, **_named):
        raise ReaderBusy

    monkeypatch.setattr(importing, "read_workbook", busy)
    attempt(office, importing.check_import, import_id, importing.MOST_ATTEMPTS)
    assert (state(office, import_id).state, state(office, import_id).problem) == (
        ImportState.CHECKING, "ReaderBusy",
    )  # fmt: skip
    general = office.org.identity("general")
    monkeypatch.setattr(importing, "read_workbook", read)
    with office.working(general.actor) as work:
        take_up(work, find_import(work, general, import_id))
    run_jobs(office)
    assert state(office, import_id).state is ImportState.READY
    with office.working(general.actor) as work, pytest.raises(ImportNotReady):
        take_up(work, find_import(work, general, import_id))


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize("done", [0, 1])
def test_it_can_be_given_up_whenever_nobody_works_at_it(office: Office, done: int) -> None:
    """What was put on record stays, and is never called nothing."""
    import_id = upload(office, "general", ImportKind.LEDGER, workbooks.ledger(ROW))
    run_jobs(office)
    confirm(office, "overseer", import_id)
    general = office.org.identity("general")
    with office.working(general.actor) as work:
        file = find_import(work, general, import_id)
        file.done_count = done
        work.session.flush()
        if done:
            with pytest.raises(ImportNotReady):
                drop(work, file)
            note_stopped(work, file, importing.WORKER_DIED)
        drop(work, file)
        label = import_shape(work, general, file)["state_label"]
    assert state(office, import_id).sealed is None
    assert label == ("已放弃，导入了 1 行" if done else "已放弃")


def test_an_organisation_comes_whole_and_its_people_get_first_passwords(office: Office) -> None:
    unit = office.org.unit.name
    data = workbooks.workbook(
        {
            "科室": [workbooks.SECTIONS, [unit, "法规科", "科（股）室", "否"]],
            "人员": [workbooks.STAFF, [unit, "法规科", "钱小满", "qxm", "公务员"]],
            "岗位": [workbooks.POSTS, [unit, "首问责任岗", "法规科", "五楼", None, "qxm", "window-b"]],
        }
    )
    import_id = upload(office, "sysadmin", ImportKind.ORGANISATION, data)
    run_jobs(office)
    assert state(office, import_id).counts == {"units": 0, "sections": 1, "staff": 1, "posts": 1, "kept": 0}
    confirm(office, "sysadmin", import_id)
    run_jobs(office)
    assert state(office, import_id).state is ImportState.DONE
    admin = office.org.identity("sysadmin").actor
    with office.looking(admin) as work:
        file = work.session.get_one(ImportFile, import_id)
        [(staff, shown)] = first_passwords(work, file)
        assert staff.username == "qxm"
        assert verify_password(staff.password_hash, shown.password)
        assert first_passwords(work.acting_as(office.org.identity("auditor").actor), file) == []
        kinds = {
            row.kind.value
            for row in work.session.scalars(select(OrganisationChange))
            if row.by_id == admin.id
        }
        assert {"section_created", "staff_created", "post_created", "imported"} <= kinds


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"nonsense", "打不开"),
        (workbooks.workbook({"表": [["甲"]]})[:-300], "打不开"),
        (workbooks.ledger(ROW | {"首问方式": "托人"}), "“台账”第 2 行“首问方式”"),
        (workbooks.ledger(), "一行也没有"),
    ],
    ids=["no workbook", "cut off", "a wrong word", "no row"],
)
def test_a_bad_file_is_refused_with_its_mistakes_and_destroyed(
    office: Office, data: bytes, text: str
) -> None:
    import_id = upload(office, "general", ImportKind.LEDGER, data)
    run_jobs(office)
    file = state(office, import_id)
    assert (file.state, file.sealed) == (ImportState.REFUSED, None)
    assert any(text in line for line in told(office, import_id)), told(office, import_id)
    with office.looking() as work:
        assert work.session.scalar(select(func.count()).select_from(Inquiry)) == 0


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_hundred_thousand_rows_are_refused_in_one_clear_line(office: Office) -> None:
    """Bad input: the reader is bounded, and says how many there may be."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("台账")
        for place, label in enumerate(workbooks.LEDGER):
            sheet.write_string(0, place, label)
        for line in range(1, 100_001):
            sheet.write_string(line, 7, "问")
    import_id = upload(office, "general", ImportKind.LEDGER, file.getvalue())
    run_jobs(office)
    assert told(office, import_id) == ["“台账”：有 100,000 行，一次最多 20,000 行，请分成几个文件。"]


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_what_changed_between_check_and_confirmation_makes_nothing(office: Office) -> None:
    unit = office.org.unit.name
    data = workbooks.workbook({"人员": [workbooks.STAFF, [unit, "业务科", "钱小满", "qxm", "公务员"]]})
    first, second = (upload(office, "sysadmin", ImportKind.ORGANISATION, data) for _ in range(2))
    other = workbooks.workbook({"人员": [workbooks.STAFF, [unit, "业务科", "钱大满", "qxm", "公务员"]]})
    third = upload(office, "sysadmin", ImportKind.ORGANISATION, other)
    run_jobs(office)
    for import_id in (first, second, third):
        confirm(office, "sysadmin", import_id)
    run_jobs(office)
    assert state(office, first).state is ImportState.DONE
    assert state(office, second).state is ImportState.DONE, "all of it is there already"
    assert state(office, third).state is ImportState.REFUSED
    assert any("已经有人使用" in line for line in told(office, third))
    with office.looking() as work:
        assert (
            work.session.scalar(select(func.count()).select_from(Staff).where(Staff.username == "qxm")) == 1
        )


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_given_up_it_is_destroyed_and_nothing_of_it_is_made(office: Office) -> None:
    import_id = upload(office, "general", ImportKind.LEDGER, workbooks.ledger(ROW))
    run_jobs(office)
    identity = office.org.identity("general")
    with office.working(identity.actor) as work:
        drop(work, find_import(work, identity, import_id))
    run_jobs(office)
    file = state(office, import_id)
    assert (file.state, file.sealed) == (ImportState.DROPPED, None)
