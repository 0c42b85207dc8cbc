"""What is too long is shortened by us: at a stop, between characters, never inside a word, a number or a pair."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from backend.wechat.simulator.fields import is_allowed, kind_of
from backend.wechat.templates.fields import TEXTS, is_valid, utf16_units
from backend.wechat.templates.shorten import fit, moment, shorten

CASES = [
    ("不到二十个字", "不到二十个字"),
    ("  两行\n和\t空白  ", "两行 和 空白"),
    ("一" * 20, "一" * 20),
    ("一" * 21, "一" * 19 + "…"),
    ("常州市金坛区住房和城乡建设局房屋交易管理中心", "常州市金坛区住房和城乡建设局房屋交易管…"),
    ("请打开查看一次性告知的材料清单，补齐后提交。谢谢", "请打开查看一次性告知的材料清单…"),
    ("好，请打开查看一次性告知的材料清单里全部的材料", "好，请打开查看一次性告知的材料清单里全…"),
    ("请打开查看一次性告知的清单（材料齐全后再来办）吧", "请打开查看一次性告知的清单（材料齐全后…"),
    ("请打开查看一次性告知的材料清单里全部（材料）", "请打开查看一次性告知的材料清单里全部…"),
    ("办理食品经营许可证要的材料到2026-11-24为止", "办理食品经营许可证要的材料到…"),
    ("到期时间是后天下午的 17:30 请在此之前办理完成", "到期时间是后天下午的 17:30…"),
    ("办理 Certificate-of-Incorporation 的材料", "办理…"),
    ("Please supply the lease contract", "Please supply the…"),
    ("x" * 21, "…"),
    ("𠮷" * 11, "𠮷" * 9 + "…"),
    ("一" * 18 + "👍🏽好", "一" * 18 + "…"),
    ("e\u0301 " * 21, "e\u0301 e\u0301 e\u0301 e\u0301 e\u0301 e\u0301…"),
    ("", ""),
]


@pytest.mark.parametrize(("text", "short"), CASES)
def test_a_text_is_shortened_where_it_can_be_read(text: str, short: str) -> None:
    assert shorten(text, 20) == short


@given(text=st.text(max_size=80), limit=st.integers(1, 40))
@example("，" * 30, 20)
@example("（" * 30, 20)
def test_what_is_left_is_a_beginning_within_the_limit(text: str, limit: int) -> None:
    short = shorten(text, limit)
    assert utf16_units(short) <= limit
    if short != shorten(text, 10_000):
        assert short.endswith("…")
        assert shorten(text, 10_000).startswith(short[:-1])
    short.encode()  # no half of a pair is left


@given(
    kind=st.sampled_from(sorted(TEXTS)),
    texts=st.lists(st.text(st.characters(exclude_categories=()), max_size=60), min_size=1, max_size=3),
)
@example("thing", ["\ud83d" * 30])
@example("phrase", ["ok"])
@example("character_string", ["编号"])
@example("thing", ["\u3000" * 30, "\u200b"])
def test_whatever_comes_in_what_goes_out_is_taken(kind: str, texts: list[str]) -> None:
    key = f"{kind}1"
    value = fit(key, *texts)
    assert is_valid(key, value)
    assert is_allowed(kind_of(key), value)


def test_of_several_texts_the_first_that_fits_is_taken() -> None:
    long = "常州市金坛区行政审批局 综合服务窗口"
    assert fit("thing1", long + "第一办事大厅", "综合服务窗口") == "综合服务窗口"
    assert fit("thing1", long, "综合服务窗口") == long
    assert fit("thing1", "", "综合服务窗口") == "综合服务窗口"
    assert fit("thing1", "长" * 30, "更长" * 30).startswith("长长")


@pytest.mark.parametrize("key", ["time1", "date1", "number1", "name1"])
def test_only_fields_of_words_are_filled_with_words(key: str) -> None:
    with pytest.raises(ValueError, match="not filled with words"):
        fit(key, "已签收")


AT = datetime(2026, 11, 4, 16, 5, tzinfo=UTC)
"""Five past midnight in Shanghai."""


def test_a_moment_is_told_in_beijing_time() -> None:
    assert moment("time1", AT) == "2026年11月5日 00:05"
    assert moment("date1", AT) == "2026年11月5日"
    with pytest.raises(ValueError, match="not filled with a moment"):
        moment("thing1", AT)


@given(at=st.datetimes(min_value=datetime(1900, 1, 2), max_value=datetime(9999, 12, 30)))  # noqa: DTZ001
def test_every_moment_is_taken(at: datetime) -> None:
    for key in ("time1", "date1"):
        value = moment(key, at.replace(tzinfo=UTC))
        assert is_valid(key, value)
        assert is_allowed(kind_of(key), value)
