"""Which lines of which ledgers follow from an inquiry's entries in the event log, and what stands in them (design 4).

泸 二（二）4: 专门科室建立1本总台账，各科（股）室建立1本分台账. A row stands in the first section's 分台账 for its year of 受理; another
section that held it shows a 承接 line, which is not counted; a receiving unit has a row of its own. A complaint stands
in the 总台账 of those who hold it, and in no section's. A row is about the present round.

Everything here is worked out from the entries alone, so that replaying the log gives the same lines again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from backend.domain.times import local_date
from backend.domain.vocabulary import Category, Channel, Disposition, Grade, Outcome, Source
from backend.domain.vocabulary_contact import FollowUpState
from backend.domain.vocabulary_ledger import LineKind

Body = Mapping[str, Any]
"""What an entry says: the object its canonical JSON holds."""

_FIRST_RESPONDER = "first_responder"
_SHOWN_TEXTS = (
    *("reply", "reason", "basis", "remedy", "help"),
    *("authority_name", "authority_address", "authority_phone"),
)
"""Texts of a closing that 具体办理情况 shows, in this order."""
_OLD_TEXTS = ("section_head_opinion", "deputy_leader_opinion", "remark")
"""Texts of an old ledger's row for fields that are otherwise filled by an act."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line as the table `ledger_rows` keeps it."""

    id: str
    inquiry_id: str
    unit_id: str
    section_id: str | None
    kind: LineKind
    year: int
    received_at: datetime
    taken_at: datetime
    is_restricted: bool
    is_late_entry: bool
    channel: Channel
    source: Source
    category: Category
    disposition: Disposition
    first_responder_id: str | None
    round: int
    outcome: Outcome | None
    closed_at: datetime | None
    closed_by_id: str | None
    closing_unit_id: str | None
    followed_up_at: datetime | None
    follow_up_result: FollowUpState | None
    follow_up_grade: Grade | None
    own_grade: Grade | None
    own_shared: bool | None
    own_rated_at: datetime | None
    changed_grade: Grade | None
    changed_shared: bool | None
    changed_at: datetime | None
    texts: dict[str, str]
    path: list[dict[str, str | None]]


@dataclass(frozen=True, slots=True)
class _Stay:
    """Somewhere the matter came to, in the order of the log; `external` is a letter served beyond the system."""

    at: str
    unit: str | None = None
    section: str | None = None
    staff: str | None = None
    external: str | None = None

    @property
    def place(self) -> tuple[str | None, ...]:
        return self.unit, self.section, self.staff, self.external

    def told(self) -> dict[str, str | None]:
        if self.external is not None:
            return {"at": self.at, "external": self.external}
        return {"at": self.at, "unit": self.unit, "section": self.section, "staff": self.staff}


@dataclass(slots=True)
class _Round:
    """What the present round has come to."""

    outcome: Outcome | None = None
    closed_at: datetime | None = None
    closed_by_id: str | None = None
    closing_unit_id: str | None = None
    followed_up_at: datetime | None = None
    follow_up_result: FollowUpState | None = None
    follow_up_grade: Grade | None = None
    own_grade: Grade | None = None
    own_shared: bool | None = None
    own_rated_at: datetime | None = None
    changed_grade: Grade | None = None
    changed_shared: bool | None = None
    changed_at: datetime | None = None
    texts: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Told:
    """What the log has told so far."""

    inquiry_id: str
    first_unit: str
    first_section: str | None
    received_at: datetime
    is_late_entry: bool
    channel: Channel
    source: Source
    category: Category
    first_responder: str | None
    content: dict[str, str]
    stated: Disposition | None = None
    """办理情况 as an old ledger had it: the log does not know where the matter went."""
    round: int = 1
    stays: list[_Stay] = field(default_factory=list)
    restricted_from: int = 0
    """The first stay that belongs to the complaint: what was held before opens it to nobody."""
    now: _Round = field(default_factory=_Round)


def concerns(body: Body) -> bool:
    """Whether an entry can change a line at all."""
    return body["event"] in _TELL or _FIRST_RESPONDER in body.get("facts", {})


