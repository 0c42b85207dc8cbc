from __future__ import annotations

from itertools import permutations

import pytest

from backend.domain.vocabulary import HandoffKind, HandoffState
from backend.migrations.triggers import HANDOFF_DECIDED, HANDOFF_TARGET_FIXED
from tests.support import rows
from tests.support.rows import NOW


@pytest.fixture
def offer(session, office):
    """Offer the inquiry to a section, with some values changed."""

    def make(to, **changes):
        return rows.handoff(session, office.inquiry, office.holding, office.clerk, to, **changes)

    return make


def test_a_handoff_has_a_target(office, offer, refused):
    with refused("ck_handoffs_has_a_target"):
        offer(office.next_section, to_section_id=None)
    with refused("ck_handoffs_has_a_target"):
        offer(office.other_section, to_unit_id=office.unit.id)
    with refused("ck_handoffs_has_a_target"):
        offer(office.other_section, kind=HandoffKind.SECTION)
    with refused("NOT NULL", "not-null"):
        offer(office.other_section, to_unit_id=None)
    offer(office.other_section, to_section_id=None)


@pytest.mark.parametrize("change", [{"is_written": False}, {"served_at": None}], ids=str)
def test_a_handoff_to_another_unit_is_written_and_served(office, offer, refused, change):
    with refused("ck_handoffs_to_a_unit_in_writing"):
        offer(office.other_section, **change)


def test_an_inquiry_is_offered_once_at_a_time(session, office, offer, refused):
    first = offer(office.next_section)
    with refused("uq_handoffs_one_offer", "handoffs.inquiry_id"):
        offer(office.other_section)
    first.state, first.decided_at = HandoffState.LAPSED, NOW
    session.flush()
    offer(office.other_section)


def test_a_decision_has_its_time_and_a_return_its_reason_and_clause(session, office, offer, refused):
    with refused("ck_handoffs_decided_has_time"):
        offer(office.next_section, state=HandoffState.ACCEPTED)
    with refused("ck_handoffs_decided_has_time"):
        offer(office.next_section, decided_at=NOW)
    reason = rows.inquiry_text(session, office.inquiry, kind="reason")
    decided = {"state": HandoffState.RETURNED, "decided_at": NOW}
    with refused("ck_handoffs_return_has_reason_and_clause"):
        offer(office.next_section, **decided, return_reason_text_id=reason.id)
    with refused("ck_handoffs_return_has_reason_and_clause"):
        offer(office.next_section, **decided, return_clause_text_id=reason.id)
    offer(office.next_section, **decided, return_reason_text_id=reason.id, return_clause_text_id=reason.id)


def test_the_target_of_an_offer_does_not_change(session, office, offer, refused):
    made = offer(office.next_section)
    with refused(HANDOFF_TARGET_FIXED):
        made.to_section_id = office.section.id
        session.flush()


@pytest.mark.parametrize(
    ("state", "then"),
    [
        (state, then)
        for state, then in permutations(HandoffState, 2)
        if state not in {HandoffState.OFFERED, HandoffState.RETURNED}
    ],
    ids=str,
)
def test_a_decided_handoff_stays_decided(session, office, offer, refused, state, then):
    made = offer(office.next_section, state=state, decided_at=NOW)
    with refused(HANDOFF_DECIDED):
        made.state = then
        made.decided_at = None if then is HandoffState.OFFERED else NOW
        session.flush()
