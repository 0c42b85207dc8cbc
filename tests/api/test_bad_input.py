"""Bad input gets a stable code and a Chinese sentence, writes nothing, and loses nothing."""

from __future__ import annotations

import base64
import io
import json
from pathlib import Path
from typing import Any

import pytest

from tests.api.asking import chunked, errors, rows, send
from tests.support.app import Api, Office

NOTHING_KNOWN = "0" * 16
TOO_MUCH = b'{"content": "' + b"a" * (1024 * 1024) + b'"}'

FILING = [
    ({"sign": NOTHING_KNOWN}, 404, "sign_unknown", []),
    ({"sign": "这不是编码"}, 404, "sign_unknown", []),
    ({"category": "gossip"}, 422, "validation_failed", [("/category", "choice_invalid")]),
    ({"category": "consult\0"}, 422, "validation_failed", [("/category", "choice_invalid")]),
    ({"category": 3}, 422, "validation_failed", [("/category", "type_invalid")]),
    ({"content": ""}, 422, "validation_failed", [("/content", "text_empty")]),
    ({"content": " \u3000\n\u200b"}, 422, "validation_failed", [("/content", "text_empty")]),
    ({"content": "问" * 5001}, 422, "validation_failed", [("/content", "text_too_long")]),
    ({"content": "a\0b"}, 422, "validation_failed", [("/content", "text_invalid")]),
    ({"content": "a\ud800b"}, 422, "validation_failed", [("/content", "text_invalid")]),
    ({"content": ["问"]}, 422, "validation_failed", [("/content", "type_invalid")]),
    ({"content": None}, 422, "validation_failed", [("/content", "null_not_allowed")]),
    ({"contact": {"phone": "12345"}}, 422, "validation_failed", [("/contact/phone", "phone_invalid")]),
    ({"contact": {"phone": "电话"}}, 422, "validation_failed", [("/contact/phone", "phone_invalid")]),
    ({"contact": {"phone": "1" * 25}}, 422, "validation_failed", [("/contact/phone", "text_too_long")]),
    ({"contact": {"name": "王\n明"}}, 422, "validation_failed", [("/contact/name", "text_invalid")]),
    ({"contact": {"kind": "alien"}}, 422, "validation_failed", [("/contact/kind", "choice_invalid")]),
    ({"contact": {"id_card": "1"}}, 422, "validation_failed", [("/contact/id_card", "unknown_field")]),
    ({"contact": []}, 422, "validation_failed", [("/contact", "type_invalid")]),
    ({"contact": None}, 422, "validation_failed", [("/contact", "null_not_allowed")]),
    ({"received_at": "2020-01-01"}, 422, "validation_failed", [("/received_at", "unknown_field")]),
    ({"first_responder_id": "x"}, 422, "validation_failed", [("/first_responder_id", "unknown_field")]),
    ({"a/b~c": 1}, 422, "validation_failed", [("/a~1b~0c", "unknown_field")]),
    ({"\ud800": 1}, 422, "validation_failed", [("/?", "unknown_field")]),
    ({"_schema": 1}, 422, "validation_failed", [("/_schema", "unknown_field")]),
    ({"written": "true"}, 422, "validation_failed", [("/written", "type_invalid")]),
    ({"written": 1}, 422, "validation_failed", [("/written", "type_invalid")]),
    ({"sign": None, "unit": "0" * 32}, 422, "validation_failed", [("/sign", "null_not_allowed")]),
    ({"unit": "x"}, 422, "validation_failed", [("/sign", "conditionally_required")]),
    ({"section": "x"}, 422, "validation_failed", [("/section", "value_invalid")]),
    ({"about": {"kind": "unit"}}, 422, "validation_failed", [("/about", "value_invalid")]),
    ({"about": {}}, 422, "validation_failed", [("/about/kind", "required")]),
    ({"about": {"kind": "cat"}}, 422, "validation_failed", [("/about/kind", "choice_invalid")]),
]


