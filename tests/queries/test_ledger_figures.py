"""Figures of a period are of one moment, whatever is filed meanwhile (泸 二（二）4, 泸 附件1-15)."""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any

import pytest
from sqlalchemy import event

from backend.database import db
from backend.models import LedgerReport
from tests.support.app import Office


@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_what_is_filed_while_a_summary_is_made_stands_in_all_of_its_figures_or_in_none(
    office: Office,
) -> None:
    """PostgreSQL shows each query what was committed before it: the figures of several would contradict one another."""
    office.file()
    office.staff("general")
    sealing, filed = threading.get_ident(), list[Future[Any]]()
    with ThreadPoolExecutor(1) as another:

        def file_meanwhile(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            if threading.get_ident() == sealing and "FROM ledger_rows" in statement:
                filed.append(another.submit(office.file))
                wait(filed, timeout=3)  # where the chain is locked by then, it comes after the summary

        with office.app.app_context():
            engine = db.engine
        event.listen(engine, "after_cursor_execute", file_meanwhile)
        try:
            made = office.staff("general").post("/staff/ledger/summaries", {"period": "2026-11"}).json
        finally:
            event.remove(engine, "after_cursor_execute", file_meanwhile)
    assert filed
    assert all(one.result()["status"] for one in filed)
    with office.looking() as work:
        kept = work.session.get_one(LedgerReport, made["id"])
        counted = kept.counts["lines"]["counted"]
        assert (kept.row_count, sum(part["counted"] for part in kept.sections)) == (counted, counted)
