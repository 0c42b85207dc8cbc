"""What two do at once with one WeChat, one code or one person: on both databases, one of them does it."""

from __future__ import annotations

from functools import partial
from typing import Any

from sqlalchemy import func, select

from backend.models import StaffBinding
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
