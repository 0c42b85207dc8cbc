"""demo.json: rewritten at each start, whole, for its owner only, without what no longer works."""

from __future__ import annotations

import stat
from dataclasses import replace

import pytest

from backend.database import reading, unit_of_work
from backend.domain.vocabulary import Role
from backend.handout import read_handout, refresh, write_handout
from backend.preflight import database_only
from backend.settings import WechatSettings
from tests.support import rows
from tests.support.rows import DAY, NOW


@pytest.fixture
def refreshed(settings):
    """What the next start writes, for a former file that lists every account and sign of the database."""

    def make(change=lambda session, person, sign: None):
        with database_only(settings) as app, app.app_context():
            with unit_of_work() as session:
                unit = rows.unit(session, name="某区行政审批局")
                window = rows.section(session, unit, name="综合窗口")
                person = rows.staff(session, unit, window, username="one")
                rows.staff(session, unit, username="two")
                rows.role_grant(session, person, Role.POST_HOLDER, section_id=window.id)
                rows.role_grant(session, person, Role.HANDLER, section_id=window.id)
                first = rows.sign(session, rows.post(session, unit, window), code="A" * 16)
                rows.sign(session, rows.post(session, unit), code="B" * 16)
                change(session, person, first)
            former = {
                "base_url": "http://127.0.0.1:1",
                "signs": [{"code": code * 16, "url": f"http://127.0.0.1:1/s/{code * 16}"} for code in "AB"],
                "staff": [
                    {"username": "one", "password": "first", "roles": [], "unit": "x", "section": "x"},
                    {"username": "two", "password": "second", "totp_secret": "S", "roles": [], "unit": "x"},
                    {"username": "gone", "password": "third", "roles": []},
                ],
            }
            with reading() as session:
                return refresh(session, former, replace(settings, base_url="https://new.example.cn"), NOW)

    return make


def test_addresses_names_and_roles_are_of_today_and_passwords_of_the_first_day(refreshed):
    assert refreshed() == {
        "base_url": "https://new.example.cn",
        "simulator_url": None,
        "wechat": None,
        "signs": [
            {
                "code": "A" * 16,
                "url": "https://new.example.cn/s/" + "A" * 16,
                "unit": "某区行政审批局",
                "section": "综合窗口",
            },
            {
                "code": "B" * 16,
                "url": "https://new.example.cn/s/" + "B" * 16,
                "unit": "某区行政审批局",
                "section": None,
            },
        ],
        "staff": [
            {
                "username": "one",
                "password": "first",
                "roles": ["handler", "post_holder"],
                "unit": "某区行政审批局",
                "section": "综合窗口",
            },
            {
                "username": "two",
                "password": "second",
                "totp_secret": "S",
                "roles": [],
                "unit": "某区行政审批局",
                "section": None,
            },
        ],
    }


def test_the_wechat_of_today_stands_in_it(settings):
    wechat = WechatSettings("wx0123456789abcdef", "secret", templates={"progress": "one"})
    with database_only(settings) as app, app.app_context(), reading() as session:
        handout = refresh(
            session,
            {"signs": [], "staff": [], "simulator_url": "http://127.0.0.1:1", "wechat": None},
            replace(settings, wechat=wechat),
            NOW,
            "http://127.0.0.1:8001",
        )
    assert handout["simulator_url"] == "http://127.0.0.1:8001"
    assert handout["wechat"] == {"appid": "wx0123456789abcdef", "templates": {"progress": "one"}}


def test_a_closed_account_is_left_out(refreshed):
    handout = refreshed(lambda session, person, sign: setattr(person, "is_active", False))
    assert [entry["username"] for entry in handout["staff"]] == ["two"]


def test_an_absent_person_is_left_out(refreshed):
    handout = refreshed(lambda session, person, sign: rows.absence(session, person))
    assert [entry["username"] for entry in handout["staff"]] == ["two"]


def test_a_retired_sign_is_left_out(refreshed):
    handout = refreshed(lambda session, person, sign: setattr(sign, "retired_at", NOW - DAY))
    assert [entry["code"] for entry in handout["signs"]] == ["B" * 16]


def test_the_file_is_replaced_whole_and_closed_to_others(tmp_path):
    path = tmp_path / "demo.json"
    write_handout(path, {"signs": ["旧"]})
    path.chmod(0o644)
    write_handout(path, {"signs": []})
    assert read_handout(path) == {"signs": []}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [left.name for left in tmp_path.iterdir()] == ["demo.json"]


@pytest.mark.parametrize("content", [None, "", "{", "[]"])
def test_a_file_that_is_missing_or_spoilt_says_nothing(tmp_path, content):
    path = tmp_path / "demo.json"
    if content is not None:
        path.write_text(content, "utf-8")
    assert read_handout(path) is None
