from __future__ import annotations

import pytest

from tests.support import rows


@pytest.mark.parametrize(
    ("constraint", "change"),
    [
        ("ck_outbox_known_kind", {"kind": "letter"}),
        ("ck_outbox_known_state", {"state": "lost"}),
        ("ck_outbox_messages_have_a_recipient", {"kind": "message"}),
    ],
)
def test_an_item_is_something_a_worker_knows(session, refused, constraint, change):
    with refused(constraint):
        rows.outbox_item(session, **change)


def test_a_message_is_written_once_under_its_key(session, refused):
    rows.outbox_item(session, dedup_key="overdue:1")
    with refused("uq_outbox_dedup_key", "outbox.dedup_key"):
        rows.outbox_item(session, dedup_key="overdue:1")
    rows.outbox_item(session)
    rows.outbox_item(session)


def test_a_slot_is_taken_once(session, refused):
    rows.schedule_slot(session)
    session.expunge_all()
    with refused("pk_schedule_slots", "schedule_slots.name, schedule_slots.slot"):
        rows.schedule_slot(session)
