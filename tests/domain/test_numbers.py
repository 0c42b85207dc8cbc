from __future__ import annotations

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.numbers import (
    ALPHABET,
    check_symbol,
    display_binding_code,
    display_number,
    display_sign_code,
    fold_binding_code,
    fold_sign_code,
    new_number,
    new_sign_code,
    parse_number,
)

NUMBERS = st.builds(
    lambda year, seed: new_number(year, random.Random(seed).choice), st.integers(1000, 9999), st.integers()
)
SYMBOLS = st.sampled_from(ALPHABET)


def number_with(symbols: str, year: int = 2026) -> str:
    """The number whose eight random symbols are `symbols`."""
    given_symbols = iter(symbols)
    return new_number(year, lambda _: next(given_symbols))


NUMBER = number_with("ABCDEFGH")


def test_the_alphabet_is_crockfords():
    assert len(ALPHABET) == 32
    assert not set("ILOU") & set(ALPHABET)
    assert "".join(sorted(ALPHABET)) == ALPHABET


def test_a_number_is_the_year_eight_chosen_symbols_and_a_check_symbol():
    assert NUMBER[:-1] == "2026ABCDEFGH"
    assert NUMBER[-1] == check_symbol("2026ABCDEFGH")
    assert display_number(NUMBER) == f"2026-ABCD-EFGH-{NUMBER[-1]}"


def test_the_check_symbol_is_the_luhn_sum_worked_by_hand():
    # Doubled from the right: Z=31 counts 2*31 = 62 -> 1 + 30 = 31; 1 counts 1; 1 doubled counts 2.
    assert check_symbol("11Z") == ALPHABET[-(2 + 1 + 31) % 32]


def test_numbers_are_drawn_from_the_secure_source_and_differ():
    numbers = {new_number(2026) for _ in range(200)}
    assert len(numbers) == 200
    assert all(parse_number(number) == number for number in numbers)


@pytest.mark.parametrize("year", [999, 10000, 0, -2026])
def test_a_year_without_four_digits_is_refused(year):
    with pytest.raises(ValueError, match="four digits"):
        new_number(year)


@given(NUMBERS)
def test_a_number_is_read_back_as_displayed(number):
    assert parse_number(display_number(number)) == number
    assert parse_number(display_number(number).lower()) == number


@given(NUMBERS)
def test_every_wrong_single_symbol_is_noticed(number):
    for place, right in enumerate(number):
        for wrong in ALPHABET:
            if wrong != right:
                assert parse_number(number[:place] + wrong + number[place + 1 :]) is None


@pytest.mark.parametrize("a", ALPHABET)
def test_swapped_neighbours_are_noticed_at_every_place_except_0_with_z(a):
    """The one pair that doubling leaves in place, 0 and Z, cannot be told apart; every other pair is noticed."""
    for b in ALPHABET:
        for place in range(7):
            symbols = "ABCDEFGH"
            right = number_with(symbols[:place] + a + b + symbols[place + 2 :])
            swapped = right[: 4 + place] + b + a + right[6 + place :]
            unnoticed = a == b or {a, b} == {"0", "Z"}
            assert (parse_number(swapped) is not None) is unnoticed


@given(NUMBERS)
def test_swaps_with_the_year_and_the_check_symbol_are_noticed_too(number):
    for place, (a, b) in enumerate(pairwise(number)):
        swapped = number[:place] + b + a + number[place + 2 :]
        if a != b and {a, b} != {"0", "Z"}:
            assert parse_number(swapped) is None


@pytest.mark.parametrize(
    "written",
    [
        NUMBER,
        NUMBER.lower(),
        display_number(NUMBER),
        f" {NUMBER[:4]} {NUMBER[4:8]} {NUMBER[8:]} ",
        f"{NUMBER[:4]}.{NUMBER[4:8]}·{NUMBER[8:12]}。{NUMBER[12:]}",
        f"{NUMBER[:4]}\u2013{NUMBER[4:8]}\u2014{NUMBER[8:12]}\uff0d{NUMBER[12:]}",
        "".join(chr(ord(symbol) + 0xFEE0) for symbol in display_number(NUMBER)),
        f"\u3000{NUMBER}\u3000",
        f"\ufeff{NUMBER}\u200b\n",
    ],
)
def test_a_number_is_understood_however_it_is_written(written):
    assert parse_number(written) == NUMBER


def test_letters_that_look_like_digits_are_read_as_digits():
    number = number_with("01100110")
    written = number[:4] + "OILo" + "oliO" + number[12:]
    assert parse_number(written) == number
    assert parse_number("2O26" + NUMBER[4:]) == NUMBER


@pytest.mark.parametrize(
    "written",
    [
        "",
        NUMBER[:-1],
        NUMBER + "0",
        NUMBER[:-1] + "U",
        NUMBER[:-1] + "*",
        NUMBER[:-1] + "\u00df",  # upper() would make two letters of it
        NUMBER[:-1] + "\u2460",  # a circled digit is not a digit
        NUMBER[:-1] + "\u0661",  # nor is an Arabic-Indic one
        "ABCD" + "ABCDEFGH" + check_symbol("ABCDABCDEFGH"),
        "\x00" * 13,
        "\ud800" * 13,
        "编号",
    ],
)
def test_what_is_no_number_is_not_guessed(written):
    assert parse_number(written) is None


@given(st.text(max_size=40))
def test_reading_a_number_or_code_never_fails(text):
    for read, length in ((parse_number, 13), (fold_sign_code, 16), (fold_binding_code, 8)):
        result = read(text)
        assert result is None or (len(result) == length and set(result) <= set(ALPHABET))


def test_a_sign_code_has_sixteen_symbols_in_groups_of_four():
    code = new_sign_code(lambda alphabet: alphabet[10])
    assert code == "A" * 16
    assert display_sign_code("0123456789ABCDEF") == "0123-4567-89AB-CDEF"


def test_sign_codes_differ():
    assert len({new_sign_code() for _ in range(200)}) == 200


@given(st.text(SYMBOLS, min_size=16, max_size=16))
def test_a_sign_code_is_read_back_as_printed(code):
    assert fold_sign_code(display_sign_code(code)) == code
    assert fold_sign_code(f" {display_sign_code(code).lower()} ") == code


@given(st.text(SYMBOLS, min_size=8, max_size=8))
def test_a_binding_code_is_read_back_as_shown(code):
    assert fold_binding_code(display_binding_code(code)) == code
    assert fold_binding_code(f" {display_binding_code(code).lower()} ".replace("0", "O")) == code


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("oil0-1234-5678-9abc", "0110123456789ABC"),
        ("\uff2f\uff29\uff2c\uff10 1234 5678 9abc", "0110123456789ABC"),
        ("\u0131" * 16, None),  # a dotless i, which upper() would turn into I
        ("\u00df" * 8, None),  # sharp s, of which upper() would make two letters
        ("0123456789ABCDE", None),
        ("0123456789ABCDEFG", None),
        ("0123456789ABCDEU", None),
        ("", None),
    ],
)
def test_a_sign_code_is_folded_or_refused(written, code):
    assert fold_sign_code(written) == code
