"""Staff bind their WeChat by a code from the console, sign in with it, and unbind."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from backend.models import BindingCode, OutboxItem, StaffBinding
from backend.services.leaving import deactivate_staff
from tests.api.asking import errors, rows
from tests.api.test_races import told
from tests.support.app import Api, Office, new_key

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])
CODES = "/staff/wechat/binding-codes"


def code_for(office: Office, name: str) -> str:
    made = office.staff(name).post(CODES)
    assert made.status_code == 201, made.json
    return str(made.json["code"])


def enter(office: Office, who: str, code: str | None = None) -> Any:
    """Somebody opens the mini program's staff entry, with a code or without."""
    body = {"js_code": office.wechat.code(who)} | ({"binding_code": code} if code is not None else {})
    return office.anybody.post("/staff/sessions/wechat", body)


def test_a_code_binds_once_and_then_wechat_is_enough(wechat_office: Office) -> None:
    office = wechat_office
    assert told([enter(office, "zhang")]) == [(401, "not_bound")]
    made = office.staff("window_a").post(CODES)
    assert made.json["expires_at"] == "2026-11-16T09:10:00+08:00"
    code = made.json["code"]
    assert len(code) == 8
    assert not set(code) & set("ILOU")
    spelled = f" {code[:4].lower()}-{code[4:].lower()} "
    bound = enter(office, "zhang", spelled)
    assert (bound.status_code, bound.json["expires_at"]) == (201, "2026-11-16T21:00:00+08:00")
    assert {prompt["key"] for prompt in bound.json["templates"]}
    for answer in (bound, enter(office, "zhang")):
        caller = Api(office.app.test_client(), {"Authorization": f"Bearer {answer.json['token']}"})
        assert caller.get("/staff/me").json["id"] == office.org.people["window_a"].id
    assert (
        told([enter(office, "li", code), enter(office, "zhang", code)]) == [(401, "binding_code_wrong")] * 2
    )
    state = office.staff("window_a").get("/staff/wechat").json
    assert state == {"bound": True, "since": "2026-11-16T09:00:00+08:00"}
    assert office.staff("window_b").get("/staff/wechat").json == {"bound": False, "since": None}


def test_every_wrong_code_reads_the_same(wechat_office: Office) -> None:
    office = wechat_office
    replaced = code_for(office, "window_a")
    late = code_for(office, "window_a")
    office.clock.forward(minutes=10)
    of_disabled = code_for(office, "business_b")
    with office.working() as work:
        deactivate_staff(work, work.session.merge(office.org.people["business_b"]))
    before = rows(office)
    wrong = [replaced, late, of_disabled, "00000000", "0000-000", "码", "A" * 40, "'; DROP"]
    answers = [enter(office, f"guest{place}", code) for place, code in enumerate(wrong)]
    assert {(a.status_code, a.json["code"], a.json["detail"]) for a in answers} == {
        (401, "binding_code_wrong", answers[0].json["detail"])
    }
    assert rows(office) == before, "not even an account is left"
    refused = enter(office, "guest", "A" * 41)
    assert errors(refused) == [("/binding_code", "text_too_long")]


def test_a_code_lasts_ten_minutes(wechat_office: Office) -> None:
    office = wechat_office
    code = code_for(office, "window_a")
    office.clock.forward(minutes=10, seconds=-1)
    assert enter(office, "zhang", code).status_code == 201


def test_guessing_shuts_the_door_for_that_wechat_alone(wechat_office: Office) -> None:
    office = wechat_office
    code = code_for(office, "window_a")
    assert told([enter(office, "guesser", "00000000") for _ in range(6)]) == [
        *[(401, "binding_code_wrong")] * 5,
        (429, "rate_limited"),
    ]
    assert enter(office, "guesser", code).status_code == 429
    assert enter(office, "zhang", code).status_code == 201


def test_one_wechat_one_person_and_one_person_one_wechat(wechat_office: Office) -> None:
    office = wechat_office
    office.bound_session("window_a")
    code = code_for(office, "window_b")
    assert told([enter(office, "window_a", code)]) == [(409, "wechat_already_bound")]
    assert enter(office, "window_b", code).status_code == 201, "a refusal spends nothing"
    refused = office.staff("window_a").post(CODES)
    assert (refused.status_code, refused.json["code"]) == (409, "staff_already_bound")


