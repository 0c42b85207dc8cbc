"""Content checks of what citizens write and send: begun with the text, answered later, decided by people.

An inquiry is taken at once, whatever comes of this. Doubt sends somebody to look and nothing else: a machine that
could not look counts as doubt, and what was looked at and found improper is folded on the staff's page, never removed.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, text

from backend.domain.doubtful import load_words
from backend.domain.errors import ReviewDecided
from backend.domain.identity import Identity
from backend.domain.vocabulary_contact import CheckedBy, CheckState, ReviewReason
from backend.models import Attachment, ContentCheck, Inquiry, InquiryText, LedgerEntry, WechatAccount
from backend.models.types import new_id
from backend.services.ledger import record
from backend.services.outbox import add_job
from backend.services.texts import read_text, store_text
from backend.services.work import Work

CHECK_TEXT, CHECK_FILE = "check_text", "check_file"
SEEN_WITHIN = timedelta(hours=2)
"""WeChat checks only for people who opened the mini program within this time (61010)."""
UNANSWERED_AFTER = timedelta(hours=2)
"""How long a check waits for WeChat before people look instead."""
WECHAT_LOOKS_AT = frozenset({"image/jpeg", "image/png", "image/webp"})
COMMENT = "comment"
REVIEWED, COMMENT_REVIEWED = "reviewed", "comment_reviewed"
"""The second is of a comment on a rating: it stands on nobody's timeline, for staff do not learn of a rating by it."""


def start_check(work: Work, inquiry: Inquiry, what: InquiryText | Attachment) -> ContentCheck:
    """Begin to check what a citizen just wrote or sent: by WeChat where they came from there, else by the words.

    Of a file the words know the name alone. Call it before the ledger entry: accounts are locked before chains.
    """
    account = _asked_for(work, inquiry, what)
    is_text = isinstance(what, InquiryText)
    check = ContentCheck(
        id=new_id(),
        inquiry_id=inquiry.id,
        unit_id=inquiry.unit_id,
        text_id=what.id if is_text else None,
        attachment_id=None if is_text else what.id,
        account_id=account.id if account is not None else None,
        checked_by=CheckedBy.WECHAT if account is not None else CheckedBy.WORDS,
        state=CheckState.WAITING,
        created_at=work.now,
    )
    if account is not None:
        topic = CHECK_TEXT if is_text else CHECK_FILE
        add_job(work, topic, inquiry_id=inquiry.id, check=check.id)
    else:
        _look_for_words(work, inquiry, check, what)
    work.session.add(check)
    work.session.flush()
    return check


def note_verdict(work: Work, check: ContentCheck, suggest: str, label: int | None) -> None:
    """What the machine found: `pass`, `review` or `risky`. Nothing where somebody decided meanwhile."""
    if check.state is not CheckState.WAITING:
        return
    check.label = label
    check.checked_at = work.now
    if suggest == "pass":
        check.state = CheckState.PASSED
    else:
        check.state = CheckState.REVIEW
        check.reason = ReviewReason.RISKY if suggest == "risky" else ReviewReason.DOUBTFUL


def note_unchecked(work: Work, check: ContentCheck) -> None:
    """The machine did not look: people do. What stands beside a grade they read on suspicion only: the words decide."""
    if check.state is not CheckState.WAITING:
        return
    if _is_comment(work, check):
        _look_instead(work, check)
    else:
        check.state = CheckState.REVIEW
        check.reason = ReviewReason.UNCHECKED
        check.checked_at = work.now


def settle_checks_of(work: Work, account_id: str) -> None:
    """Nobody can be asked for this WeChat any more: the words look at what waits, so that people need not read it."""
    waiting = work.session.scalars(
        select(ContentCheck)
        # Written out, not bound: only then can the partial index be used (performance.md section 3).
        .where(text("state = 'waiting'"), ContentCheck.account_id == account_id)
        .order_by(ContentCheck.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    for check in waiting:
        _look_instead(work, check)
    work.session.flush()


def decide_review(
    work: Work,
    identity: Identity,
    inquiry: Inquiry,
    check: ContentCheck,
    *,
    decision: CheckState,
    note: str | None,
) -> LedgerEntry:
    """Somebody looked: nothing wrong with it (`cleared`), or shown only to who opens it (`folded`).

    Raises ReviewDecided unless it waits for somebody.
    """
    if check.state is not CheckState.REVIEW:
        raise ReviewDecided()
    texts = {}
    if note:
        row, digest = store_text(work, inquiry, "review_note", note)
        check.note_text_id = row.id
        texts["review_note"] = (row.id, digest)
    check.state = decision
    check.decided_at = work.now
    check.decided_by_id = identity.staff_id
    work.session.flush()
    return record(
        work,
        COMMENT_REVIEWED if _is_comment(work, check) else REVIEWED,
        inquiry,
        unit_id=inquiry.unit_id,
        facts={
            "check": check.id,
            "decision": decision.value,
            "text": check.text_id,
            "attachment": check.attachment_id,
        },
        texts=texts,
    )


def locked_check(work: Work, check_id: str) -> ContentCheck | None:
    """A check with its row locked and freshly read."""
    return work.session.scalar(
        select(ContentCheck)
        .where(ContentCheck.id == check_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def _asked_for(work: Work, inquiry: Inquiry, what: InquiryText | Attachment) -> WechatAccount | None:
    """For whom WeChat can be asked: who filed it from there, and was there a moment ago."""
    if inquiry.account_id is None or work.tools.wechat_app_id is None:
        return None
    if isinstance(what, Attachment) and what.media_type not in WECHAT_LOOKS_AT:
        return None
    account = work.session.get_one(WechatAccount, inquiry.account_id)
    is_there = account.erased_at is None and account.app_id == work.tools.wechat_app_id
    return account if is_there and work.now - account.seen_at <= SEEN_WITHIN else None


def _look_instead(work: Work, check: ContentCheck) -> None:
    """The list of words looks in place of WeChat."""
    what = (
        work.session.get_one(InquiryText, check.text_id)
        if check.text_id is not None
        else work.session.get_one(Attachment, check.attachment_id)
    )
    check.checked_by = CheckedBy.WORDS
    _look_for_words(work, work.session.get_one(Inquiry, check.inquiry_id), check, what)


def _look_for_words(
    work: Work, inquiry: Inquiry, check: ContentCheck, what: InquiryText | Attachment
) -> None:
    row: InquiryText | None
    if isinstance(what, InquiryText):
        row = what
    else:
        row = work.session.get(InquiryText, what.file_name_text_id) if what.file_name_text_id else None
    kinds = load_words().kinds_in(read_text(work.tools, inquiry, row)) if row is not None else frozenset()
    note_verdict(work, check, "review" if kinds else "pass", None)


def _is_comment(work: Work, check: ContentCheck) -> bool:
    return check.text_id is not None and work.session.get_one(InquiryText, check.text_id).kind == COMMENT
