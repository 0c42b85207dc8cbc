"""When the demo's stories happen, whatever day it is built on."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import pairwise

import pytest

from backend.demo.script import CallBack, CheckTogether, Close, Rate, SignOff, Story
from backend.demo.stories import STORIES
from backend.demo.timeline import LATEST, NEARLY_DUE, Timeline
from backend.domain.calendar import CalendarDay, WorkCalendar
from backend.domain.clocks import BusinessHours, due_in_working_days, due_soon_at
from backend.domain.times import local

HOLIDAY = CalendarDay(workday=False, source="通知", note="国庆节")
CALENDAR = WorkCalendar({date(2026, 10, day): HOLIDAY for day in range(1, 8)})
HOURS = BusinessHours()

MOMENTS = [
    "2026-11-23T00:00:00+08:00",  # a Monday
    "2026-11-23T10:59:59+08:00",
    "2026-11-23T11:00:00+08:00",
    "2026-11-24T17:29:00+08:00",
    "2026-11-24T17:29:30+08:00",
    "2026-11-24T17:30:00+08:00",
    "2026-11-24T23:59:59+08:00",
    "2026-11-21T12:00:00+08:00",  # a Saturday
    "2026-10-04T12:00:00+08:00",  # in a week of holidays
    "2026-10-08T09:00:00+08:00",  # the morning after it
    "2027-01-04T11:30:00+08:00",
]


@pytest.fixture(params=MOMENTS)
def timeline(request: pytest.FixtureRequest) -> Timeline:
    return Timeline(CALENDAR, datetime.fromisoformat(request.param))


def test_everything_happened_on_a_working_day_in_business_hours_before_now(timeline: Timeline):
    for story in STORIES:
        for step in (story.filing, *story.steps):
            moment = timeline.moment(step.day, step.at)
            assert moment <= timeline.now
            assert CALENDAR.is_workday(local(moment).date())
            assert time(8, 30) <= local(moment).time() < time(17, 0)


def test_the_steps_of_a_story_follow_one_another(timeline: Timeline):
    for story in STORIES:
        moments = [timeline.moment(step.day, step.at) for step in (story.filing, *story.steps)]
        assert all(earlier <= later for earlier, later in pairwise(moments))


def test_the_nearly_due_limit_has_been_warned_of_and_still_runs(timeline: Timeline):
    start = timeline.moment(NEARLY_DUE, "09:30")
    due = due_in_working_days(CALENDAR, HOURS, start, 2)
    warning = due_soon_at(CALENDAR, HOURS, start, due.due_at)
    assert warning is not None
    assert warning <= timeline.now <= due.due_at


def test_what_was_offered_on_day_0_has_not_lapsed(timeline: Timeline):
    offered = timeline.moment(0, "10:10")
    assert due_in_working_days(CALENDAR, HOURS, offered, 1).due_at > timeline.now


def test_a_consultation_of_day_4_is_overdue(timeline: Timeline):
    assert due_in_working_days(CALENDAR, HOURS, timeline.moment(4, "10:10"), 2).due_at < timeline.now


def test_day_0_is_today_once_the_morning_is_over_and_else_the_last_working_day():
    def latest(text: str) -> date:
        return Timeline(CALENDAR, datetime.fromisoformat(text)).workday(0)

    assert latest("2026-11-23T11:00:00+08:00") == date(2026, 11, 23)
    assert latest("2026-11-23T10:59:00+08:00") == date(2026, 11, 20)
    assert latest("2026-11-22T15:00:00+08:00") == date(2026, 11, 20)
    assert latest("2026-10-08T08:00:00+08:00") == date(2026, 9, 30)


def test_what_happens_on_day_0_happens_in_its_morning():
    steps = [step for story in STORIES for step in (story.filing, *story.steps) if step.day == 0]
    assert steps
    assert all(time.fromisoformat(step.at) < LATEST for step in steps)


def test_without_holidays_the_stories_fill_two_weeks():
    timeline = Timeline(WorkCalendar({}), datetime.fromisoformat("2026-11-21T12:00:00+08:00"))
    first = min(timeline.moment(story.filing.day, story.filing.at) for story in STORIES)
    assert timeline.now - timedelta(days=14) < first < timeline.now - timedelta(days=10)


def _texts(story: Story) -> list[str]:
    values = [
        getattr(part, name) for part in (story.filing, *story.steps) for name in part.__dataclass_fields__
    ]
    return [value for value in values if isinstance(value, str)]


def test_the_stories_are_written_plainly():
    for story in STORIES:
        for text in _texts(story):
            assert "！" not in text
            assert "  " not in text
        for part in (story.filing, *story.steps):
            summary = getattr(part, "summary", None)
            assert summary is None or len(summary) <= 40


def test_every_caller_and_name_is_somebody_else():
    filings = [story.filing for story in STORIES]
    callers = [filing.caller for filing in filings if filing.caller is not None]
    names = [filing.name for filing in filings if filing.name is not None]
    assert len(set(callers)) == len(callers)
    assert len(set(names)) == len(names)


def test_only_what_was_closed_is_rated():
    for story in STORIES:
        if not any(isinstance(step, Rate) for step in story.steps):
            continue
        # What the office notes in its ledger beside (回访, 抽查, opinions) moves nothing.
        told = [
            s for s in (story.filing, *story.steps) if not isinstance(s, CallBack | CheckTogether | SignOff)
        ]
        *before, last = told
        assert isinstance(last, Rate)
        assert isinstance(before[-1], Close) or getattr(before[-1], "closing", None)
