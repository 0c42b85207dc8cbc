"""Every topic with every template it may go out with: filled from facts, taken by WeChat, opening the right page."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.messages import TOPICS, Audience
from backend.wechat import messages
from backend.wechat.messages import Facts, FieldRefused, fill_in, masked_number, page_of
from backend.wechat.simulator.fields import check_data
from backend.wechat.templates import load_templates

AT = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)
DUE = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)
NUMBER = "2026ABCDEFGHK"
PAIRS = [
    pytest.param(audience, key, template, id=f"{audience}-{key}-{template}")
    for audience, topics in TOPICS.items()
    for key, topic in topics.items()
    for template in topic.templates
]


def facts(audience: Audience, key: str, **more: object) -> Facts:
    told = {
        "number": NUMBER,
        "unit": "常州市金坛区住房和城乡建设局房屋交易管理中心",
        "section": "综合窗口",
        "outcome": "移交其他单位",
        "closed_at": AT,
        "duty": "判定是否属于本单位职责，不属于的书面移交",
        "due_at": DUE,
    } | more
    return Facts(TOPICS[audience][key], audience, AT, **told)  # type: ignore[arg-type]


@pytest.mark.parametrize(("audience", "key", "template"), PAIRS)
def test_wechat_takes_every_message(audience: Audience, key: str, template: str) -> None:
    form = load_templates()[template]
    data = fill_in(form, facts(audience, key))
    names = [field.key for field in form.fields]
    assert check_data(names, {name: {"value": value} for name, value in data.items()}) == data


@given(unit=st.text(max_size=60), section=st.text(max_size=60), duty=st.text(max_size=60))
def test_whatever_offices_are_called_wechat_takes_it(unit: str, section: str, duty: str) -> None:
    for audience, key, template in (
        ("citizen", "progress:accepted", "progress"),
        ("staff", "offered", "task"),
        ("staff", "overdue", "deadline"),
    ):
        form = load_templates()[template]
        data = fill_in(form, facts(audience, key, unit=unit, section=section, duty=duty))  # type: ignore[arg-type]
        check_data([field.key for field in form.fields], {k: {"value": v} for k, v in data.items()})


def test_a_citizen_reads_which_inquiry_who_has_it_and_how_it_stands() -> None:
    data = fill_in(load_templates()["progress"], facts("citizen", "progress:accepted", unit="行政审批局"))
    assert data == {
        "character_string1": "2026-****-EFGH-K",
        "thing2": "行政审批局",
        "phrase3": "已承接",
        "time4": "2026年11月24日 10:30",
        "thing5": "点开查看办理进度",
    }


def test_the_result_is_told_by_its_own_name_and_time() -> None:
    data = fill_in(load_templates()["result"], facts("citizen", "closed:survey", closed_at=DUE))
    assert (data["thing3"], data["time4"]) == ("移交其他单位", "2026年11月26日 17:30")
    late = fill_in(load_templates()["result"], facts("citizen", "result_back", outcome="", closed_at=None))
    assert (late["thing3"], late["time4"]) == ("移交的事项已有结果", "2026年11月24日 10:30")


def test_staff_read_the_limit_and_when_it_ends() -> None:
    data = fill_in(load_templates()["deadline"], facts("staff", "due_soon"))
    assert (data["time3"], data["phrase4"]) == ("2026年11月26日 17:30", "即将到期")
    assert data["thing2"] == "判定是否属于本单位职责，不属于的书面移交"


@pytest.mark.parametrize(
    ("unit", "section", "place"),
    [
        ("行政审批局", "综合窗口", "行政审批局 综合窗口"),
        ("行政审批局", "", "行政审批局"),
        ("常州市金坛区住房和城乡建设局", "房屋交易管理科", "房屋交易管理科"),
    ],
)
def test_a_section_is_named_with_its_unit_where_both_fit(unit: str, section: str, place: str) -> None:
    data = fill_in(load_templates()["task"], facts("staff", "offered", unit=unit, section=section))
    assert data["thing3"] == place


def test_a_number_is_told_by_its_year_and_its_tail() -> None:
    """Four of its symbols are missing: a number and a phone's tail open an inquiry."""
    assert masked_number(NUMBER) == "2026-****-EFGH-K"


def test_a_matter_of_the_office_has_no_number() -> None:
    task = load_templates()["task"]
    without = {"number": None, "unit": "", "section": "", "closed_at": None, "due_at": None}
    data = fill_in(task, facts("staff", "calendar_missing", reference="2027", **without))
    assert (data["character_string1"], data["thing3"]) == ("2027", "无")
    assert fill_in(task, facts("staff", "wechat_punished", **without))["character_string1"] == "-"


@pytest.mark.parametrize(
    ("audience", "key", "more", "page"),
    [
        ("citizen", "progress:accepted", {}, f"pages/inquiry/index?number={NUMBER}"),
        ("citizen", "closed", {}, f"pages/inquiry/index?number={NUMBER}"),
        ("citizen", "closed:survey", {"survey_token": "t"}, "pages/survey/index?token=t"),
        ("staff", "offered", {}, f"packages/staff/inquiry/index?number={NUMBER}"),
        ("staff", "calendar_missing", {"number": None}, "packages/staff/home/index"),
    ],
)
def test_a_tap_opens_what_it_is_about(audience: Audience, key: str, more: dict, page: str) -> None:
    assert page_of(facts(audience, key, **more)) == page


def test_a_value_wechat_would_refuse_never_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "fit", lambda _key, *texts: texts[0])
    with pytest.raises(FieldRefused, match=r"^progress\.thing2$"):
        fill_in(load_templates()["progress"], facts("citizen", "received"))
