"""Destroy personal data because the person wants it: the account, the phone, the files (个人信息保护法 第四十七条).

What the person asked, what was answered and what was done are a record the office has to keep (坛 六, 泸 二（二）4): they
stay, without whom they concern. Ledger entries hold commitments only, so every chain stays whole.

Locks go inquiries → account → chains, as everywhere; an account is locked so that rows may still refer to it
(FOR NO KEY UPDATE), for a closing that has its chains already writes whom to ask.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from backend.domain.vocabulary_contact import ErasedPart, ErasureReason, FollowUpMethod, FollowUpState
from backend.models import (
    AccessSession,
    Attachment,
    Citizen,
    Consent,
    FollowUp,
    Inquiry,
    InquiryText,
    LedgerEntry,
    StaffBinding,
    WechatAccount,
)
from backend.services.content_checks import settle_checks_of
from backend.services.follow_up_rows import cancel_follow_ups, end_follow_up
from backend.services.ledger import lock_chains, record
from backend.services.sealed_files import destroy_sealed
from backend.services.work import Work

KEPT = (
    "微信身份、姓名、电话和上传的文件都已删除，以后也不再给您发消息。您写的事项内容、得到的答复和办理经过是依规定"
    "要留存的办理记录，不会删除；没有办结的照常办理，您存下的跟踪网址仍然可以打开。"
)
"""What a person is told when everything about them is destroyed."""
PHOTOS = frozenset({"image/jpeg", "image/png", "image/webp"})
FILES = PHOTOS | {"application/pdf"}


def erase_account(work: Work, account_id: str, reason: ErasureReason) -> list[LedgerEntry]:
    """Destroy the WeChat identity and, of everything filed from it, the contact data and the files.

    Sessions end, vouchers are void, a binding ends, nobody is asked any more. Once: a second time finds nothing.
    """
    inquiries = _inquiries(work, account_id)
    account = _account(work, account_id)
    if account is None:
        return []
    inquiries = (
        inquiries if _ids(work, account_id) == {i.id for i in inquiries} else _inquiries(work, account_id)
    )
    with _overwritten(work.session):
        account.openid_index = account.openid_sealed = account.wrapped_key = None
        account.erased_at = work.now
        _end_what_hangs_on(work, account_id)
        settle_checks_of(work, account_id)
        lock_chains(work.session, {inquiry.unit_id for inquiry in inquiries})
        return [
            _record(work, inquiry, reason, [ErasedPart.ACCOUNT, *parts], files)
            for inquiry in inquiries
            for parts, files in [_erase_all(work, inquiry)]
        ]


def erase_phone(work: Work, account_id: str, reason: ErasureReason) -> list[LedgerEntry]:
    """Destroy the phone numbers left with what was filed from this WeChat; a name that was left stays."""
    inquiries = _inquiries(work, account_id)
    left = [i for i in inquiries if i.citizen is not None and i.citizen.phone_sealed is not None]
    with _overwritten(work.session):
        lock_chains(work.session, {inquiry.unit_id for inquiry in left})
        entries = []
        for inquiry in left:
            if inquiry.citizen is not None:
                _forget_phone(inquiry.citizen)
            _give_up_calls(work, inquiry)
            entries.append(_record(work, inquiry, reason, [ErasedPart.PHONE], []))
        return entries


def erase_files(
    work: Work, account_id: str, reason: ErasureReason, media_types: Collection[str] = FILES
) -> list[LedgerEntry]:
    """Destroy the files of these types that came with what was filed from this WeChat; their places stay."""
    inquiries = _inquiries(work, account_id)
    with _overwritten(work.session):
        lock_chains(work.session, {inquiry.unit_id for inquiry in inquiries})
        erased = [(inquiry, _destroy_files(work, inquiry, media_types)) for inquiry in inquiries]
        return [
            _record(work, inquiry, reason, [ErasedPart.FILES], files) for inquiry, files in erased if files
        ]


def _inquiries(work: Work, account_id: str) -> list[Inquiry]:
    """Everything filed from this WeChat, locked in one order and freshly read."""
    return list(
        work.session.scalars(
            select(Inquiry)
            .where(Inquiry.account_id == account_id)
            .order_by(Inquiry.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )


def _ids(work: Work, account_id: str) -> set[str]:
    """The same without their rows: something may have been filed until the account was locked."""
    return set(work.session.scalars(select(Inquiry.id).where(Inquiry.account_id == account_id)))


def _account(work: Work, account_id: str) -> WechatAccount | None:
    """The account, locked; None where it is erased already."""
    return work.session.scalar(
        select(WechatAccount)
        .where(WechatAccount.id == account_id, WechatAccount.erased_at.is_(None))
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )


def _end_what_hangs_on(work: Work, account_id: str) -> None:
    """The binding, the sessions and the vouchers of an account: in the order in which a binding is ended alone."""
    for statement in (
        update(StaffBinding)
        .where(StaffBinding.account_id == account_id, StaffBinding.ended_at.is_(None))
        .values(ended_at=work.now),
        update(AccessSession)
        .where(AccessSession.account_id == account_id, AccessSession.ended_at.is_(None))
        .values(ended_at=work.now),
        update(Consent)
        .where(Consent.account_id == account_id, Consent.spent_at.is_(None), Consent.voided_at.is_(None))
        .values(voided_at=work.now),
    ):
        work.session.execute(statement.execution_options(synchronize_session=False))


def _erase_all(work: Work, inquiry: Inquiry) -> tuple[list[ErasedPart], list[str]]:
    """Contact data, files and follow-ups of one inquiry. Returns what there was of it, and the files' ids."""
    parts = []
    citizen = inquiry.citizen
    if citizen is not None and citizen.erased_at is None:
        _forget_phone(citizen)
        citizen.name_sealed = citizen.org_name_sealed = citizen.wrapped_key = None
        citizen.erased_at = work.now
        parts.append(ErasedPart.CONTACT)
    files = _destroy_files(work, inquiry, FILES)
    if files:
        parts.append(ErasedPart.FILES)
    cancel_follow_ups(work, inquiry)
    return parts, files


