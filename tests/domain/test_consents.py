"""Vouchers: what grants one, which reports are of one tap, and which voucher a message goes out on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.consents import PAIRED_WITHIN, Told, Voucher, choose_voucher, is_accepted, twin_of
from backend.domain.vocabulary_contact import ConsentSource

AT = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)
CLIENT, EVENT = ConsentSource.CLIENT, ConsentSource.EVENT


@pytest.mark.parametrize(
    ("result", "accepted"),
    [
        ("accept", True),
        ("acceptWithAudio", True),
        ("acceptWithAlert", True),
        ("acceptWithForcePush", True),
        ("reject", False),
        ("ban", False),
        ("filter", False),
        ("", False),
        ("Accept", False),
        ("not accept", False),
    ],
)
def test_accept_and_its_kin_grant(result: str, accepted: bool) -> None:
    assert is_accepted(result) is accepted


@pytest.mark.parametrize(
    ("seconds", "source", "is_twin"),
    [
        (0, EVENT, True),
        (119, EVENT, True),
        (120, EVENT, True),
        (121, EVENT, False),
        (-120, EVENT, True),
        (-121, EVENT, False),
        (0, CLIENT, False),
        (5, CLIENT, False),
    ],
)
def test_the_two_sides_tell_of_one_tap_within_two_minutes(
    seconds: int, source: ConsentSource, is_twin: bool
) -> None:
    assert timedelta(minutes=2) == PAIRED_WITHIN
    told = Told("a", source, AT + timedelta(seconds=seconds))
    assert twin_of(CLIENT, AT, [told]) == (told if is_twin else None)


def test_of_two_taps_the_nearer_one_is_meant() -> None:
    far = Told("a", EVENT, AT - timedelta(seconds=60))
    near = Told("b", EVENT, AT + timedelta(seconds=3))
    assert twin_of(CLIENT, AT, [far, near]) is near
    assert twin_of(CLIENT, AT, []) is None


def free(**counts: int) -> dict[str, list[Voucher]]:
    return {
        key: [Voucher(f"{key}{n}", key, False) for n in range(1, count + 1)] for key, count in counts.items()
    }


PROGRESS, CLOSED = ("progress",), ("result", "progress")
CHOICES = [
    # What it is about, what is left, whether it may take the last one: what it goes out on.
    (PROGRESS, {}, False, None),
    (PROGRESS, {"progress": 2}, False, "progress1"),
    (PROGRESS, {"progress": 1}, False, None),
    (PROGRESS, {"progress": 1, "result": 1}, False, "progress1"),
    (PROGRESS, {"progress": 1}, True, "progress1"),
    (PROGRESS, {"result": 3}, False, None),
    (CLOSED, {"progress": 1}, True, "progress1"),
    (CLOSED, {"progress": 1, "result": 1}, True, "result1"),
    (CLOSED, {"documents": 1}, True, None),
    (("documents", "progress"), {"documents": 1, "progress": 1}, False, "documents1"),
    (("documents", "progress"), {"progress": 1}, False, None),
    (("documents", "progress"), {"progress": 2}, False, "progress1"),
    (("task",), {"task": 1}, False, "task1"),
]


@pytest.mark.parametrize(("templates", "left", "may_take_last", "chosen"), CHOICES)
def test_the_last_voucher_waits_for_the_end(
    templates: tuple[str, ...], left: dict[str, int], may_take_last: bool, chosen: str | None
) -> None:
    voucher = choose_voucher(templates, free(**left), may_take_last=may_take_last)
    assert (voucher.id if voucher else None) == chosen


def test_a_long_term_consent_is_never_used_up() -> None:
    lasting = Voucher("l", "progress", True)
    assert choose_voucher(PROGRESS, {"progress": [lasting]}, may_take_last=False) is lasting


@given(
    left=st.dictionaries(st.sampled_from(["progress", "documents", "result"]), st.integers(0, 4)),
    sent=st.lists(st.sampled_from([PROGRESS, ("documents", "progress")]), max_size=12),
)
def test_whatever_goes_out_before_the_closing_still_does(
    left: dict[str, int], sent: list[tuple[str, ...]]
) -> None:
    """Whoever ever had a voucher for progress or result is told that it was closed."""
    vouchers = free(**left)
    for templates in sent:
        voucher = choose_voucher(templates, vouchers, may_take_last=False)
        if voucher is not None:
            vouchers[voucher.template].remove(voucher)
    closing = choose_voucher(CLOSED, vouchers, may_take_last=True)
    assert (closing is not None) == bool(left.get("progress") or left.get("result"))
