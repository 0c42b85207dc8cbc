"""A survey: answered once by its link, without signing in, seen by no member of staff before Monday (design 5; E-2, E-3)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select

from backend.domain.times import SHANGHAI
from backend.domain.vocabulary_contact import ErasureReason, FollowUpState
from backend.models import FollowUp, StaffBinding
from backend.models.types import new_id
from backend.services.erasing import erase_account
from backend.services.follow_up_rows import end_follow_up
from backend.vault.tokens import token_hash
from tests.api.asking import errors, rows, send
from tests.support.app import Api, Office
from tests.support.surveys import give_account, link_of

NEXT_MONDAY = datetime(2026, 11, 23, 0, 0, tzinfo=SHANGHAI)
EYES = ("lu_window_a", "lu_window_head", "lu_general")


def surveyed(office: Office, **changes: Any) -> tuple[dict[str, Any], str]:
    """An inquiry from a WeChat, answered at 泸州's window: what was filed, and the link."""
    filed = office.file(sign=office.org.lu_window.sign.code, **changes)
    give_account(office, filed["number"])
    close(office, filed["number"])
    return filed, link_of(office, filed["number"])


def close(office: Office, number: str) -> None:
    ended = office.act("lu_window_a", number, "closing", {"outcome": "answered", "reply": "带身份证来"})
    assert ended.status_code == 200, ended.json


def answer(office: Office, token: str, body: Any = None, who: Api | None = None) -> Any:
    """Without an Idempotency-Key."""
    body = {"grade": "fair"} if body is None else body
    caller = who or office.anybody
    return caller.client.post(f"/api/v1/surveys/{token}", json=body, headers=caller.headers)


def refusal(response: Any) -> tuple[int, str]:
    return response.status_code, response.json["code"]


def test_the_link_shows_which_matter_and_the_reply_and_looking_writes_nothing(office: Office) -> None:
    filed, token = surveyed(office, content="我家的私事")
    before = rows(office)
    shown = office.anybody.get(f"/surveys/{token}")
    assert rows(office) == before
    assert shown.headers["Cache-Control"] == "no-store"
    body = shown.json
    assert (body["state"], body["number"], body["outcome"]) == ("open", filed["number"], "answered")
    assert body["unit"]["name"] == office.org.lu_unit.name
    assert body["reply"]["text"] == "带身份证来"
    assert (
        datetime.fromisoformat(body["expires_at"])
        == office.clock.now() + office.app.extensions["shouwen_tools"].rating_window
    )
    assert not [word for word in ("私事", "王小明", "5678") if word in shown.get_data(as_text=True)]


def test_it_is_answered_once_and_is_the_citizens_own_grade(office: Office) -> None:
    filed, token = surveyed(office)
    made = answer(office, token, {"grade": "dissatisfied", "comment": "慢", "share_with_section": True})
    assert (made.status_code, made.json["grade"], made.json["event"]) == (201, "dissatisfied", "rated")
    own = office.citizen(filed["tracking_token"]).get(f"/inquiries/{filed['number']}").json["rating"]
    assert (own["grade"], own["comment"], own["share_with_section"]) == ("dissatisfied", "慢", True)
    before = rows(office)
    assert refusal(answer(office, token, {"grade": "satisfied"})) == (409, "already_rated")
    assert rows(office) == before
    shown = office.anybody.get(f"/surveys/{token}")
    assert shown.json["state"] == "answered"
    # Somebody may look over the shoulder: which grade it was is not on it.
    assert "dissatisfied" not in shown.get_data(as_text=True)


def test_a_grade_given_on_the_follow_page_answers_it_too(office: Office) -> None:
    filed, token = surveyed(office)
    citizen = office.citizen(filed["tracking_token"])
    assert citizen.post(f"/inquiries/{filed['number']}/rating", {"grade": "fair"}).status_code == 201
    assert refusal(answer(office, token)) == (409, "already_rated")


def test_what_the_body_may_be(office: Office) -> None:
    _, token = surveyed(office)
    cases = [
        ({}, ("/grade", "required")),
        ({"grade": "perfect"}, ("/grade", "choice_invalid")),
        ({"grade": "fair", "comment": "\0"}, ("/comment", "text_invalid")),
        ({"grade": "fair", "openid": "x"}, ("/openid", "unknown_field")),
    ]
    for body, wrong in cases:
        assert errors(answer(office, token, body)) == [wrong]
    assert refusal(send(office.anybody, "POST", f"/surveys/{token}", b"{")) == (400, "json_invalid")
    assert office.anybody.get(f"/surveys/{token}").json["state"] == "open"


def test_an_unknown_link_is_not_found_and_guessing_is_slowed_down(office: Office) -> None:
    """E-2: guesses find nothing and are refused before long; whoever has a link is not counted."""
    _, token = surveyed(office)
    filed = office.file()
    guesses = [token[:-1], token + "A", filed["tracking_token"], "0" * 43, "%00", "好"] * 2
    found = []
    for guess in guesses:
        assert office.anybody.get(f"/surveys/{token}").status_code in {200, 429}
        found.append(refusal(answer(office, guess)))
    assert set(found) == {(404, "not_found"), (429, "rate_limited")}
    assert found.count((404, "not_found")) == 10


