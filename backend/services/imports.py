"""A file that is imported, from the upload to the end: sealed, checked, seen by somebody who says so, made, destroyed.

坛 十一, 泸 二（二）4: what goes into a ledger from outside the general post brings in and the lead office lets in (D-4); an
organisation is its administrator's.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select

from backend.domain.errors import DomainError, FieldInvalid, NotFound, RoleRequired
from backend.domain.identity import Identity
from backend.domain.imports import Findings
from backend.domain.vocabulary import Role
from backend.domain.vocabulary_organisation import ChangeKind, ImportKind, ImportState
from backend.models import ImportFile, OrganisationChange, Staff, Unit
from backend.models.types import new_id
from backend.services.administering import administered
from backend.services.importing_organisation import Plan, make_organisation
from backend.services.organisation_changes import note_change
from backend.services.organising import FirstPassword
from backend.services.outbox import add_job
from backend.services.staff_accounts import ShownSecrets, secrets_of
from backend.services.work import Tools, Work, find_by_id

CHECK, RUN = "import_check", "import_run"
"""The jobs; `payload` holds the id of the file alone."""
PASSWORDS_SHOWN_FOR = timedelta(days=7)
SHOWN_TO_OVERSEERS = (ImportState.READY, ImportState.RUNNING, ImportState.DONE)
"""Of a ledger: how much it is and who uploaded it. What is wrong with one quotes it, and stays in the unit."""
LONGEST_NAME = 120
LONGEST_PROBLEM = 40


class ImportNotReady(DomainError):
    """The file is being checked, was imported or given up."""

    code = "import_not_ready"


def may_import(identity: Identity, kind: ImportKind) -> bool:
    """The administrator imports an organisation, the general post a ledger of its unit."""
    if kind is ImportKind.ORGANISATION:
        return identity.holds(Role.SYSADMIN)
    return identity.unit_id in identity.units_with(Role.GENERAL_POST)


def may_approve(work: Work, identity: Identity, file: ImportFile) -> bool:
    """Of an organisation whoever imports it; of a ledger an overseer of the unit, never who uploaded it (D-4)."""
    if file.kind is ImportKind.ORGANISATION:
        return may_import(identity, file.kind) and file.unit_id == identity.unit_id
    return file.created_by_id != identity.staff_id and file.unit_id in overseen(work, identity)


def overseen(work: Work, identity: Identity) -> list[str]:
    """The units whose ledgers this person may let in."""
    return administered(work, identity, Role.OVERSEER) if identity.holds(Role.OVERSEER) else []


def receive_file(work: Work, identity: Identity, kind: ImportKind, name: str, data: bytes) -> ImportFile:
    """Keep a file sealed and have it checked. Raises RoleRequired, FieldInvalid."""
    if not may_import(identity, kind):
        raise RoleRequired()
    file = keep_file(work, kind, work.session.get_one(Unit, identity.unit_id), name, data)
    file.created_by_id = identity.staff_id
    work.session.flush()
    add_job(work, CHECK, **{"import": file.id})
    return file


def keep_file(work: Work, kind: ImportKind, unit: Unit, name: str, data: bytes) -> ImportFile:
    """The row of a file about to be checked, its bytes sealed."""
    if not data:
        raise FieldInvalid("/file", "请选择要导入的文件。")
    file_id, wrapped = new_id(), work.tools.vault.new_data_key()
    file = ImportFile(
        id=file_id,
        kind=kind,
        state=ImportState.CHECKING,
        unit_id=unit.id,
        created_by_id=work.actor.id if work.actor.kind == "staff" else None,
        file_name=_short(name),
        file_index=work.tools.index.index("import_file", hashlib.sha256(data).hexdigest()),
        created_at=work.now,
        row_count=0,
        done_count=0,
        counts={},
        wrapped_key=wrapped,
        sealed=work.tools.vault.seal(wrapped, data, f"import:{file_id}:file"),
    )
    work.session.add(file)
    work.session.flush()
    return file


def open_file(tools: Tools, file: ImportFile) -> bytes:
    """The bytes that were uploaded. Raises ImportNotReady once they are destroyed."""
    if file.wrapped_key is None or file.sealed is None:
        raise ImportNotReady()
    return tools.vault.unseal(file.wrapped_key, file.sealed, f"import:{file.id}:file")


def note_checked(work: Work, file: ImportFile, findings: Findings, counts: dict[str, int], rows: int) -> None:
    """What the check found: refused with every mistake, or ready to be confirmed."""
    file.counts = counts
    if findings.count:
        refuse(work, file, findings)
        return
    file.row_count = rows
    file.done_count = 0
    file.state = ImportState.READY
    work.session.flush()


def refuse(work: Work, file: ImportFile, findings: Findings) -> None:
    """Nothing of it is taken; the mistakes stay to be read, the file does not."""
    told = {"count": findings.count, "lines": [problem.told() for problem in findings.problems]}
    if file.wrapped_key is not None:
        said = json.dumps(told, ensure_ascii=False)
        file.findings = work.tools.vault.seal(file.wrapped_key, said, f"import:{file.id}:findings")
    _finish(work, file, ImportState.REFUSED)


def findings_of(tools: Tools, file: ImportFile) -> dict[str, Any]:
    """`{count, lines}` of what was wrong."""
    if file.wrapped_key is None or file.findings is None:
        return {"count": 0, "lines": []}
    told: dict[str, Any] = json.loads(
        tools.vault.unseal_text(file.wrapped_key, file.findings, f"import:{file.id}:findings")
    )
    return told


def approve(work: Work, identity: Identity, file: ImportFile) -> None:
    """Somebody who may saw what the check found and says so. Raises RoleRequired, ImportNotReady."""
    if not may_approve(work, identity, file):
        raise RoleRequired("历史台账由牵头部门看过检查结果、同意以后才导入。")
    if file.state is not ImportState.READY:
        raise ImportNotReady()
    file.state = ImportState.RUNNING
    file.approved_by_id = identity.staff_id
    work.session.flush()
    add_job(work, RUN, **{"import": file.id})


def can_be_dropped(file: ImportFile) -> bool:
    """Before anything was made of it at any time; midway only where it stopped."""
    if file.state is ImportState.RUNNING:
        return file.done_count == 0 or file.problem is not None
    return file.state in {ImportState.READY, ImportState.CHECKING}


def drop(work: Work, file: ImportFile) -> None:
    """Give it up; what was put on record before it stopped stays. Raises ImportNotReady."""
    if not can_be_dropped(file):
        raise ImportNotReady()
    _finish(work, file, ImportState.DROPPED)


def note_stopped(work: Work, file: ImportFile, problem: str) -> None:
    """Nobody works at it any more: somebody has to say what is to be done. The file is kept."""
    if file.state in {ImportState.CHECKING, ImportState.RUNNING}:
        file.problem = problem[:LONGEST_PROBLEM]
        work.session.flush()


def take_up(work: Work, file: ImportFile) -> None:
    """Go on where it stopped. Raises ImportNotReady."""
    if file.problem is None:
        raise ImportNotReady()
    file.problem = None
    work.session.flush()
    add_job(work, CHECK if file.state is ImportState.CHECKING else RUN, **{"import": file.id})


def finish(work: Work, file: ImportFile) -> None:
    """All of it is made."""
    file.done_count = file.row_count
    _finish(work, file, ImportState.DONE)
    note_change(
        work,
        ChangeKind.IMPORTED,
        file.unit_id,
        {"about": file.kind.label, "file": file.file_name, **_made(file)},
    )


def make_all(work: Work, file: ImportFile, plan: Plan, first: Sequence[FirstPassword]) -> None:
    """Make an organisation as planned, or nothing of it."""
    with work.session.begin_nested() as attempt:
        findings = make_organisation(work, plan, first)
        if findings.count:
            attempt.rollback()
    if findings.count:
        refuse(work, file, findings)
    else:
        finish(work, file)


def find_import(work: Work, identity: Identity, import_id: str) -> ImportFile:
    """A file of one's own unit and kind, or a checked ledger of a unit one oversees. Raises NotFound."""
    file = find_by_id(work.session, ImportFile, import_id)
    if file is not None:
        if file.unit_id == identity.unit_id and may_import(identity, file.kind):
            return file
        is_checked = file.kind is ImportKind.LEDGER and file.state in SHOWN_TO_OVERSEERS
        if is_checked and file.unit_id in overseen(work, identity):
            return file
    raise NotFound()


