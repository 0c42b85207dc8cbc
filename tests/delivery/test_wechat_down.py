"""WeChat is down for a day and comes back (trust.md DR6): nothing lost, nothing twice, everybody's in order."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from backend import create_app
from backend.database import reading
from backend.delivery.senders import senders_of
from backend.domain.vocabulary import Category, Channel, Source
from backend.domain.vocabulary_contact import ConsentSource
from backend.models import Inquiry, OutboxItem
from backend.services.accounts import see_account
from backend.services.consents import record_results
from backend.services.filing import NewInquiry, file_inquiry
from backend.services.outbox import message_citizen
from backend.services.routing import destination_of_sign
from backend.wechat.gateway import gateway_of
from tests.delivery.office import at
from tests.delivery.posting import Steps, channel
from tests.support.app import Office, SetClock
from tests.support.databases import close_connections
from tests.support.wechat import SEND, new_app, template_table

PEOPLE = ("wang", "li", "zhao")
LASTING = frozenset({"progress"})
EVENTS = ("confirmed", "assigned", "offered", "accepted", "matter_named", "clock_extended")
BEGIN = at("2026-11-24 10:00")

OUTAGE = [
    # how long, what WeChat does meanwhile
    (timedelta(hours=8), {"kind": "timeout_before", "seconds": 1.0}),
    (timedelta(hours=6), {"errcode": 45009}),
    (timedelta(hours=5), {"errcode": -1}),
    (timedelta(hours=5), {"status": 502}),
]


@pytest.fixture
def wechat(simulator):
    app = new_app(simulator, templates=template_table(LASTING))
    yield app
    simulator.ask("DELETE", f"/apps/{app.app_id}")


@pytest.fixture
def office(templates, database_kind, tmp_path, wechat):
    clock = SetClock(BEGIN)
    settings_of = wechat.settings(read_seconds=0.25, connect_seconds=1.0)
    with templates.fresh(database_kind, tmp_path / "office", wechat=settings_of) as (settings, org):
        app = create_app(settings, clock)
        yield Office(app, org, clock, settings)
        gateway_of(app).close()
        close_connections(app)


def file_for(office, wechat, name):
    """Somebody allows messages and files; the id of the account and of the inquiry."""
    wechat.accept(name, *LASTING)
    with office.working() as work:
        account = see_account(work, wechat.app_id, wechat.openid(name))
        record_results(work, account.id, dict.fromkeys(LASTING, "accept"), ConsentSource.CLIENT, LASTING)
        destination = destination_of_sign(work.session, office.org.window.sign.code)
        new = NewInquiry(
            destination,
            Category.CONSULT,
            "要带什么材料？",
            Channel.OTHER,
            Source.SIGN,
            account_id=account.id,
        )
        return account.id, file_inquiry(work, new).inquiry.id


def tell(office, inquiry_id, event):
    with office.working() as work:
        message_citizen(work, "progress", work.session.get_one(Inquiry, inquiry_id), event=event)


def test_after_a_day_without_wechat_everything_is_sent_once_and_in_order(office, wechat):
    filed = {name: file_for(office, wechat, name) for name in PEOPLE}
    with office.app.app_context():
        worker = Steps(senders_of(office.app))
        worker.until_idle()
        before = {name: len(wechat.messages(name)) for name in PEOPLE}
        events = iter(EVENTS * 4)
        for length, fault in OUTAGE:
            wechat.clear_faults()
            wechat.fault(SEND, times=0, **fault)
            until = office.clock.now() + length
            while office.clock.now() < until:
                event = next(events)
                for _, inquiry_id in filed.values():
                    tell(office, inquiry_id, event)
                worker.until_idle()
                office.clock.forward(hours=1)
        assert {name: len(wechat.messages(name)) for name in PEOPLE} == before
        assert channel() is not None
        wechat.clear_faults()
        back = office.clock.now()
        while office.clock.now() < back + timedelta(hours=2):
            worker.until_idle()
            office.clock.forward(minutes=5)
        assert channel() is None
        for name, (account_id, _) in filed.items():
            wanted = select(OutboxItem).where(OutboxItem.recipient_id == account_id).order_by(OutboxItem.id)
            with reading() as session:
                mine = session.scalars(wanted).all()
            assert [row.state for row in mine] == ["done"] * (len(EVENTS * 4) + before[name])
            arrived = [str(message["id"]) for message in wechat.messages(name)]
            assert arrived == [row.message_id for row in mine]
            assert len(set(arrived)) == len(arrived)
            assert max(row.finished_at for row in mine) <= back + timedelta(hours=2)
