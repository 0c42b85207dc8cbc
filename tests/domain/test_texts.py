from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.texts import (
    TextEmpty,
    TextInvalid,
    TextRefused,
    TextTooLong,
    clean_text,
    fold_lines,
    has_long_number,
    mask_numbers,
)

LIMIT = 5000


@pytest.mark.parametrize(
    "text",
    [
        "您好，请问怎样办理居住证？",
        "第一行\n第二行\t制表",
        "𠮷野家 🀄 👨‍👩‍👧 e\u0301 ﬁ ① Ａ",
        "  前后空格保留  ",
        "行尾\n",
        "\u200b零宽也保留",
        "a\u0085b\u2028c\u00a0d",
    ],
)
def test_what_people_write_is_kept_byte_for_byte(text):
    assert clean_text(text, limit=LIMIT).encode() == text.encode()


@pytest.mark.parametrize(
    ("text", "expected"),
    [("a\r\nb", "a\nb"), ("a\rb", "a\nb"), ("a\r\n\r\nb\r", "a\n\nb\n"), ("a\n\rb", "a\n\nb")],
)
def test_line_ends_of_a_form_are_folded(text, expected):
    assert fold_lines(text) == expected
    assert clean_text(text, limit=LIMIT) == text


@pytest.mark.parametrize(
    "character", ["\u0085", "\u007f", "\u2028", "\u2029", "\u202e", "\u2066", "\n", "\r"]
)
def test_a_single_line_can_neither_break_nor_turn_around(character):
    with pytest.raises(TextInvalid):
        clean_text(f"张{character}三", limit=40, lines=False)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("王小明 138 1234 5678", True),
        ("320-404-199001011234", True),
        ("138.1234.5678", True),
        ("2026年11月16日咨询", False),
        ("查 12345 转来的第 3 件", False),
        ("", False),
    ],
)
def test_long_numbers_are_found_however_they_are_written(text, found):
    assert has_long_number(text) is found


@pytest.mark.parametrize("code", [*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20)])
def test_control_characters_are_refused_where_they_stand(code):
    with pytest.raises(TextInvalid) as refusal:
        clean_text(f"问题{chr(code)}在此", limit=LIMIT)
    assert refusal.value.position == 2


@pytest.mark.parametrize("codes", [(0xD800,), (0xDBFF,), (0xDC00,), (0xDFFF,), (0xDE00, 0xD83D)])
def test_lone_surrogates_are_refused(codes):
    with pytest.raises(TextInvalid):
        clean_text("a" + "".join(map(chr, codes)), limit=LIMIT)


def test_a_text_of_one_line_holds_no_line_break():
    assert clean_text("张\t三", limit=40, lines=False) == "张\t三"
    for text in ("张\n三", "张\r\n三", "张\r三"):
        with pytest.raises(TextInvalid):
            clean_text(text, limit=40, lines=False)


@pytest.mark.parametrize(
    "text", ["", " ", "\u3000", "\n\t \u3000\r\n", "\u00a0\u2003", "\u200b\ufeff \u2060"]
)
def test_nothing_but_white_space_is_empty(text):
    with pytest.raises(TextEmpty):
        clean_text(text, limit=LIMIT)


@pytest.mark.parametrize("character", ["字", "𠮷", "👍", "a"])
def test_length_is_counted_in_code_points(character):
    assert clean_text(character * LIMIT, limit=LIMIT) == character * LIMIT
    with pytest.raises(TextTooLong) as refusal:
        clean_text(character * (LIMIT + 1), limit=LIMIT)
    assert refusal.value.limit == LIMIT


def test_a_line_end_of_a_form_counts_once():
    assert len(clean_text(fold_lines("字\r\n" * 2500), limit=LIMIT)) == LIMIT


@given(st.text(st.characters(codec=None, exclude_categories=[]), max_size=50))
def test_a_text_is_refused_or_comes_back_unchanged_a_second_time(text):
    try:
        once = clean_text(text, limit=40)
    except TextRefused:
        return
    assert clean_text(once, limit=40) == once
    assert once.encode("utf-8").decode("utf-8") == once


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("请打 13812345678 找我", "请打 138****5678 找我"),
        ("0519-82345678", "051*-****5678"),
        ("320123199001011234", "320***********1234"),
        ("8234567", "8****67"),
        ("2026年11月24日", "2026年11月24日"),
        ("从 2026-11-24 起", "从 2026-11-24 起"),
        ("六个数 123456", "六个数 123456"),
        ("", ""),
    ],
)
def test_long_numbers_are_masked_where_lists_and_prints_show_them(text, masked):
    assert mask_numbers(text) == masked
