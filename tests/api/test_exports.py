"""`/staff/exports`: names and phones leave by a reason and a second person, once, within ten minutes, and on record."""

from __future__ import annotations

import io
import json
from contextlib import contextmanager

import docx
import pytest
from sqlalchemy import select

from backend.database import reading
from backend.domain.vocabulary import Role
from backend.models import ExportRequest, LedgerEntry, Staff
from backend.routes import ledger_copies
from backend.services.verifying import verify_ledgers
from tests.support.app import new_key
from tests.support.reading_files import pdf_pages, sheet_rows, sheet_top, word_forms

PHONE, NAME = "13812345678", "王小明"
REASON = "配合区纪委核查三季度办理质量"
UNIT_PDF = {"scope": "unit", "year": 2026, "format": "pdf", "reason": REASON}


@pytest.fixture
def told(office):
    return office.file(contact={"name": NAME, "phone": PHONE})


def ask(office, name="general", **changes):
    answer = office.staff(name).post("/staff/exports", UNIT_PDF | changes)
    assert answer.status_code == 201, answer.json
    return answer.json["id"]


def allow(office, export_id, name="discipline", decision="approved", **more):
    answer = office.staff(name).post(f"/staff/exports/{export_id}/decision", {"decision": decision, **more})
    assert answer.status_code == 200, answer.json
    return answer.json


def take(office, export_id, name="general", key=None):
    return office.staff(name).post(f"/staff/exports/{export_id}/download", {}, key=key)


def events(office):
    with office.looking() as work:
        found = work.session.scalars(
            select(LedgerEntry).where(LedgerEntry.event.like("export%")).order_by(LedgerEntry.sequence)
        )
        return [(entry.event, json.loads(entry.body)) for entry in found]


def test_asked_allowed_taken_and_all_of_it_in_the_chain(office, told):
    export_id = ask(office)
    waiting = office.staff("general").get(f"/staff/exports/{export_id}").json
    assert (waiting["state"], waiting["may_download"], waiting["rows"]) == ("waiting", False, 1)
    allowed = allow(office, export_id, note="限本次核查使用")
    assert (allowed["state"], allowed["decided_by"]["name"]) == (
        "ready",
        office.org.people["discipline"].name,
    )
    answer = take(office, export_id)
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    cover, form = pdf_pages(answer.data)
    assert f"服务对象{NAME}联系方式{PHONE}" in form
    general, discipline = (office.org.people[name].name for name in ("general", "discipline"))
    mark = f"{general}2026年11月16日09:00导出；批准人：{discipline}"
    assert mark in cover
    assert mark in form
    told_of = events(office)
    assert [event for event, _body in told_of] == ["export_requested", "export_approved", "export_downloaded"]
    facts = told_of[-1][1]["facts"]
    assert facts["export"] == export_id
    assert [body["actor"]["id"] for _event, body in told_of] == [
        office.org.people[name].id for name in ("general", "discipline", "general")
    ]
    assert REASON not in json.dumps(told_of, ensure_ascii=False)
    with office.app.app_context(), reading() as session:
        reports = verify_ledgers(session, office.app.extensions["shouwen_tools"].signer)
    assert all(report.is_whole for report in reports)


@pytest.mark.parametrize("form", ["xlsx", "docx"])
def test_the_other_kinds_of_file_carry_names_and_the_mark_too(office, told, form):
    export_id = ask(office, format=form)
    allow(office, export_id, "principal")
    data = take(office, export_id).data
    if form == "xlsx":
        (row,) = sheet_rows(data)
        assert (row["服务对象"], row["联系方式"]) == (NAME, PHONE)
        assert sheet_top(data).count(f"批准人：{office.org.people['principal'].name}；事由：{REASON}") == 2
    else:
        assert word_forms(data)[0][1] == ["服务对象", NAME, "联系方式", PHONE]
        head = docx.Document(io.BytesIO(data)).sections[0].header
        assert f"批准人：{office.org.people['principal'].name}；事由：{REASON}" in head.paragraphs[0].text


def test_a_copy_is_taken_once(office, told):
    export_id = ask(office)
    allow(office, export_id)
    assert take(office, export_id).status_code == 200
    again = take(office, export_id)
    assert (again.status_code, again.json["code"]) == (410, "export_taken")
    assert office.staff("general").get(f"/staff/exports/{export_id}").json["state"] == "downloaded"


