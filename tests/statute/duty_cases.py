"""Every duty with a limit, begun the way the office begins it, and the moments at which limits are told apart.

The due moments are written out by hand from the State Council's notices (tests/domain/official_days.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from backend.domain.times import SHANGHAI
from backend.domain.unit_rules import read_rules
from backend.domain.vocabulary import Category, HandoffMode, LimitBasis, Regime
from backend.models import Clock, Inquiry, Sign, Unit
from backend.services.clocks import StatedLimit, running_clocks, start_clocks, start_stated_clock
from backend.services.confirming import confirm_inquiry
from backend.services.filing import Filed
from backend.services.handing_over import Offer, offer_handoff
from backend.services.naming import Naming, name_matter
from backend.services.unit_rules import load_unit_rules
from backend.services.work import Work
from backend.statute.model import Event
from tests.domain.official_days import OFFICIAL
from tests.services.desk import file
from tests.support.organisation import SmallOrganisation

IN_DAYS: dict[str, dict[int, str]] = {
    # A plain week, and the first and last instant of its Monday.
    "2026-11-16 00:00:00": {
        1: "2026-11-17",
        2: "2026-11-18",
        3: "2026-11-19",
        5: "2026-11-23",
        20: "2026-12-14",
    },
    "2026-11-16 09:00:00": {
        1: "2026-11-17",
        2: "2026-11-18",
        3: "2026-11-19",
        5: "2026-11-23",
        20: "2026-12-14",
    },
    "2026-11-16 23:59:59": {
        1: "2026-11-17",
        2: "2026-11-18",
        3: "2026-11-19",
        5: "2026-11-23",
        20: "2026-12-14",
    },
    "2026-11-17 00:00:00": {
        1: "2026-11-18",
        2: "2026-11-19",
        3: "2026-11-20",
        5: "2026-11-24",
        20: "2026-12-15",
    },
    # Over a weekend.
    "2026-11-20 17:30:00": {
        1: "2026-11-23",
        2: "2026-11-24",
        3: "2026-11-25",
        5: "2026-11-27",
        20: "2026-12-18",
    },
    "2026-11-21 10:00:00": {
        1: "2026-11-23",
        2: "2026-11-24",
        3: "2026-11-25",
        5: "2026-11-27",
        20: "2026-12-18",
    },
    # The evening before seven days off, and one of them; Saturday the 10th is worked.
    "2026-09-30 20:00:00": {
        1: "2026-10-08",
        2: "2026-10-09",
        3: "2026-10-10",
        5: "2026-10-13",
        20: "2026-11-03",
    },
    "2026-10-03 10:00:00": {
        1: "2026-10-08",
        2: "2026-10-09",
        3: "2026-10-10",
        5: "2026-10-13",
        20: "2026-11-03",
    },
    # Up to a make-up Saturday, and on it.
    "2026-10-09 10:00:00": {
        1: "2026-10-10",
        2: "2026-10-12",
        3: "2026-10-13",
        5: "2026-10-15",
        20: "2026-11-05",
    },
    "2026-10-10 10:00:00": {
        1: "2026-10-12",
        2: "2026-10-13",
        3: "2026-10-14",
        5: "2026-10-16",
        20: "2026-11-06",
    },
    # A make-up Sunday before its holiday; the Spring Festival between two make-up Saturdays.
    "2026-09-19 10:00:00": {
        1: "2026-09-20",
        2: "2026-09-21",
        3: "2026-09-22",
        5: "2026-09-24",
        20: "2026-10-22",
    },
    "2026-02-13 18:00:00": {
        1: "2026-02-14",
        2: "2026-02-24",
        3: "2026-02-25",
        5: "2026-02-27",
        20: "2026-03-19",
    },
    # Into a year without data: 暂定.
    "2026-12-30 09:00:00": {
        1: "2026-12-31",
        2: "2027-01-01",
        3: "2027-01-04",
        5: "2027-01-06",
        20: "2027-01-27",
    },
    "2026-12-31 23:59:59": {
        1: "2027-01-01",
        2: "2027-01-04",
        3: "2027-01-05",
        5: "2027-01-07",
        20: "2027-01-28",
    },
}
"""A start, and the day on which so many working days from it end, at 17:30; 2027 is 暂定."""

AT_ONCE: dict[str, str] = {
    "2026-11-16 00:00:00": "2026-11-16",
    "2026-11-16 09:00:00": "2026-11-16",
    "2026-11-16 17:29:59": "2026-11-16",
    "2026-11-16 17:30:00": "2026-11-17",
    "2026-11-16 23:59:59": "2026-11-17",
    "2026-11-20 18:00:00": "2026-11-23",
    "2026-09-30 20:00:00": "2026-10-08",
    "2026-10-07 12:00:00": "2026-10-08",
    "2026-10-10 10:00:00": "2026-10-10",
    "2026-02-13 18:00:00": "2026-02-14",
    "2026-12-31 17:29:59": "2026-12-31",
    "2026-12-31 17:30:00": "2027-01-01",
}
"""A start, and the day on which 即时 ends, at 17:30; 2027 is 暂定."""


@dataclass(frozen=True)
class Begun:
    """A limit that runs, and the inquiry it belongs to."""

    inquiry: Inquiry
    clock: Clock
    filed: Filed


Begin = Callable[[Work, SmallOrganisation], Begun]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def closing(day: str) -> datetime:
    """Close of business on a day."""
    return at(f"{day} 17:30:00")


def when(work: Work, text: str) -> Work:
    """The work at a moment, under the official calendar of 2024 to 2026."""
    return replace(work, now=at(text), calendar=OFFICIAL)


def _running(work: Work, filed: Filed, duty: str) -> Begun:
    [clock] = [clock for clock in running_clocks(work, filed.inquiry) if clock.duty == duty]
    return Begun(filed.inquiry, clock, filed)


def consult(work: Work, org: SmallOrganisation) -> Begun:
    """坛 七（一）: a question is asked at the window."""
    return _running(work, file(work, org), "answer-consult")


def written_application(work: Work, org: SmallOrganisation) -> Begun:
    """坛 六（四）: a written application arrives."""
    return _running(work, file(work, org, Category.APPLICATION), "written-transfer")


def served(work: Work, org: SmallOrganisation) -> Begun:
    """坛 六（四）: a written application is passed on in writing and served."""
    filed = file(work, org, Category.APPLICATION)
    giver = org.identity("window_a")
    offer = Offer(org.neighbour.id, None, None, HandoffMode.TRANSFER, "属于人社局职责", True)
    offer_handoff(work.acting_as(giver.actor), giver, filed.inquiry, offer)
    return _running(work, filed, "accept-at-once")


def on_the_spot(work: Work, org: SmallOrganisation) -> Begun:
    """坛 六（一）: the holder says that it can be handled at once."""
    filed = file(work, org, Category.APPLICATION)
    holder = org.identity("window_a")
    confirm_inquiry(
        work.acting_as(holder.actor), holder, filed.inquiry, summary=None, competent=None, on_the_spot=True
    )
    return _running(work, filed, "handle-on-the-spot")


def joint_found(work: Work, org: SmallOrganisation) -> Begun:
    """坛 六（三）: found to need several units, so that the head must be told."""
    filed = file(work, org, Category.APPLICATION)
    start_clocks(work, filed.inquiry, Event.JOINT_ASKED, since=work.now, holding=filed.holding)
    return _running(work, filed, "report-joint")


def joint_reported(work: Work, org: SmallOrganisation) -> Begun:
    """坛 六（三）: the report stands in the head's box."""
    filed = file(work, org, Category.APPLICATION)
    start_clocks(work, filed.inquiry, Event.JOINT_REPORTED, since=work.now, holding=filed.holding)
    return _running(work, filed, "joint-plan")


