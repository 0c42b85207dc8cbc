"""What people looked at and folded: on the staff's page it opens at a tap, and nothing of it is removed."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import select

from backend.domain.vocabulary_contact import CheckState
from backend.models import Attachment, ContentCheck, Inquiry, InquiryText
from backend.services.work import Work

CONTENT = "content"


class Folded(NamedTuple):
    """Ids of folded texts (names of folded files too) and files of one inquiry; whether its first words are folded."""

    texts: frozenset[str]
    attachments: frozenset[str]
    is_content: bool


def folded_of(work: Work, inquiry: Inquiry) -> Folded:
    """What of an inquiry is folded; nothing of nearly every one."""
    rows = work.session.execute(
        select(
            ContentCheck.text_id, ContentCheck.attachment_id, InquiryText.kind, Attachment.file_name_text_id
        )
        .outerjoin(InquiryText, InquiryText.id == ContentCheck.text_id)
        .outerjoin(Attachment, Attachment.id == ContentCheck.attachment_id)
        .where(ContentCheck.inquiry_id == inquiry.id, ContentCheck.state == CheckState.FOLDED)
    ).all()
    return Folded(
        frozenset(one for row in rows for one in (row.text_id, row.file_name_text_id) if one is not None),
        frozenset(row.attachment_id for row in rows if row.attachment_id is not None),
        any(row.kind == CONTENT for row in rows),
    )


def folded_parts(work: Work, inquiry: Inquiry) -> dict[str, Any]:
    """The same for the staff's detail: `{content_folded, folded_attachments}`."""
    folded = folded_of(work, inquiry)
    return {"content_folded": folded.is_content, "folded_attachments": sorted(folded.attachments)}
