"""The file by which WeChat checks who owns the addresses in the QR codes (the rule for ordinary links)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from backend import create_app
from backend.settings import Settings, SettingsInvalid

TEXT = "3d1a0c9a6a0f4c7f8a1e2b3c4d5e6f70"


@pytest.fixture
def client(settings):
    app = create_app(replace(settings, wechat_verification={"Abc_123.txt": TEXT}))
    return app.test_client()


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize("address", ["/s/Abc_123.txt", "/Abc_123.txt"])
def test_it_is_served_to_the_letter_beside_the_signs_and_at_the_root(client, address):
    answer = client.get(address)
    assert (answer.status_code, answer.get_data(as_text=True)) == (200, TEXT)
    assert answer.mimetype == "text/plain"


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize("address", ["/s/other.txt", "/other.txt", "/s/Abc_123.txt.txt"])
def test_another_name_is_not_found(client, address):
    assert client.get(address).status_code == 404


def test_the_setting_takes_several(tmp_path):
    found = Settings.from_env({"DATA_DIR": str(tmp_path), "WECHAT_VERIFICATION": f"a.txt={TEXT}, b.txt = x"})
    assert found.wechat_verification == {"a.txt": TEXT, "b.txt": "x"}


@pytest.mark.parametrize("given", ["a.txt", "a.txt=", "../a.txt=x", "a.html=x"])
def test_what_is_no_file_of_wechat_is_refused_in_one_line(tmp_path, given):
    with pytest.raises(SettingsInvalid, match="WECHAT_VERIFICATION"):
        Settings.from_env({"DATA_DIR": str(tmp_path), "WECHAT_VERIFICATION": given})
