"""What a unit puts on record about itself: 鼓励激励 (坛 八), 简化优化 measures and 实施细则 (坛 八、十一; 泸 二（二）1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from backend.domain.errors import FieldInvalid, RoleRequired
from backend.domain.identity import Identity
from backend.domain.times import local_date
from backend.domain.vocabulary import Role, UnitRecordKind
from backend.models import Section, Staff, UnitRecord
from backend.models.types import new_id
from backend.services.work import Work, find_by_id

RECORDERS = (Role.GENERAL_POST, Role.PRINCIPAL_LEADER)


@dataclass(frozen=True, slots=True)
class NewRecord:
    """A dated paper. A commendation may name a section or a person of the unit; with neither it honours the unit."""

    kind: UnitRecordKind
    title: str
    dated_on: date
    body: str
    document_number: str = ""
    section_id: str | None = None
    staff_id: str | None = None


def ensure_recorder(identity: Identity) -> None:
    """Only the general post and the head of a unit speak for it. Raises RoleRequired."""
    if identity.unit_id not in identity.units_with(*RECORDERS):
        raise RoleRequired()


def put_on_record(work: Work, identity: Identity, new: NewRecord) -> UnitRecord:
    """Publish a record of the own unit; it is public from now on and dated no later than today.

    Raises RoleRequired, FieldInvalid.
    """
    ensure_recorder(identity)
    if new.dated_on > local_date(work.now):
        raise FieldInvalid("/dated_on", "日期不能晚于今天。")
    _check_honoured(work, identity.unit_id, new)
    record = UnitRecord(
        id=new_id(),
        unit_id=identity.unit_id,
        kind=new.kind,
        title=new.title,
        document_number=new.document_number,
        dated_on=new.dated_on,
        body=new.body,
        section_id=new.section_id,
        staff_id=new.staff_id,
        created_at=work.now,
        created_by_id=identity.staff_id,
    )
    work.session.add(record)
    work.session.flush()
    return record


def _check_honoured(work: Work, unit_id: str, new: NewRecord) -> None:
    """坛 八: 取得明显成效的单位和个人."""
    named = {"/section": new.section_id, "/staff": new.staff_id}
    for pointer, given in named.items():
        if given is not None and new.kind is not UnitRecordKind.COMMENDATION:
            raise FieldInvalid(pointer, "只有鼓励激励才写明科室或者人员。")
    if new.section_id is not None:
        section = find_by_id(work.session, Section, new.section_id)
        if section is None or section.unit_id != unit_id or not section.is_active:
            raise FieldInvalid("/section", "本单位没有这个科室。", "section_unknown")
    if new.staff_id is not None:
        if new.section_id is not None:
            raise FieldInvalid("/staff", "科室和人员只写一个。")
        person = find_by_id(work.session, Staff, new.staff_id)
        if person is None or person.unit_id != unit_id or not person.is_active:
            raise FieldInvalid("/staff", "本单位没有这位工作人员。", "staff_unknown")