def within_reach(work: Work, identity: Identity) -> ColumnElement[bool]:
    """SQL: this row of `imports` is one that `find_import` finds."""
    kinds = [kind for kind in ImportKind if may_import(identity, kind)]
    own = and_(ImportFile.unit_id == identity.unit_id, ImportFile.kind.in_(kinds)) if kinds else false()
    units = overseen(work, identity)
    return or_(own, _waits_or_went(units)) if units else own


def imports_waiting(work: Work, identity: Identity) -> int:
    """How many ledgers wait for this person's say."""
    units = overseen(work, identity)
    if not units:
        return 0
    waiting = select(ImportFile.id).where(
        _waits_or_went(units),
        ImportFile.state == ImportState.READY,
        ImportFile.created_by_id.is_distinct_from(identity.staff_id),
    )
    return len(work.session.scalars(waiting.limit(100)).all())


def _waits_or_went(units: Sequence[str]) -> ColumnElement[bool]:
    return and_(
        ImportFile.kind == ImportKind.LEDGER,
        ImportFile.unit_id.in_(units),
        ImportFile.state.in_(SHOWN_TO_OVERSEERS),
    )


def first_passwords(work: Work, file: ImportFile) -> list[tuple[Staff, ShownSecrets]]:
    """Of an import that just made people: who has not yet chosen a password of their own, and the first one.

    For who imported them alone, for a week.
    """
    if file.finished_at is None or file.finished_at + PASSWORDS_SHOWN_FOR <= work.now:
        return []
    if file.state is not ImportState.DONE or file.approved_by_id != work.actor.id:
        return []
    made = work.session.execute(
        select(OrganisationChange, Staff)
        .join(Staff, Staff.id == OrganisationChange.staff_id)
        .where(
            OrganisationChange.kind == ChangeKind.STAFF_CREATED,
            OrganisationChange.at == file.finished_at,
            OrganisationChange.by_id == file.approved_by_id,
            Staff.password_is_initial,
            Staff.is_active,
        )
        .order_by(Staff.name, Staff.id)
    )
    return [(staff, secrets_of(work.tools, change)) for change, staff in made]


def _finish(work: Work, file: ImportFile, state: ImportState) -> None:
    file.state = state
    file.finished_at = work.now
    file.sealed = file.planned = file.problem = None
    work.session.flush()


def _made(file: ImportFile) -> dict[str, Any]:
    return {"made": "、".join(f"{COUNTED[name]} {count}" for name, count in file.counts.items() if count)}


COUNTED = {
    "units": "单位",
    "sections": "科室",
    "staff": "人员",
    "posts": "岗位",
    "rows": "台账行",
    "closed": "其中已办结",
    "open": "其中未办结",
    "kept": "原来就有的",
}


def _short(name: str) -> str:
    """The file's own name, without folders and without anything that is no text."""
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(character for character in base if character.isprintable())
    return shown[-LONGEST_NAME:] or "没有名字的文件"
