"""From a row of the outbox to a message: for whom, on which voucher, what it says, and why one never goes out."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from typing import Any

import pytest
from sqlalchemy import select, update

from backend.database import reading, unit_of_work
from backend.delivery.composing import NotSendable, Prepared, prepare_messages
from backend.delivery.leases import Leased
from backend.domain.actors import Actor
from backend.domain.vocabulary import AboutKind, Category, Channel, CitizenKind, Outcome, Source
from backend.domain.vocabulary_contact import ConsentSource
from backend.models import Clock, Inquiry, OutboxItem, Staff, StaffBinding, WechatAccount
from backend.models.types import new_id
from backend.services.accounts import see_account
from backend.services.changing import open_offer
from backend.services.closing import Closing, close_inquiry
from backend.services.confirming import confirm_inquiry
from backend.services.consents import record_results, spend
from backend.services.contacts import Contact
from backend.services.filing import NewInquiry, file_inquiry
from backend.services.following import reopen_inquiry
from backend.services.handing_over import accept_handoff
from backend.services.outbox import message_citizen, message_staff, notify_office
from backend.services.routing import destination_of_sign
from backend.services.work import Work
from backend.settings import WechatSettings
from backend.vault.tokens import survey_token
from tests.delivery.office import BusyOffice
from tests.queries.counting import statements
from tests.support.fake_wechat import WECHAT

CITIZEN = Actor("citizen")


@dataclass
class Desk:
    """The office with short ways to bind, to consent and to compose."""

    office: BusyOffice

    def account(self, name: str) -> str:
        with self.office.office.working() as work:
            return see_account(work, WECHAT.app_id, f"openid-of-{name}").id

    def bind(self, name: str) -> str:
        """Bind this member of staff's WeChat, with a voucher of each kind. Returns the account."""
        account_id = self.account(name)
        with self.office.office.working() as work:
            row = StaffBinding(
                id=new_id(), staff_id=self.office.id_of(name), account_id=account_id, bound_at=work.now
            )
            work.session.add(row)
        self.consent(account_id, task=1, deadline=1, supervision=1)
        return account_id

    def consent(self, account_id: str, *, long_term: frozenset[str] = frozenset(), **counts: int) -> None:
        with self.office.office.working() as work:
            for key, count in counts.items():
                for _ in range(count):
                    record_results(work, account_id, {key: "accept"}, ConsentSource.CLIENT, long_term)

    def file(self, account_id: str | None, category: Category = Category.CONSULT, **more: Any) -> str:
        with self.office.office.working(CITIZEN) as work:
            destination = destination_of_sign(work.session, self.office.org.window.sign.code)
            new = NewInquiry(
                destination, category, "问", Channel.OTHER, Source.MINIPROGRAM, account_id=account_id, **more
            )
            return file_inquiry(work, new).inquiry.id

    @contextmanager
    def acting(self, name: str, inquiry_id: str) -> Iterator[tuple[Work, Inquiry]]:
        identity = self.office.org.identity(name)
        with self.office.office.working(identity.actor) as work:
            yield work, work.session.get_one(Inquiry, inquiry_id)

    def close(self, inquiry_id: str, name: str = "window_a", reply: str = "好") -> None:
        identity = self.office.org.identity(name)
        with self.acting(name, inquiry_id) as (work, inquiry):
            close_inquiry(work, identity, inquiry, Closing(Outcome.ANSWERED, reply))

    def confirm(self, inquiry_id: str) -> None:
        with self.acting("window_a", inquiry_id) as (work, inquiry):
            identity = self.office.org.identity("window_a")
            confirm_inquiry(work, identity, inquiry, summary=None, competent=None)

    def compose(self, *topics: str, wechat: WechatSettings = WECHAT) -> list[Prepared | NotSendable]:
        """Compose every message there is, or those of these topics, in order."""
        tools = self.office.app.extensions["shouwen_tools"]
        with reading() as session:
            items = [leased(row) for row in messages(session) if not topics or row.topic in topics]
            return prepare_messages(session, tools, wechat, items, self.office.clock.now())


