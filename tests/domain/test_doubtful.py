"""The list of words: it sees through what hides a word, and leaves ordinary anger alone."""

from __future__ import annotations

import pytest

from backend.domain.doubtful import FILE, SHORTEST, WordsInvalid, fold, load_words, read_words

WORDS = read_words('"骂" = ["坏蛋东西"]\n"卖" = ["加V信领", "free gift"]')


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("你这个坏蛋东西！", {"骂"}),
        ("坏 蛋\n东　西", {"骂"}),
        ("坏*蛋—东…西", {"骂"}),
        ("加ｖ信领", {"卖"}),
        ("加Ⅴ信领", {"卖"}),
        ("FREE   Gift", {"卖"}),
        ("ＦＲＥＥ－ＧＩＦＴ，坏蛋东西", {"骂", "卖"}),
        ("坏东西", set()),
        ("", set()),
        ("😡😡", set()),
    ],
)
def test_a_word_is_found_however_it_is_written(text: str, kinds: set[str]) -> None:
    assert WORDS.kinds_in(text) == kinds


@pytest.mark.parametrize(
    "text",
    [
        "你们办事太慢了，我跑了五趟，气死人了！",
        "窗口那个人态度恶劣，还骂我，我要投诉到底。",
        "有人打架，差点出人命，请派出所处理。",
        "请问杀虫剂经营许可怎么办？",
        "物业乱收费，贪污维修基金，请严查。",
        "我的微信同手机号，办好了请加我。",
        "孩子上学的事再不解决，我就去市里反映。",
        "发票开不出来，税务局说要找你们。",
        "请问食品经营许可证要带什么材料？",
    ],
)
def test_nobody_looks_at_what_citizens_ordinarily_write(text: str) -> None:
    assert load_words().kinds_in(text) == frozenset()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("加 我 微 信，日结-兼职，月入过万", "广告"),
        ("再不办我就弄死你", "威胁或者轻生"),
        ("活不下去了，我要自杀", "威胁或者轻生"),
        ("出售手机号，量大从优", "买卖个人信息"),
        ("真人荷官，在线发牌", "赌博"),
    ],
)
def test_the_list_in_force_finds_what_it_is_for(text: str, kind: str) -> None:
    assert kind in load_words().kinds_in(text)


def test_every_word_of_the_list_finds_itself_and_none_stands_twice() -> None:
    words = load_words()
    folded = [word for _, word in words.words]
    assert len(folded) == len(set(folded))
    assert all(kind in words.kinds_in(word) for kind, word in words.words)
    assert min(map(len, folded)) >= SHORTEST
    assert FILE.read_text("utf-8").startswith("#")


@pytest.mark.parametrize(
    "text",
    ['"骂" = "坏"', '"骂" = [1]', '"骂" = ["坏"]', '"骂" = ["  "]', '"骂" = ["！！"]', "骂 = [", "x = {}"],
)
def test_a_list_that_cannot_be_used_is_refused(text: str) -> None:
    with pytest.raises(WordsInvalid):
        read_words(text)


def test_folding_keeps_letters_digits_and_characters_only() -> None:
    assert fold("Ａb-１２ ，中。文\u200b") == "ab12中文"
