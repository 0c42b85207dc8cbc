"""催办 once a Beijing day; 督办 and 批示 by those above: dated, on the timeline, and the inquiry stays as it was."""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from backend.domain.times import SHANGHAI
from backend.domain.vocabulary import Status, SupervisionKind
from backend.models import Inquiry, OutboxItem, PostDeputy, Staff
from backend.services.organising import set_absence
from backend.services.urging import roles_to_supervise
from tests.api.asking import rows
from tests.support.app import Office, new_key

MIDNIGHT = datetime(2026, 11, 17, tzinfo=SHANGHAI)


def remind(office: Office, filed: dict[str, Any], **body: Any) -> Any:
    return office.citizen(filed["tracking_token"]).post(f"/inquiries/{filed['number']}/reminder", body)


def supervise(office: Office, name: str, number: str, kind: str = "supervision", text: str = "请抓紧") -> Any:
    return office.act(name, number, "supervision", {"kind": kind, "text": text})


def detail(office: Office, filed: dict[str, Any]) -> dict[str, Any]:
    shown: dict[str, Any] = office.citizen(filed["tracking_token"]).get(f"/inquiries/{filed['number']}").json
    return shown


def messages(office: Office, topic: str) -> set[str]:
    names = {person.id: name for name, person in office.org.people.items()}
    with office.looking() as work:
        rows = work.session.scalars(select(OutboxItem.recipient_id).where(OutboxItem.topic == topic))
        return {names[one] for one in rows if one is not None}


def test_urging_is_dated_on_the_timeline_and_changes_nothing_else(office: Office) -> None:
    filed = office.file()
    before = detail(office, filed)
    answer = remind(office, filed, text="请尽快")
    assert (answer.status_code, answer.json["event"], answer.json["version"]) == (201, "reminded", 1)
    shown = detail(office, filed)
    assert (shown["version"], shown["status"]) == (before["version"], before["status"])
    [entry] = [entry for entry in shown["timeline"] if entry["event"] == "reminded"]
    assert (entry["title"], entry["text"], entry["at"]) == ("催办", "请尽快", "2026-11-16T09:00:00+08:00")
    assert shown["reminders"] == {
        "count": 1,
        "last_at": "2026-11-16T09:00:00+08:00",
        "last_text": "11月16日（周一）09:00",
        "next_at": "2026-11-17T00:00:00+08:00",
        "next_text": "11月17日（周二）00:00 起",
    }
    assert "remind" not in {action["name"] for action in shown["actions"]}
    assert "remind" in {action["name"] for action in before["actions"]}
    # Whoever can act for the post that holds it, and the head of the section.
    assert messages(office, "reminded") == {"window_a", "window_b", "window_head"}


def test_a_second_time_the_same_day_is_refused_and_the_day_begins_at_midnight_in_beijing(
    office: Office,
) -> None:
    filed = office.file()
    office.clock.set(MIDNIGHT - timedelta(seconds=1))
    assert remind(office, filed).status_code == 201
    before = rows(office)
    again = remind(office, filed, text="再催")
    assert (again.status_code, again.json["code"]) == (409, "already_reminded")
    assert again.json["next_at"] == "2026-11-17T00:00:00+08:00"
    assert rows(office) == before
    office.clock.set(MIDNIGHT)
    assert remind(office, filed).status_code == 201
    office.clock.forward(hours=23, minutes=59, seconds=59)
    assert remind(office, filed).status_code == 409


@pytest.mark.parametrize("zone", ["UTC", "America/Los_Angeles", "Asia/Shanghai"])
@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_the_day_of_urging_does_not_depend_on_where_the_process_runs(
    office: Office, monkeypatch: pytest.MonkeyPatch, zone: str
) -> None:
    monkeypatch.setitem(os.environ, "TZ", zone)
    time.tzset()
    try:
        filed = office.file()
        office.clock.set(MIDNIGHT - timedelta(seconds=1))
        first, office.clock.moment = remind(office, filed), MIDNIGHT
        assert (first.status_code, remind(office, filed).status_code) == (201, 201)
    finally:
        monkeypatch.undo()
        time.tzset()


def test_of_many_at_once_one_urges(office: Office) -> None:
    filed = office.file()
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: remind(office, filed).status_code, range(6)))
    assert sorted(answers) == [201, 409, 409, 409, 409, 409]


def test_a_closed_inquiry_is_not_urged_and_a_retry_is_no_second_urging(office: Office) -> None:
    filed, key = office.file(), new_key()
    citizen, path = office.citizen(filed["tracking_token"]), f"/inquiries/{filed['number']}/reminder"
    first = citizen.post(path, {"text": "催"}, key=key)
    again = citizen.post(path, {"text": "催"}, key=key)
    assert (again.status_code, again.json, again.headers["Idempotent-Replayed"]) == (201, first.json, "true")
    office.act("window_a", filed["number"], "closing", {"outcome": "answered", "reply": "好"})
    office.clock.forward(days=1)
    refused = remind(office, filed)
    assert (refused.status_code, refused.json["code"]) == (409, "illegal_transition")


