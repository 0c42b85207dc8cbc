"""The small organisation at work under a clock the test sets: file, offer, and look at what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from flask import Flask
from sqlalchemy import select

from backend.database import reading
from backend.domain.times import SHANGHAI
from backend.domain.vocabulary import Category, Channel, HandoffMode, Source
from backend.models import ClockFact, Handoff, Inquiry, LedgerEntry, OutboxItem
from backend.services.filing import NewInquiry, file_inquiry
from backend.services.handing_over import Offer, offer_handoff
from backend.services.routing import destination_of_sign
from backend.settings import Settings
from tests.support.app import Office, SetClock
from tests.support.organisation import SmallOrganisation


def at(text: str) -> datetime:
    """A moment in Shanghai: `at("2026-11-24 10:30")`."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@dataclass
class BusyOffice:
    """Inquiries are filed at the window, kept by window_a and window_b and led by window_head."""

    office: Office

    @property
    def app(self) -> Flask:
        return self.office.app

    @property
    def clock(self) -> SetClock:
        return self.office.clock

    @property
    def org(self) -> SmallOrganisation:
        return self.office.org

    @property
    def settings(self) -> Settings:
        return self.office.settings

    def id_of(self, name: str) -> str:
        return self.org.people[name].id

    def ids_of(self, *names: str) -> list[str]:
        return sorted(self.id_of(name) for name in names)

    def file(self, category: Category = Category.CONSULT, code: str | None = None) -> str:
        """File at a sign, by default the window's. Returns the inquiry's id."""
        with self.office.working() as work:
            destination = destination_of_sign(work.session, code or self.org.window.sign.code)
            new = NewInquiry(destination, category, "办理需要哪些材料？", Channel.OTHER, Source.SIGN)
            return file_inquiry(work, new).inquiry.id

    def offer(self, inquiry_id: str, *, to_unit: str | None = None) -> str:
        """The window offers to the business section, or in writing to a unit. Returns the hand-off's id."""
        section = None if to_unit else self.org.business.section.id
        offer = Offer(to_unit, section, None, HandoffMode.TRANSFER, "属于贵科职责", None)
        giver = self.org.identity("window_a")
        with self.office.working() as work:
            inquiry = work.session.get_one(Inquiry, inquiry_id)
            handoff, _ = offer_handoff(work.acting_as(giver.actor), giver, inquiry, offer)
            return handoff.id

    def handoff(self, handoff_id: str) -> Handoff:
        with reading() as session:
            return session.get_one(Handoff, handoff_id)

    def entries(self, event: str) -> list[LedgerEntry]:
        """The ledger entries of an event, in every chain."""
        with reading() as session:
            return list(session.scalars(select(LedgerEntry).where(LedgerEntry.event == event)))

    def facts(self, kind: str) -> list[ClockFact]:
        with reading() as session:
            return list(session.scalars(select(ClockFact).where(ClockFact.kind == kind)))

    def messages(self, topic: str) -> list[OutboxItem]:
        """The messages of a topic."""
        wanted = select(OutboxItem).where(OutboxItem.kind == "message", OutboxItem.topic == topic)
        with reading() as session:
            return list(session.scalars(wanted))


@contextmanager
def at_work(office: Office, moment: datetime) -> Iterator[BusyOffice]:
    """The office at a moment, inside its application context."""
    office.clock.set(moment)
    with office.app.app_context():
        yield BusyOffice(office)
