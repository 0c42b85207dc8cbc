"""What can wait beside the holder: a letter not yet served, a dispute not yet decided. At most one of each."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import select

from backend.domain.errors import DisputePending, HandoffPending
from backend.domain.vocabulary import DisputeState, ExternalState
from backend.models import Dispute, ExternalHandoff, Inquiry
from backend.services.work import Work


class Pending(NamedTuple):
    """What waits now; while either does, the matter can be offered to nobody else."""

    letter: ExternalHandoff | None
    dispute: Dispute | None

    @property
    def is_anything(self) -> bool:
        return self.letter is not None or self.dispute is not None


def pending_of(work: Work, inquiry: Inquiry) -> Pending:
    """Both at once, for whoever shows what can be done."""
    return Pending(open_letter(work, inquiry), open_dispute(work, inquiry))


def open_letter(work: Work, inquiry: Inquiry) -> ExternalHandoff | None:
    """The letter to an outside authority that waits for its 送达, if any (坛 六（四）)."""
    return work.session.scalar(
        select(ExternalHandoff).where(
            ExternalHandoff.inquiry_id == inquiry.id, ExternalHandoff.state == ExternalState.DRAFTED
        )
    )


def open_dispute(work: Work, inquiry: Inquiry) -> Dispute | None:
    """The dispute that waits for its decision, if any (系统设定 third-refusal)."""
    return work.session.scalar(
        select(Dispute).where(Dispute.inquiry_id == inquiry.id, Dispute.state == DisputeState.OPEN)
    )


def ensure_nothing_pending(work: Work, inquiry: Inquiry) -> None:
    """A matter goes one way at a time. Raises DisputePending, HandoffPending."""
    pending = pending_of(work, inquiry)
    if pending.dispute is not None:
        raise DisputePending()
    if pending.letter is not None:
        raise HandoffPending("已经拟了一封移交函等待送达，请先登记送达或者取消。")


def give_up_pending(work: Work, inquiry: Inquiry) -> dict[str, str]:
    """Closing or withdrawing cancels an open letter and drops an open dispute. Returns what the entry says about it."""
    given_up = {}
    letter, dispute = pending_of(work, inquiry)
    if letter is not None:
        letter.state = ExternalState.CANCELLED
        given_up["cancelled_external"] = letter.id
    if dispute is not None:
        dispute.state = DisputeState.DROPPED
        dispute.decided_at = work.now
        given_up["dropped_dispute"] = dispute.id
    work.session.flush()
    return given_up