def test_it_ends_with_the_rating_window(office: Office) -> None:
    _, first = surveyed(office)
    _, second = surveyed(office)
    office.clock.forward(days=30)
    assert answer(office, first).status_code == 201
    office.clock.forward(seconds=1)
    assert refusal(answer(office, second)) == (410, "survey_expired")
    assert refusal(office.anybody.get(f"/surveys/{second}")) == (410, "survey_expired")


def test_a_round_that_was_opened_again_is_rated_when_it_ends(office: Office) -> None:
    filed, token = surveyed(office)
    citizen = office.citizen(filed["tracking_token"])
    assert citizen.post(f"/inquiries/{filed['number']}/reopening", {"reason": "没解决"}).status_code == 200
    shown = office.anybody.get(f"/surveys/{token}").json
    assert (shown["state"], shown["reply"], shown["outcome"]) == ("reopened", None, None)
    assert refusal(answer(office, token)) == (409, "not_rateable")
    close(office, filed["number"])
    assert refusal(answer(office, token)) == (409, "not_rateable")
    assert answer(office, link_of(office, filed["number"])).status_code == 201


@pytest.mark.parametrize("why", ["erased", "not needed"])
def test_a_link_that_asks_nobody_any_more_tells_nothing_and_takes_nothing(office: Office, why: str) -> None:
    """Whoever has the phone after the person was erased neither reads the answer nor rates it."""
    filed, token = surveyed(office)
    with office.working() as work:
        survey = work.session.scalars(select(FollowUp).where(FollowUp.token_hash == token_hash(token))).one()
        if why == "erased":
            erase_account(work, survey.account_id, ErasureReason.WISH)
        else:
            end_follow_up(work, survey, FollowUpState.CANCELLED)
    before = rows(office)
    shown = office.anybody.get(f"/surveys/{token}")
    assert refusal(shown) == refusal(answer(office, token)) == (404, "not_found")
    assert not [word for word in (filed["number"], "带身份证来") if word in shown.get_data(as_text=True)]
    assert rows(office) == before
    # Nor after it was opened again and closed once more, where the person is gone.
    citizen = office.citizen(filed["tracking_token"])
    assert citizen.post(f"/inquiries/{filed['number']}/reopening", {"reason": "没解决"}).status_code == 200
    said = (404, "not_found") if why == "erased" else (409, "not_rateable")
    assert refusal(answer(office, token)) == said


def test_staff_do_not_answer_it(office: Office) -> None:
    """E-3: neither in their session, nor from a phone or a WeChat that has become theirs since."""
    filed, token = surveyed(office)
    member = office.staff("business_b")
    for body in ({"grade": "fair"}, {"grade": 5}):
        assert refusal(answer(office, token, body, who=member)) == (403, "staff_cannot_rate")
    dead = Api(office.anybody.client, {"Authorization": f"Bearer {filed['tracking_token']}"})
    assert answer(office, token, who=dead).status_code == 201
    _, bound = surveyed(office)
    with office.working() as work:
        wanted = select(FollowUp.account_id).where(FollowUp.token_hash == token_hash(bound))
        work.session.add(
            StaffBinding(
                id=new_id(),
                staff_id=office.org.people["business_b"].id,
                account_id=work.session.scalars(wanted).one(),
                bound_at=work.now,
            )
        )
    assert refusal(answer(office, bound)) == (403, "staff_cannot_rate")


@pytest.mark.parametrize("way", ["survey", "tracking"])
def test_no_byte_of_what_staff_see_changes_before_monday(office: Office, way: str) -> None:
    """E-7, under 泸: the list of calls, the panel and the duties stand still when somebody rates."""
    filed, token = surveyed(office)
    surveyed(office)
    office.clock.forward(days=2)
    before = staff_views(office, filed["number"])
    if way == "survey":
        assert answer(office, token, {"grade": "dissatisfied", "comment": "慢"}).status_code == 201
    else:
        citizen = office.citizen(filed["tracking_token"])
        assert citizen.post(f"/inquiries/{filed['number']}/rating", {"grade": "fair"}).status_code == 201
    assert staff_views(office, filed["number"]) == before
    office.clock.set(NEXT_MONDAY)
    assert (
        office.staff("lu_general")
        .get(f"/staff/inquiries/{filed['number']}")
        .json["follow_ups"]["survey"]["state"]
        == "answered"
    )


def staff_views(office: Office, number: str) -> dict[str, bytes]:
    """Every byte staff can get of the inquiry and the lists around it, request ids apart."""
    views = {}
    for name in EYES:
        for path in (
            f"/staff/inquiries/{number}",
            "/staff/follow-ups",
            *(f"/staff/inquiries?box={box}" for box in ("closed", "unit", "section")),
        ):
            seen = office.staff(name).get(path)
            headers = [item for item in seen.headers.items() if item[0] != "X-Request-Id"]
            views[f"{name} {path}"] = seen.data + repr(headers).encode()
    return views