def test_filing_refuses_a_value_and_writes_nothing(office: Office, subtests) -> None:
    right = {"sign": office.org.window.sign.code, "category": "consult", "content": "请问几点上班？"}
    before = rows(office)
    for change, status, code, wrong in FILING:
        with subtests.test(ascii(change)[:60]):
            answer = send(office.anybody, "POST", "/inquiries", json.dumps(right | change))
            assert (answer.status_code, answer.json["code"], errors(answer)) == (status, code, wrong)
    assert rows(office) == before


PLACES = [
    ({"unit": "0" * 32}, ("/unit", "unit_unknown")),
    ({"unit": "有\0"}, ("/unit", "value_invalid")),
    ({"unit": "a" * 65}, ("/unit", "value_invalid")),
    ({"unit": 7}, ("/unit", "type_invalid")),
    ({}, ("/sign", "conditionally_required")),
]


def test_filing_without_a_sign_needs_a_known_unit_and_its_own_section(office: Office) -> None:
    org, right = office.org, {"category": "consult", "content": "问"}
    for place, wrong in PLACES:
        assert errors(office.anybody.post("/inquiries", right | place)) == [wrong]
    stranger = {"unit": org.unit.id, "section": org.lu_window.section.id}
    assert errors(office.anybody.post("/inquiries", right | stranger)) == [("/section", "section_unknown")]


def test_a_retired_sign_names_its_successor(office: Office) -> None:
    old = office.org.retired_sign.code
    body = {"sign": old, "category": "consult", "content": "问"}
    for answer in (office.anybody.get(f"/signs/{old}"), office.anybody.post("/inquiries", body)):
        assert (answer.status_code, answer.json["code"]) == (410, "sign_retired")
        assert answer.json["successor_url"] == f"http://127.0.0.1:8000/s/{office.org.window.sign.code}"


KEPT = [
    "😀👩‍👩‍👧",
    "𠮷野家 㐀 𪚥",
    "\u202e反",
    "a\r\nb\rc",
    "e\u0301 é",
    "＝1+1 =1+1",
    "问" * 5000,
    "\t缩进",
    "\ufeff头",
]


def test_words_are_kept_as_they_were_written(office: Office, subtests) -> None:
    for text in KEPT:
        with subtests.test(ascii(text)[:40]):
            filed = office.file(content=text)
            shown = office.citizen(filed["tracking_token"]).get(f"/inquiries/{filed['number']}").json
            assert shown["content"] == text


MALFORMED = [
    b"{",
    b"not json",
    b'{"content": NaN}',
    b'{"content": Infinity}',
    b'{"content": -Infinity}',
    b"[" * 100_000,
    b'{"a":' * 100_000,
    b'{"n": ' + b"9" * 10_000 + b"}",
    b'{"content": "a", "content": "b"}',
    b'{"contact": {"name": "a", "name": "b"}}',
    b"\xff\xfe\xfa",
    b'{"content": "\xff"}',
    b'{"content": "a\nb"}',
    b"{} {}",
]
NO_OBJECTS = [b"[]", b'"text"', b"null", b"true", b"123456789012345678901"]
OPEN_DOORS = ("/inquiries", "/lookups", "/staff/sessions")


def test_what_is_no_clear_json_object_is_refused(office: Office, subtests) -> None:
    before = rows(office)
    for path in OPEN_DOORS:
        for data in MALFORMED:
            with subtests.test(path, data=data[:40]):
                answer = send(office.anybody, "POST", path, data)
                assert (answer.status_code, answer.json["code"]) == (400, "json_invalid")
        for data in NO_OBJECTS:
            with subtests.test(path, data=data):
                answer = send(office.anybody, "POST", path, data)
                assert (answer.status_code, errors(answer)) == (422, [("", "type_invalid")])
    assert rows(office) == before