def lines_of(log: Iterable[Body]) -> list[Line]:
    """The lines of one inquiry. `log` holds its entries, each once (no mirrors), oldest first."""
    told: _Told | None = None
    for body in log:
        if body["event"] == "filed":
            told = _filed(body)
            continue
        if told is None:
            raise ValueError("a log begins with the filing")
        facts = body.get("facts", {})
        if told.first_responder is None:
            told.first_responder = facts.get(_FIRST_RESPONDER)
        tell = _TELL.get(body["event"])
        if tell is not None:
            tell(told, body, facts)
    return _lines(told) if told is not None else []


def _filed(body: Body) -> _Told:
    facts = body["facts"]
    told = _Told(
        inquiry_id=body["inquiry"],
        first_unit=facts["first_unit"],
        first_section=facts["first_section"],
        received_at=datetime.fromisoformat(facts["received_at"]),
        is_late_entry=facts["late_entry"],
        channel=Channel(facts["channel"]),
        source=Source(facts["source"]),
        category=Category(facts["category"]),
        first_responder=facts[_FIRST_RESPONDER],
        content=_text_ids(body, "content", *_OLD_TEXTS),
        stated=Disposition(facts["disposition"]) if "disposition" in facts else None,
    )
    _come(told, body, facts)
    return told


def _come(told: _Told, body: Body, _facts: Body) -> None:
    """It came to somebody."""
    holder = body.get("holder")
    if holder is not None:
        told.stays.append(_Stay(body["at"], holder["unit"], holder["section"], holder["staff"]))


def _reclassified(told: _Told, body: Body, facts: Body) -> None:
    was, told.category = told.category, Category(facts["new_category"])
    told.channel = Channel(facts["new_channel"])
    if told.category is Category.COMPLAINT and was is not Category.COMPLAINT:
        # It passed to whom complaints go to.
        told.restricted_from = len(told.stays)
        _come(told, body, facts)


def _ended(told: _Told, body: Body, facts: Body) -> None:
    actor = body["actor"]
    told.now = _Round(
        outcome=Outcome(facts["outcome"]),
        # An old ledger's row was closed before it was put on record.
        closed_at=datetime.fromisoformat(facts.get("closed_at", body["at"])),
        closed_by_id=facts.get("closed_by", actor["id"] if actor["kind"] == "staff" else None),
        closing_unit_id=body["unit_id"],
        texts=_text_ids(body, *_SHOWN_TEXTS) if body["event"] == "closed" else {},
    )
    if told.now.outcome is Outcome.TRANSFERRED and "external" in facts:
        told.stays.append(_Stay(body["at"], external=facts["external"]))


def _reopened(told: _Told, body: Body, facts: Body) -> None:
    told.round, told.now = body["round"], _Round()
    _come(told, body, facts)


def _followed_up(told: _Told, body: Body, facts: Body) -> None:
    """A call of the 回访; a spot check is told as another event, stands in 备注 and fills no field of it."""
    if body["round"] != told.round:
        return
    told.now.followed_up_at = datetime.fromisoformat(facts.get("called_at", body["at"]))
    told.now.follow_up_result = FollowUpState(facts["result"])
    told.now.follow_up_grade = Grade(facts["grade"]) if "grade" in facts else None


def _rated(told: _Told, body: Body, facts: Body) -> None:
    told.now.own_grade, told.now.own_shared = Grade(facts["grade"]), facts["shared"]
    told.now.own_rated_at = datetime.fromisoformat(body["at"])


def _rating_changed(told: _Told, body: Body, facts: Body) -> None:
    told.now.changed_grade, told.now.changed_shared = Grade(facts["grade"]), facts["shared"]
    told.now.changed_at = datetime.fromisoformat(body["at"])


def _result_back(told: _Told, body: Body, _facts: Body) -> None:
    """泸 二（二）2 负责到底: the row shows what came back."""
    told.now.texts |= _text_ids(body, "result")


_TELL: dict[str, Callable[[_Told, Body, Body], None]] = {
    "filed": _come,
    "accepted": _come,
    "assigned": _come,
    "dispute_decided": _come,
    "reclassified": _reclassified,
    "closed": _ended,
    "withdrawn": _ended,
    "reopened": _reopened,
    "followed_up": _followed_up,
    "rated": _rated,
    "rating_changed": _rating_changed,
    "result_back": _result_back,
}


def _text_ids(body: Body, *roles: str) -> dict[str, str]:
    texts = body.get("texts", {})
    return {role: texts[role]["id"] for role in roles if role in texts}


