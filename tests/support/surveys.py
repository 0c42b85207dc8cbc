"""An inquiry that came from a WeChat, and the link its citizen is asked by."""

from __future__ import annotations

from sqlalchemy import select

from backend.domain.vocabulary_contact import FollowUpMethod
from backend.models import FollowUp, Inquiry
from backend.models.types import new_id
from backend.services.accounts import see_account
from backend.vault.tokens import survey_token
from tests.support.app import Office


def give_account(office: Office, number: str) -> str:
    """Let it have been filed from somebody's WeChat. Returns the account."""
    with office.working() as work:
        account = see_account(work, "wx0123456789abcdef", new_id())
        work.session.scalars(select(Inquiry).where(Inquiry.number == number)).one().account_id = account.id
        return account.id


def link_of(office: Office, number: str) -> str:
    """The token of the survey of the present round."""
    with office.looking() as work:
        wanted = (
            select(FollowUp.id)
            .join(Inquiry, Inquiry.id == FollowUp.inquiry_id)
            .where(
                Inquiry.number == number,
                FollowUp.round == Inquiry.round,
                FollowUp.method == FollowUpMethod.SURVEY,
            )
        )
        return survey_token(work.tools.tracking_key, work.session.scalars(wanted).one())
