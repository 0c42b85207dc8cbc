"""WeChat accounts: found by app and openid, which only a blind index knows; opened only to send or to ask WeChat."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backend.models import Staff, StaffBinding, WechatAccount
from backend.models.types import new_id
from backend.services.work import Tools, Work

VISIT = timedelta(minutes=10)
"""How fresh `seen_at` is kept while somebody goes on writing."""


def find_account(work: Work, app_id: str, openid: str) -> WechatAccount | None:
    """The account of an openid in an app, if it was here before."""
    index = openid_index(work.tools, app_id, openid)
    return work.session.scalar(select(WechatAccount).where(WechatAccount.openid_index == index))


def see_account(work: Work, app_id: str, openid: str) -> WechatAccount:
    """The account of somebody WeChat has just vouched for, made at the first visit; notes that they were here."""
    account = find_account(work, app_id, openid)
    if account is None:
        try:
            with work.session.begin_nested():
                return _new_account(work, app_id, openid)
        except IntegrityError:
            # A second tap of the same person was quicker.
            account = find_account(work, app_id, openid)
            if account is None:
                raise
    account.seen_at = work.now
    work.session.flush()
    return account


def _new_account(work: Work, app_id: str, openid: str) -> WechatAccount:
    account_id, wrapped = new_id(), work.tools.vault.new_data_key()
    account = WechatAccount(
        id=account_id,
        app_id=app_id,
        openid_index=openid_index(work.tools, app_id, openid),
        openid_sealed=work.tools.vault.seal(wrapped, openid, _context(account_id)),
        wrapped_key=wrapped,
        created_at=work.now,
        seen_at=work.now,
    )
    work.session.add(account)
    work.session.flush()
    return account


def openid_of(tools: Tools, account: WechatAccount) -> str | None:
    """The openid in clear; None once the account was erased."""
    if account.openid_sealed is None or account.wrapped_key is None:
        return None
    return tools.vault.unseal_text(account.wrapped_key, account.openid_sealed, _context(account.id))


def openid_index(tools: Tools, app_id: str, openid: str) -> str:
    """How an account is found: an openid means something only together with its app."""
    return tools.index.index("openid", f"{app_id}\n{openid}")


def bound_accounts(session: Session, staff_ids: Iterable[str]) -> dict[str, str]:
    """The WeChat account of each of these members of staff who has bound one, by staff id."""
    rows = session.execute(
        select(StaffBinding.staff_id, StaffBinding.account_id).where(
            StaffBinding.staff_id.in_(set(staff_ids)), StaffBinding.ended_at.is_(None)
        )
    )
    return {row.staff_id: row.account_id for row in rows}


def staff_of_account(session: Session, account_id: str) -> str | None:
    """The member of staff whose WeChat this is, if it is bound to one."""
    return session.scalar(
        select(StaffBinding.staff_id).where(
            StaffBinding.account_id == account_id, StaffBinding.ended_at.is_(None)
        )
    )


def is_long_unseen(session: Session, account_id: str, now: datetime) -> bool:
    """Whether it is worth noting that they are here again."""
    seen_at = session.scalar(select(WechatAccount.seen_at).where(WechatAccount.id == account_id))
    return seen_at is not None and seen_at < now - VISIT


def note_visit(session: Session, account_id: str, now: datetime) -> None:
    """They are here, in the mini program: WeChat checks the texts of people it has seen within two hours."""
    session.execute(update(WechatAccount).where(WechatAccount.id == account_id).values(seen_at=now))


def is_staff_wechat(session: Session, account_id: str) -> bool:
    """Whether this is the own WeChat of an active member of staff: it cannot rate (design 5)."""
    bound = (
        select(StaffBinding.id)
        .join(Staff, Staff.id == StaffBinding.staff_id)
        .where(StaffBinding.account_id == account_id, StaffBinding.ended_at.is_(None), Staff.is_active)
    )
    return session.scalar(bound) is not None


def _context(account_id: str) -> str:
    return f"wechat_account:{account_id}:openid"
