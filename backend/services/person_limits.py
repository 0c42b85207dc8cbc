"""What one WeChat may file, counted from what it has filed; anonymous filing is limited by address instead."""

from __future__ import annotations

import math

from sqlalchemy import select

from backend.domain.errors import NotFound, PossibleDuplicate, TooOften
from backend.domain.person_limits import SHORT_WINDOW, day_of, wait_before_filing
from backend.domain.vocabulary import Outcome
from backend.models import Inquiry, InquiryText, WechatAccount
from backend.services.texts import read_text
from backend.services.work import Work


def ensure_within_limits(work: Work, account_id: str) -> None:
    """One more may be filed now. Raises TooOften; NotFound once the account was erased.

    Locks the account until the transaction ends: two at once are counted one after the other.
    """
    account = work.session.scalar(
        select(WechatAccount).where(WechatAccount.id == account_id).with_for_update(key_share=True)
    )
    if account is None or account.erased_at is not None:
        raise NotFound()
    since = min(day_of(work.now)[0], work.now - SHORT_WINDOW)
    filed = work.session.scalars(
        select(Inquiry.recorded_at).where(Inquiry.account_id == account_id, Inquiry.received_at >= since)
    )
    wait = wait_before_filing(list(filed), work.now)
    if wait is not None:
        raise TooOften(math.ceil(wait.total_seconds()))


def ensure_not_filed_before(work: Work, account_id: str, content: str) -> None:
    """The same words were not filed a moment ago. Raises PossibleDuplicate, which names the earlier inquiry.

    The few recent texts are opened and compared, white space apart: no trace of a text is kept in clear.
    """
    rows = work.session.execute(
        select(Inquiry, InquiryText)
        .join(InquiryText, InquiryText.inquiry_id == Inquiry.id)
        .where(
            Inquiry.account_id == account_id,
            Inquiry.received_at > work.now - SHORT_WINDOW,
            Inquiry.outcome.is_distinct_from(Outcome.WITHDRAWN),
            InquiryText.kind == "content",
        )
        .order_by(Inquiry.received_at.desc(), Inquiry.id)
    )
    for inquiry, text in rows:
        if read_text(work.tools, inquiry, text).split() == content.split():
            raise PossibleDuplicate(number=inquiry.number)
