"""Words of messages: every topic in the code has some, they fit, and none of them speaks of the matter itself."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.domain.messages import LONGEST_LINE, LONGEST_STAGE, TOPICS, Audience, find_topic, topic_key
from backend.domain.vocabulary import SupervisionKind

BACKEND = Path(__file__).parents[2] / "backend"
WRITERS = {"message_staff": "staff", "message_citizen": "citizen", "notify_office": "staff"}
CHOSEN = {
    # Where the topic is a variable: what it can be.
    "duties._tell": {"due_soon", "overdue"},
    "handing_over._back_to_giver": {"returned", "lapsed"},
    "joint_acts._tell": {"joint_opinion", "joint_planned", "joint_referred", "joint_task_done"},
}
VARIANTS = {
    "supervised": {f"supervised:{kind.value}" for kind in SupervisionKind},
    "closed": {"closed", "closed:survey"},
}
EVERY_TOPIC = [
    pytest.param(audience, key, id=f"{audience}-{key}")
    for audience, topics in TOPICS.items()
    for key in topics
]


def written() -> Iterator[tuple[str, str, str]]:
    """(audience, topic key, where) of every message the code writes."""
    for path in sorted(BACKEND.rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        constants = {
            target.id: node.value.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
            for target in node.targets
            if isinstance(target, ast.Name)
        } | {
            target.id: item.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Tuple)
            for target_tuple in node.targets
            if isinstance(target_tuple, ast.Tuple)
            for target, item in zip(target_tuple.elts, node.value.elts, strict=True)
            if isinstance(target, ast.Name) and isinstance(item, ast.Constant)
        }
        for function in ast.walk(tree):
            if not isinstance(function, ast.FunctionDef) or function.name in WRITERS:
                continue
            where = f"{path.stem}.{function.name}"
            for call in ast.walk(function):
                name = getattr(getattr(call, "func", None), "id", None)
                if isinstance(call, ast.Call) and name in WRITERS:
                    for topic in values(call.args[1], constants, where):
                        events = [word.value for word in call.keywords if word.arg == "event"]
                        for key in keys(topic, events, constants, where):
                            yield WRITERS[name], key, where


def keys(topic: str, events: list[ast.expr], constants: dict[str, object], where: str) -> set[str]:
    if topic == "progress":
        assert events, f"{where}: progress without an event"
        return {f"progress:{event}" for event in values(events[0], constants, where)}
    return VARIANTS.get(topic, {topic})


def values(node: ast.expr, constants: dict[str, object], where: str) -> set[str]:
    if isinstance(node, ast.Constant):
        return {str(node.value)}
    if isinstance(node, ast.Name) and node.id in constants:
        return {str(constants[node.id])}
    assert where in CHOSEN, f"{where}: say in CHOSEN what this topic can be"
    return CHOSEN[where]


def test_every_topic_in_the_code_has_words_and_no_words_are_left_over() -> None:
    """A new message needs a line in backend/domain/messages.py."""
    found = set(written())
    without = {one for one in found if one[1] not in TOPICS[one[0]]}
    assert without == set()
    sent = {(audience, key) for audience, key, _ in found}
    unused = {(audience, key) for audience, topics in TOPICS.items() for key in topics} - sent
    assert unused == set()


@pytest.mark.parametrize(("audience", "key"), EVERY_TOPIC)
def test_words_fit_their_fields_without_being_shortened(audience: Audience, key: str) -> None:
    topic = TOPICS[audience][key]
    assert re.fullmatch(rf"[\u4e00-\u9fff]{{1,{LONGEST_STAGE}}}", topic.stage)
    for line in (topic.title, topic.hint):
        assert 2 <= len(line) <= LONGEST_LINE
    assert "！" not in topic.hint + topic.title


@pytest.mark.parametrize(("audience", "key"), EVERY_TOPIC)
def test_a_locked_screen_tells_nothing_about_the_matter(audience: Audience, key: str) -> None:
    """Not that it is a complaint, nor that somebody is to answer for it."""
    topic = TOPICS[audience][key]
    assert not re.search("投诉|举报|线索|问责|处分|不满意", topic.stage + topic.title + topic.hint)


def test_some_topics_have_words_for_each_kind() -> None:
    assert topic_key("progress", {"event": "accepted"}) == "progress:accepted"
    assert topic_key("closed", {"follow_up": "f" * 32}) == "closed:survey"
    assert topic_key("closed", {"follow_up": None}) == "closed"
    assert topic_key("supervised", {"kind": "instruction"}) == "supervised:instruction"
    assert find_topic("citizen", "progress", {}) is None
    assert find_topic("citizen", "offered", {}) is None
    assert find_topic("staff", "offered", {}) is TOPICS["staff"]["offered"]
