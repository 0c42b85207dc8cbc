"""Who is told: never whoever acts, never whom a complaint is about, each once, and no word of what it is about."""

from __future__ import annotations

import json

from sqlalchemy import select

from backend.domain.vocabulary import AboutKind, Category
from backend.models import Inquiry, OutboxItem
from backend.services.contacts import Contact
from backend.services.outbox import message_citizen, message_staff
from backend.services.work import Work
from tests.services.desk import file
from tests.support.organisation import SmallOrganisation


def told(work: Work, inquiry: Inquiry, topic: str) -> list[str | None]:
    query = select(OutboxItem).where(OutboxItem.inquiry_id == inquiry.id, OutboxItem.topic == topic)
    work.session.flush()
    return sorted(item.recipient_id or "" for item in work.session.scalars(query))


def ids(org: SmallOrganisation, *names: str) -> list[str]:
    return sorted(org.people[name].id for name in names)


def test_everybody_is_told_once_but_whoever_acts(work: Work, org: SmallOrganisation) -> None:
    inquiry = file(work, org).inquiry
    acting = work.acting_as(org.identity("window_a").actor)
    people = ids(org, "window_a", "window_b", "business_a")
    message_staff(acting, "news", inquiry, people + people)
    assert told(work, inquiry, "news") == ids(org, "window_b", "business_a")


def test_a_complaint_tells_nobody_it_is_about(work: Work, org: SmallOrganisation) -> None:
    everybody = ids(org, "window_a", "window_b", "window_head", "business_a", "discipline", "overseer")
    for about, expected in (
        (AboutKind.SIGN_HOLDER, ("business_a", "discipline", "overseer")),
        (AboutKind.SECTION, ("business_a", "discipline", "overseer")),
        (AboutKind.UNIT, ("overseer",)),
    ):
        inquiry = file(work, org, Category.COMPLAINT, about=about).inquiry
        message_staff(work, "news", inquiry, everybody)
        assert told(work, inquiry, "news") == ids(org, *expected), about


def test_a_message_carries_numbers_and_words_of_ours_only(work: Work, org: SmallOrganisation) -> None:
    contact = Contact(name="金丝雀", phone="13812345678")
    inquiry = file(work, org, contact=contact).inquiry
    message_citizen(work, "progress", inquiry, event="confirmed")
    work.session.flush()
    items = work.session.scalars(select(OutboxItem).where(OutboxItem.inquiry_id == inquiry.id)).all()
    assert {item.recipient_kind for item in items} == {"staff", "citizen"}
    for item in items:
        text = json.dumps(item.payload, ensure_ascii=False)
        assert item.payload["number"] == inquiry.number
        assert not [secret for secret in ("金丝雀", "5678", "问") if secret in text]


def test_an_anonymous_citizen_gets_no_message(work: Work, org: SmallOrganisation) -> None:
    inquiry = file(work, org).inquiry
    message_citizen(work, "progress", inquiry)
    assert told(work, inquiry, "progress") == []
