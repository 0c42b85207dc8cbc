"""绑定微信: a short code, had at the console and typed into the mini program, binds a WeChat to a member of staff.

Rows are locked in one order: the account, then the person, then the code.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from backend.domain.errors import BindingCodeWrong, StaffAlreadyBound, WechatAlreadyBound
from backend.domain.numbers import fold_binding_code
from backend.models import AccessSession, BindingCode, Staff, StaffBinding, WechatAccount
from backend.models.types import new_id
from backend.services.accounts import staff_of_account
from backend.services.idempotency import KEPT_FOR
from backend.services.outbox import move_lane
from backend.services.work import Tools, Work
from backend.vault.tokens import binding_code

LIFETIME = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class ShownCode:
    """A code in clear, as it stands on the page of whom it is for."""

    code: str
    expires_at: datetime


def new_binding_code(work: Work, staff_id: str) -> BindingCode:
    """A code for ten minutes and one use; the one before it is void. Raises StaffAlreadyBound."""
    _locked_staff(work, staff_id)
    if binding_of(work.session, staff_id) is not None:
        raise StaffAlreadyBound()
    mine = BindingCode.staff_id == staff_id
    # What a repeated request may still ask for is kept as long as its key.
    work.session.execute(delete(BindingCode).where(mine, BindingCode.created_at <= work.now - KEPT_FOR))
    work.session.execute(
        update(BindingCode)
        .where(mine, BindingCode.used_at.is_(None), BindingCode.expires_at > work.now)
        .values(expires_at=work.now)
    )
    code_id = new_id()
    row = BindingCode(
        id=code_id,
        staff_id=staff_id,
        code_hash=_hash(work.tools, binding_code(work.tools.tracking_key, code_id)),
        created_at=work.now,
        expires_at=work.now + LIFETIME,
    )
    work.session.add(row)
    work.session.flush()
    return row


def show_code(tools: Tools, row: BindingCode) -> ShownCode:
    """The code of a row as it was first shown."""
    return ShownCode(binding_code(tools.tracking_key, row.id), row.created_at + LIFETIME)


def open_code(work: Work, staff_id: str) -> ShownCode | None:
    """The code of this person that can still be used."""
    row = work.session.scalar(
        select(BindingCode).where(
            BindingCode.staff_id == staff_id,
            BindingCode.used_at.is_(None),
            BindingCode.expires_at > work.now,
        )
    )
    return show_code(work.tools, row) if row is not None else None


def bind_wechat(work: Work, account: WechatAccount, code: str) -> Staff:
    """Bind this WeChat to whom the code was made for, and spend the code. Returns them.

    Raises BindingCodeWrong, WechatAlreadyBound, StaffAlreadyBound.
    """
    work.session.execute(
        select(WechatAccount.id).where(WechatAccount.id == account.id).with_for_update(key_share=True)
    )
    staff, row = _whose(work, code)
    owner = staff_of_account(work.session, account.id)
    if owner is not None and owner != staff.id:
        raise WechatAlreadyBound()
    if binding_of(work.session, staff.id) is not None:
        raise StaffAlreadyBound()
    row.used_at = work.now
    work.session.add(StaffBinding(id=new_id(), staff_id=staff.id, account_id=account.id, bound_at=work.now))
    work.session.flush()
    move_lane(work.session, staff.id, account.id, is_bound=True)
    return staff


def unbind_wechat(work: Work, staff_id: str) -> None:
    """End the binding and every staff session that came by that WeChat, at once; nothing where none is bound."""
    _locked_staff(work, staff_id)
    bound = binding_of(work.session, staff_id)
    if bound is None:
        return
    bound.ended_at = work.now
    move_lane(work.session, staff_id, bound.account_id, is_bound=False)
    work.session.execute(
        update(AccessSession)
        .where(
            AccessSession.kind == "staff",
            AccessSession.account_id == bound.account_id,
            AccessSession.ended_at.is_(None),
        )
        .values(ended_at=work.now)
    )
    work.session.flush()


def binding_of(session: Session, staff_id: str) -> StaffBinding | None:
    """The live binding of a member of staff."""
    return session.scalar(
        select(StaffBinding).where(StaffBinding.staff_id == staff_id, StaffBinding.ended_at.is_(None))
    )


def _whose(work: Work, code: str) -> tuple[Staff, BindingCode]:
    """Whom a code was made for, locked, and its row as it is now. Raises BindingCodeWrong."""
    digest = _hash(work.tools, fold_binding_code(code) or "")
    staff_id = work.session.scalar(select(BindingCode.staff_id).where(BindingCode.code_hash == digest))
    if staff_id is None:
        raise BindingCodeWrong()
    staff = _locked_staff(work, staff_id)
    row = work.session.scalars(select(BindingCode).where(BindingCode.code_hash == digest)).one_or_none()
    if row is None or row.used_at is not None or row.expires_at <= work.now or not staff.is_active:
        raise BindingCodeWrong()
    return staff, row


def _locked_staff(work: Work, staff_id: str) -> Staff:
    return work.session.scalars(
        select(Staff).where(Staff.id == staff_id).with_for_update().execution_options(populate_existing=True)
    ).one()


def _hash(tools: Tools, code: str) -> str:
    """Keyed: forty bits alone could be tried out."""
    return tools.index.index("binding_code", code)
