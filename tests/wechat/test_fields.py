"""What may stand in a field of a template: our reading is never laxer than the strict local WeChat's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.wechat.simulator.fields import is_allowed, kind_of
from backend.wechat.templates.fields import FieldType, field_type, is_valid, utf16_units

GOOD = [
    ("thing1", "办理中"),
    ("thing1", "一" * 20),
    ("thing1", "😀" * 10),
    ("number1", "-3.50"),
    ("letter1", "abc"),
    ("symbol1", "+-!"),
    ("character_string1", "2026-****-EFGH-K"),
    ("character_string1", "x" * 32),
    ("time1", "15:01"),
    ("time1", "2026年11月24日 17:30"),
    ("time1", "9:00~10:00"),
    ("time1", "2026年11月24日 9:00~2026年11月25日 10:00"),
    ("date1", "2026年11月4日"),
    ("date1", "2026年11月4日~2026年11月5日"),
    ("amount1", "¥12.50"),
    ("amount1", "12元"),
    ("phone_number1", "0519-82800000"),
    ("car_number1", "苏D12345"),
    ("name1", "王小明"),
    ("name1", "Wang Xiaoming"),
    ("phrase1", "已签收"),
]
BAD = [
    ("thing1", ""),
    ("thing1", "   "),
    ("thing1", "一" * 21),
    ("thing1", "😀" * 11),
    ("thing1", "两\n行"),
    ("thing1", "看不见\u200b的"),
    ("thing1", "反过来\u202e的"),
    ("thing1", "半个\ud83d字"),
    ("number1", "３"),
    ("letter1", "a1"),
    ("symbol1", "++++++"),
    ("character_string1", "编号1"),
    ("character_string1", "x" * 33),
    ("time1", "9:00～10:00"),
    ("time1", "24:00"),
    ("time1", "2026-11-24T17:30"),
    ("date1", "2026年13月4日"),
    ("amount1", "12345678901"),
    ("phone_number1", "1" * 18),
    ("car_number1", "苏D12345678"),
    ("name1", "一" * 11),
    ("name1", "x" * 21),
    ("name1", "王1"),
    ("phrase1", "需要补充材料"),
    ("phrase1", "第2步"),
    ("phrase1", "ok"),
]


@pytest.mark.parametrize(("key", "value"), GOOD)
def test_what_wechat_takes_is_taken(key: str, value: str) -> None:
    assert is_valid(key, value)
    assert is_allowed(kind_of(key), value)


@pytest.mark.parametrize(("key", "value"), BAD)
def test_what_wechat_refuses_is_refused_before_it_is_asked(key: str, value: str) -> None:
    assert not is_valid(key, value)


@given(kind=st.sampled_from(FieldType), value=st.text(max_size=40))
def test_nothing_passes_here_that_wechat_would_refuse(kind: FieldType, value: str) -> None:
    if is_valid(f"{kind.value}1", value):
        assert is_allowed(kind.value, value)


@pytest.mark.parametrize("key", ["thing", "1", "thing0", "Thing1", "enum1", "thing1 ", "thing1\n", ""])
def test_a_field_is_a_type_and_a_number(key: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        field_type(key)


def test_an_emoji_is_two_and_so_is_half_of_one() -> None:
    assert [utf16_units(text) for text in ("", "中", "😀", "\ud83d")] == [0, 1, 2, 1]
