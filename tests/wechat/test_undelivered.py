"""Every reason a message can have for not arriving has words of its own."""

from __future__ import annotations

import re
from pathlib import Path

from backend.delivery import channels, collecting, outcomes
from backend.domain.undelivered import ELSE, REASONS, reason_label
from backend.wechat.gateway.errcodes import AT_TOKEN, ERRCODES

ROOT = Path(__file__).parents[2]
NOT_OF_MESSAGES = {
    "code_invalid", "code_used", "person_blocked", "person_not_seen", "media_invalid", "media_repeated",
    "scene_invalid", "text_too_long",
}  # fmt: skip
"""What only a sign-in, a code or a content check can be answered."""


def test_whatever_wechat_answers_to_a_message_has_words() -> None:
    answered = {code for code, _ in (*ERRCODES.values(), *AT_TOKEN.values())} - NOT_OF_MESSAGES
    assert answered - set(REASONS) == set()


def test_whatever_goes_wrong_on_the_way_has_words() -> None:
    named = {channels.UNREACHABLE, channels.MINUTE_QUOTA, channels.DAILY_QUOTA, channels.MISCONFIGURED}
    named |= {outcomes.CONCURRENT_SEND, outcomes.UNCONFIRMED, collecting.NO_CHANNEL, collecting.WORKER_DIED}
    for path in (ROOT / "backend" / "wechat" / "gateway").glob("*.py"):
        named |= set(re.findall(r'WechatProblem\(\s*"(\w+)"', path.read_text("utf-8")))
    for path in (ROOT / "backend" / "delivery").glob("*.py"):
        named |= set(re.findall(r'NotSendable\(\w+, "(\w+)"\)', path.read_text("utf-8")))
    looked_up = (ROOT / "backend" / "delivery" / "looking_up.py").read_text("utf-8")
    named |= set(re.findall(r'(?:return|else) "([a-z_]+)"', looked_up))
    assert {"unreachable", "no_words", "withheld", "erased"} <= named
    assert named - NOT_OF_MESSAGES - set(REASONS) == set()


def test_words_are_chinese_and_say_no_more_than_they_know() -> None:
    for words in (*REASONS.values(), ELSE):
        assert re.fullmatch(r"[\u4e00-\u9fff，]+", words)
    assert reason_label("SomeError") == "没有发出去"
