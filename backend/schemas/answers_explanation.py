"""怎么算的, as the API answers it."""

from __future__ import annotations

from marshmallow import fields

from backend.schemas.answers import ClockOut, MeasureOut
from backend.schemas.fields import Out

MOMENT = {"format": "date-time"}


class ClockDayOut(Out):
    """One day: the how-manieth counted one, or why it does not count."""

    day = fields.String(metadata={"format": "date"})
    day_text = fields.String()
    counted = fields.Boolean()
    number = fields.Integer(allow_none=True)
    reason = fields.String()
    provisional = fields.Boolean()


class ClockSegmentOut(Out):
    """A stretch that was counted, or a pause; `limit_days` are the days to count, or those left at the pause."""

    kind = fields.String(metadata={"enum": ["count", "at_once", "pause"]})
    from_ = fields.String(data_key="from", attribute="from", metadata=MOMENT)
    from_text = fields.String()
    until = fields.String(allow_none=True, metadata=MOMENT)
    until_text = fields.String(allow_none=True)
    limit_days = fields.Integer(allow_none=True)
    counted = fields.Integer()
    days = fields.List(fields.Nested(ClockDayOut))
    documents = fields.List(fields.String(), metadata={"description": "暂停时请服务对象补充的材料"})
    note = fields.String(allow_none=True)


class ClockBearerOut(Out):
    """Who bore it, from when to when; `reason` says why it came to them."""

    text = fields.String()
    from_ = fields.String(data_key="from", attribute="from", metadata=MOMENT)
    from_text = fields.String()
    until = fields.String(allow_none=True, metadata=MOMENT)
    until_text = fields.String(allow_none=True)
    reason = fields.String(allow_none=True)


class ClockChangeOut(Out):
    """One row of the limit and what it changed."""

    id = fields.String()
    change = fields.String(allow_none=True)
    title = fields.String()
    at = fields.String(metadata=MOMENT)
    at_text = fields.String()
    due_at = fields.String(metadata=MOMENT)
    due_text = fields.String(allow_none=True)
    old_due_text = fields.String(allow_none=True)
    provisional = fields.Boolean()
    reason = fields.String(allow_none=True)


class SeasonOut(Out):
    """From this day of every year on the unit closes at this time, Beijing time."""

    starts_on = fields.String(metadata={"description": "月-日"})
    starts_text = fields.String()
    closes_at = fields.String(metadata={"description": "时:分"})


class ClockHoursOut(Out):
    """The close of business the end was counted with."""

    unit = fields.String()
    closes_at = fields.String()
    is_own = fields.Boolean(metadata={"description": "单位自己设定；否则是系统设定的默认值"})
    seasons = fields.List(fields.Nested(SeasonOut))
    changed_since = fields.Boolean()


class CalendarSourceOut(Out):
    year = fields.Integer()
    source = fields.String()
    source_text = fields.String()


class ClockBreachOut(Out):
    """The breach at its legal moment: who bore the limit, and apart from it who held the inquiry."""

    at = fields.String(metadata=MOMENT)
    at_text = fields.String()
    bearer = fields.String()
    holder = fields.String(allow_none=True)


class ClockExplanationOut(Out):
    """How a limit was counted. `asked` may be a row that was superseded since; `clock` is the limit as it stands."""

    number = fields.String(required=True)
    asked = fields.String(required=True)
    is_current = fields.Boolean(required=True)
    clock = fields.Nested(ClockOut, required=True)
    measure = fields.Nested(MeasureOut)
    bearers = fields.List(fields.Nested(ClockBearerOut))
    history = fields.List(fields.Nested(ClockChangeOut))
    segments = fields.List(fields.Nested(ClockSegmentOut))
    hours = fields.Nested(ClockHoursOut)
    years_without_data = fields.List(fields.Integer())
    sources = fields.List(fields.Nested(CalendarSourceOut))
    breach = fields.Nested(ClockBreachOut, allow_none=True)
