"""WeChat looks at what people there write and send; whatever it does not answer, people look at."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from sqlalchemy import select

from backend.delivery.channels import Pause, close_channel, open_channel
from backend.delivery.content_checks import give_up
from backend.domain.vocabulary_contact import ErasureReason
from backend.models import ContentCheck, InquiryText, OutboxItem, WechatAccount
from backend.services.erasing import erase_account
from backend.wechat.gateway import Remedy, Verdict, WechatProblem
from tests.support.app import Api, Office, Templates, new_key
from tests.support.fake_wechat import openid_of
from tests.support.pushes import listening_office, push_event, work_off
from tests.vault.media_samples import encoded, picture

DOUBTFUL = "加我微信，刷单兼职，月入过万"


@pytest.fixture
def office(templates: Templates, database_kind: str, tmp_path: Path) -> Iterator[Office]:
    with listening_office(templates, database_kind, tmp_path / "office") as made:
        yield made


def inquiry(office: Office, content: str = "问材料", **changes: Any) -> dict[str, Any]:
    return {"sign": office.org.window.sign.code, "category": "consult", "content": content} | changes


def checks(office: Office) -> list[tuple[str, str, str, str | None, int | None]]:
    """Of which part, by whom, how it stands and why: in the order they were begun."""
    with office.looking() as work:
        rows = work.session.execute(
            select(ContentCheck, InquiryText.kind)
            .outerjoin(InquiryText, InquiryText.id == ContentCheck.text_id)
            .order_by(ContentCheck.created_at, InquiryText.created_at)
        )
        return [
            (kind or "file", str(row.checked_by), str(row.state), row.reason and str(row.reason), row.label)
            for row, kind in rows
        ]


def attach(office: Office, api: Api, number: str, name: str = "现场.png") -> Any:
    return api.client.post(
        f"/api/v1/inquiries/{number}/attachments",
        data={"file": (io.BytesIO(encoded(picture(8, 8), "PNG")), name)},
        headers=api.headers | {"Idempotency-Key": new_key()},
        content_type="multipart/form-data",
    )


def test_every_word_of_a_citizen_is_checked_and_none_of_the_staff(office: Office) -> None:
    """Without a session the list of words looks; nothing is refused, whatever stands in it."""
    about = {"kind": "other", "name": "某公司"}
    filed = office.file(category="complaint", content=DOUBTFUL, about=about)
    citizen, number = office.citizen(filed["tracking_token"]), filed["number"]
    steps = [
        ("supplements", {"text": "补充"}),
        ("reminder", {"text": DOUBTFUL}),
    ]
    for path, body in steps:
        office.clock.forward(seconds=1)
        assert citizen.post(f"/inquiries/{number}/{path}", body).status_code == 201
    office.clock.forward(seconds=1)
    assert attach(office, citizen, number, f"{DOUBTFUL}.png").status_code == 201
    office.clock.forward(seconds=1)
    closed = office.act("discipline", number, "closing", {"outcome": "answered", "reply": DOUBTFUL})
    assert closed.status_code == 200, closed.json
    assert citizen.post(f"/inquiries/{number}/rating", {"grade": "fair", "comment": "好"}).status_code == 201
    office.clock.forward(seconds=1)
    assert (
        citizen.put(f"/inquiries/{number}/rating", {"grade": "fair", "comment": DOUBTFUL}).status_code == 200
    )
    office.clock.forward(seconds=1)
    assert citizen.post(f"/inquiries/{number}/reopening", {"reason": "没办好"}).status_code == 200
    office.clock.forward(seconds=1)
    assert citizen.post(f"/inquiries/{number}/withdrawal", {"reason": DOUBTFUL}).status_code == 200
    review, passed = ("words", "review", "doubtful", None), ("words", "passed", None, None)
    found = checks(office)
    assert sorted(found[:2]) == [("about_name", *passed), ("content", *review)]
    assert found[2:] == [
        ("supplement", *passed),
        ("reminder", *review),
        ("file", *review),
        ("comment", *passed),
        ("comment", *review),
        ("reason", *passed),
        ("reason", *review),
    ]
    registered = {"channel": "call", "category": "consult", "content": DOUBTFUL}
    assert office.staff("window_a").post("/staff/inquiries", registered).status_code == 201
    assert len(checks(office)) == len(found)
    assert office.wechat.asked == []


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize(
    ("verdict", "left"),
    [
        (Verdict("pass", 100), ("passed", None, 100)),
        (Verdict("review", 20001), ("review", "doubtful", 20001)),
        (Verdict("risky", 20003), ("review", "risky", 20003)),
    ],
)
def test_wechat_says_what_it_thinks_of_a_text(
    office: Office, verdict: Verdict, left: tuple[Any, ...]
) -> None:
    office.wechat.verdict = verdict
    filed = office.citizen_session("wang").post("/inquiries", inquiry(office, DOUBTFUL))
    assert filed.status_code == 201
    assert checks(office) == [("content", "wechat", "waiting", None, None)]
    work_off(office)
    assert checks(office) == [("content", "wechat", *left)]
    assert office.wechat.heard == [(openid_of("wang"), DOUBTFUL)]


AGAIN = [("unreachable", Remedy.LATER), ("unanswered", Remedy.UNSURE), ("minute_quota", Remedy.NEXT_MINUTE)]
NEVER = [
    ("person_not_seen", Remedy.PERMANENT),
    ("day_quota", Remedy.NEXT_DAY),
    ("secret_wrong", Remedy.OPERATOR),
]


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize(("code", "remedy"), NEVER)
def test_what_wechat_will_not_look_at_goes_to_people_at_once(
    office: Office, code: str, remedy: Remedy
) -> None:
    office.wechat.silent = None
    session = office.citizen_session("wang")
    number = session.post("/inquiries", inquiry(office)).json["number"]
    office.clock.forward(seconds=1)
    assert attach(office, session, number).status_code == 201
    office.wechat.silent = WechatProblem(code, remedy)
    work_off(office)
    unchecked = ("wechat", "review", "unchecked", None)
    assert checks(office) == [("content", *unchecked), ("file", *unchecked)]
    assert office.wechat.asked == ["sign_in", "check_text", "check_media"]


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize(("code", "remedy"), AGAIN)
def test_while_wechat_is_away_it_is_asked_again_and_after_two_hours_people_look(
    office: Office, code: str, remedy: Remedy
) -> None:
    office.citizen_session("wang").post("/inquiries", inquiry(office))
    office.wechat.silent = WechatProblem(code, remedy)
    for seconds in (0, 10, 30):
        office.clock.forward(seconds=seconds)
        work_off(office)
    assert checks(office) == [("content", "wechat", "waiting", None, None)]
    assert office.wechat.asked.count("check_text") == 3
    office.wechat.silent = None
    office.clock.forward(minutes=2)
    work_off(office)
    assert checks(office) == [("content", "wechat", "passed", None, 100)]


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize(
    ("problem", "is_asked"), [("unreachable", False), ("misconfigured", False), ("daily_quota", True)]
)
def test_while_messages_find_wechat_closed_checks_wait_and_a_quota_is_of_one_call_only(
    office: Office, problem: str, is_asked: bool
) -> None:
    office.citizen_session("wang").post("/inquiries", inquiry(office))
    now = office.clock.now()
    with office.working() as work:
        close_channel(work.session, "wechat", Pause(problem, now + timedelta(minutes=1)), now)
    work_off(office)
    assert ("check_text" in office.wechat.asked) is is_asked
    with office.working() as work:
        open_channel(work.session, "wechat")
        [job] = work.session.scalars(select(OutboxItem).where(OutboxItem.topic == "check_text"))
        assert job.attempts == is_asked
    office.clock.forward(minutes=1)
    work_off(office)
    assert checks(office) == [("content", "wechat", "passed", None, 100)]


def test_what_was_never_answered_goes_to_people_after_two_hours(office: Office) -> None:
    session = office.citizen_session("wang")
    number = session.post("/inquiries", inquiry(office)).json["number"]
    office.clock.forward(seconds=1)
    attach(office, session, number)
    work_off(office)
    assert [state for _, _, state, _, _ in checks(office)] == ["passed", "waiting"]
    for minutes, state in ((119, "waiting"), (2, "review")):
        office.clock.forward(minutes=minutes)
        with office.app.app_context():
            give_up(Event())
        assert checks(office)[1][2] == state
    # What comes too late changes nothing any more.
    push_event(office, "wxa_media_check", trace_id="trace-2", result={"suggest": "pass", "label": 100})
    work_off(office)
    assert checks(office)[1] == ("file", "wechat", "review", "unchecked", None)


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_photo_is_fetched_by_an_address_that_says_nothing_and_ends(office: Office) -> None:
    session = office.citizen_session("wang")
    number = session.post("/inquiries", inquiry(office)).json["number"]
    office.clock.forward(seconds=1)
    photo = attach(office, session, number, "王小明的身份证.png").json
    work_off(office)
    openid, url = office.wechat.heard[-1]
    assert openid == openid_of("wang")
    base, _, token = url.partition("/media/")
    assert base == office.settings.base_url
    assert len(token) == 64
    for secret in (photo["id"], number, openid):
        assert secret not in url
    client = office.app.test_client()
    fetched = client.get(f"/media/{token}")
    assert (fetched.status_code, fetched.mimetype) == (200, "image/png")
    own = session.client.get(photo["url"], headers=session.headers)
    assert fetched.data == own.data
    headers = fetched.headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Disposition"].startswith("attachment")
    assert "%E7%8E%8B" not in headers["Content-Disposition"]
    assert "no-store" in headers["Cache-Control"]
    changed = ("A" if token[5] != "A" else "B").join((token[:5], token[6:]))
    for wrong in (changed, token[:-1], token + "A", "x" * 64, "é" * 64, "%00" * 64, photo["id"]):
        assert client.get(f"/media/{wrong}").status_code == 404
    office.clock.forward(minutes=31)
    assert client.get(f"/media/{token}").status_code == 404


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_whom_wechat_has_not_seen_for_two_hours_the_words_look_at(office: Office) -> None:
    session = office.citizen_session("wang")
    filed = session.post("/inquiries", inquiry(office)).json
    work_off(office)
    office.clock.forward(hours=2, minutes=1)
    kept = office.citizen(filed["tracking_token"])
    kept.post(f"/inquiries/{filed['number']}/supplements", {"text": DOUBTFUL})
    assert checks(office)[1] == ("supplement", "words", "review", "doubtful", None)


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_job_done_twice_or_too_late_asks_nothing(office: Office) -> None:
    office.citizen_session("wang").post("/inquiries", inquiry(office))
    work_off(office)
    with office.working() as work:
        [job] = work.session.scalars(select(OutboxItem).where(OutboxItem.topic == "check_text"))
        job.state, job.finished_at = "pending", None
    work_off(office)
    assert office.wechat.asked.count("check_text") == 1
    office.citizen_session("li").post("/inquiries", inquiry(office, "别的"))
    office.clock.forward(hours=3)
    work_off(office)
    assert office.wechat.asked.count("check_text") == 1
    assert checks(office)[1] == ("content", "wechat", "review", "unchecked", None)


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize(
    ("comment", "left"), [("办得慢", ("passed", None)), (DOUBTFUL, ("review", "doubtful"))]
)
def test_where_wechat_does_not_look_the_words_decide_about_a_comment(
    office: Office, comment: str, left: tuple[str, str | None]
) -> None:
    """It stands beside a grade (design 5): nobody reads it only because a machine was away."""
    session = office.citizen_session("wang")
    number = session.post("/inquiries", inquiry(office)).json["number"]
    work_off(office)
    office.act("window_a", number, "closing", {"outcome": "answered", "reply": "好"})
    office.clock.forward(seconds=1)
    rated = session.post(f"/inquiries/{number}/rating", {"grade": "fair", "comment": comment})
    assert rated.status_code == 201
    office.wechat.silent = WechatProblem(*NEVER[1])
    work_off(office)
    assert checks(office)[1] == ("comment", "words", *left, None)


def test_what_still_waits_when_the_person_is_erased_is_left_to_the_words(office: Office) -> None:
    """People do not read what somebody wrote for the only reason that they are gone."""
    session = office.citizen_session("wang")
    session.post("/inquiries", inquiry(office))
    office.clock.forward(seconds=1)
    number = session.post("/inquiries", inquiry(office, DOUBTFUL)).json["number"]
    office.clock.forward(seconds=1)
    assert attach(office, session, number).status_code == 201
    with office.working() as work:
        erase_account(work, work.session.scalars(select(WechatAccount.id)).one(), ErasureReason.WISH)
    left = [
        ("content", "words", "passed", None, None),
        ("content", "words", "review", "doubtful", None),
        ("file", "words", "passed", None, None),
    ]
    assert checks(office) == left
    work_off(office)
    assert checks(office) == left
    assert office.wechat.heard == []
