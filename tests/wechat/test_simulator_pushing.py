"""Pushes: signed as the mode wants, in JSON and XML, again and again until answered, doubled, swapped, spoilt, replayed."""

from __future__ import annotations

import json
import re
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Condition, Thread
from urllib.parse import parse_qs, urlsplit

import pytest
import xmltodict
from wechatpy.crypto import WeChatCrypto
from wechatpy.utils import WeChatSigner

from backend.wechat.crypto import PushCipher, parse_push
from backend.wechat.simulator.events import event_json, event_xml
from tests.support.wechat import new_app
from tests.support.wechat_inside import NOON

HEAD = {"ToUserName": "gh_123", "FromUserName": "o123", "CreateTime": "1620973045", "MsgType": "event"}
ITEM = {"TemplateId": "t1", "SubscribeStatusString": "accept", "PopupScene": "0"}


class Callback:
    """What receives pushes: notes them and answers as it is told."""

    def __init__(self):
        outer = self
        self.got, self.changed = [], Condition()
        self.answers = []  # (status, body, seconds) to come, then (200, "success", 0)

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                query = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
                with outer.changed:
                    outer.got.append((self.command, query, self.headers.get("Content-Type"), body))
                    outer.changed.notify_all()
                    status, text, seconds = outer.answers.pop(0) if outer.answers else (200, "success", 0)
                    if seconds:
                        outer.changed.wait_for(lambda: outer.is_over, seconds)
                answer = (query.get("echostr", "") if text == "echo" else text).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def do_GET(self):
                self.do_POST()

            def log_message(self, *_):
                pass

        class Server(ThreadingHTTPServer):
            def handle_error(self, *_):
                pass  # the simulator has hung up

        self.is_over = False
        self.server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/callback"
        Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def wait(self, count):
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.got) >= count, 15), self.got
            return list(self.got)

    def close(self):
        with self.changed:
            self.is_over = True
            self.changed.notify_all()
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def callback():
    running = Callback()
    yield running
    running.close()


@pytest.fixture
def app_with(simulator, callback):
    """Makes apps that push to the callback."""
    made = []

    def make(**asked):
        made.append(new_app(simulator, callback_url=callback.url, **asked))
        made[-1].at(NOON)
        return made[-1]

    yield make
    for app in made:
        simulator.ask("DELETE", f"/apps/{app.app_id}")
    simulator.ask("POST", "/clock", {"offset_seconds": 0})


def sha1_of(*parts):
    signer = WeChatSigner()
    signer.add_data(*parts)
    return signer.signature


@pytest.mark.parametrize("written", ["json", "xml"])
@pytest.mark.parametrize("mode", ["plain", "compat", "safe"])
def test_every_mode_and_format_is_signed_and_opens(app_with, callback, mode, written):
    app = app_with(mode=mode, format=written)
    app.accept("王女士", "progress")
    [(method, query, content_type, body)] = callback.wait(1)
    assert (method, content_type) == ("POST", {"json": "application/json", "xml": "text/xml"}[written])
    assert query["signature"] == sha1_of(app.push_token, query["timestamp"], query["nonce"])
    assert query["timestamp"] == str(int(NOON.timestamp()))
    outer = parse_push(body, content_type)
    assert outer["ToUserName"] == app.original_id
    if mode == "plain":
        assert set(query) == {"signature", "timestamp", "nonce"}
        event = outer
    else:
        assert query["encrypt_type"] == "aes"
        assert query["openid"] == app.openid("王女士")
        cipher = PushCipher(app.app_id, app.push_token, app.aes_key)
        plain = cipher.open(outer["Encrypt"], query["timestamp"], query["nonce"], query["msg_signature"])
        event = parse_push(plain, content_type)
        if mode == "compat":
            assert {name: value for name, value in outer.items() if name != "Encrypt"} == event
        else:
            assert set(outer) == {"ToUserName", "Encrypt"}
    assert (event["MsgType"], event["Event"]) == ("event", "subscribe_msg_popup_event")
    assert event["FromUserName"] == app.openid("王女士")
    inner = event if written == "json" else event["SubscribeMsgPopupEvent"]
    assert inner["List"] == ITEM | {"TemplateId": app.templates["progress"]}


def test_another_library_opens_a_safe_push(app_with, callback):
    app = app_with(format="xml")
    app.accept("王女士", "progress", "result")
    [(_, query, _, body)] = callback.wait(1)
    crypto = WeChatCrypto(app.push_token, app.aes_key, app.app_id)
    plain = crypto.decrypt_message(body, query["msg_signature"], query["timestamp"], query["nonce"])
    found = xmltodict.parse(plain)["xml"]["SubscribeMsgPopupEvent"]["List"]
    assert [each["TemplateId"] for each in found] == [app.templates[key] for key in ("progress", "result")]


def test_json_flattens_and_one_item_is_an_object():
    one = json.loads(event_json(HEAD | {"Event": "subscribe_msg_popup_event"}, [ITEM], {}))
    assert one == HEAD | {"Event": "subscribe_msg_popup_event", "List": ITEM}
    assert json.loads(event_json(HEAD, [ITEM, ITEM], {}))["List"] == [ITEM, ITEM]
    assert " FromUserName" in json.loads(event_json(HEAD, None, {"OpenID": "o1"}, spaced=True))