SUPERVISORS = [
    # who, kind, status, code
    ("principal", "supervision", 201),
    ("principal", "instruction", 201),
    ("deputy_leader", "supervision", 201),
    ("deputy_leader", "instruction", 201),
    ("discipline", "supervision", 201),
    ("discipline", "instruction", 403),
    ("general", "supervision", 201),
    ("general", "instruction", 403),
    ("window_head", "supervision", 403),
    ("window_a", "supervision", 403),
    ("window_b", "instruction", 403),
]


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize(("name", "kind", "status"), SUPERVISORS)
def test_who_may_supervise_and_who_may_instruct(office: Office, name, kind, status) -> None:
    """督办: leaders, discipline, general post; 批示: leaders alone."""
    filed = office.file()
    shown = office.staff(name).get(f"/staff/inquiries/{filed['number']}").json
    offered = {"supervision": "supervise", "instruction": "instruct"}[kind]
    assert (offered in {action["name"] for action in shown["actions"]}) is (status == 201)
    answer = supervise(office, name, filed["number"], kind)
    assert answer.status_code == status, answer.json
    assert status == 201 or answer.json["code"] == "role_required"


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_supervision_stays_inside_the_scope(office: Office) -> None:
    """A deputy leader supervises what the own sections hold or held; another unit's leaders find nothing."""
    elsewhere = office.file(sign=office.org.office.sign.code)["number"]
    for name in ("deputy_leader", "neighbour_general", "lu_general", "overseer", "auditor", "sysadmin"):
        answer = office.staff(name).post(
            f"/staff/inquiries/{elsewhere}/supervision", {"kind": "supervision", "text": "x"}, version=1
        )
        assert (answer.status_code, answer.json["code"]) == (404, "not_found"), name


def test_the_citizen_learns_of_supervision_but_not_its_words_and_the_holder_is_told(office: Office) -> None:
    filed = office.file()
    number = filed["number"]
    office.clock.forward(hours=1)
    assert supervise(office, "principal", number, "instruction", "请业务科今天答复").json["version"] == 1
    office.clock.forward(hours=1)
    assert supervise(office, "general", number).status_code == 201
    entries = {entry["event"]: entry for entry in detail(office, filed)["timeline"]}
    instructed, supervised = entries["instructed"], entries["supervised"]
    assert (instructed["title"], instructed["by"], instructed["text"]) == ("批示", "主要领导", None)
    assert instructed["at"] == "2026-11-16T10:00:00+08:00"
    assert (supervised["title"], supervised["by"], supervised["text"]) == ("督办", "首问责任总岗", None)
    inside = office.staff("window_a").get(f"/staff/inquiries/{number}").json
    assert "请业务科今天答复" in [entry["text"] for entry in inside["timeline"]]
    assert inside["version"] == 1
    assert messages(office, "supervised") == {"window_a", "window_b"}


def test_supervision_wants_the_version_and_an_open_inquiry(office: Office) -> None:
    number = office.file()["number"]
    path, body = f"/staff/inquiries/{number}/supervision", {"kind": "supervision", "text": "快办"}
    who = office.staff("general")
    assert who.post(path, body).status_code == 428
    assert who.post(path, body, version=9).status_code == 412
    assert who.post(path, {"kind": "praise", "text": "好"}, version=1).status_code == 422
    assert office.staff("window_a").post(path, {"kind": "praise"}).status_code == 403
    office.act("window_a", number, "closing", {"outcome": "answered", "reply": "好"})
    refused = supervise(office, "general", number)
    assert (refused.status_code, refused.json["code"]) == (409, "illegal_transition")
    with office.looking() as work:
        assert work.session.scalars(select(Inquiry.status)).one() is Status.CLOSED


def test_who_deputises_the_general_post_supervises_in_its_place(office: Office) -> None:
    """AB岗: no role says so, the post does."""
    number = office.file(sign=office.org.general_sign.code)["number"]
    with office.working() as work:
        deputy = PostDeputy(
            post_id=office.org.general_post.id, staff_id=office.org.people["window_b"].id, position=1
        )
        work.session.add(deputy)
    assert supervise(office, "window_b", number).status_code == 201
    assert supervise(office, "window_b", number, "instruction").status_code == 403
    with office.working() as work:
        inquiry = work.session.scalars(select(Inquiry)).one()
        who = office.org.identity("window_b")
        assert SupervisionKind.SUPERVISION in roles_to_supervise(work, who, inquiry)
        set_absence(work, work.session.get_one(Staff, who.staff_id), starts_at=work.now)
        # Whoever is away keeps no post.
        assert roles_to_supervise(work, who, inquiry) == {}


def test_whom_a_complaint_is_about_is_told_of_no_urging(office: Office) -> None:
    """A complaint about the section reaches discipline alone (design 4)."""
    filed = office.file(category="complaint", about={"kind": "section"})
    assert remind(office, filed, text="有结果吗").status_code == 201
    assert messages(office, "reminded") == {"discipline"}
    answer = office.staff("window_head").post(
        f"/staff/inquiries/{filed['number']}/supervision", {"kind": "supervision", "text": "x"}, version=1
    )
    assert answer.status_code == 404
