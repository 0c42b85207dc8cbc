"""A template that WeChat refuses is told to whoever can correct it, once a day and only while it is so."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import event, select

from backend.database import db, reading, unit_of_work
from backend.delivery.refusal_duties import tell_of_refusals
from backend.models import OutboxItem
from backend.queries.readiness import refused_templates
from tests.support import rows

GOING = threading.Event()


def refuse(office, problem, template="progress", **given):
    about = {"kind": "message", "recipient_kind": "account", "recipient_id": "wang"}
    given = {"state": "failed", "finished_at": office.clock.now()} | given
    with unit_of_work() as session:
        rows.outbox_item(session, problem=problem, sent_with=template, **about | given)


def told():
    with reading() as session:
        found = select(OutboxItem.recipient_id).where(OutboxItem.topic == "template_refused")
        return sorted(session.scalars(found))


def test_the_office_is_told_once_a_day_while_a_template_is_refused(office):
    tell_of_refusals(GOING)
    refuse(office, "no_consent")
    refuse(office, "openid_invalid")
    tell_of_refusals(GOING)
    assert told() == []
    refuse(office, "template_invalid")
    tell_of_refusals(GOING)
    tell_of_refusals(GOING)
    people = told()
    assert people
    assert len(people) == len(set(people))
    office.clock.forward(hours=23)
    tell_of_refusals(GOING)
    assert len(told()) == 2 * len(people), "another day has begun"
    office.clock.forward(hours=24)
    tell_of_refusals(GOING)
    assert len(told()) == 2 * len(people)


def test_what_is_refused_is_a_warning_by_template_and_problem(office):
    refuse(office, "data_invalid", "task")
    refuse(office, "data_invalid", "task")
    refuse(office, "messages_banned", "result", state="pending", finished_at=None)
    refuse(office, "page_invalid", None)  # nobody asked WeChat
    with reading() as session:
        assert refused_templates(session, office.clock.now()) == [
            "template_refused:result:messages_banned",
            "template_refused:task:data_invalid",
        ]


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_looking_for_refusals_goes_by_their_own_index(office):
    said = []
    event.listen(db.engines["reader"], "before_cursor_execute", lambda *details: said.append(details[2:4]))
    with reading() as session:
        refused_templates(session, office.clock.now())
        statement, parameters = next(given for given in said if "outbox" in given[0])
        plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        steps = [step[-1] for step in plan]
        assert any("ix_outbox_template_refused" in step for step in steps), steps
