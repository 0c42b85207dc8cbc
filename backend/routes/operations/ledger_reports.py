"""回访情况上报 and 台账汇总 as writes: figures are taken from the ledger in the transaction that keeps them."""

from __future__ import annotations

from typing import Any

from backend.domain.identity import Identity
from backend.domain.ledger_periods import begun_period
from backend.domain.ledger_scopes import LedgerScope
from backend.models import LedgerReport, Unit
from backend.queries.ledger_books import Book
from backend.queries.ledger_figures import figures_of
from backend.queries.ledger_reports import report_shape
from backend.routes.unit_writes import UnitWrite
from backend.schemas.ledger_reports import SubmissionIn, SummaryIn
from backend.services.ledger_reports import (
    new_salt,
    section_to_submit,
    submit_follow_ups,
    submitting_sections,
    sum_up,
    unit_to_sum_up,
)
from backend.services.work import Work


def submission(identity: Identity) -> UnitWrite:
    """The section's 回访 results over a period, to the general post."""

    def act(work: Work, data: dict[str, Any]) -> str:
        period = begun_period(data["period"], work.now)
        section = section_to_submit(work, identity, data.get("section"))
        book = Book(LedgerScope.SECTION, section.unit, section, period.starts_on.year, identity)
        salt = new_salt()
        figures = figures_of(work, book, period, salt)
        return submit_follow_ups(work, identity, section, period, figures, salt).id

    def authorise(work: Work) -> None:
        if not submitting_sections(work.session, identity):
            section_to_submit(work, identity, None)

    return UnitWrite("submit_follow_ups", SubmissionIn, act, _rendering(identity), authorise)


def summary(identity: Identity) -> UnitWrite:
    """The unit's sealed summary over a period, the missing sections named."""

    def act(work: Work, data: dict[str, Any]) -> str:
        period = begun_period(data["period"], work.now)
        unit = work.session.get_one(Unit, unit_to_sum_up(work, identity))
        book = Book(LedgerScope.UNIT, unit, None, period.starts_on.year, identity)
        salt = new_salt()
        figures = figures_of(work, book, period, salt)
        return sum_up(work, identity, unit.id, period, figures, salt).id

    def authorise(work: Work) -> None:
        unit_to_sum_up(work, identity)

    return UnitWrite("sum_up", SummaryIn, act, _rendering(identity), authorise)


def _rendering(identity: Identity) -> Any:
    def render(work: Work, report_id: str) -> dict[str, Any]:
        return report_shape(work, identity, work.session.get_one(LedgerReport, report_id))

    return render
