"""Nothing that names or finds a citizen reaches a log."""

from __future__ import annotations

import json
import logging

import pytest
import structlog

from backend.logs import REDACTED, bind_request, clear_request, configure_logging, redact_path, redact_text


@pytest.fixture
def lines(capsys, request):
    """Configure logging for production (or not, by parameter) and give what was printed since."""
    root = logging.getLogger()
    handlers, level, before = root.handlers[:], root.level, structlog.get_config()
    configure_logging(production=getattr(request, "param", True))
    yield lambda: capsys.readouterr().out.splitlines()
    clear_request()
    structlog.configure(**before)
    root.handlers[:], root.level = handlers, level


@pytest.mark.parametrize(
    ("path", "logged"),
    [
        ("/t/AbC-_9xyz", f"/t/{REDACTED}"),
        ("/t/AbC-_9xyz/rating", f"/t/{REDACTED}/rating"),
        ("/surveys/q1w2e3", f"/surveys/{REDACTED}"),
        ("/media/q1w2e3", f"/media/{REDACTED}"),
        ("/wechat/callback?openid=o1&signature=s", "/wechat/callback"),
        ("/api/v1/surveys/q1w2e3", f"/api/v1/surveys/{REDACTED}"),
        ("/lookup?number=2026ABC&phone_tail=5678", "/lookup"),
        ("/s/0123456789ABCDEF", "/s/0123456789ABCDEF"),
        ("/staff", "/staff"),
    ],
)
def test_a_path_is_logged_without_its_capability_and_query(path, logged):
    assert redact_path(path) == logged


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("GET http://127.0.0.1:8000/t/AbC9xyz 200", "AbC9xyz"),
        ("referer=https://x.test/surveys/q1w2e3?x=1", "q1w2e3"),
        ("/lookup?phone_tail=5678 not found", "5678"),
        ("Authorization: Bearer abc.def-ghi", "abc.def-ghi"),
        ("Cookie: session=s3cr3t; other=m0re", "m0re"),
        ('{"token": "s3cr3t", "x": 1}', "s3cr3t"),
        ("password=s3cr3t&x=1", "s3cr3t"),
        ("secret=s3cr3t in /cgi-bin/token", "s3cr3t"),
        ("postgresql+psycopg://app:s3cr3t@db.test/shouwen", "s3cr3t"),
        ("来电 13812345678 要求回复", "13812345678"),
        ("电话+86 138-1234-5678。", "138-1234-5678"),
        ("座机 0830-1234567", "0830-1234567"),
        ("座机 0519 82345678", "82345678"),
    ],
)
def test_a_secret_inside_a_text_is_taken_out(text, secret):
    assert secret not in redact_text(text)
    assert REDACTED in redact_text(text) or "?" in text


@pytest.mark.parametrize(
    "text",
    [
        "inquiry 3f1380000000012345678901abcdef12 closed in 12 ms",
        "started at 2026-11-24T17:30:00+08:00 with 8 threads",
        "8000 端口 /api/v1/inquiries 201",
        "database is at revision 0001",
    ],
)
def test_ordinary_facts_stay_readable(text):
    assert redact_text(text) == text


@pytest.mark.parametrize(
    "field",
    [
        "token",
        "tracking_token",
        "password",
        "totp_secret",
        "authorization",
        "phone",
        "phone_tail",
        "content",
        "body",
    ],
)
def test_a_field_that_would_hold_a_secret_or_a_body_is_dropped_by_name(lines, field):
    structlog.get_logger().info("filed", **{field: "canary"})
    (line,) = lines()
    assert json.loads(line)[field] == REDACTED


def test_nested_values_are_redacted_too(lines):
    structlog.get_logger().info("sent", detail={"to": ["13812345678"], "token": "canary"})
    (line,) = lines()
    assert "13812345678" not in line
    assert "canary" not in line


def test_lines_of_libraries_and_tracebacks_pass_the_same_processor(lines):
    try:
        raise ValueError("phone 13812345678 at /t/canary")
    except ValueError:
        logging.getLogger("some.library").exception("failed for %s", "13912345678")
    (line,) = lines()
    record = json.loads(line)
    assert "ValueError" in record["exception"]
    for secret in ("13812345678", "13912345678", "canary"):
        assert secret not in line


def test_production_lines_are_json_with_the_request_id(lines):
    bind_request("0af3")
    structlog.get_logger().warning("busy", attempt=2)
    clear_request()
    structlog.get_logger().info("idle")
    first, second = map(json.loads, lines())
    assert first | {"timestamp": ""} == {
        "event": "busy",
        "attempt": 2,
        "level": "warning",
        "request_id": "0af3",
        "timestamp": "",
    }
    assert "request_id" not in second


@pytest.mark.parametrize("lines", [False], indirect=True)
def test_outside_production_a_line_is_plain_text(lines):
    logging.getLogger("gunicorn.error").info("Listening at: %s", "http://127.0.0.1:8000")
    structlog.get_logger().info("request", path="/t/canary", status=200)
    first, second = lines()
    assert first.endswith(" info: Listening at: http://127.0.0.1:8000")
    assert second.endswith(f" info: request path=/t/{REDACTED} status=200")


def test_setting_up_twice_does_not_print_twice(lines):
    configure_logging(production=True)
    structlog.get_logger().info("once")
    assert len(lines()) == 1