@pytest.mark.parametrize("form", ["xlsx", "pdf"])
def test_a_copy_that_was_just_taken_is_given_although_the_database_read_from_lags_behind(
    office, told, monkeypatch, form
):
    export_id = ask(office, format=form)
    allow(office, export_id)

    @contextmanager
    def lagging(actor):
        with open_reading(actor) as work:
            known = work.session.get_one
            monkeypatch.setattr(
                work.session,
                "get_one",
                lambda kind, *key: None if kind is ExportRequest else known(kind, *key),
            )
            yield work

    open_reading = ledger_copies.open_reading
    monkeypatch.setattr(ledger_copies, "open_reading", lagging)
    assert take(office, export_id).status_code == 200


def test_a_transfer_that_broke_is_repeated_under_its_key_while_the_time_lasts(office, told):
    export_id, key = ask(office), new_key()
    allow(office, export_id)
    first = take(office, export_id, key=key)
    office.clock.forward(minutes=9)
    second = take(office, export_id, key=key)
    assert (second.status_code, second.headers["Idempotent-Replayed"]) == (200, "true")
    assert len(pdf_pages(second.data)) == len(pdf_pages(first.data))
    office.clock.forward(minutes=2)
    late = take(office, export_id, key=key)
    assert (late.status_code, late.json["code"]) == (410, "export_expired")
    assert len(events(office)) == 3


def test_after_ten_minutes_it_is_too_late(office, told):
    export_id = ask(office)
    allow(office, export_id)
    office.clock.forward(minutes=10)
    answer = take(office, export_id)
    assert (answer.status_code, answer.json["code"]) == (410, "export_expired")
    assert office.staff("general").get(f"/staff/exports/{export_id}").json["state"] == "expired"


def test_nothing_is_taken_before_somebody_allowed_it(office, told):
    export_id = ask(office)
    answer = take(office, export_id)
    assert (answer.status_code, answer.json["code"]) == (409, "export_not_ready")
    refused = allow(office, export_id, decision="refused", note="请先说明用途")
    assert (refused["state"], refused["note"]) == ("refused", "请先说明用途")
    assert take(office, export_id).json["code"] == "export_not_ready"
    assert [event for event, _body in events(office)] == ["export_requested", "export_refused"]


def test_nobody_allows_their_own_request(office, told):
    export_id = ask(office)
    own = office.staff("general").post(f"/staff/exports/{export_id}/decision", {"decision": "approved"})
    assert (own.status_code, own.json["code"]) == (403, "role_required")


def test_a_decision_is_made_once_and_in_time(office, told):
    export_id, late = ask(office), ask(office)
    allow(office, export_id, decision="refused")
    again = office.staff("principal").post(f"/staff/exports/{export_id}/decision", {"decision": "approved"})
    assert (again.status_code, again.json["code"]) == (409, "export_decided")
    office.clock.forward(days=3)
    after = office.staff("discipline").post(f"/staff/exports/{late}/decision", {"decision": "approved"})
    assert (after.status_code, after.json["code"]) == (409, "export_decided")


@pytest.mark.parametrize(
    "name", ["window_a", "window_head", "overseer", "auditor", "sysadmin", "deputy_leader"]
)
def test_only_three_posts_ask_for_names(office, told, name):
    answer = office.staff(name).post("/staff/exports", UNIT_PDF)
    assert (answer.status_code, answer.json["code"]) == (403, "role_required")


@pytest.mark.parametrize("name", ["window_a", "neighbour_general", "auditor"])
def test_a_request_of_others_looks_like_none(office, told, name):
    export_id = ask(office)
    for answer in (
        office.staff(name).get(f"/staff/exports/{export_id}"),
        office.staff(name).post(f"/staff/exports/{export_id}/decision", {"decision": "approved"}),
        take(office, export_id, name),
    ):
        assert (answer.status_code, answer.json["code"]) == (404, "not_found")
    assert office.staff(name).get("/staff/exports").json["items"] == []


def test_who_may_allow_it_cannot_take_it(office, told):
    export_id = ask(office)
    allow(office, export_id)
    answer = take(office, export_id, "discipline")
    assert (answer.status_code, answer.json["code"]) == (403, "role_required")


