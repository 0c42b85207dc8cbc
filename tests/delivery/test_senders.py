"""Which ways out an installation has."""

from __future__ import annotations

import pytest

from backend.delivery.senders import WechatSender, senders_of
from backend.settings import Settings, SettingsInvalid
from tests.delivery.posting import FakeSender


def text_messages(app):
    """What SMS_SENDER names in a test."""
    assert app.extensions["shouwen_settings"].sms_sender
    return FakeSender(channel="sms")


def test_without_wechat_there_is_none(office):
    assert senders_of(office.app) == {}


def test_accounts_and_staff_are_told_by_wechat_and_phones_by_what_is_brought_along(wechat_office):
    app = wechat_office.app
    found = senders_of(app)
    assert found.keys() == {"account", "staff"}
    assert all(isinstance(one, WechatSender) for one in found.values())


@pytest.mark.parametrize("given", ["module", "module:", ":make", "a b:make", "module:make()", "m:a:b"])
def test_a_sender_of_text_messages_is_named_by_module_and_function(given):
    with pytest.raises(SettingsInvalid, match="SMS_SENDER"):
        Settings.from_env({"SMS_SENDER": given})


def test_the_named_sender_is_made_with_the_application(office, monkeypatch):
    named = Settings.from_env({"SMS_SENDER": "tests.delivery.test_senders:text_messages"})
    monkeypatch.setitem(office.app.extensions, "shouwen_settings", named)
    assert senders_of(office.app)["citizen"].channel == "sms"
