"""How a story of the demo is written down: a filing, and the steps that followed it.

`day` counts working days back from the latest one (timeline.py); `at` is HH:MM. People are named by user name,
places by `unit` or `unit/section`.
"""

from __future__ import annotations

from dataclasses import dataclass

from backend.domain.vocabulary import (
    AboutKind,
    Category,
    Channel,
    CitizenKind,
    Grade,
    HandoffMode,
    Outcome,
    Source,
)


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened."""

    day: int
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing(Step):
    """The first question. `by` is the member of staff who registered it; None: filed by the citizen online.

    `occurred` is the day and time somebody was asked, for a late entry (补录). `caller` counts invented phones;
    None leaves no phone.
    """

    where: str
    category: Category
    content: str
    source: Source = Source.SIGN
    channel: Channel = Channel.OTHER
    name: str | None = None
    caller: int | None = None
    kind: CitizenKind = CitizenKind.PERSON
    org_name: str | None = None
    about: AboutKind | None = None
    about_name: str | None = None
    by: str | None = None
    summary: str | None = None
    occurred: tuple[int, str] | None = None
    external_no: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffStep(Step):
    """A step of a member of staff."""

    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirm(StaffStep):
    summary: str
    competent: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer(StaffStep):
    to: str
    reason: str
    mode: HandoffMode = HandoffMode.TRANSFER


@dataclass(frozen=True, slots=True, kw_only=True)
class Accept(StaffStep):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Return(StaffStep):
    reason: str
    clause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Assign(StaffStep):
    to: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Close(StaffStep):
    outcome: Outcome
    reply: str
    reason: str | None = None
    basis: str | None = None
    remedy: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Supplement(Step):
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw(Step):
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopen(Step):
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate(Step):
    grade: Grade
    comment: str | None = None
    share: bool = False


@dataclass(frozen=True, slots=True)
class Story:
    """One inquiry from its filing to where it stands now."""

    filing: Filing
    steps: tuple[Step, ...] = ()