def test_the_fourth_request_of_a_day_is_too_many(office):
    for _ in range(3):
        ask(office)
    answer = office.staff("general").post("/staff/exports", UNIT_PDF)
    assert (answer.status_code, answer.json["code"]) == (429, "rate_limited")
    assert answer.headers["Retry-After"] == str(15 * 3600)
    assert ask(office, "discipline")
    office.clock.forward(hours=15)
    assert ask(office)


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"reason": "  "}, "/reason"),
        ({"reason": "长" * 201}, "/reason"),
        ({"reason": None}, "/reason"),
        ({"year": "2026"}, "/year"),
        ({"year": 1999}, "/year"),
        ({"year": True}, "/year"),
        ({"format": "csv"}, "/format"),
        ({"scope": "everything"}, "/scope"),
        ({"extra": 1}, "/extra"),
    ],
)
def test_a_request_says_what_and_why(office, changes, pointer):
    answer = office.staff("general").post("/staff/exports", UNIT_PDF | changes)
    assert answer.status_code == 422
    assert [item["pointer"] for item in answer.json["errors"]] == [pointer]


def test_a_section_of_the_unit_can_be_asked_for_and_no_other(office, told):
    assert ask(office, scope="section", section=office.org.window.section.id)
    other = office.staff("general").post(
        "/staff/exports", UNIT_PDF | {"scope": "section", "section": office.org.neighbour_window.section.id}
    )
    assert other.status_code == 404


def test_a_copy_with_names_has_an_upper_limit(office, told, monkeypatch):
    monkeypatch.setattr("backend.services.exports.FULL_ROWS", 0)
    answer = office.staff("general").post("/staff/exports", UNIT_PDF)
    assert answer.status_code == 422
    assert "按科室分开申请" in answer.json["errors"][0]["detail"]


def test_who_lost_the_post_meanwhile_takes_nothing(office, told):
    export_id = ask(office)
    allow(office, export_id)
    with office.working() as work:
        person = work.session.get_one(Staff, office.org.people["general"].id)
        for grant in [grant for grant in person.grants if grant.role is Role.GENERAL_POST]:
            work.session.delete(grant)
    answer = take(office, export_id)
    assert (answer.status_code, answer.json["code"]) == (403, "role_required")


def test_names_leave_by_a_session_opened_with_the_password(wechat_office):
    office = wechat_office
    by_phone = office.bound_session("general")
    answer = by_phone.post("/staff/exports", UNIT_PDF)
    assert (answer.status_code, answer.json["code"]) == (403, "full_sign_in_required")


def test_a_request_sent_twice_is_one_request(office):
    key = new_key()
    first, second = (office.staff("general").post("/staff/exports", UNIT_PDF, key=key) for _ in range(2))
    assert first.json == second.json
    assert second.headers["Idempotent-Replayed"] == "true"
    with office.looking() as work:
        assert len(work.session.scalars(select(ExportRequest)).all()) == 1


def test_the_list_has_ones_own_and_those_to_be_allowed_newest_first(office):
    first = ask(office)
    office.clock.forward(minutes=1)
    second = ask(office, "discipline")
    for name, own in (("general", first), ("discipline", second)):
        items = office.staff(name).get("/staff/exports").json["items"]
        assert [item["id"] for item in items] == [second, first]
        assert [item["own"] for item in items] == [item["id"] == own for item in items]
        assert [item["may_decide"] for item in items] == [item["id"] != own for item in items]


def test_the_list_goes_on_from_page_to_page(office, monkeypatch):
    monkeypatch.setattr("backend.queries.exports.PAGE", 2)
    wanted = []
    for _ in range(3):
        wanted.insert(0, ask(office))
        office.clock.forward(minutes=1)
    page = office.staff("general").get("/staff/exports").json
    rest = office.staff("general").get(f"/staff/exports?cursor={page['next_cursor']}").json
    assert [item["id"] for item in page["items"] + rest["items"]] == wanted
    assert rest["next_cursor"] is None
    wrong = office.staff("general").get("/staff/exports?cursor=nonsense")
    assert (wrong.status_code, wrong.json["code"]) == (400, "cursor_invalid")
