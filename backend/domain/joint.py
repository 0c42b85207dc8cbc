"""共同办理 (坛 六（三）、七（三）): whom the lead may ask, when it was found, and what is said once only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime

from backend.domain.errors import (
    FieldInvalid,
    JointAlreadyPlanned,
    JointAlreadyReferred,
    JointNotPlanned,
    JointTaskAlreadyDone,
    SubjectConflict,
)

MOST_UNITS = 20
"""Other units in one joint case."""


def check_units(
    asked: Sequence[str], *, lead_unit_id: str, active: Collection[str], kept_from: Collection[str]
) -> None:
    """The other units: at least one, each once, active, not the lead itself, and none a complaint is about.

    `active` are the asked ones that exist and are active; `kept_from` the units that a complaint concerns.
    Raises FieldInvalid, SubjectConflict.
    """
    if not asked:
        raise FieldInvalid("/units", "请选择共同办理的单位。", "required")
    if len(asked) > MOST_UNITS:
        raise FieldInvalid("/units", f"共同办理的其他单位最多 {MOST_UNITS} 个。")
    seen: Counter[str] = Counter()
    for place, unit_id in enumerate(asked):
        pointer = f"/units/{place}"
        if unit_id == lead_unit_id:
            raise FieldInvalid(pointer, "本单位是牵头单位，请只选其他单位。")
        if seen[unit_id]:
            raise FieldInvalid(pointer, "这个单位已经选过。")
        if unit_id not in active:
            raise FieldInvalid(pointer, "没有这个单位，或者已经停用。", "unit_unknown")
        seen[unit_id] += 1
    if any(unit_id in kept_from for unit_id in asked):
        raise SubjectConflict("投诉不能请被投诉的单位共同办理。")


def found_moment(found_at: datetime | None, *, since: datetime, now: datetime) -> datetime:
    """When it was found that several units are needed (系统设定 joint-from-finding); now, when nothing is said.

    Not after now, not before `since`, when whoever holds it began to; a form tells whole minutes, so the minute of
    that counts as that. Raises FieldInvalid.
    """
    if found_at is None:
        return now
    if found_at > now:
        raise FieldInvalid("/found_at", "认定的时间不能晚于现在。")
    if found_at < since.replace(second=0, microsecond=0):
        raise FieldInvalid("/found_at", "认定的时间不能早于收到这件事或者现在的承办人接手的时间。")
    return max(found_at, since)


def check_plan(planned_at: datetime | None, tasks: Sequence[str], participants: Collection[str]) -> None:
    """A plan is agreed once, and gives each participant one task at most. Raises JointAlreadyPlanned, FieldInvalid."""
    if planned_at is not None:
        raise JointAlreadyPlanned()
    seen: set[str] = set()
    for place, unit_id in enumerate(tasks):
        pointer = f"/tasks/{place}/unit"
        if unit_id not in participants:
            raise FieldInvalid(pointer, "这个单位没有参加共同办理。", "unit_unknown")
        if unit_id in seen:
            raise FieldInvalid(pointer, "这个单位的任务请写在一起。")
        seen.add(unit_id)


def is_agreed(answered: Collection[bool], *, has_talked: bool) -> bool:
    """Whether a plan can have been agreed (坛 六（三） 商定): every unit has spoken, or talks are on record."""
    return has_talked or all(answered)


def check_report(referred_at: datetime | None) -> None:
    """The written report goes up once. Raises JointAlreadyReferred."""
    if referred_at is not None:
        raise JointAlreadyReferred()


def check_task_done(planned_at: datetime | None, done_at: datetime | None) -> None:
    """A participant reports its part done once, and only what a plan gave it. Raises JointNotPlanned, …AlreadyDone."""
    if planned_at is None:
        raise JointNotPlanned()
    if done_at is not None:
        raise JointTaskAlreadyDone()


def exculpates(said_at: datetime, *, settled_at: datetime, due_at: datetime) -> bool:
    """Whether a record of talks (协商记录) stands beside the breach as a fact to be weighed.

    系统设定 joint-report-late: a plan or report after its three working days stays late; what was talked until it was
    settled (until now, while it is not) is listed with it.
    """
    return settled_at > due_at and said_at <= settled_at
