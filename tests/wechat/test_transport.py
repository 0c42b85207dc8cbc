"""What the wire can do to a call: every failure ends in time, in our words, with the right remedy, and tells nobody."""

from __future__ import annotations

import logging
import socket
import traceback

import pytest
import structlog

from backend.clock import SystemClock
from backend.settings import WechatSettings
from backend.wechat.gateway import Gateway, WechatProblem
from backend.wechat.gateway.problems import Remedy
from backend.wechat.gateway.tokens import Token
from backend.wechat.gateway.transport import LARGEST_ANSWER
from tests.support.running import free_port
from tests.support.scripted_http import cut_short, dripping, hang_up, raw, reset, says, scripted, silence

SECRETS = {
    "secret": "app-secret-0123456789",
    "token": "access-token-0123456789",
    "openid": "openid-0123456789",
    "js_code": "js-code-0123456789",
    "text": "不该出现在日志里的正文",
}
READ_SECONDS = 0.1


class Held:
    """A store that has a token already, and counts what is thrown away."""

    def __init__(self, value=SECRETS["token"]):
        self.token = value and Token.issued(value, 7200, SystemClock().now())
        self.dropped = []

    def get(self):
        return self.token

    def put(self, token):
        self.token = token

    def drop(self, value):
        self.dropped.append(value)
        self.token = None

    def refreshing(self):
        return socket.socket()  # any context manager that does nothing


def gateway_at(url, store=None, **changes):
    settings = WechatSettings(
        app_id="wx0123456789abcdef",
        app_secret=SECRETS["secret"],
        api_url=url,
        **({"connect_seconds": 0.1, "read_seconds": READ_SECONDS} | changes),
    )
    return Gateway(settings, store or Held())


def send(gateway):
    return gateway.send_message(
        SECRETS["openid"], "template", {"thing1": SECRETS["text"]}, "pages/home/index"
    )


CALLS = {
    "send_message": (send, Remedy.UNSURE),
    "sign_in": (lambda gateway: gateway.sign_in(SECRETS["js_code"]), Remedy.SIGN_IN_AGAIN),
    "phone_number": (lambda gateway: gateway.phone_number(SECRETS["js_code"]), Remedy.SIGN_IN_AGAIN),
    "mini_code": (lambda gateway: gateway.mini_code("scene", "pages/sign/index"), Remedy.LATER),
    "check_text": (lambda gateway: gateway.check_text(SECRETS["openid"], SECRETS["text"]), Remedy.LATER),
    "check_media": (
        lambda gateway: gateway.check_media(SECRETS["openid"], "https://a.example/b"),
        Remedy.LATER,
    ),
    "new_token": (lambda gateway: gateway.new_token(), Remedy.LATER),
}
FAULTS = {
    "no answer": (silence, "unanswered"),
    "reset": (reset, "unanswered"),
    "hung up": (hang_up, "unanswered"),
    "cut short": (cut_short, "unanswered"),
    "a drip": (dripping(READ_SECONDS / 3), "unanswered"),
    "too large": (raw(b" " * (LARGEST_ANSWER + 1)), "unanswered"),
    "not HTTP": (lambda client: client.sendall(b"hello\r\n\r\n"), "unanswered"),
    "a page": (raw(b"<html>502</html>", status="502 Bad Gateway", content_type="text/html"), "answer_unreadable"),
    "a redirect": (raw(b"", status="302 Found\r\nLocation: /elsewhere"), "answer_unreadable"),
    "nothing": (raw(b""), "answer_unreadable"),
    "not UTF-8": (raw(b"\xff{}"), "answer_unreadable"),
    "a list": (raw(b"[]"), "answer_unreadable"),
    "an errcode that is none": (says(errcode="busy"), "answer_unreadable"),
    "a good answer with a bad status": (says("500 Oops", errcode=0, openid="o", access_token="t"), "answer_unreadable"),
    "half of it": (says(errmsg="ok"), "answer_incomplete"),
}  # fmt: skip


def everything_said(error, records):
    """All that a careless handler, log or crash report could write."""
    chain, seen = error, []
    while chain is not None:
        seen.append(repr(chain))
        chain = chain.__cause__ or chain.__context__
    return "\n".join([*seen, "".join(traceback.format_exception(error)), *(str(vars(r)) for r in records)])