def _forget_phone(citizen: Citizen) -> None:
    citizen.phone_sealed = citizen.phone_index = citizen.phone_tail_index = None


def _give_up_calls(work: Work, inquiry: Inquiry) -> None:
    """There is no number to call any more."""
    calls = work.session.scalars(
        select(FollowUp).where(
            FollowUp.inquiry_id == inquiry.id,
            FollowUp.ended_at.is_(None),
            FollowUp.method == FollowUpMethod.CALL,
        )
    )
    for row in calls.all():
        end_follow_up(work, row, FollowUpState.UNREACHABLE)


def _destroy_files(work: Work, inquiry: Inquiry, media_types: Collection[str]) -> list[str]:
    """Destroy content and names of the inquiry's files of these types. Returns their ids, in order."""
    rows = work.session.scalars(
        select(Attachment)
        .where(
            Attachment.inquiry_id == inquiry.id,
            Attachment.erased_at.is_(None),
            Attachment.media_type.in_(media_types),
        )
        .order_by(Attachment.position)
    ).all()
    for row in rows:
        row.erased_at = work.now
        name = work.session.get(InquiryText, row.file_name_text_id) if row.file_name_text_id else None
        if name is not None:
            name.sealed = name.salt = None
        destroy_sealed(work, row.blob_id)
    return [row.id for row in rows]


def _record(
    work: Work, inquiry: Inquiry, reason: ErasureReason, parts: list[ErasedPart], files: list[str]
) -> LedgerEntry:
    facts = {
        "reason": reason.value,
        "parts": [part.value for part in parts],
        "citizen": inquiry.citizen_id,
        "attachments": files,
    }
    return record(work, "erased", inquiry, unit_id=inquiry.unit_id, facts=facts)


@contextmanager
def _overwritten(session: Session) -> Iterator[None]:
    """SQLite leaves what it deletes in free parts of the file unless told otherwise; here it writes zeros over it."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    if is_sqlite:
        session.execute(text("PRAGMA secure_delete = ON"))
    try:
        yield
        session.flush()
    finally:
        if is_sqlite:
            session.execute(text("PRAGMA secure_delete = OFF"))