def test_xml_nests_and_repeats():
    body = event_xml(
        HEAD | {"Event": "subscribe_msg_sent_event"}, [ITEM, ITEM], {"version": 2, "result": {"label": 1}}
    )
    assert b"<CreateTime><![CDATA[1620973045]]></CreateTime>" in body
    found = xmltodict.parse(body)["xml"]
    assert found["SubscribeMsgSentEvent"]["List"] == [ITEM, ITEM]
    assert (found["version"], found["result"]) == ("2", {"label": "1"})


def test_text_cannot_break_out_of_its_element():
    body = event_xml(HEAD, None, {"detail": "]]></detail><x>1</x>"})
    assert xmltodict.parse(body)["xml"]["detail"] == "]]></detail><x>1</x>"


def test_what_is_not_answered_is_attempted_three_times_and_no_more(app_with, callback):
    app = app_with()
    callback.answers = [(500, "no", 0)] * 4
    push = app.push("user_info_modified", person="王女士", fields={"OpenID": "x"})
    assert [each["status"] for each in push["attempts"]] == [500, 500, 500]
    bodies = {body for _, _, _, body in callback.wait(3)}
    assert len(bodies) == 1, "each attempt is the same"
    callback.answers = [(500, "no", 0)]
    assert [each["status"] for each in app.push("debug_demo")["attempts"]] == [500, 200]


def test_who_does_not_answer_in_time_is_hung_up_on(app_with, callback):
    app = app_with()
    app.change(push_timeout=0.2)
    callback.answers = [(200, "success", 10)]
    push = app.push("debug_demo")
    assert [(each["status"], each["answer"]) for each in push["attempts"]] == [
        (None, "ReadTimeout"),
        (200, "success"),
    ]


def test_an_address_nobody_listens_at_is_attempted_too(app_with):
    app = app_with()
    app.change(callback_url="http://127.0.0.1:9/callback")
    assert [each["status"] for each in app.push("debug_demo")["attempts"]] == [None] * 3


def test_events_can_come_twice(app_with, callback):
    app = app_with()
    app.change(push_times=2)
    app.accept("王女士", "progress")
    first, second = callback.wait(2)
    assert first == second
    app.push("debug_demo", times=3)
    assert len(callback.wait(5)) == 5


def test_events_can_come_in_the_wrong_order(app_with, callback):
    app = app_with(mode="plain")
    app.change(push_reordered=True)
    app.accept("王女士", "progress")
    app.withdraw("王女士", "progress")
    order = [json.loads(body)["Event"] for _, _, _, body in callback.wait(2)]
    assert order == ["subscribe_msg_change_event", "subscribe_msg_popup_event"]


@pytest.mark.parametrize("way", ["asked for", "always"])
def test_a_signature_can_be_wrong(app_with, callback, way):
    app = app_with()
    if way == "always":
        app.change(push_bad_signature=True)
        app.accept("王女士", "progress")
    else:
        app.push("debug_demo", bad_signature=True)
    [(_, query, _, body)] = callback.wait(1)
    right = sha1_of(app.push_token, query["timestamp"], query["nonce"])
    encrypt = json.loads(body)["Encrypt"]
    assert query["signature"] != right
    assert query["msg_signature"] != sha1_of(app.push_token, query["timestamp"], query["nonce"], encrypt)


def test_a_push_can_be_replayed_as_it_was(app_with, callback):
    app = app_with()
    first = app.push("debug_demo")
    app.push(replay=first["id"])
    one, two = callback.wait(2)
    assert one == two


def test_a_push_can_be_of_any_time_and_only_made(app_with, callback):
    app = app_with(mode="plain")
    push = app.push("debug_demo", at="2026-11-16T08:00:00+08:00", send=False, fields={"debug_str": "hello"})
    assert push["query"]["timestamp"] == str(int(NOON.timestamp()) - 4 * 3600)
    assert json.loads(push["body"])["debug_str"] == "hello"
    assert push["attempts"] == []
    assert callback.got == []


def test_keys_may_come_with_spaces(app_with):
    app = app_with(mode="plain")
    push = app.push("user_authorization_cancellation", spaced_keys=True, send=False, fields={"OpenID": "o1"})
    assert json.loads(push["body"])[" OpenID"] == "o1"


def test_the_callback_is_verified_by_its_echo(app_with, callback):
    app = app_with()
    callback.answers = [(200, "echo", 0), (200, "something", 0), (403, "no", 0)]
    assert [app.verify()["is_verified"] for _ in range(3)] == [True, False, False]
    method, query, _, body = callback.got[0]
    assert (method, body) == ("GET", b"")
    assert query["signature"] == sha1_of(app.push_token, query["timestamp"], query["nonce"])
    assert re.fullmatch(r"\d{19}", query["echostr"])


def test_without_a_callback_events_are_only_kept(wechat_app):
    wechat_app.accept("王女士", "progress")
    [push] = wechat_app.pushes(done=1)
    assert (push["event"], push["attempts"], push["is_done"]) == ("subscribe_msg_popup_event", [], True)