def messages(session: Any) -> list[OutboxItem]:
    return list(
        session.scalars(select(OutboxItem).where(OutboxItem.kind == "message").order_by(OutboxItem.id))
    )


def leased(row: OutboxItem) -> Leased:
    known = {field.name for field in fields(Leased)} - {"token"}
    return Leased(token="t" * 32, **{name: getattr(row, name) for name in known})


def told(composed: list[Prepared | NotSendable]) -> list[tuple[str, str]]:
    """(topic, template or problem) of each."""
    return [
        (one.item.topic, one.template_key if isinstance(one, Prepared) else one.problem) for one in composed
    ]


@pytest.fixture
def desk(office: BusyOffice) -> Desk:
    return Desk(office)


on_sqlite = pytest.mark.parametrize("database_kind", ["sqlite"])


def test_a_citizen_is_told_of_progress_and_of_the_end(desk: Desk) -> None:
    account_id = desk.account("wang")
    desk.consent(account_id, progress=3, result=1)
    inquiry_id = desk.file(account_id)
    desk.confirm(inquiry_id)
    received, confirmed = desk.compose("received", "progress")
    assert isinstance(received, Prepared)
    assert isinstance(confirmed, Prepared)
    assert (received.account_id, received.openid) == (account_id, "openid-of-wang")
    assert received.template_id == WECHAT.templates["progress"]
    assert received.consent_id is not None
    assert received.consent_id != confirmed.consent_id
    with reading() as session:
        number = session.get_one(Inquiry, inquiry_id).number
    assert received.page == f"pages/inquiry/index?number={number}"
    assert confirmed.data == {
        "character_string1": f"{number[:4]}-****-{number[8:12]}-{number[12]}",
        "thing2": "金坛区行政审批局",
        "phrase3": "已签收",
        "time4": "2026年11月24日 10:30",
        "thing5": "点开查看办理进度",
    }
    for secret in ("openid-of-wang", received.page):
        assert secret not in repr(received)
    desk.office.clock.forward(hours=1)
    desk.close(inquiry_id)
    (closed,) = desk.compose("closed")
    assert isinstance(closed, Prepared)
    token = survey_token(
        desk.office.app.extensions["shouwen_tools"].tracking_key, closed.item.payload["follow_up"]
    )
    assert closed.page == f"pages/survey/index?token={token}"
    assert (closed.template_key, closed.data["thing3"]) == ("result", "答复")
    assert closed.data["time4"] == "2026年11月24日 11:30"


def test_staff_are_told_by_the_wechat_they_bound(desk: Desk) -> None:
    account_id = desk.bind("window_a")
    desk.file(None)
    composed = {one.item.recipient_id: one for one in desk.compose("inquiry_filed")}
    filed = composed[desk.office.id_of("window_a")]
    assert isinstance(filed, Prepared)
    assert (filed.account_id, filed.template_key) == (account_id, "task")
    assert (filed.data["thing2"], filed.data["thing3"]) == ("新的首问事项", "金坛区行政审批局 综合窗口")
    assert filed.page.startswith("packages/staff/inquiry/index?number=2026")
    other = composed[desk.office.id_of("window_b")]
    assert isinstance(other, NotSendable)
    assert other.problem == "no_wechat"


def test_the_last_voucher_waits_for_the_closing(desk: Desk) -> None:
    account_id = desk.account("wang")
    desk.consent(account_id, progress=2)
    inquiry_id = desk.file(account_id)
    desk.confirm(inquiry_id)
    assert told(desk.compose("received", "progress")) == [
        ("received", "progress"),
        ("progress", "no_consent"),
    ]
    desk.close(inquiry_id)
    assert told(desk.compose()) == [
        ("inquiry_filed", "no_wechat"),
        ("inquiry_filed", "no_wechat"),
        ("received", "outdated"),
        ("progress", "outdated"),
        ("closed", "progress"),
    ]


