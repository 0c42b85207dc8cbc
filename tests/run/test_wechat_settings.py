"""The WECHAT_* variables: what is taken, what is refused in one line, and what `preflight` finds before a start."""

from __future__ import annotations

from dataclasses import replace

import pytest

from backend.preflight import problems_of_wechat
from backend.settings import Settings, SettingsInvalid, WechatSettings

SET = {"WECHAT_APP_ID": "wx0123456789abcdef", "WECHAT_APP_SECRET": "a-secret"}
READY = SET | {"WECHAT_PUSH_TOKEN": "token", "WECHAT_AES_KEY": "A" * 43}


def wechat(tmp_path, **given):
    return Settings.from_env({"DATA_DIR": str(tmp_path)} | given).wechat


def test_without_an_app_there_is_no_wechat(tmp_path):
    assert wechat(tmp_path, WECHAT_APP_SECRET="a-secret", WECHAT_AES_KEY="short") is None


def test_every_variable_is_taken(tmp_path):
    assert wechat(
        tmp_path,
        **READY,
        WECHAT_API_URL="https://api2.weixin.qq.com/",
        WECHAT_ORIGINAL_ID="gh_0",
        WECHAT_CONNECT_SECONDS="1.5",
        WECHAT_READ_SECONDS="4",
        WECHAT_MINIPROGRAM_STATE="trial",
        WECHAT_TEMPLATES="progress=T1, result = T2 ,",
        WECHAT_LONG_TERM="progress",
    ) == WechatSettings(
        app_id="wx0123456789abcdef",
        app_secret="a-secret",
        push_token="token",
        aes_key="A" * 43,
        original_id="gh_0",
        api_url="https://api2.weixin.qq.com",
        connect_seconds=1.5,
        read_seconds=4.0,
        miniprogram_state="trial",
        templates={"progress": "T1", "result": "T2"},
        long_term=frozenset({"progress"}),
    )


def test_by_default_it_is_the_real_wechat_and_the_released_mini_program(tmp_path):
    found = wechat(tmp_path, **SET)
    assert (found.api_url, found.miniprogram_state) == ("https://api.weixin.qq.com", "formal")
    assert not found.is_simulated


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"WECHAT_APP_SECRET": ""}, "WECHAT_APP_SECRET"),
        ({"WECHAT_AES_KEY": "A" * 44}, "WECHAT_AES_KEY"),
        ({"WECHAT_API_URL": "api.weixin.qq.com"}, "WECHAT_API_URL"),
        ({"WECHAT_MINIPROGRAM_STATE": "release"}, "WECHAT_MINIPROGRAM_STATE"),
        ({"WECHAT_READ_SECONDS": "soon"}, "WECHAT_READ_SECONDS"),
        ({"WECHAT_READ_SECONDS": "nan"}, "WECHAT_READ_SECONDS"),
        ({"WECHAT_CONNECT_SECONDS": "30"}, "WECHAT_CONNECT_SECONDS"),
        ({"WECHAT_TEMPLATES": "progress"}, "WECHAT_TEMPLATES"),
        ({"WECHAT_TEMPLATES": "progress="}, "WECHAT_TEMPLATES"),
    ],
)
def test_what_cannot_be_meant_is_refused_by_name(tmp_path, changes, name):
    with pytest.raises(SettingsInvalid, match=name):
        wechat(tmp_path, **(READY | changes))


def test_nothing_secret_shows(tmp_path):
    settings = Settings.from_env({"DATA_DIR": str(tmp_path)} | READY)
    assert [secret for secret in ("a-secret", "token'", "A" * 43) if secret in repr(settings)] == []


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"WECHAT_API_URL": "http://127.0.0.1:8001"}, "WECHAT_API_URL 要以 https:// 开头"),
        ({"WECHAT_PUSH_TOKEN": ""}, "还要设置 WECHAT_PUSH_TOKEN 和 WECHAT_AES_KEY"),
        ({"WECHAT_AES_KEY": ""}, "还要设置 WECHAT_PUSH_TOKEN 和 WECHAT_AES_KEY"),
        ({"WECHAT_MINIPROGRAM_STATE": "developer"}, "群众打不开开发版"),
    ],
)
def test_production_refuses_what_only_a_rehearsal_may_have(tmp_path, changes, line):
    settings = Settings.from_env({"DATA_DIR": str(tmp_path), "PRODUCTION": "1"} | READY | changes)
    (problem,) = problems_of_wechat(settings)
    assert line in problem
    assert problems_of_wechat(replace(settings, production=False)) == []


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"WECHAT_AES_KEY": "密" * 43}, "WECHAT_AES_KEY 不是"),
        ({"WECHAT_AES_KEY": "!" * 43}, "WECHAT_AES_KEY 不是"),
        ({"WECHAT_TEMPLATES": "progres=T1"}, "WECHAT_TEMPLATES 里有系统没有的消息：progres"),
        ({"WECHAT_LONG_TERM": "progress"}, "WECHAT_LONG_TERM 里的 progress"),
    ],
)
def test_what_would_fail_in_silence_is_refused_everywhere(tmp_path, changes, line):
    for production in ("0", "1"):
        settings = Settings.from_env({"DATA_DIR": str(tmp_path), "PRODUCTION": production} | READY | changes)
        (problem,) = problems_of_wechat(settings)
        assert line in problem


def test_a_sound_set_of_variables_has_no_problem(tmp_path):
    for given in (READY | {"WECHAT_TEMPLATES": "progress=T1", "WECHAT_LONG_TERM": "progress"}, {}):
        settings = Settings.from_env({"DATA_DIR": str(tmp_path), "PRODUCTION": "1"} | given)
        assert problems_of_wechat(settings) == []
