"""Sessions that come by WeChat: our own opaque tokens, for whom WeChat has just vouched; its session_key is not kept."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from backend.domain.errors import WechatNotBound
from backend.models import AccessSession, Staff, WechatAccount
from backend.models.types import new_id
from backend.services.accounts import find_account, note_visit, see_account, staff_of_account
from backend.services.binding import bind_wechat
from backend.services.work import Work
from backend.vault.tokens import new_token, token_hash


def open_citizen_session(
    work: Work, *, app_id: str, openid: str, lifetime: timedelta
) -> tuple[str, AccessSession]:
    """Sign a citizen in, at the first visit too. Returns the token, shown once, and the row."""
    account = see_account(work, app_id, openid)
    return _open(work, AccessSession(kind="citizen", account_id=account.id), lifetime)


def open_staff_session(
    work: Work, *, app_id: str, openid: str, binding_code: str | None, lifetime: timedelta
) -> tuple[str, AccessSession]:
    """Sign in the member of staff whose WeChat this is; with a code, bind it to them first.

    No one-time code is asked for, also of leaders who have a TOTP secret: the code to bind can only be had in a full
    session of the console, which asked for it, and the bound phone is the second factor from then on.
    Raises BindingCodeWrong, WechatAlreadyBound, StaffAlreadyBound; WechatNotBound without a code.
    """
    if binding_code is not None:
        account = see_account(work, app_id, openid)
        staff = bind_wechat(work, account, binding_code)
    else:
        account, staff = _bound(work, app_id, openid)
    return _open(work, AccessSession(kind="staff", staff_id=staff.id, account_id=account.id), lifetime)


def _bound(work: Work, app_id: str, openid: str) -> tuple[WechatAccount, Staff]:
    """The account and whose it is, their row locked: unbinding comes before or after, and ends what it must.

    Notes the visit, which locks the account before the person, as `binding` does.
    """
    account = find_account(work, app_id, openid)
    if account is None:
        raise WechatNotBound()
    note_visit(work.session, account.id, work.now)
    staff_id = staff_of_account(work.session, account.id)
    if staff_id is None:
        raise WechatNotBound()
    staff = work.session.scalars(select(Staff).where(Staff.id == staff_id).with_for_update()).one()
    if not staff.is_active or staff_of_account(work.session, account.id) != staff_id:
        raise WechatNotBound()
    return account, staff


def _open(work: Work, session: AccessSession, lifetime: timedelta) -> tuple[str, AccessSession]:
    token = new_token()
    session.id = new_id()
    session.token_hash = token_hash(token)
    session.created_at = work.now
    session.expires_at = work.now + lifetime
    work.session.add(session)
    work.session.flush()
    return token, session