@pytest.fixture
def logged(caplog):
    caplog.set_level(logging.DEBUG)
    before = structlog.get_config()
    structlog.configure(
        processors=[structlog.stdlib.render_to_log_kwargs],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    yield caplog
    structlog.configure(**before)


TELLING = ("no answer", "reset", "a page", "half of it")
"""The faults tried on every call; the others depend on the wire alone and are tried on two."""


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        (name, kind)
        for name in CALLS
        for kind in FAULTS
        if kind in TELLING or name in {"send_message", "sign_in"}
    ],
)
def test_what_happens_on_the_wire_is_told_by_what_to_do(name, kind, logged):
    (call, remedy), (fault, code) = CALLS[name], FAULTS[kind]
    with scripted(fault) as wechat:
        gateway = gateway_at(wechat.url)
        with pytest.raises(WechatProblem) as raised:
            call(gateway)
    assert (raised.value.code, raised.value.remedy) == (code, remedy)
    assert len(wechat.asked) == 1  # whatever went wrong, it was asked once
    said = everything_said(raised.value, logged.records) + repr(gateway)
    assert [name for name, secret in SECRETS.items() if secret in said] == []


@pytest.mark.parametrize("name", ["send_message", "sign_in"])
@pytest.mark.parametrize(
    "how", ["nobody listens", "no such name", "nobody accepts", "no TLS", "TLS that hangs"]
)
def test_before_anything_has_left_the_remedy_is_later(name, how, monkeypatch):
    with scripted(raw(b"not TLS")) as plain, socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        port = full.getsockname()[1]
        if how == "nobody accepts":
            waiting = [socket.socket() for _ in range(4)]
            for one in waiting:
                one.setblocking(False)
                one.connect_ex(("127.0.0.1", port))
        if how == "no such name":
            monkeypatch.setattr(socket, "getaddrinfo", _unknown)
        url = {
            "nobody listens": f"http://127.0.0.1:{free_port()}",
            "no such name": "http://wechat.invalid",
            "nobody accepts": f"http://127.0.0.1:{port}",
            "no TLS": plain.url.replace("http", "https"),
            "TLS that hangs": f"https://127.0.0.1:{port}",
        }[how]
        gateway = gateway_at(url)
        with pytest.raises(WechatProblem) as raised:
            CALLS[name][0](gateway)
        if how == "nobody accepts":
            for one in waiting:
                one.close()
    assert raised.value.remedy is Remedy.LATER
    assert raised.value.code == ("connection_not_trusted" if how == "no TLS" else "unreachable")


def _unknown(*args, **kwargs):
    raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


def test_an_answer_may_come_in_pieces_and_the_connection_is_used_again():
    def in_pieces(client):
        for piece in (b"HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n", b'{"errc', b'ode":0}'):
            client.sendall(piece)

    with scripted(in_pieces) as wechat:
        gateway = gateway_at(wechat.url, read_seconds=5.0)
        assert [send(gateway), send(gateway)] == [None, None]
        (connection,) = gateway._transport._idle
        assert connection.sock is not None
        gateway.close()
    assert connection.sock is None
    assert len(wechat.asked) == 2


def test_a_base_address_may_have_a_path():
    with scripted(says(openid="o")) as wechat:
        assert gateway_at(f"{wechat.url}/through").sign_in("code").openid == "o"
    assert wechat.asked[0].path == "/through/sns/jscode2session"


def test_a_refused_token_is_replaced_once_and_the_call_repeated_once():
    for errcode in (40001, 40014, 42001, "42001"):
        store = Held()
        refusal, fresh = says(errcode=errcode), says(access_token="second-token", expires_in=7200)
        with scripted(refusal, fresh, says(errcode=0, msgid=2**63)) as wechat:
            assert send(gateway_at(wechat.url, store)) == "9223372036854775808"
        first, second, third = wechat.asked
        assert (first.query, third.query) == (
            {"access_token": SECRETS["token"]},
            {"access_token": "second-token"},
        )
        assert first.body == third.body
        assert second.path == "/cgi-bin/stable_token"
        assert "force_refresh" not in second.body
        assert store.dropped == [SECRETS["token"]]


def test_a_number_longer_than_what_it_is_kept_in_is_cut():
    with scripted(says(errcode=0, msgid="9" * 40)) as wechat:
        assert send(gateway_at(wechat.url, read_seconds=5.0)) == "9" * 32


def test_a_connection_that_was_closed_meanwhile_is_not_used_and_nothing_is_asked_twice():
    def once(client):
        client.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n{"errcode":0}')
        client.shutdown(socket.SHUT_RDWR)

    with scripted(once) as wechat:
        gateway = gateway_at(wechat.url, read_seconds=5.0)
        send(gateway)
        (connection,) = gateway._transport._idle
        connection.sock.recv(1)  # waits for the end of it
        send(gateway)
        gateway.close()
    assert len(wechat.asked) == 2


def test_a_second_refused_token_is_the_end_of_it():
    token = says(access_token="second-token", expires_in=7200)
    answers = (says(errcode=40001), token, says(errcode=42001), says(errcode=0))
    with scripted(*answers) as wechat, pytest.raises(WechatProblem) as raised:
        send(gateway_at(wechat.url))
    assert (raised.value.code, raised.value.remedy, raised.value.errcode) == (
        "token_refused",
        Remedy.LATER,
        42001,
    )
    assert raised.value.__context__ is None
    assert len(wechat.asked) == 3