def test_no_voucher_is_given_to_two_messages_of_a_batch(desk: Desk) -> None:
    account_id = desk.account("wang")
    desk.consent(account_id, result=1, progress=1)
    for _ in range(3):
        desk.close(desk.file(account_id))
    closed = desk.compose("closed")
    assert told(closed) == [("closed", "result"), ("closed", "progress"), ("closed", "no_consent")]
    with unit_of_work() as session:
        spend(
            session,
            [one.consent_id for one in closed if isinstance(one, Prepared) and one.consent_id],
            desk.office.clock.now(),
        )
    assert {problem for _, problem in told(desk.compose("closed"))} == {"no_consent"}


@on_sqlite
def test_a_long_term_template_spends_nothing(desk: Desk) -> None:
    account_id = desk.account("wang")
    lasting = frozenset({"progress"})
    desk.consent(account_id, long_term=lasting, progress=1)
    desk.confirm(desk.file(account_id))
    composed = desk.compose("received", "progress", wechat=replace(WECHAT, long_term=lasting))
    assert told(composed) == [("received", "progress"), ("progress", "progress")]
    assert {one.consent_id for one in composed if isinstance(one, Prepared)} == {None}


def erase(desk: Desk, account_id: str) -> None:
    empty = {"openid_index": None, "openid_sealed": None, "wrapped_key": None}
    with unit_of_work() as session:
        session.execute(
            update(WechatAccount)
            .where(WechatAccount.id == account_id)
            .values(erased_at=desk.office.clock.now(), **empty)
        )


@on_sqlite
def test_why_a_message_never_goes_out(desk: Desk) -> None:
    account_id = desk.account("wang")
    desk.file(account_id)
    assert told(desk.compose("received")) == [("received", "no_consent")]
    desk.consent(account_id, progress=2)
    assert told(desk.compose("received")) == [("received", "progress")]
    without = replace(WECHAT, templates={"task": "t"})
    assert told(desk.compose("received", wechat=without)) == [("received", "no_template")]
    elsewhere = replace(WECHAT, app_id="wx-another")
    assert told(desk.compose("received", wechat=elsewhere)) == [("received", "other_app")]
    erase(desk, account_id)
    assert told(desk.compose("received")) == [("received", "erased")]
    contact = Contact(kind=CitizenKind.PERSON, name="王小明", org_name=None, phone="+8613812345678")
    desk.file(None, contact=contact)
    assert told(desk.compose("received"))[1:] == [("received", "no_wechat")]
    inquiry_id = desk.file(account_id)
    with desk.office.office.working() as work:
        message_citizen(work, "nobody_has_words_for_it", work.session.get_one(Inquiry, inquiry_id))
    assert told(desk.compose("nobody_has_words_for_it")) == [("nobody_has_words_for_it", "no_words")]


@on_sqlite
def test_who_has_left_is_told_nothing(desk: Desk) -> None:
    desk.bind("window_a")
    desk.file(None)
    with unit_of_work() as session:
        session.execute(
            update(Staff).where(Staff.id == desk.office.id_of("window_a")).values(is_active=False)
        )
    assert ("inquiry_filed", "inactive") in told(desk.compose("inquiry_filed"))


def confirmed(desk: Desk, inquiry_id: str) -> None:
    desk.confirm(inquiry_id)


def closed(desk: Desk, inquiry_id: str) -> None:
    desk.close(inquiry_id)


def reopened(desk: Desk, inquiry_id: str) -> None:
    desk.close(inquiry_id)
    with desk.office.office.working(CITIZEN) as work:
        reopen_inquiry(work, work.session.get_one(Inquiry, inquiry_id), reason="没有解决")


def accepted(desk: Desk, inquiry_id: str) -> None:
    identity = desk.office.org.identity("business_b")
    with desk.acting("business_b", inquiry_id) as (work, inquiry):
        offer = open_offer(work, inquiry)
        assert offer is not None
        accept_handoff(work, identity, inquiry, offer)


def a_day_later(desk: Desk, _inquiry_id: str) -> None:
    desk.office.clock.forward(days=10)


def nothing(_desk: Desk, _inquiry_id: str) -> None:
    """As it was."""


