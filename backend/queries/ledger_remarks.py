"""备注 of a line (泸 附件2: 如首问责任总岗或机关纪委抽查，在此注明情况), and what another system gave beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from backend.domain.ledger_form import LATE_ENTRY, PROVIDED, moment_text
from backend.domain.times import local
from backend.domain.vocabulary import Channel, Source
from backend.domain.vocabulary_contact import FollowUpState
from backend.domain.vocabulary_ledger import LineKind
from backend.models import ExternalNumber

EXTERNAL_NO = "其他系统编号"
EXTERNAL_LIMIT = "其他系统交办的期限"
"""What a limit that came with the number is called: none of the measure's."""
EXTERNAL_BASIS = f"{EXTERNAL_LIMIT}的依据"

ReadText = Callable[[str, str | None], str | None]


class Remarked(NamedTuple):
    """What of a line its remark follows from."""

    kind: LineKind
    is_late_entry: bool
    source: Source
    channel: Channel
    first_place: str
    follow_up_result: FollowUpState | None
    spot_checks: Sequence[str]
    """抽查 in words, oldest first."""
    noted: str | None = None
    """What an old ledger had in its 备注."""


def remarks_of(line: Remarked, grade_note: str | None) -> list[str]:
    """What the form asks to be noted, and what no box of it says."""
    said = []
    if line.is_late_entry:
        said.append(LATE_ENTRY)
    if line.channel is Channel.OTHER and line.source not in {Source.STAFF, Source.IMPORT}:
        said.append(f"{line.source.label}提交")
    if line.kind is LineKind.CONTINUED:
        said.append(f"承接自{line.first_place or '首问责任总岗'}，不计数")
    if line.kind is LineKind.RECEIVED:
        said.append(f"由{line.first_place}移交")
    if line.follow_up_result not in {None, FollowUpState.ANSWERED}:
        said.append(line.follow_up_result.label)
    if grade_note is not None:
        said.append(grade_note)
    said += line.spot_checks
    return [*said, line.noted] if line.noted is not None else said


def external_shape(row: ExternalNumber | None, read: ReadText) -> dict[str, Any] | None:
    """The number another system gave and its own limit, shown beside and never as the measure's."""
    if row is None:
        return None
    return {
        "number": read(row.inquiry_id, row.text_id),
        "due_at": local(row.due_at).isoformat() if row.due_at else None,
        "due_text": moment_text(row.due_at),
        "basis": read(row.inquiry_id, row.basis_text_id),
        "limit_label": EXTERNAL_LIMIT if row.due_at else None,
        "label": PROVIDED,
    }