NO_TOKEN = {
    "no answer": (silence, Remedy.LATER),
    "a page": (raw(b"<html>"), Remedy.LATER),
    "busy": (says(errcode=-1), Remedy.LATER),
    "wrong secret": (says(errcode=40125), Remedy.OPERATOR),
    "an errcode nobody knows": (says(errcode=99999), Remedy.OPERATOR),
    "quota of the day": (says(errcode=45009), Remedy.NEXT_DAY),
    "for how long?": (says(access_token="t"), Remedy.LATER),
    "an empty one": (says(access_token="", expires_in=7200), Remedy.LATER),
}


@pytest.mark.parametrize(("answer", "remedy"), NO_TOKEN.values(), ids=NO_TOKEN)
def test_a_message_is_never_given_up_or_in_doubt_for_want_of_a_token(answer, remedy):
    with scripted(answer) as wechat, pytest.raises(WechatProblem) as raised:
        send(gateway_at(wechat.url, Held(None)))
    assert raised.value.remedy is remedy
    assert [asked.path for asked in wechat.asked] == ["/cgi-bin/stable_token"]


@pytest.mark.parametrize("scene", ["", "a" * 33, "a b", "a%20", "岗牌", 'a"', "a\n"])
def test_a_scene_wechat_would_refuse_is_not_asked_for(scene):
    with scripted(silence) as wechat, pytest.raises(WechatProblem) as raised:
        gateway_at(wechat.url).mini_code(scene, "pages/sign/index")
    assert (raised.value.code, raised.value.remedy) == ("scene_invalid", Remedy.PERMANENT)
    assert wechat.asked == []


def test_a_long_text_is_checked_in_pieces_and_the_worst_counts():
    def verdict(suggest, label):
        return says(errcode=0, result={"suggest": suggest, "label": label})

    text = "甲" * 2500 + "乙" * 2499 + "🙂" + "丙" * 3
    with scripted(verdict("review", 20001), verdict("risky", 20006), verdict("pass", 100)) as wechat:
        found = gateway_at(wechat.url).check_text("o", text)
    assert (found.suggest, found.label) == ("risky", 20006)
    assert [asked.body["content"] for asked in wechat.asked] == ["甲" * 2500, "乙" * 2499, "🙂" + "丙" * 3]
    assert {(asked.body["version"], asked.body["openid"]) for asked in wechat.asked} == {(2, "o")}


def test_an_empty_text_needs_no_check():
    with scripted(silence) as wechat:
        assert gateway_at(wechat.url).check_text("o", "").suggest == "pass"
    assert wechat.asked == []


NO_PHONE = {
    "none": says(errcode=0),
    "no country": says(errcode=0, phone_info={"purePhoneNumber": "13812345678"}),
    "spaces": says(errcode=0, phone_info={"purePhoneNumber": "138 1234", "countryCode": "86"}),
    "numbers": says(errcode=0, phone_info={"purePhoneNumber": 13812345678, "countryCode": 86}),
}


@pytest.mark.parametrize("answer", NO_PHONE.values(), ids=NO_PHONE)
def test_a_phone_number_that_is_none_is_not_taken(answer):
    with scripted(answer) as wechat, pytest.raises(WechatProblem) as raised:
        gateway_at(wechat.url).phone_number("code")
    assert (raised.value.code, raised.value.remedy) == ("answer_incomplete", Remedy.SIGN_IN_AGAIN)


@pytest.mark.parametrize("body", [b"\xff\xd8\xff\xe0 jpeg", b"\x89PNG\r\n\x1a\n png"])
def test_a_code_is_known_by_its_first_bytes(body):
    with scripted(raw(body, content_type="application/json")) as wechat:
        assert gateway_at(wechat.url).mini_code("7K2QABCD", "pages/sign/index") == body


@pytest.mark.parametrize(
    ("errmsg", "rid", "address"),
    [
        ("invalid code, rid: 662f4da8-52b85b5d-25dfe667", "662f4da8-52b85b5d-25dfe667", None),
        ("invalid ip 1.2.3.4 ipv6 ::ffff:1.2.3.4, not in whitelist rid: 662f4da8-52b85b5d-25dfe667",
         "662f4da8-52b85b5d-25dfe667", "1.2.3.4"),
        ("data.thing1.value 王小明 invalid", None, None),
        ("rid: 王小明-13812345678", None, None),
    ],
)  # fmt: skip
def test_of_an_error_text_only_the_request_id_and_our_address_are_kept(errmsg, rid, address):
    with scripted(says(errcode=40164, errmsg=errmsg)) as wechat, pytest.raises(WechatProblem) as raised:
        gateway_at(wechat.url).sign_in("code")
    assert (raised.value.rid, raised.value.address) == (rid, address)
    assert "王小明" not in repr(vars(raised.value))