Step = Callable[[Desk, str], None]


def told_staff(topic: str, **payload: Any) -> Step:
    def tell(desk: Desk, inquiry_id: str) -> None:
        with desk.office.office.working() as work:
            inquiry = work.session.get_one(Inquiry, inquiry_id)
            clock = work.session.scalars(select_clock(inquiry_id)).one()
            filled = {name: clock.id if value == "clock" else value for name, value in payload.items()}
            message_staff(work, topic, inquiry, [desk.office.id_of("window_a")], **filled)

    return tell


def select_clock(inquiry_id: str) -> Any:
    return select(Clock).where(Clock.inquiry_id == inquiry_id, Clock.round == 1).limit(1)


def offered(desk: Desk, inquiry_id: str) -> None:
    desk.office.offer(inquiry_id)


@pytest.mark.parametrize(
    ("topic", "before", "after", "fate"),
    [
        ("inquiry_filed", nothing, nothing, "task"),
        ("inquiry_filed", nothing, confirmed, "outdated"),
        ("unsigned", told_staff("unsigned"), nothing, "task"),
        ("unsigned", told_staff("unsigned"), confirmed, "outdated"),
        ("offered", offered, nothing, "task"),
        ("offered", offered, accepted, "outdated"),
        ("supplemented", told_staff("supplemented"), nothing, "task"),
        ("supplemented", told_staff("supplemented"), closed, "outdated"),
        ("supplemented", told_staff("supplemented"), reopened, "outdated"),
        ("withdrawn", told_staff("withdrawn"), closed, "task"),
        ("due_soon", told_staff("due_soon", clock="clock"), nothing, "deadline"),
        ("due_soon", told_staff("due_soon", clock="clock"), a_day_later, "outdated"),
        ("due_soon", told_staff("due_soon", clock="clock"), closed, "outdated"),
        ("overdue", told_staff("overdue", clock="clock"), nothing, "outdated"),
        ("overdue", told_staff("overdue", clock="clock"), a_day_later, "deadline"),
        ("clock_recalculated", told_staff("clock_recalculated", clock="clock"), nothing, "deadline"),
        ("reminded", told_staff("reminded"), nothing, "supervision"),
        ("supervised", told_staff("supervised", kind="instruction"), closed, "outdated"),
    ],
)
@on_sqlite
def test_what_is_no_longer_so_is_not_told(
    desk: Desk, topic: str, before: Step, after: Step, fate: str
) -> None:
    receiver = "business_a" if topic == "offered" else "window_a"
    desk.bind(receiver)
    inquiry_id = desk.file(None)
    before(desk, inquiry_id)
    after(desk, inquiry_id)
    own = [one for one in desk.compose(topic) if one.item.recipient_id == desk.office.id_of(receiver)]
    assert told(own) == [(topic, fate)]


@on_sqlite
def test_a_survey_of_a_round_that_was_reopened_is_not_sent(desk: Desk) -> None:
    account_id = desk.account("wang")
    desk.consent(account_id, result=3)
    inquiry_id = desk.file(account_id)
    desk.close(inquiry_id)
    (first,) = desk.compose("closed")
    with desk.office.office.working() as work:
        inquiry = work.session.get_one(Inquiry, inquiry_id)
        message_citizen(work, "survey", inquiry, follow_up=first.item.payload["follow_up"])
    assert told(desk.compose("closed", "survey")) == [("closed", "result"), ("survey", "result")]
    with desk.office.office.working(CITIZEN) as work:
        reopen_inquiry(work, work.session.get_one(Inquiry, inquiry_id), reason="没有解决")
    assert told(desk.compose("closed", "survey")) == [("closed", "outdated"), ("survey", "outdated")]


@on_sqlite
def test_a_complaint_names_no_section_and_no_unit_but_the_first(desk: Desk) -> None:
    account_id = desk.account("wang")
    desk.consent(account_id, progress=2)
    desk.bind("discipline")
    desk.file(account_id, Category.COMPLAINT, about=AboutKind.SIGN_HOLDER)
    citizen, staff = desk.compose("received")[0], desk.compose("inquiry_filed")[0]
    assert isinstance(citizen, Prepared)
    assert isinstance(staff, Prepared)
    assert citizen.data["thing2"] == staff.data["thing3"] == "金坛区行政审批局"


