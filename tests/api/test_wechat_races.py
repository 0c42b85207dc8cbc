"""What two do at once with one WeChat, one code or one person: on both databases, one of them does it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from sqlalchemy import func, select, text

from backend.domain.errors import BindingCodeWrong, StaffAlreadyBound
from backend.domain.vocabulary_contact import ConsentSource, ErasureReason
from backend.models import StaffBinding, WechatAccount
from backend.services.binding import bind_wechat, new_binding_code, unbind_wechat
from backend.services.consents import record_results
from backend.services.erasing import _account, erase_account
from backend.services.ledger import lock_chains
from backend.services.person_limits import ensure_within_limits
from backend.services.work import Work
from tests.api.asking import rows
from tests.api.test_binding import CODES, code_for, enter
from tests.api.test_mine import body
from tests.api.test_person_limits import words
from tests.api.test_races import at_once, told
from tests.support.app import Api, Office


def test_of_two_uses_of_one_code_one_binds(wechat_office: Office) -> None:
    office = wechat_office
    for round_ in range(3):
        code = code_for(office, "window_a")
        answers = at_once(*(partial(enter, office, f"{name}{round_}", code) for name in ("first", "second")))
        assert told(answers) == [(201, None), (401, "binding_code_wrong")]
        assert live(office) == 1
        assert office.staff("window_a").delete("/staff/wechat").status_code == 204


def test_of_two_people_who_bind_one_wechat_one_does(wechat_office: Office) -> None:
    office = wechat_office
    for _ in range(3):
        codes = [code_for(office, name) for name in ("window_a", "window_b")]
        answers = at_once(*(partial(enter, office, "shared", code) for code in codes))
        assert told(answers) == [(201, None), (409, "wechat_already_bound")]
        assert live(office) == 1
        for name in ("window_a", "window_b"):
            office.staff(name).delete("/staff/wechat")


def test_a_new_code_against_the_use_of_the_old_one_leaves_one_truth(wechat_office: Office) -> None:
    office = wechat_office
    desk = office.staff("window_a")
    for round_ in range(3):
        old = code_for(office, "window_a")
        used, made = at_once(partial(enter, office, f"z{round_}", old), partial(desk.post, CODES))
        assert (used.status_code, made.status_code) in {(201, 409), (401, 201)}
        assert live(office) == (used.status_code == 201)
        desk.delete("/staff/wechat")


def test_a_first_visit_twice_at_once_is_one_person(wechat_office: Office) -> None:
    office = wechat_office
    for name in ("a", "b", "c"):
        codes = [office.wechat.code(name) for _ in range(3)]
        calls = [partial(office.anybody.post, "/sessions/wechat", {"js_code": code}) for code in codes]
        assert told(at_once(*calls)) == [(201, None)] * 3
    assert rows(office)["wechat_accounts"] == 3


def test_unbinding_against_signing_in_leaves_no_session(wechat_office: Office) -> None:
    office = wechat_office
    desk = office.staff("window_a")
    for _ in range(3):
        office.bound_session("window_a")
        signed, ended = at_once(partial(enter, office, "window_a"), partial(desk.delete, "/staff/wechat"))
        assert ended.status_code == 204
        if signed.status_code == 201:
            phone = Api(office.app.test_client(), {"Authorization": f"Bearer {signed.json['token']}"})
            assert phone.get("/staff/me").status_code == 401


def test_two_taps_at_once_make_one_inquiry(wechat_office: Office) -> None:
    office = wechat_office
    wang = office.citizen_session("wang")
    tap = partial(wang.post, "/inquiries", body(office))
    assert told(at_once(tap, tap, tap)) == [
        (201, None),
        (409, "possible_duplicate"),
        (409, "possible_duplicate"),
    ]


def test_the_limit_holds_for_all_at_once(wechat_office: Office) -> None:
    office = wechat_office
    wang = office.citizen_session("wang")
    taps = [partial(_file, office, wang, place) for place in range(7)]
    assert told(at_once(*taps)) == [(201, None)] * 5 + [(429, "rate_limited")] * 2


def _file(office: Office, who: Api, place: int) -> Any:
    return Api(office.app.test_client(), who.headers).post("/inquiries", body(office, **words(place)))


def live(office: Office) -> int:
    with office.looking() as work:
        query = select(func.count()).select_from(StaffBinding).where(StaffBinding.ended_at.is_(None))
        return work.session.scalar(query) or 0


def limits(work: Work, account_id: str) -> None:
    ensure_within_limits(work, account_id)


def consents(work: Work, account_id: str) -> None:
    record_results(work, account_id, {"result": "accept"}, ConsentSource.CLIENT, frozenset())


def bindings(work: Work, account_id: str) -> None:
    with pytest.raises(BindingCodeWrong):
        bind_wechat(work, work.session.get_one(WechatAccount, account_id), "00000000")


def erasing(work: Work, account_id: str) -> None:
    assert _account(work, account_id) is not None


@pytest.mark.parametrize("database_kind", ["postgresql"])
@pytest.mark.parametrize("taken", [limits, consents, bindings, erasing])
def test_a_closing_does_not_wait_for_who_has_the_account(
    wechat_office: Office, taken: Callable[[Work, str], None]
) -> None:
    """It holds its chains by then, which whoever has the account may be about to wait for."""
    office = wechat_office
    number = office.citizen_session("wang").post("/inquiries", body(office)).json["number"]
    version = office.version(number, "window_a")
    closing = partial(
        office.staff("window_a").post,
        f"/staff/inquiries/{number}/closing",
        {"outcome": "answered", "reply": "好"},
        version=version,
    )
    with ThreadPoolExecutor(1) as pool, office.working() as work:
        taken(work, work.session.scalars(select(WechatAccount.id)).one())
        assert pool.submit(closing).result(timeout=5).status_code == 200
        # And the other way round: it goes on to the chain.
        lock_chains(work.session, [office.org.unit.id])


@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_signing_in_takes_the_account_before_the_person_as_binding_does(wechat_office: Office) -> None:
    office = wechat_office
    office.bound_session("window_a")
    with ThreadPoolExecutor(1) as pool:
        with office.working() as work:
            bindings(work, work.session.scalars(select(WechatAccount.id)).one())
            signing_in = pool.submit(enter, office, "window_a")
            somebody_waits(work)
            with pytest.raises(StaffAlreadyBound):
                new_binding_code(work, office.org.people["window_a"].id)
        assert signing_in.result(timeout=5).status_code == 201


@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_erasing_ends_the_binding_before_its_sessions_as_unbinding_does(wechat_office: Office) -> None:
    office = wechat_office
    phone = office.bound_session("window_a")
    with office.looking() as work:
        account_id = work.session.scalars(select(WechatAccount.id)).one()

    def erase() -> None:
        with office.working() as work:
            erase_account(work, account_id, ErasureReason.WISH)

    with ThreadPoolExecutor(1) as pool:
        with office.working() as work:
            work.session.scalars(select(StaffBinding).with_for_update()).one()
            erasing = pool.submit(erase)
            somebody_waits(work)
            unbind_wechat(work, office.org.people["window_a"].id)
        erasing.result(timeout=5)
    assert (live(office), phone.get("/staff/me").status_code) == (0, 401)


def somebody_waits(work: Work) -> None:
    """Go on once another transaction waits for a lock."""
    for _ in range(20_000):
        if work.session.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")):
            return
    pytest.fail("nobody waits for a lock")
