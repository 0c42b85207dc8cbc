"""Sign lines of the ledger off: one, or many at one stroke. An opinion moves nothing of the inquiry (泸 附件2)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select

from backend.domain.errors import FieldInvalid, RoleRequired
from backend.domain.identity import Identity
from backend.domain.sign_offs import may_sign, signs_at_all
from backend.domain.vocabulary_ledger import LineKind, SignOffRole
from backend.models import Inquiry, LedgerEntry, LedgerRow, Opinion
from backend.models.types import new_id
from backend.services.ledger import lock_chains, record
from backend.services.texts import store_text
from backend.services.work import Work

NOT_YOURS = "这一行不由您签署这项意见。"


def ensure_signer(identity: Identity) -> None:
    """Raises RoleRequired."""
    if not signs_at_all(identity):
        raise RoleRequired("意见由科室负责人和分管领导签署。")


def roles_open_to(work: Work, identity: Identity, inquiry: Inquiry) -> list[SignOffRole]:
    """In which roles the person can sign a line of this inquiry."""
    if not signs_at_all(identity):
        return []
    lines = _lines(work, inquiry)
    return [
        role
        for role in SignOffRole
        if any(may_sign(identity, role, line.unit_id, line.section_id) for line in lines)
    ]


def sign_off(
    work: Work, identity: Identity, inquiry: Inquiry, *, role: SignOffRole, text: str
) -> tuple[Opinion, LedgerEntry]:
    """Put an opinion on the line that is this person's to sign; it shows in the place of an earlier one.

    Neither version nor state of the inquiry moves, open or closed. Raises FieldInvalid.
    """
    line = line_to_sign(work, identity, inquiry, role)
    if line is None:
        raise FieldInvalid("/role", NOT_YOURS, "choice_invalid")
    return _put(work, identity, inquiry, line, role, text, batch_id=None)


def sign_off_many(
    work: Work,
    identity: Identity,
    lines: Sequence[tuple[Inquiry, LedgerRow]],
    *,
    role: SignOffRole,
    text: str,
) -> str:
    """The same opinion on all of these lines, each as `line_to_sign` found it. Returns what they have in common."""
    units = {unit for inquiry, line in lines for unit in (inquiry.unit_id, line.unit_id)}
    lock_chains(work.session, units)
    batch_id = new_id()
    for inquiry, line in lines:
        _put(work, identity, inquiry, line, role, text, batch_id=batch_id)
    return batch_id


def line_to_sign(work: Work, identity: Identity, inquiry: Inquiry, role: SignOffRole) -> LedgerRow | None:
    """The line of the inquiry that this person signs in this role: a counted one before a 承接 line."""
    for line in _lines(work, inquiry):
        if may_sign(identity, role, line.unit_id, line.section_id):
            return line
    return None


def _lines(work: Work, inquiry: Inquiry) -> list[LedgerRow]:
    rows = work.session.scalars(
        select(LedgerRow).where(LedgerRow.inquiry_id == inquiry.id).order_by(LedgerRow.taken_at, LedgerRow.id)
    ).all()
    return sorted(rows, key=lambda row: row.kind is LineKind.CONTINUED)


def _put(
    work: Work,
    identity: Identity,
    inquiry: Inquiry,
    line: LedgerRow,
    role: SignOffRole,
    text: str,
    *,
    batch_id: str | None,
) -> tuple[Opinion, LedgerEntry]:
    row, digest = store_text(work, inquiry, "sign_off", text)
    opinion_id = new_id()
    opinion = Opinion(
        id=opinion_id,
        inquiry_id=inquiry.id,
        unit_id=line.unit_id,
        section_id=line.section_id,
        round=inquiry.round,
        role=role,
        staff_id=identity.staff_id,
        text_id=row.id,
        at=_moment(work, inquiry, line, role),
        batch_id=batch_id or opinion_id,
    )
    work.session.add(opinion)
    work.session.flush()
    entry = record(
        work,
        "signed_off",
        inquiry,
        unit_id=inquiry.unit_id,
        # The line's own unit has the fact as well, wherever the matter is by now.
        mirror_unit_ids=(line.unit_id,),
        facts={
            "opinion": opinion.id,
            "role": role.value,
            "line_unit": line.unit_id,
            "line_section": line.section_id,
        },
        texts={"sign_off": (row.id, digest)},
    )
    return opinion, entry


def _moment(work: Work, inquiry: Inquiry, line: LedgerRow, role: SignOffRole) -> datetime:
    """Now, and in any case after the opinion whose place it takes: which of two is later must never be in doubt."""
    former = work.session.scalar(
        select(func.max(Opinion.at)).where(
            Opinion.inquiry_id == inquiry.id,
            Opinion.role == role,
            Opinion.unit_id == line.unit_id,
            Opinion.section_id.is_not_distinct_from(line.section_id),
        )
    )
    return work.now if former is None else max(work.now, former + timedelta(microseconds=1))