def test_unbinding_ends_what_came_by_it_at_once(wechat_office: Office) -> None:
    office = wechat_office
    phone, second = office.bound_session("window_a"), office.bound_session("window_a")
    as_citizen, other = office.citizen_session("window_a"), office.bound_session("window_b")
    desk = office.staff("window_a")
    assert [who.delete("/staff/wechat").status_code for who in (desk, desk)] == [204, 204]
    assert [who.get("/staff/me").status_code for who in (phone, second, desk, other)] == [401, 401, 200, 200]
    assert as_citizen.get("/inquiries").status_code == 200, "the person is a citizen as before"
    assert told([enter(office, "window_a")]) == [(401, "not_bound")]
    # Bound again, by another WeChat, and unbound from the phone itself.
    again = enter(office, "new phone", code_for(office, "window_a"))
    caller = Api(office.app.test_client(), {"Authorization": f"Bearer {again.json['token']}"})
    assert caller.delete("/staff/wechat").status_code == 204
    assert caller.get("/staff/me").status_code == 401
    with office.looking() as work:
        rows_ = work.session.scalars(select(StaffBinding).where(StaffBinding.ended_at.is_not(None))).all()
        assert len(rows_) == 2


def test_who_is_disabled_is_out(wechat_office: Office) -> None:
    office = wechat_office
    phone = office.bound_session("business_b")
    with office.working() as work:
        deactivate_staff(work, work.session.merge(office.org.people["business_b"]))
    assert phone.get("/staff/me").status_code == 401
    assert told([enter(office, "business_b")]) == [(401, "not_bound")]


def test_a_leader_binds_from_a_full_session_only(wechat_office: Office) -> None:
    """The console asked for the one-time code; a phone session, which did not, hands out no further code."""
    office = wechat_office
    phone = office.bound_session("principal")
    assert phone.get("/staff/me").status_code == 200
    refused = phone.post(CODES)
    assert (refused.status_code, refused.json["code"]) == (403, "full_sign_in_required")


def test_a_repeated_request_gets_the_same_code_and_a_new_one_voids_it(wechat_office: Office) -> None:
    office = wechat_office
    desk, key = office.staff("window_a"), new_key()
    first = desk.post(CODES, key=key)
    second = desk.post(CODES)
    replay = desk.post(CODES, key=key)
    assert replay.headers["Idempotent-Replayed"] == "true"
    assert replay.json == first.json
    assert second.json["code"] != first.json["code"]
    assert told([enter(office, "zhang", first.json["code"])]) == [(401, "binding_code_wrong")]
    assert enter(office, "zhang", second.json["code"]).status_code == 201


def test_codes_are_not_stored_in_clear_and_not_for_ever(wechat_office: Office) -> None:
    office = wechat_office
    code = code_for(office, "window_a")
    with office.looking() as work:
        row = work.session.scalars(select(BindingCode)).one()
        assert code not in (row.id, row.code_hash)
        assert len(row.code_hash) == 64
    office.clock.forward(days=8)
    code_for(office, "window_a")
    with office.looking() as work:
        assert work.session.scalar(select(func.count()).select_from(BindingCode)) == 1


@pytest.mark.parametrize("path", [CODES, "/staff/wechat"])
def test_nobody_binds_without_signing_in(wechat_office: Office, path: str) -> None:
    office = wechat_office
    for who in (office.anybody, office.citizen_session("wang")):
        answer = who.post(path) if path == CODES else who.delete(path)
        assert answer.status_code == 401


def test_what_waits_for_somebody_moves_into_the_lane_of_their_wechat_and_out_of_it(
    wechat_office: Office,
) -> None:
    """One person's WeChat is sent one message at a time, whoever the message is for."""
    office = wechat_office
    staff_id = office.org.people["window_a"].id

    def lanes() -> set[str]:
        with office.looking() as work:
            mine = select(OutboxItem.lane).where(OutboxItem.recipient_id == staff_id)
            return {str(lane) for lane in work.session.scalars(mine)}

    office.file()
    assert lanes() == {f"staff:{staff_id}"}
    assert enter(office, "wang", code_for(office, "window_a")).status_code in {200, 201}
    [lane] = lanes()
    assert lane.startswith("account:")
    assert office.staff("window_a").delete("/staff/wechat").status_code in {200, 204}
    assert lanes() == {f"staff:{staff_id}"}