def _lines(told: _Told) -> list[Line]:
    is_restricted = told.category is Category.COMPLAINT
    stays = told.stays[told.restricted_from :] if is_restricted else told.stays
    units = dict.fromkeys(stay.unit for stay in stays if stay.unit is not None)
    if not is_restricted:
        units = {told.first_unit: None, **units}
    lines = []
    for unit in units:
        if is_restricted:
            lines.append(_line(told, stays, unit, None))
            continue
        section = told.first_section if unit == told.first_unit else _first(stays, unit).section
        lines.append(_line(told, stays, unit, section))
        others = dict.fromkeys(stay.section for stay in stays if stay.unit == unit)
        lines += [
            _continued(told, stays, unit, other) for other in others if other is not None and other != section
        ]
    return lines


def _first(stays: list[_Stay], unit: str, section: str | None = None) -> _Stay:
    return next(stay for stay in stays if stay.unit == unit and section in {None, stay.section})


def _line(told: _Told, stays: list[_Stay], unit: str, section: str | None) -> Line:
    """The unit's row: of the first unit from the filing on, of another from when the matter came to it."""
    if unit == told.first_unit:
        came = stays[0] if stays and stays[0].unit == unit else None
        line = _made(told, unit, section, LineKind.OWN, told.received_at)
    else:
        came = _first(stays, unit)
        line = _made(told, unit, section, LineKind.RECEIVED, datetime.fromisoformat(came.at))
    return _gone_on(told, line, stays, came)


def _continued(told: _Told, stays: list[_Stay], unit: str, section: str) -> Line:
    came = _first(stays, unit, section)
    line = _made(told, unit, section, LineKind.CONTINUED, datetime.fromisoformat(came.at))
    return _gone_on(told, line, stays, came)


def _made(told: _Told, unit: str, section: str | None, kind: LineKind, taken_at: datetime) -> Line:
    place = f"{told.inquiry_id}:{unit}" + (f":{section}" if kind is LineKind.CONTINUED else "")
    now = told.now
    graded = now if now.closing_unit_id == unit else _Round()
    return Line(
        id=sha256(place.encode("ascii")).hexdigest()[:32],
        inquiry_id=told.inquiry_id,
        unit_id=unit,
        section_id=section,
        kind=kind,
        year=local_date(told.received_at).year,
        received_at=told.received_at,
        taken_at=taken_at,
        is_restricted=told.category is Category.COMPLAINT,
        is_late_entry=told.is_late_entry,
        channel=told.channel,
        source=told.source,
        category=told.category,
        disposition=Disposition.OWN,
        first_responder_id=told.first_responder,
        round=told.round,
        outcome=now.outcome,
        closed_at=now.closed_at,
        closed_by_id=now.closed_by_id,
        closing_unit_id=now.closing_unit_id,
        followed_up_at=now.followed_up_at,
        follow_up_result=now.follow_up_result,
        # A grade is about the unit that answered, and known there alone.
        follow_up_grade=graded.follow_up_grade,
        own_grade=graded.own_grade,
        own_shared=graded.own_shared,
        own_rated_at=graded.own_rated_at,
        changed_grade=graded.changed_grade,
        changed_shared=graded.changed_shared,
        changed_at=graded.changed_at,
        texts=told.content | now.texts,
        path=[],
    )


def _gone_on(told: _Told, line: Line, stays: list[_Stay], came: _Stay | None) -> Line:
    """The line with where the matter went from it, and so its 办理情况 (泸 附件2)."""
    after = stays[stays.index(came) + 1 :] if came is not None else stays
    path, last = [], came
    for stay in after:
        if last is None or stay.place != last.place:
            path.append(stay)
        last = stay
    return replace(
        line,
        path=[stay.told() for stay in path],
        disposition=_disposition(told, line, path),
    )


def _disposition(told: _Told, line: Line, path: list[_Stay]) -> Disposition:
    if told.stated is not None and not path and line.kind is LineKind.OWN:
        return told.stated
    if any(stay.unit != line.unit_id for stay in path):
        return Disposition.OTHER_UNIT
    if any(_is_elsewhere(told, line, stay) for stay in path):
        return Disposition.OTHER_SECTION
    return Disposition.OWN


def _is_elsewhere(told: _Told, line: Line, stay: _Stay) -> bool:
    """Whether another section has it. Where a post of the whole unit was asked, whoever answered there is no other."""
    if stay.section is None or stay.section == line.section_id:
        return False
    return line.section_id is not None or stay.staff != told.first_responder
