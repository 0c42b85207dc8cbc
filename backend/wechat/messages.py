"""Fill a template from facts: fixed words, the tail of a number, names of offices, times. Nothing else can get in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from backend.domain.messages import Audience, Topic
from backend.domain.numbers import display_number
from backend.wechat.templates.fields import is_valid
from backend.wechat.templates.loader import Field, Template
from backend.wechat.templates.shorten import fit, moment

INQUIRY_PAGE = "pages/inquiry/index"
SURVEY_PAGE = "pages/survey/index"
STAFF_INQUIRY_PAGE = "packages/staff/inquiry/index"
STAFF_HOME_PAGE = "packages/staff/home/index"

_HIDDEN = "****"


class FieldRefused(ValueError):
    """A value WeChat would refuse; the text names the field, never the value."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a message may tell. `unit` is who handles it, `section` where inside; a complaint tells only where it was
    filed. `at` is when it happened. `survey_token` opens the survey, and `reference` stands where there is no inquiry.
    """

    topic: Topic
    audience: Audience
    at: datetime
    number: str | None = None
    reference: str = ""
    unit: str = ""
    section: str = ""
    outcome: str = ""
    closed_at: datetime | None = None
    duty: str = ""
    due_at: datetime | None = None
    survey_token: str | None = None


def masked_number(number: str) -> str:
    """2026ABCDEFGHK as a locked screen may show it: the printed form with its middle hidden, 2026-****-EFGH-K."""
    year, _, *tail = display_number(number).split("-")
    return "-".join((year, _HIDDEN, *tail))


def fill_in(template: Template, facts: Facts) -> dict[str, str]:
    """The fields of the template, shortened to what WeChat takes and checked. Raises FieldRefused."""
    data = {field.key: _value(field, facts) for field in template.fields}
    for key, value in data.items():
        if not is_valid(key, value):
            raise FieldRefused(f"{template.key}.{key}")
    return data


def page_of(facts: Facts) -> str:
    """What a tap opens, without a leading slash: of all capabilities only the survey's one-time token stands in it."""
    if facts.audience == "staff":
        return STAFF_HOME_PAGE if facts.number is None else f"{STAFF_INQUIRY_PAGE}?number={facts.number}"
    if facts.survey_token is not None:
        return f"{SURVEY_PAGE}?token={facts.survey_token}"
    return f"{INQUIRY_PAGE}?number={facts.number}"


def _value(field: Field, facts: Facts) -> str:
    if field.fill in _MOMENTS:
        return moment(field.key, _MOMENTS[field.fill](facts))
    return fit(field.key, *_TEXTS[field.fill](facts))


def _place(facts: Facts) -> tuple[str, ...]:
    """Unit and section together where both fit, else the section: its people know their unit."""
    if not facts.section:
        return (facts.unit,)
    return f"{facts.unit} {facts.section}", facts.section


_TEXTS: Mapping[str, Callable[[Facts], tuple[str, ...]]] = MappingProxyType(
    {
        "number": lambda facts: (masked_number(facts.number) if facts.number else facts.reference,),
        "unit": lambda facts: (facts.unit,),
        "place": _place,
        "stage": lambda facts: (facts.topic.stage,),
        "title": lambda facts: (facts.topic.title,),
        "outcome": lambda facts: (facts.outcome or facts.topic.title,),
        "duty": lambda facts: (facts.duty,),
        "hint": lambda facts: (facts.topic.hint,),
    }
)
_MOMENTS: Mapping[str, Callable[[Facts], datetime]] = MappingProxyType(
    {
        "at": lambda facts: facts.at,
        "closed_at": lambda facts: facts.closed_at or facts.at,
        "due_at": lambda facts: facts.due_at or facts.at,
    }
)
