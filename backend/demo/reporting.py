"""What the demo's offices made of their ledgers: one section submitted its 回访 results, its unit's general post summed up."""

from __future__ import annotations

from backend.demo.building import Offices
from backend.demo.timeline import Timeline
from backend.domain.identity import Identity
from backend.domain.ledger_periods import period_of
from backend.domain.ledger_scopes import LedgerScope
from backend.domain.times import local
from backend.queries.ledger_books import Book
from backend.queries.ledger_figures import figures_of
from backend.services.ledger_reports import new_salt, submit_follow_ups, sum_up
from backend.services.organising import identity_of
from backend.services.work import Work

UNIT, SECTION = "lz-nc", "lz-nc/bianmin"
SUBMITTER, GENERAL = "lz-nc-bianmin-1", "lz-nc-zonggang"
_ASKED_DAYS_AGO = 6
"""Working days since the section answered the last thing that the reports are about."""


def report_ledgers(work: Work, offices: Offices) -> None:
    """A month's submission and summary, as of now; the unit's other sections have not submitted."""
    asked = Timeline(work.calendar, work.now).moment(_ASKED_DAYS_AGO, "10:40")
    period = period_of(f"{local(asked):%Y-%m}")
    year, unit, section = period.starts_on.year, offices.units[UNIT], offices.sections[SECTION]

    def made_by(username: str, scope: LedgerScope) -> tuple[Work, Identity, Book]:
        identity = identity_of(offices.staff(username))
        held = section if scope is LedgerScope.SECTION else None
        return work.acting_as(identity.actor), identity, Book(scope, unit, held, year, identity)

    acting, identity, book = made_by(SUBMITTER, LedgerScope.SECTION)
    salt = new_salt()
    submit_follow_ups(acting, identity, section, period, figures_of(acting, book, period, salt), salt)
    acting, identity, book = made_by(GENERAL, LedgerScope.UNIT)
    salt = new_salt()
    sum_up(acting, identity, unit.id, period, figures_of(acting, book, period, salt), salt)
