"""Blind indexes: equal values meet, everything else stays apart."""

from __future__ import annotations

import re

import pytest

from backend.vault.blind_index import BlindIndex

INDEX = BlindIndex(b"k" * 32)
PHONE = "+8613800138000"


def test_an_index_is_stable_and_64_hexadecimal_digits():
    assert INDEX.phone_index(PHONE) == BlindIndex(b"k" * 32).phone_index(PHONE)
    assert re.fullmatch(r"[0-9a-f]{64}", INDEX.phone_index(PHONE))


def test_an_index_of_today_is_the_index_of_tomorrow():
    expected = "e8cf9e842e642c93c5287b1c1c515d71741c75d519452ae828aad3be11814bf6"
    assert INDEX.index("phone", PHONE) == expected


def test_field_value_and_key_all_count():
    indexes = {
        INDEX.phone_index(PHONE),
        INDEX.phone_index("+8613800138001"),
        INDEX.index("mobile", PHONE),
        BlindIndex(b"j" * 32).phone_index(PHONE),
        INDEX.phone_tail_index("8000"),
        INDEX.index("phone", "8000"),
        INDEX.index("phone_tail8000", ""),
        INDEX.index("", "phone_tail8000"),
    }
    assert len(indexes) == 8


@pytest.mark.parametrize(
    "value", ["", "13800138000", "+", "+0138", "+86 138", "+8613800138000\n", "+86１38", "+" + "1" * 16]
)
def test_a_number_that_is_not_e164_is_refused(value):
    with pytest.raises(ValueError, match=r"E\.164"):
        INDEX.phone_index(value)


@pytest.mark.parametrize("value", ["", "800", "80000", "80a0", "８０００", "8000\n"])
def test_a_tail_that_is_not_four_digits_is_refused(value):
    with pytest.raises(ValueError, match="four digits"):
        INDEX.phone_tail_index(value)


def test_repr_shows_no_key():
    assert repr(INDEX) == "<BlindIndex>"
