"""What fonts lack is written out, never left out."""

from __future__ import annotations

import pytest

from backend.exports.glyphs import covered, lacking, printable, printable_tree
from backend.exports.printing import word_template


def test_every_character_of_gb2312_is_printed_as_it_is():
    characters = set()
    for high in range(0xA1, 0xF8):
        for low in range(0xA1, 0xFF):
            characters.update(bytes((high, low)).decode("gb2312", "ignore"))
    assert len(characters) > 7000
    assert lacking("".join(sorted(characters))) == []


@pytest.mark.parametrize("name", ["喆", "堃", "䶮", "𬭎", "〇", "龘"])
def test_rare_characters_of_names_are_there(name):
    assert printable(name) == name


def test_a_character_the_fonts_lack_is_written_out():
    assert printable("张𠮷😀") == "张〔U+20BB7〕〔U+1F600〕"
    assert lacking("张𠮷😀𠮷") == ["𠮷", "😀"]


def test_what_has_no_shape_is_left_out_and_a_tab_is_space():
    assert printable("甲\u200d乙\ufe0f丙\u202e丁\t戊\r\n己") == "甲乙丙丁    戊\n己"
    assert lacking("\u200d\ufe0f\n") == []


def test_a_character_another_font_provides_stays():
    assert printable("☑", {"☑"}) == "☑"
    assert printable("☑") == "〔U+2611〕"


def test_a_long_run_without_a_space_can_be_broken():
    broken = printable("a" * 40)
    assert broken.replace("\u200b", "") == "a" * 40
    assert max(map(len, broken.split("\u200b"))) == 16
    assert "\u200b" not in printable("汉" * 400)


def test_a_document_is_gone_through_to_the_bottom():
    assert printable_tree({"一": ["😀", {"二": "𠮷"}], "三": None, "四": 4}) == {
        "一": ["〔U+1F600〕", {"二": "〔U+20BB7〕"}], "三": None, "四": 4,
    }  # fmt: skip


def test_the_fonts_can_print_the_forms_own_words(tmp_path):
    assert word_template(tmp_path)
    assert {ord(c) for c in "□〔〕：，。（）×　"} <= covered()
