"""WeChat's own word of a message settles what the answer left open."""

from __future__ import annotations

import pytest

from backend.database import reading, unit_of_work
from backend.delivery.settling import NotMarkedYet, settle_sent
from backend.models import Consent
from tests.delivery.posting import SILENT, FakeSender, Steps, row, write
from tests.support import rows, wechat_rows
from tests.support.app import SetClock
from tests.support.databases import bare_app

LATER = rows.NOW + rows.DAY / 24


@pytest.fixture
def sender(database_url, tmp_path):
    with bare_app(database_url, tmp_path) as app:
        app.extensions["shouwen_clock"] = SetClock(rows.NOW)
        with app.app_context():
            yield FakeSender()


@pytest.fixture
def account(sender):
    """A person who allowed two messages."""
    with unit_of_work() as session:
        account = wechat_rows.account(session)
        for _ in range(2):
            wechat_rows.consent(session, account, template="progress")
        return account.id


def settle(account, number="42", *, ok=True, template="progress"):
    with unit_of_work() as session:
        settle_sent(session, account_id=account, template_key=template, message_id=number, ok=ok, now=LATER)


def spent():
    with reading() as session:
        return [c.spent_at for c in session.query(Consent).order_by(Consent.spent_at) if c.spent_at]


def send(sender, account, answer="42"):
    sender.answer = answer
    (item,) = write(account)
    Steps({"account": sender}).once()
    return item


@pytest.mark.parametrize("told", ["42", None])
def test_what_went_out_is_confirmed_by_its_number_or_by_whom_it_went_to(sender, account, told):
    item = send(sender, account, told)
    settle(account)
    settle(account)
    found = row(item)
    assert (found.state, found.confirmed_at, found.finished_at) == ("done", LATER, rows.NOW)
    assert found.message_id == "42"
    assert spent() == []  # the sender's settling is a stand-in here


def test_a_push_that_failed_is_told(sender, account):
    item = send(sender, account)
    settle(account, ok=False)
    assert (row(item).state, row(item).problem, row(item).confirmed_at) == ("failed", "push_failed", None)


def test_what_had_no_answer_is_done_its_voucher_spent_and_never_sent_again(sender, account):
    item = send(sender, account, SILENT)
    settle(account)
    found = row(item)
    assert (found.state, found.unsure_since, found.confirmed_at) == ("done", None, LATER)
    assert spent() == [LATER]
    settle(account)
    assert spent() == [LATER]
    Steps({"account": sender}).until_idle()
    assert sender.tried == [item]


def test_another_template_or_person_settles_nothing(sender, account):
    item = send(sender, account, SILENT)
    settle(account, template="result")
    settle("b" * 32)
    assert row(item).unsure_since == rows.NOW


def test_while_it_is_being_marked_it_is_asked_again_later(sender, account):
    write(account)
    Steps({"account": sender}).collector.collect(1)
    with pytest.raises(NotMarkedYet):
        settle(account)