def noticed(work: Work, org: SmallOrganisation, sign: Sign | None = None) -> Begun:
    """坛 六（一）、泸 二（二）2: a notice states twenty working days."""
    filed = file(work, org, Category.APPLICATION, sign=sign)
    stated = StatedLimit(20, LimitBasis.LEGAL)
    start_stated_clock(work, filed.inquiry, "handling-limit", stated, since=work.now, holding=filed.holding)
    return _running(work, filed, "handling-limit")


def named(work: Work, org: SmallOrganisation) -> Begun:
    """坛 五: another regime prevails, with its own five working days."""
    filed = file(work, org, Category.REPORT)
    holder = org.identity("window_a")
    naming = Naming(regime=Regime.PETITION, days=5, basis="《信访工作条例》")
    name_matter(work.acting_as(holder.actor), holder, filed.inquiry, naming)
    return _running(work, filed, "superior-law")


def promised(work: Work, unit: Unit, org: SmallOrganisation, sign: Sign | None = None) -> Begun:
    """坛 十一、泸 二（二）2: the unit has promised one working day for questions."""
    document = {"promises": [{"category": "consult", "working_days": 1, "basis": "服务承诺"}]}
    load_unit_rules(work, unit, read_rules(document))
    return _running(work, file(work, org, sign=sign), "unit-promise")
