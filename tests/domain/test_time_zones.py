"""The cases worked out on paper, in processes that keep other zones: no answer may move by a second."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import tzdata

from tests.domain.due_date_cases import BEIJING, CASES

ROOT = Path(__file__).parents[2]
ZONES = {"UTC": 0, "Asia/Shanghai": 480, "America/Los_Angeles": -480}
"""Each with its winter offset in minutes: where a zone is unknown, the process would quietly keep UTC."""
ASK = "import json; from tests.domain.due_date_cases import answers; print(json.dumps(answers()))"


@pytest.fixture(scope="module")
def said():
    """The answers of one process a zone, all three at work together."""
    zone_files = str(Path(tzdata.__file__).parent / "zoneinfo")
    children = {
        zone: subprocess.Popen(
            [sys.executable, "-c", ASK],
            env={**os.environ, "TZ": zone, "TZDIR": zone_files},
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for zone in ZONES
    }
    answers = {}
    for zone, child in children.items():
        out, err = child.communicate()
        assert child.returncode == 0, err
        answers[zone] = json.loads(out)
    return answers


@pytest.mark.parametrize(("zone", "minutes"), ZONES.items())
def test_each_process_really_keeps_its_zone(said, zone, minutes):
    assert said[zone]["offset_minutes"] == minutes


@pytest.mark.parametrize("zone", ZONES)
def test_every_case_on_paper_ends_at_the_same_moment_in_every_zone(said, zone):
    got = {name: answer[:2] for name, answer in said[zone]["cases"].items()}
    assert got == {
        case.name: [
            case.expected().due_at.astimezone(BEIJING).isoformat(),
            "暂定" if case.provisional else "",
        ]
        for case in CASES
    }


def test_warnings_and_what_people_read_are_the_same_in_every_zone(said):
    beijing, *others = (said[zone]["cases"] for zone in ("Asia/Shanghai", "UTC", "America/Los_Angeles"))
    for other in others:
        assert other == beijing
    assert beijing["last second of a day"][2:] == [
        "2026-11-25T17:30:00+08:00",
        "11月26日（周四）17:30",
        "还有 2 个工作日",
    ]
