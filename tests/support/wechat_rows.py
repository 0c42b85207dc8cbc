"""Valid rows of what WeChat adds: accounts, bindings, consents, follow-ups, content checks, pushed events."""

from __future__ import annotations

from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from backend import models
from backend.domain import vocabulary_contact as v
from tests.support.rows import DAY, NOW, insert_row

APP_ID = "wx0123456789abcdef"

_numbers = count(1)


def account(session: Session, **given: Any) -> models.WechatAccount:
    defaults = {
        "app_id": APP_ID,
        "openid_index": f"{next(_numbers):064x}",
        "openid_sealed": b"\x01",
        "wrapped_key": b"\x01",
        "created_at": NOW,
        "seen_at": NOW,
    }
    return insert_row(session, models.WechatAccount, defaults, given)


def binding(
    session: Session, staff: models.Staff, account: models.WechatAccount, **given: Any
) -> models.StaffBinding:
    defaults = {"staff_id": staff.id, "account_id": account.id, "bound_at": NOW}
    return insert_row(session, models.StaffBinding, defaults, given)


def consent(session: Session, account: models.WechatAccount, **given: Any) -> models.Consent:
    """One free voucher for the result of an inquiry."""
    defaults = {
        "account_id": account.id,
        "template": "result",
        "source": v.ConsentSource.CLIENT,
        "is_long_term": False,
        "granted_at": NOW,
    }
    return insert_row(session, models.Consent, defaults, given)


def follow_up(session: Session, inquiry: models.Inquiry, **given: Any) -> models.FollowUp:
    """A survey that was answered."""
    defaults = {
        "inquiry_id": inquiry.id,
        "round": 1,
        "layer": v.FollowUpLayer.CENSUS,
        "method": v.FollowUpMethod.SURVEY,
        "state": v.FollowUpState.ANSWERED,
        "unit_id": inquiry.unit_id,
        "created_at": NOW,
        "due_at": NOW + DAY,
        "ended_at": NOW,
    }
    return insert_row(session, models.FollowUp, defaults, given)


def content_check(session: Session, text: models.InquiryText, **given: Any) -> models.ContentCheck:
    """A text somebody has to look at."""
    defaults = {
        "inquiry_id": text.inquiry_id,
        "unit_id": session.get_one(models.Inquiry, text.inquiry_id).unit_id,
        "text_id": text.id,
        "checked_by": v.CheckedBy.WORDS,
        "state": v.CheckState.REVIEW,
        "reason": v.ReviewReason.DOUBTFUL,
        "created_at": NOW,
    }
    return insert_row(session, models.ContentCheck, defaults, given)


def wechat_event(session: Session, **given: Any) -> models.WechatEvent:
    defaults = {
        "dedup_hash": f"{next(_numbers):064x}",
        "event": "subscribe_msg_popup_event",
        "wrapped_key": b"\x01",
        "sealed": b"\x02",
        "received_at": NOW,
    }
    return insert_row(session, models.WechatEvent, defaults, given)
