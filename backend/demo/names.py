"""Invented people and numbers: ordinary enough to read well, plain enough to be seen as made up."""

from __future__ import annotations

from collections.abc import Iterator

from backend.domain.vocabulary import Measure

_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董"
_GIVEN = (
    "志远丽娟建国晓燕明辉秀英文博雪梅立新婷婷国强佳怡海涛春华俊杰玉兰卫东静怡少华红霞永刚"
    "思敏家豪桂芳振宇莉莉德明雨欣庆生美玲光明慧敏天佑素琴正阳小红宏伟燕萍学文月华成林"
)
"""Two characters each."""


def invented_names() -> Iterator[str]:
    """Names of staff, each once: the two lists have no common factor, so they meet anew every time."""
    given = [_GIVEN[start : start + 2] for start in range(0, len(_GIVEN), 2)]
    for place in range(len(_SURNAMES) * len(given)):
        yield _SURNAMES[place % len(_SURNAMES)] + given[place % len(given)]


def office_phone(measure: Measure, unit: int, place: int) -> str:
    """A landline of unit number `unit`; `place` 0 is its complaint phone. Numbers of rounds of noughts, held by nobody."""
    return f"0519-8000{unit:02d}{place:02d}" if measure is Measure.TAN else f"0830-300{unit:02d}{place:02d}"


def staff_phone(place: int) -> str:
    """The own mobile number of the person counted `place`."""
    return f"1390000{place:04d}"


def citizen_phone(place: int) -> str:
    """The mobile number of the citizen counted `place`; no member of staff has it."""
    return f"1380000{place:04d}"
