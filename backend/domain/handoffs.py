"""What a hand-off may be offered to, and what it takes to give one back (design 4; 坛 六（二）、六（四）)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from backend.domain.complaints import Subject
from backend.domain.errors import FieldInvalid, HandoffTargetUnavailable, HandoffToSelf, SubjectConflict
from backend.domain.vocabulary import HandoffKind, Measure

RETURN_BASIS = {Measure.TAN: "退回依据", Measure.LU: "职责依据"}
"""What the basis of a return is called. 泸 has no clause on returning: who returns names the 职责依据 (三定)."""

_BASIS = re.compile(
    r"《[^《》]*[^《》\s][^《》]*》"
    r"|第\s*[（(]?[〇零一二三四五六七八九十百千0-9０-９]+[）)]?\s*[条款项章]"
    r"|三定|(?:权责|权力|责任|职责|权力和责任)(?:事项)?清单"
)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who could accept, and where they belong."""

    staff_id: str
    section_id: str | None
    unit_id: str


@dataclass(frozen=True, slots=True)
class Target:
    """Where an offer goes, and who there could accept it now."""

    unit_id: str
    section_id: str | None
    staff_id: str | None
    people: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class Giver:
    """Who holds it now."""

    unit_id: str
    section_id: str | None
    staff_id: str


def check_target(giver: Giver, target: Target | None, subject: Subject) -> HandoffKind:
    """Which kind of hand-off this is.

    Raises HandoffTargetUnavailable for nobody, HandoffToSelf for the giver's own section or person,
    SubjectConflict when a complaint would reach whom it is about.
    """
    if target is None:
        raise HandoffTargetUnavailable("请选择要转交的科室或单位。")
    if target.staff_id == giver.staff_id:
        raise HandoffToSelf()
    same_unit = target.unit_id == giver.unit_id
    if same_unit and target.section_id == giver.section_id and target.staff_id is None:
        raise HandoffToSelf()
    if same_unit and target.section_id is None:
        raise HandoffTargetUnavailable("在本单位内转交，请选择科室。")
    if not target.people:
        raise HandoffTargetUnavailable()
    if subject.covers("", target.section_id, target.unit_id) or all(
        subject.covers(person.staff_id, person.section_id, person.unit_id) for person in target.people
    ):
        raise SubjectConflict()
    return HandoffKind.SECTION if same_unit else HandoffKind.UNIT


def cites_a_basis(*texts: str) -> bool:
    """Whether one of the texts names a document or an article: 《…》, 第…条（款、项）, “三定”, 权责清单.

    A fact about the words, no judgement of them: whether the basis carries the return is for people to say.
    """
    return any(_BASIS.search(text) for text in texts)


def check_outside(name: str, address: str, phone: str) -> None:
    """An authority beyond the system is named, with at least one way to reach it (坛 六（四）). Raises FieldInvalid."""
    if not name:
        raise FieldInvalid("/external/name", "请写明主管部门的名称。", "conditionally_required")
    if not (address or phone):
        raise FieldInvalid("/external/address", "地址和电话至少写一项。", "conditionally_required")


def check_service(served_at: datetime, made_at: datetime, received_at: datetime, now: datetime) -> None:
    """送达 lies between the minute of the letter and now, and not before the matter itself came. Raises FieldInvalid."""
    if served_at > now:
        raise FieldInvalid("/served_at", "送达时间不能晚于现在。")
    if served_at < made_at.replace(second=0, microsecond=0) or served_at < received_at:
        raise FieldInvalid("/served_at", "送达时间不能早于拟写移交函的时间，也不能早于收到事项。")
