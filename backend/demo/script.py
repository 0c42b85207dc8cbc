"""How a story of the demo is written down: a filing, and the steps that followed it.

`day` counts working days back from the latest one (timeline.py); `at` is HH:MM. People are named by user name,
places by `unit` or `unit/section`.
"""

from __future__ import annotations

from dataclasses import dataclass

from backend.domain.closing import Authority
from backend.domain.vocabulary import (
    AboutKind,
    Category,
    Channel,
    CitizenKind,
    Grade,
    HandoffMode,
    OpinionKind,
    Outcome,
    Source,
    SupervisionKind,
)
from backend.domain.vocabulary_ledger import SignOffRole
from backend.services.closing import Closing


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened."""

    day: int
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffStep(Step):
    """A step of a member of staff."""

    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing(Step):
    """The first question, filed online: at a sign, or without one. `caller` counts invented phones; None leaves none."""

    where: str
    category: Category
    content: str
    source: Source = Source.SIGN
    name: str | None = None
    caller: int | None = None
    kind: CitizenKind = CitizenKind.PERSON
    org_name: str | None = None
    about: AboutKind | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration(StaffStep):
    """The first question, entered by who was asked. `occurred`: day and time, where it was asked earlier (补录).

    `closing` ends it in the same step.
    """

    channel: Channel
    category: Category
    content: str
    summary: str
    name: str | None = None
    caller: int | None = None
    occurred: tuple[int, str] | None = None
    closing: Closing | None = None
    external: tuple[str, tuple[int, str], str] | None = None
    """Another system's number, the day and time of the limit it set, and what that rests on."""


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
    authority: Authority | None = None
    help: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notify(StaffStep):
    """一次性告知, all four parts; `days` None where a limit of the 事项目录 runs already."""

    basis: str
    limit: str
    procedure: str
    documents: tuple[str, ...]
    days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Classify(StaffStep):
    category: Category
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Extend(StaffStep):
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NameMatter(StaffStep):
    """An entry of the unit's 事项目录, by its name."""

    matter: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Together(StaffStep):
    """Ask other units to handle it together."""

    units: tuple[str, ...]
    matter: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Speak(StaffStep):
    """An opinion, or a record of talks."""

    text: str
    kind: OpinionKind = OpinionKind.OPINION


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan(StaffStep):
    """The agreed plan; `tasks` by unit."""

    plan: str
    tasks: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter(StaffStep):
    """书面移交 to an authority that is not on the system."""

    name: str
    address: str
    phone: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Serve(StaffStep):
    receipt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultBack(StaffStep):
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Supervise(StaffStep):
    kind: SupervisionKind
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOff(StaffStep):
    """科室负责人意见 or 分管领导意见."""

    role: SignOffRole
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallBack(StaffStep):
    """A 回访 by phone that was answered."""

    grade: Grade


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckTogether(StaffStep):
    """A 联合抽查 by phone that was answered, and what it found wanting."""

    companion: str
    grade: Grade
    finding: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Receive(Step):
    """The citizen says that they have the notice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remind(Step):
    text: str | None = None


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

    filing: Filing | Registration
    steps: tuple[Step, ...] = ()