def test_deep_nesting_is_refused_at_every_depth(office: Office) -> None:
    for nesting in range(100, 1100, 25):
        for data in (b"[" * nesting + b"]" * nesting, b'{"a":' * nesting + b"1" + b"}" * nesting):
            assert send(office.anybody, "POST", "/inquiries", data).status_code in {400, 422}


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_another_content_type_is_refused(office: Office) -> None:
    for path in OPEN_DOORS:
        for content_type in (
            "text/plain",
            "application/x-www-form-urlencoded",
            "multipart/form-data",
            "text/json",
        ):
            answer = send(office.anybody, "POST", path, b"{}", Content_Type=content_type)
            assert (answer.status_code, answer.json["code"]) == (415, "unsupported_media_type")


def test_a_body_over_one_mebibyte_is_refused_whether_its_length_is_told_or_not(office: Office) -> None:
    before = rows(office)
    for path in (*OPEN_DOORS, "/staff/inquiries", "/inquiries/x/rating"):
        for answer in (
            send(office.anybody, "POST", path, TOO_MUCH),
            chunked(office.anybody, "POST", path, io.BytesIO(TOO_MUCH)),
        ):
            assert (answer.status_code, answer.json["code"]) == (413, "content_too_large")
    assert rows(office) == before


def test_a_chunked_body_of_fair_size_is_read(office: Office) -> None:
    body = {"sign": office.org.window.sign.code, "category": "consult", "content": "分块"}
    answer = chunked(office.anybody, "POST", "/inquiries", io.BytesIO(json.dumps(body).encode()))
    assert answer.status_code == 201


KEYS = [
    ("", 400, "idempotency_key_required"),
    ("short", 400, "idempotency_key_invalid"),
    ("k" * 15, 400, "idempotency_key_invalid"),
    ("k" * 256, 400, "idempotency_key_invalid"),
    ("k" * 10_000, 400, "idempotency_key_invalid"),
    ("sixteen-letters\x7f", 400, "idempotency_key_invalid"),
    ("sixteen-letters\x01", 400, "idempotency_key_invalid"),
    ("sixteen-letters-é", 400, "idempotency_key_invalid"),
    ("k" * 16, 201, None),
    ("k" * 255, 201, None),
]


def test_the_idempotency_key_has_its_form(office: Office) -> None:
    body = json.dumps({"sign": office.org.window.sign.code, "category": "consult", "content": "问"})
    for key, status, code in KEYS:
        answer = send(office.anybody, "POST", "/inquiries", body, Idempotency_Key=key)
        assert (answer.status_code, answer.json.get("code")) == (status, code)


AUTHORIZATIONS = [
    "",
    "Bearer",
    "Bearer ",
    "Basic abc",
    "Bearer \x01",
    "Bearer é",
    "Bearer " + "a" * 10_000,
    "bearer none",
    "a\tb",
    "Bearer a b",
]


def test_a_malformed_authorization_is_no_session(office: Office) -> None:
    client = office.anybody.client
    for path in ("/staff/me", "/staff/inquiries", "/staff/inquiries/x"):
        for header in AUTHORIZATIONS:
            answer = client.get(f"/api/v1{path}", environ_overrides={"HTTP_AUTHORIZATION": header})
            assert (answer.status_code, answer.json["code"]) == (401, "unauthenticated")
            assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_malformed_capability_opens_nothing(office: Office) -> None:
    path = f"/api/v1/inquiries/{office.file()['number']}"
    for token in ("", "x", "\x01", "é", "a" * 10_000):
        answer = office.anybody.client.get(path, environ_overrides={"HTTP_X_TRACKING_TOKEN": token})
        assert (answer.status_code, answer.json["code"]) == (401, "unauthenticated")


ODD = [
    "%00",
    "a%00b",
    "%ff%fe",
    "%ED%A0%80",
    "..%2f..%2fetc",
    "%F0%9F%98%80",
    "'%20OR%201=1--",
    "%7B%7B7*7%7D%7D",
    "a" * 5000,
    "%0d%0aX:y",
    "-",
    "２０２６",
]


def test_odd_characters_in_a_path_find_nothing(office: Office, subtests) -> None:
    filed = office.file()
    citizen, staff = office.citizen(filed["tracking_token"]), office.staff("window_a")
    for odd in ODD:
        with subtests.test(odd[:40]):
            assert {answer.status_code for answer in asked(office, citizen, staff, filed["number"], odd)} == {
                404
            }


