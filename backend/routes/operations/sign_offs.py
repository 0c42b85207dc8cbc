"""科室负责人意见 and 分管领导意见 as writes: on one inquiry, and on many at one stroke."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from backend.domain.errors import FieldInvalid, FieldsInvalid, RoleRequired
from backend.domain.identity import Identity
from backend.domain.numbers import parse_number
from backend.domain.vocabulary_ledger import SignOffRole
from backend.models import Inquiry, LedgerRow
from backend.queries.sign_offs import batch_shape
from backend.queries.visibility import visible_to
from backend.routes.answers import step_answer
from backend.routes.loading import Load
from backend.routes.operations.shared import found_inquiry
from backend.routes.pipeline import Operation, Result
from backend.routes.unit_writes import UnitWrite
from backend.schemas.sign_offs import OpinionIn, OpinionsIn
from backend.services.signing_off import (
    NOT_YOURS,
    ensure_signer,
    line_to_sign,
    roles_open_to,
    sign_off,
    sign_off_many,
)
from backend.services.work import Work


def opinion(load: Load, identity: Identity) -> Operation:
    """签署意见 on the line that is the person's to sign."""

    def authorise(work: Work, inquiry: Inquiry | None) -> None:
        if not roles_open_to(work, identity, found_inquiry(inquiry)):
            raise RoleRequired("意见由科室负责人和分管领导签署。")

    def act(work: Work, inquiry: Inquiry | None, data: dict[str, Any]) -> Result:
        found = found_inquiry(inquiry)
        row, entry = sign_off(work, identity, found, role=data["role"], text=data["text"])
        return Result(found, entry, row.id)

    return Operation("sign_off", OpinionIn, load, act, step_answer, authorise, needs_version=True, status=201)


def opinions(identity: Identity) -> UnitWrite:
    """The same opinion on many inquiries: all of them, or none, and then each that stands in the way is named."""

    def act(work: Work, data: dict[str, Any]) -> str:
        lines = _lines_to_sign(work, identity, data["numbers"], data["role"])
        return sign_off_many(work, identity, lines, role=data["role"], text=data["text"])

    def authorise(_work: Work) -> None:
        ensure_signer(identity)

    return UnitWrite("sign_off_many", OpinionsIn, act, batch_shape, authorise)


def _lines_to_sign(
    work: Work, identity: Identity, numbers: list[str], role: SignOffRole
) -> list[tuple[Inquiry, LedgerRow]]:
    """Each inquiry, locked, with its line. Raises FieldsInvalid with the place of every number that cannot be."""
    parsed = [parse_number(number) or "" for number in numbers]
    # In one order, so that two people signing at once cannot wait for one another.
    rows = work.session.scalars(
        select(Inquiry)
        .where(Inquiry.number.in_(parsed), visible_to(identity))
        .order_by(Inquiry.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    known = {row.number: row for row in rows}
    found: dict[str, tuple[Inquiry, LedgerRow]] = {}
    wrong: list[FieldInvalid] = []
    for place, number in enumerate(parsed):
        pointer, inquiry = f"/numbers/{place}", known.get(number)
        if inquiry is None:
            wrong.append(FieldInvalid(pointer, "没有这件事项，或者不在您的范围里。", "inquiry_unknown"))
            continue
        line = line_to_sign(work, identity, inquiry, role)
        if line is None:
            wrong.append(FieldInvalid(pointer, NOT_YOURS))
        else:
            found[number] = inquiry, line
    if wrong:
        raise FieldsInvalid(wrong)
    return sorted(found.values(), key=lambda pair: pair[0].id)
