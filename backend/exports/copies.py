"""Which copy of the ledger a file is: masked, or with names and phones for somebody and a reason, and marked so."""

from __future__ import annotations

from dataclasses import dataclass

MASKED = "姓名、电话已遮盖"
FULL = "含姓名、电话，按审批导出，不得外传"


@dataclass(frozen=True, slots=True)
class Copy:
    """`made` says who exported it and when; `mark` stands on every page of a copy with names and phones.

    `stamp` is the mark without the reason, which may be long: what goes across a page.
    """

    made: str
    mark: str | None = None
    stamp: str | None = None

    @property
    def label(self) -> str:
        """What the cover and the head of the sheet say of it."""
        return f"{FULL}。{self.mark}" if self.mark is not None else f"{MASKED}。{self.made}"


def masked_copy(name: str, moment: str) -> Copy:
    """For whoever reads the ledger."""
    return Copy(f"{name} {moment} 导出")


def full_copy(name: str, moment: str, reason: str, approver: str) -> Copy:
    """For one person, one reason and one approval; every page says so."""
    made = f"{name} {moment} 导出"
    # The reason last: where there is no room for all of it, it is what is cut.
    stamp = f"{made}；批准人：{approver}"
    return Copy(made, f"{stamp}；事由：{reason}", stamp)