def asked(office: Office, citizen: Api, staff: Api, number: str, odd: str) -> list[Any]:
    """Every address with a name in it, asked for something odd."""
    return [
        citizen.get(f"/inquiries/{odd}"),
        citizen.get(f"/inquiries/{number}/attachments/{odd}"),
        citizen.post(f"/inquiries/{odd}/supplements", {"text": "补"}),
        staff.get(f"/staff/inquiries/{odd}"),
        staff.get(f"/staff/inquiries/{number}/attachments/{odd}"),
        staff.post(f"/staff/inquiries/{odd}/closing", {"outcome": "answered", "reply": "好"}, version=1),
        staff.post(f"/staff/handoffs/{odd}/acceptance", version=1),
        staff.post(f"/staff/handoffs/{odd}/return", {"reason": "r", "clause": "c"}, version=1),
        office.anybody.get(f"/signs/{odd}"),
        office.anybody.get(f"/nowhere/{odd}"),
    ]


CURSORS = [
    "x",
    "!!!!",
    "é",
    "W10",
    "e30",
    "bnVsbA",
    "MQ",
    "WyIyMDI2LTAxLTAxIiwgIngiXQ",
    "WzEsIDJd",
    "eyJhIjoxLCJiIjoyfQ",
    "a" * 20_000,
]
SPOILT = [
    ["0001-01-01T00:00:00+23:59", "0" * 32],
    ["9999-12-31T23:59:59-23:59", "0" * 32],
    ["2026-11-16T09:00:00+08:00", "a\0b"],
    ["2026-11-16T09:00:00+08:00", "\ud800"],
    ["2026-11-16T09:00:00+08:00", [1]],
    ["2026-11-16T09:00:00+08:00", "0" * 100_000],
    ["2026-11-16T09:00:00", "0" * 32],
]


def encoded(place: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


def test_a_cursor_we_never_gave_is_refused(office: Office, subtests) -> None:
    staff = office.staff("window_a")
    for box in ("todo", "closed"):
        for cursor in (*CURSORS, *map(encoded, SPOILT)):
            with subtests.test(box, cursor=cursor[:40]):
                answer = staff.get("/staff/inquiries", query_string={"box": box, "cursor": cursor})
                assert (answer.status_code, answer.json["code"]) == (400, "cursor_invalid")


def test_an_unknown_box_is_refused(office: Office) -> None:
    for box in ("", "nothing", "TODO", "todo%00", "%ff"):
        answer = office.staff("window_a").get(f"/staff/inquiries?box={box}")
        assert (answer.status_code, errors(answer)) == (422, [("/box", "choice_invalid")])


NOT_THERE = [
    ("PATCH", "/inquiries", 405),
    ("DELETE", "/inquiries/x", 405),
    ("BREW", "/inquiries", 405),
    ("GET", "/staff/sessions", 405),
    ("POST", "/signs/x", 405),
    ("GET", "/", 404),
    ("GET", "/inquiries/x/y/z", 404),
]
HOSTS = ["a b", "evil.example:99999", "\x01", "[::1", "a/b", ""]


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_what_does_not_exist_is_said_so(office: Office) -> None:
    client = office.anybody.client
    for method, path, status in NOT_THERE:
        assert client.open(f"/api/v1{path}", method=method).status_code == status
    for host in HOSTS:
        answer = client.get("/api/v1/signs/x", environ_overrides={"HTTP_HOST": host})
        assert answer.status_code in {400, 404}
    assert client.get("/static/nothing", headers={"Range": "bytes=9-"}).status_code == 404


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_range_beyond_a_static_file_is_no_fault_of_ours(office: Office) -> None:
    folder = Path(office.app.static_folder or "")
    file = next(path for path in sorted(folder.rglob("*")) if path.is_file())
    answer = office.anybody.client.get(
        f"/static/{file.relative_to(folder).as_posix()}", headers={"Range": "bytes=99999999-"}
    )
    assert answer.status_code == 400
