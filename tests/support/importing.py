"""Imported files: a row of an old ledger, and what the worker does with what waits."""

from __future__ import annotations

from typing import Any

from backend.database import unit_of_work
from backend.delivery import importing
from backend.delivery.leases import claim_jobs, finish, server_time
from backend.services.imports import CHECK, RUN
from tests.support.app import Office

ROW: dict[str, Any] = {
    "受理时间": "2025-03-03 09:30",
    "首问责任人": "window-a",
    "首问方式": "来电",
    "首问类别": "咨询事项",
    "首问内容": "办营业执照要带什么？",
    "具体办理情况": "带身份证。",
    "办结时间": "2025-03-03 09:40",
}


def run_jobs(office: Office) -> int:
    """What the worker does with what waits."""
    done = 0
    handlers = {CHECK: importing.check_import, RUN: importing.run_import}
    with office.app.app_context():
        while True:
            with unit_of_work() as session:
                items = claim_jobs(
                    session, list(handlers), now=office.clock.now(), server_now=server_time(session)
                )
            if not items:
                return done
            for item in items:
                handlers[item.topic](item)
                with unit_of_work() as session:
                    finish(session, item, office.clock.now())
                done += 1