@on_sqlite
def test_what_has_become_a_complaint_about_them_is_kept_from_them(desk: Desk) -> None:
    """The message was written before anybody knew (design 4)."""
    desk.bind("window_a")
    desk.file(None, Category.COMPLAINT, about=AboutKind.SIGN_HOLDER)
    with unit_of_work() as session:
        row = session.scalars(select(OutboxItem).where(OutboxItem.topic == "inquiry_filed").limit(1)).one()
        session.execute(
            update(OutboxItem)
            .where(OutboxItem.id == row.id)
            .values(recipient_id=desk.office.id_of("window_a"))
        )
    assert ("inquiry_filed", "withheld") in told(desk.compose("inquiry_filed"))


@on_sqlite
def test_a_matter_of_the_office_goes_to_the_start_page(desk: Desk) -> None:
    desk.bind("sysadmin")
    with desk.office.office.working() as work:
        notify_office(work, "calendar_missing", [desk.office.id_of("sysadmin")], once="d", years=[2027, 2028])
    (asked,) = desk.compose("calendar_missing")
    assert isinstance(asked, Prepared)
    assert (asked.page, asked.data["character_string1"]) == ("packages/staff/home/index", "2027/2028")


@on_sqlite
def test_a_batch_takes_a_handful_of_statements_whatever_its_size(desk: Desk) -> None:
    def count() -> int:
        with statements(desk.office.office) as sent:
            composed = desk.compose()
        assert any(isinstance(one, Prepared) for one in composed)
        return len([one for one in sent if one.startswith("SELECT")]) - 1  # the rows themselves

    desk.bind("window_a")
    desk.bind("business_a")
    sizes = []
    for turn in range(2):
        for number in range(1 + 9 * turn):
            account_id = desk.account(f"person {turn}.{number}")
            desk.consent(account_id, progress=3, result=1)
            inquiry_id = desk.file(account_id)
            told_staff("due_soon", clock="clock")(desk, inquiry_id)
            desk.office.offer(inquiry_id)
            other = desk.file(account_id)
            desk.close(other)
        sizes.append(count())
    assert sizes[0] == sizes[1] <= 9


CANARIES = ("金丝雀投诉他乱收费", "金丝雀王五", "金丝雀公司", "13987654321", "金丝雀李四", "金丝雀答复")


def test_no_word_of_a_complaint_reaches_a_message(desk: Desk) -> None:
    words, person, company, phone, subject, reply = CANARIES
    account_id = desk.account("wang")
    desk.consent(account_id, progress=5, result=2)
    for name in ("discipline", "general", "window_a"):
        desk.bind(name)
    with desk.office.office.working(CITIZEN) as work:
        destination = destination_of_sign(work.session, desk.office.org.window.sign.code)
        contact = Contact(kind=CitizenKind.COMPANY, name=person, org_name=company, phone=f"+86{phone}")
        new = NewInquiry(
            destination,
            Category.COMPLAINT,
            words,
            Channel.OTHER,
            Source.MINIPROGRAM,
            contact=contact,
            about=AboutKind.OTHER,
            about_name=subject,
            account_id=account_id,
        )
        inquiry_id = file_inquiry(work, new).inquiry.id
    first = desk.compose()
    desk.close(inquiry_id, "discipline", reply)
    composed = first + desk.compose()
    sent = [one for one in composed if isinstance(one, Prepared)]
    assert {"received", "inquiry_filed", "closed"} <= {one.item.topic for one in sent}
    everything = json.dumps(
        [[one.data, one.page, one.template_id, one.item.payload] for one in sent], ensure_ascii=False
    )
    everything += repr(composed)
    names = [person.name for person in desk.office.org.people.values()]
    assert [word for word in (*CANARIES, *names) if word in everything] == []
