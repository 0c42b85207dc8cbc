"""Which values WeChat takes in which field: it refuses, it never shortens."""

from __future__ import annotations

import pytest

from backend.wechat.simulator.fields import KINDS, check_data, is_allowed, kind_of
from backend.wechat.simulator.state import Refused

TAKEN = {
    "thing": [
        "办",
        "二十个字的事项名称正好二十个字不多不少啦",
        "A" * 20,
        "No.1，已受理 ok",
        "😀" * 10,
        "👨‍👩‍👧",
    ],
    "number": ["0", "12.50", "-3", "1" * 32],
    "letter": ["a", "Z" * 32],
    "symbol": ["!", "￥%…", "*****"],
    "character_string": ["JT2026****0012", "a b", "~" * 32],
    "time": [
        "15:01",
        "9:00",
        "2019年10月1日 15:01",
        "2019年10月1日 15:01:59",
        "15:01~16:00",
        "2026年2月28日 09:00~2026年3月1日 09:00",
    ],
    "date": [
        "2019年10月1日",
        "2019年10月1日 15:01",
        "2019年10月",
        "10月1日",
        "2019-10-01",
        "2019/10/1",
        "2019.10.01 08:00",
        "2019年10月1日~2019年10月7日",
    ],
    "amount": ["12.5元", "¥1234567890", "$1", "100"],
    "phone_number": ["13800138000", "+86-0771-12345678", "(010)12345"],
    "car_number": ["粤A12345", "桂A1234学", "京AD12345"],
    "name": ["张三", "十个汉字的名字最多啦", "Zhang San-Feng Smith", "张 A"],
    "phrase": ["受", "已转交承接"],
}
REFUSED = {
    "thing": [
        "",
        "  ",
        "二十一个字的事项名称就太长了微信不会替你截断啦",
        "A" * 21,
        "第一行\n第二行",
        "a\tb",
        "\x00",
        "😀" * 11,
    ],
    "number": ["", "一", "1,000", "1e3", "1" * 33, " 1", "１"],
    "letter": ["", "a1", "é", "a" * 33],
    "symbol": ["a", "1", "中", "******"],
    "character_string": ["中文", "a，b", "é", "1" * 33, ""],
    "time": [
        "24:00",
        "15:60",
        "15点",
        "2019年13月1日 15:01",
        "2026年2月29日 09:00",
        "15:01～16:00",
        "1:00~2:00~3:00",
        "2019-10-01 15:01",
        "下午3:00",
    ],
    "date": [
        "2019年10月32日",
        "2019年2月29日",
        "2019-10/01",
        "今天",
        "15:01",
        "2019年10月1日～2019年10月7日",
        "20191001",
    ],
    "amount": ["12345678901", "十元", "1元5角", "$$1"],
    "phone_number": ["138001380001380013", "电话", ""],
    "car_number": ["粤A1234567", "A粤12345", "粤"],
    "name": ["十一个汉字的名字就太长了", "A" * 21, "张3", "张三 Zhang San", " "],
    "phrase": ["已办结ok", "六个汉字太长", "1", "已 办"],
    "enum_string": ["别的"],
}


@pytest.mark.parametrize(
    ("kind", "value"), [(kind, value) for kind, values in TAKEN.items() for value in values]
)
def test_what_fits_is_taken(kind, value):
    assert is_allowed(kind, value)


@pytest.mark.parametrize(
    ("kind", "value"), [(kind, value) for kind, values in REFUSED.items() for value in values]
)
def test_what_does_not_fit_is_refused(kind, value):
    assert not is_allowed(kind, value, ["受理", "办结"])


def test_an_enum_takes_what_it_lists():
    assert is_allowed("enum_string", "办结", ["受理", "办结"])


def test_every_kind_of_field_has_a_case():
    assert set(TAKEN) | {"enum", "enum_string"} == KINDS


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        ("thing1", "thing"),
        ("character_string12", "character_string"),
        ("enum_string2", "enum_string"),
        ("thing", None),
        ("stuff1", None),
        ("1", None),
    ],
)
def test_the_kind_is_in_the_name(key, kind):
    assert kind_of(key) == kind


WRONG_DATA = [
    (None, "argument invalid! data is empty"),
    ([], "argument invalid! data is empty"),
    ({"thing5": {"value": "x"}}, "argument invalid! data.time2.value is empty"),
    ({"thing5": {"value": ""}, "time2": {"value": "15:01"}}, "argument invalid! data.thing5.value is empty"),
    ({"thing5": "x", "time2": {"value": "15:01"}}, "argument invalid! data.thing5.value is empty"),
    (
        {"thing5": {"value": "x" * 21}, "time2": {"value": "15:01"}},
        "argument invalid! data.thing5.value invalid",
    ),
    ({"thing5": {"value": True}, "time2": {"value": "15:01"}}, "argument invalid! data.thing5.value invalid"),
    (
        {"thing5": {"value": ["x"]}, "time2": {"value": "15:01"}},
        "argument invalid! data.thing5.value invalid",
    ),
    ({"thing5": {"value": "x"}, "time2": {"value": "3点"}}, "argument invalid! data.time2.value invalid"),
    (
        {"thing5": {"value": "x"}, "time2": {"value": "15:01"}, "thing6": {"value": "x"}},
        "argument invalid! data.thing6 invalid",
    ),
]


@pytest.mark.parametrize(("data", "text"), WRONG_DATA)
def test_the_refusal_names_the_field_as_wechat_does(data, text):
    with pytest.raises(Refused) as refused:
        check_data(("thing5", "time2"), data)
    assert (refused.value.errcode, refused.value.text) == (47003, text)


def test_a_number_may_come_as_one():
    assert check_data(("number1",), {"number1": {"value": 12}}) == {"number1": "12"}
