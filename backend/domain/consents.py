"""Vouchers: one tap of agreement is worth one message, and the last is kept for the end (design 5).

What we count is a hint. WeChat's own count is the truth, and its 43101 empties ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from backend.domain.vocabulary_contact import ConsentSource

PAIRED_WITHIN = timedelta(minutes=2)
"""The mini program and WeChat both tell of one tap; further apart they tell of two."""

PROGRESS, RESULT = "progress", "result"
"""Our keys of the templates that share: a progress voucher can stand in for the result, so the last one waits for it."""


@dataclass(frozen=True, slots=True)
class Voucher:
    """A consent that is neither spent nor void."""

    id: str
    template: str
    is_long_term: bool


@dataclass(frozen=True, slots=True)
class Told:
    """A consent on record that only one side has told of yet, whatever became of it since."""

    id: str
    source: ConsentSource
    granted_at: datetime


def is_accepted(result: str) -> bool:
    """Whether a result of WeChat's prompt grants anything: accept, and its kin such as acceptWithAudio.

    reject, ban and filter grant nothing, and take nothing away that was granted before.
    """
    return result.startswith("accept")


def twin_of(source: ConsentSource, at: datetime, told: Iterable[Told]) -> Told | None:
    """The report of the other side about the tap that `source` reports at `at`: the nearest one; None for a new tap."""
    near = [
        report
        for report in told
        if report.source is not source and abs(report.granted_at - at) <= PAIRED_WITHIN
    ]
    return min(near, key=lambda report: (abs(report.granted_at - at), report.id), default=None)


def choose_voucher(
    templates: Sequence[str], free: Mapping[str, Sequence[Voucher]], *, may_take_last: bool
) -> Voucher | None:
    """The voucher a message goes out on: the first template in order of preference that has one to give.

    `free` holds, oldest first, what can be used at all. `may_take_last` is for what closes an inquiry and follows it
    up; everything else leaves the last progress voucher of somebody who has none for the result. A long-term consent
    is never used up, so there is nothing to leave.
    """
    for template in templates:
        vouchers = free.get(template, ())
        if not vouchers:
            continue
        is_last = template == PROGRESS and len(vouchers) == 1 and not free.get(RESULT)
        if vouchers[0].is_long_term or may_take_last or not is_last:
            return vouchers[0]
    return None
