"""Clients nobody here wrote work against the simulator: node-easywechat for Node, wechatpy's own client for Python."""

from __future__ import annotations

import fcntl
import hashlib
import json
import shutil
import subprocess
from pathlib import Path

import pytest
from requests.adapters import HTTPAdapter
from wechatpy.client import WeChatClient
from wechatpy.exceptions import WeChatClientException

from tests.support.running import ROOT

FOLDER = Path(__file__).with_name("client")
DATA = {
    "character_string1": "JT2026****0012",
    "thing2": "某某区行政审批局",
    "phrase3": "已受理",
    "time4": "2026年11月16日 09:00",
    "thing5": "点开看到了哪一步",
}
VALUES = {key: {"value": text} for key, text in DATA.items()}


@pytest.fixture(scope="session")
def modules():
    """Where node-easywechat is installed: beside the virtual environment, once for each state of the lock."""
    assert shutil.which("node"), "node is missing; `make test` installs it"
    assert shutil.which("npm"), "npm is missing; `make test` installs it"
    lock = (FOLDER / "package-lock.json").read_bytes()
    place = ROOT / ".venv" / "node" / f"simulator-client-{hashlib.sha256(lock).hexdigest()[:16]}"
    place.parent.mkdir(exist_ok=True)
    with (place.parent / "lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not (place / "installed").exists():
            shutil.rmtree(place, ignore_errors=True)
            place.mkdir()
            for name in ("package.json", "package-lock.json", ".npmrc"):
                shutil.copy(FOLDER / name, place / name)
            done = subprocess.run(
                ["npm", "ci"], cwd=place, capture_output=True, text=True, check=False, timeout=100
            )
            assert done.returncode == 0, done.stderr
            (place / "installed").touch()
    return place


def test_node_easywechat_signs_in_sends_and_opens_pushes(simulator, wechat_app, modules):
    wechat_app.accept("王女士", "progress")
    given = {
        "modules": str(modules),
        "url": simulator.url,
        "app_id": wechat_app.app_id,
        "secret": wechat_app.secret,
        "push_token": wechat_app.push_token,
        "aes_key": wechat_app.aes_key,
        "name": "王女士",
        "js_code": wechat_app.login("王女士"),
        "phone_code": wechat_app.phone("王女士"),
        "template_id": wechat_app.templates["progress"],
        "page": "pages/inquiry/index?number=1",
        "data": VALUES,
        "too_long": VALUES | {"thing5": {"value": "字" * 21}},
    }
    done = subprocess.run(
        ["node", str(FOLDER / "script.mjs")],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["openid"] == wechat_app.openid("王女士")
    assert '"errcode":40163' in found["codeAgain"]
    assert (found["stable"], found["plain"]) == (512, 512)
    assert (found["sent"]["errcode"], found["sentAgain"]["errcode"]) == (0, 43101)
    assert found["tooLong"]["errcode"] == 47003
    assert found["tooLong"]["errmsg"].startswith("argument invalid! data.thing5.value invalid rid: ")
    assert found["phone"]["phone_info"]["purePhoneNumber"] == "13800138000"
    assert found["text"]["result"] == {"suggest": "risky", "label": 20006}
    assert found["templates"] == list(wechat_app.templates.values())
    assert found["image"] == {"type": "image/jpeg", "is": True, "start": [0xFF, 0xD8, 0xFF]}
    assert found["pushed"][:2] == [["user_info_modified", found["openid"]]] * 2
    assert found["answers"] == [[[200, "success"]]] * 2
    assert found["pushed"][2:] == ["Invalid request signature."] * 3
    assert found["verified"]
    assert [message["data"] for message in wechat_app.messages("王女士")] == [DATA]


class Elsewhere(HTTPAdapter):
    """Leads everything asked of WeChat's address to the simulator."""

    def __init__(self, url):
        super().__init__()
        self.url = url

    def send(self, request, **more):
        request.url = request.url.replace("https://api.weixin.qq.com", self.url)
        return super().send(request, **more)


def test_wechatpy_sends_and_fetches_templates_and_codes(simulator, wechat_app):
    wechat_app.accept("王女士", "progress")
    client = WeChatClient(wechat_app.app_id, wechat_app.secret, auto_retry=False)
    client._http.mount("https://api.weixin.qq.com/", Elsewhere(simulator.url))
    openid = client.wxa.code_to_session(wechat_app.login("王女士"))["openid"]
    assert openid == wechat_app.openid("王女士")
    message = (openid, wechat_app.templates["progress"], VALUES, "pages/inquiry/index?number=1")
    assert client.wxa.send_subscribe_message(*message)["errcode"] == 0
    with pytest.raises(WeChatClientException) as refused:
        client.wxa.send_subscribe_message(*message)
    assert refused.value.errcode == 43101
    listed = client.get("https://api.weixin.qq.com/wxaapi/newtmpl/gettemplate")["data"]
    assert [each["priTmplId"] for each in listed] == list(wechat_app.templates.values())
    image = client.wxa.get_wxa_code_unlimited("ABC123", page="pages/sign/index")
    assert image.content.startswith(b"\xff\xd8\xff")
    assert client.misc.get_wechat_ips() == ["127.0.0.1"]
    assert len(wechat_app.requests("/cgi-bin/token")) == 1
    wechat_app.expire_tokens()
    with pytest.raises(WeChatClientException) as expired:
        client.misc.get_wechat_ips()
    assert expired.value.errcode == 42001
    client._http.close()
