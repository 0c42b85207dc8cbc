"""templates.toml holds together, and whatever would not is refused before anything is sent with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from backend.domain.messages import TOPICS
from backend.settings import WechatSettings
from backend.wechat.templates import load_templates, prompts
from backend.wechat.templates.loader import FILE, TemplatesInvalid, read_templates

ONE = """
[progress]
title = "办理进度提醒"
audience = "citizen"
scene = "告知进度"
purpose = "告知办理到了哪一步"
fields = [
  { key = "character_string1", keyword = "编号", fill = "number" },
  { key = "phrase2", keyword = "进度", fill = "stage" },
]
"""


def test_our_own_templates_hold_together() -> None:
    templates = load_templates()
    assert {key: template.audience for key, template in templates.items()} == {
        "progress": "citizen",
        "documents": "citizen",
        "result": "citizen",
        "task": "staff",
        "deadline": "staff",
        "supervision": "staff",
    }
    assert [field.key for field in templates["result"].fields] == [
        "character_string1",
        "thing2",
        "thing3",
        "time4",
        "thing5",
    ]


def test_every_template_serves_a_topic_of_its_audience() -> None:
    for audience, topics in TOPICS.items():
        named = {key for topic in topics.values() for key in topic.templates}
        assert named == {key for key, one in load_templates().items() if one.audience == audience}


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("[progress]", "[progress", "templates.toml"),
        ('audience = "citizen"', 'audience = "everybody"', "audience"),
        ('audience = "citizen"', 'audience = "citizen"\nid = "x"', "has title"),
        ('scene = "告知进度"', 'scene = "告知服务对象首问事项的办理进度如何"', "scene"),
        ('purpose = "告知办理到了哪一步"', 'purpose = " "', "are words"),
        ("[progress]", "[办理]", "progress|办理|expected|templates"),
        ("[progress]", "[Progress]", "small letters"),
        ('{ key = "phrase2", keyword = "进度", fill = "stage" },', "", "2 to 5"),
        ('key = "phrase2"', 'key = "phrase"', "a type and a number"),
        ('key = "phrase2"', 'key = "enum2"', "a type and a number"),
        ('key = "phrase2"', 'key = "name2"', "names a person"),
        ('key = "phrase2"', 'key = "phone_number2"', "names a person"),
        ('key = "phrase2"', 'key = "time2"', "does not go into"),
        ('fill = "stage"', 'fill = "at"', "does not go into"),
        ('key = "phrase2"', 'key = "amount2"', "nothing of ours"),
        ('fill = "stage"', 'fill = "content"', "nothing fills"),
        ('fill = "stage"', "fill = 1", "are words"),
        ('key = "phrase2"', 'key = "character_string1"', "twice"),
        ('keyword = "进度"', 'keyword = "编号"', "twice"),
        ('keyword = "进度", ', "", "has key"),
    ],
)
def test_what_does_not_hold_together_is_refused(old: str, new: str, why: str) -> None:
    assert old in ONE
    with pytest.raises(TemplatesInvalid, match=why):
        read_templates(ONE.replace(old, new))


def test_two_templates_of_one_title_are_refused() -> None:
    assert len(read_templates(ONE + ONE.replace("[progress]", "[result]").replace("提醒", "通知"))) == 2
    with pytest.raises(TemplatesInvalid, match="one title"):
        read_templates(ONE + ONE.replace("[progress]", "[result]"))


def test_the_file_is_what_is_loaded() -> None:
    assert read_templates(FILE.read_text("utf-8")) == load_templates()


def test_people_are_asked_for_the_templates_their_office_has() -> None:
    wechat = WechatSettings(
        app_id="wx1",
        app_secret="s",
        templates={"result": "id-r", "task": "id-t", "progress": "id-p"},
        long_term=frozenset({"result"}),
    )
    assert prompts(wechat, "citizen") == [
        {"key": "progress", "id": "id-p", "title": "办理进度提醒", "long_term": False},
        {"key": "result", "id": "id-r", "title": "办结评价提醒", "long_term": True},
    ]
    assert [one["key"] for one in prompts(wechat, "staff")] == ["task"]


def test_the_manual_says_what_to_apply_for() -> None:
    manual = (Path(__file__).parents[2] / "docs" / "部署手册.md").read_text("utf-8")
    for key, template in load_templates().items():
        (line,) = (line for line in manual.splitlines() if line.startswith(f"| `{key}` |"))
        assert template.title in line
        assert template.scene in line
        assert "、".join(f"{field.keyword} `{field.key}`" for field in template.fields) in line
