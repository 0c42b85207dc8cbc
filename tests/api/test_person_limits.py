"""What one signed-in person may file; anonymous filing is limited by address, and the two do not touch."""

from __future__ import annotations

from typing import Any

import pytest

from backend.domain import person_limits
from tests.api.asking import rows
from tests.api.test_mine import body, file
from tests.support.app import Office, new_key

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])
LIMIT_RATE = "3 per 10 minutes"


def words(place: int) -> dict[str, Any]:
    return {"content": f"第 {place} 件事"}


def test_the_sixth_in_ten_minutes_waits(wechat_office: Office) -> None:
    office = wechat_office
    wang = office.citizen_session("wang")
    for place in range(5):
        file(office, wang, **words(place))
        office.clock.forward(minutes=1)
    before = rows(office)
    key = new_key()
    refused = wang.post("/inquiries", body(office, **words(5)), key=key)
    assert (refused.status_code, refused.json["code"]) == (429, "rate_limited")
    assert refused.headers["Retry-After"] == "300"
    assert "12345" in refused.json["detail"]
    assert rows(office) == before
    # Somebody else, and whoever is not signed in, file as ever.
    file(office, office.citizen_session("li"))
    office.file()
    office.clock.forward(seconds=299)
    assert wang.post("/inquiries", body(office, **words(5)), key=key).status_code == 429
    office.clock.forward(seconds=1)
    assert wang.post("/inquiries", body(office, **words(5)), key=key).status_code == 201, "the key is unused"


def test_one_too_many_for_a_day_waits_for_midnight(
    wechat_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twenty-first; here the fourth, so that twenty need not be filed."""
    monkeypatch.setattr(person_limits, "IN_A_DAY", 3)
    office = wechat_office
    wang = office.citizen_session("wang")
    for place in range(3):
        file(office, wang, **words(place))
        office.clock.forward(minutes=20)
    refused = wang.post("/inquiries", body(office, **words(20)))
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, str(14 * 3600))
    office.clock.forward(hours=14)
    assert wang.post("/inquiries", body(office, **words(20))).status_code == 201


def test_a_replay_is_no_second_filing_and_no_refusal(wechat_office: Office) -> None:
    office = wechat_office
    wang = office.citizen_session("wang")
    key = new_key()
    answers = [wang.post("/inquiries", body(office), key=key) for _ in range(7)]
    assert {(a.status_code, a.json["number"]) for a in answers} == {(201, answers[0].json["number"])}


def test_the_same_words_at_once_again_are_asked_about(wechat_office: Office) -> None:
    """A-4: a double tap with two keys makes one inquiry; who means it says so."""
    office = wechat_office
    wang = office.citizen_session("wang")
    first = file(office, wang, content="路灯坏了\n第二行")
    before = rows(office)
    for content in ("路灯坏了\n第二行", "路灯坏了\r\n第二行 "):
        refused = wang.post("/inquiries", body(office, content=content))
        assert (refused.status_code, refused.json["code"]) == (409, "possible_duplicate")
        assert refused.json["number"] == first["number"]
    assert rows(office) == before
    elsewhere = office.citizen_session("li")
    file(office, elsewhere, content="路灯坏了\n第二行")
    for _ in range(2):
        office.file(content="路灯坏了\n第二行")
    file(office, wang, content="路灯坏了\n第三行")
    meant = file(office, wang, content="路灯坏了\n第二行", duplicate_ok=True)
    again = wang.post("/inquiries", body(office, content="路灯坏了\n第二行"))
    assert again.json["number"] in {first["number"], meant["number"]}
    office.clock.forward(minutes=10)
    file(office, wang, content="路灯坏了\n第二行")


def test_what_was_taken_back_may_be_filed_again(wechat_office: Office) -> None:
    office = wechat_office
    wang = office.citizen_session("wang")
    number = file(office, wang)["number"]
    assert wang.post(f"/inquiries/{number}/withdrawal").status_code == 200
    file(office, wang)


def test_the_limit_by_address_is_for_the_anonymous(wechat_office: Office) -> None:
    """K-2: thousands of people stand behind one address of a phone network."""
    office = wechat_office
    object.__setattr__(office.settings, "anonymous_filing_rate", LIMIT_RATE)
    object.__setattr__(office.settings, "anonymous_filing_cap", LIMIT_RATE)
    for _ in range(3):
        office.file()
    assert office.anybody.post("/inquiries", body(office)).status_code == 429
    for name in ("wang", "li", "zhao"):
        file(office, office.citizen_session(name))


@pytest.mark.parametrize("wrong", ["yes", 1, None], ids=str)
def test_the_override_is_a_plain_yes(wechat_office: Office, wrong: object) -> None:
    wang = wechat_office.citizen_session("wang")
    assert wang.post("/inquiries", body(wechat_office, duplicate_ok=wrong)).status_code == 422
