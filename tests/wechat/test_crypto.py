"""Pushes: WeChat's published examples, and everything that is not quite one of them."""

from __future__ import annotations

import base64
import json
import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wechatpy.crypto import WeChatCipher

from backend.wechat.crypto import PushCipher, PushRefused, parse_push, signature, verify

TOKEN = "AAAAA"
KEY = "A" * 43
APP_ID = "wxba5fad812f8e6fb9"

SAFE = (
    "+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJGQqcvZqzDpVzazhZv6JsX"
    "UnnR8XGT740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfMZuMcp3Fn2Pede2IuQrKEYwKSqFIZoNqJ4M8EajA"
    "sjLY2km32IIjdf8YL/P50F7mStwntrA2cPDrM1kb6mOcfBgRtWygb3VIYnSeOBrebufAlr7F9mFUPAJGj04="
)
SAFE_AT = ("1714112445", "415670741")
SAFE_SIGNATURE = "046e02f8204d34f8ba5fa3b1db94908f3df2e9b3"
SAFE_PLAIN = (
    '{"ToUserName":"gh_97417a04a28d","FromUserName":"o9AgO5Kd5ggOC-bXrbNODIiE3bGY","CreateTime":1714112445,'
    '"MsgType":"event","Event":"debug_demo","debug_str":"hello world"}'
)
REPLY = "ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ=="
REPLY_SIGNATURE = "1b9339964ed2e271e7c7b6ff2b0ef902fc94dea1"


@pytest.fixture
def cipher():
    return PushCipher(APP_ID, TOKEN, KEY)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        pytest.param(
            ("1714036504", "1514711492"), "f464b24fc39322e44b38aa78f5edd27bd1441696", id="url check"
        ),
        pytest.param(
            ("1714037059", "486452656"), "899cf89e464efb63f54ddac96b0a0a235f53aa78", id="plain push"
        ),
        pytest.param(SAFE_AT, "6c5c811b55cc85e0e1b54100749188c20beb3f5d", id="safe push, outer"),
        pytest.param((*SAFE_AT, SAFE), SAFE_SIGNATURE, id="safe push, inner"),
        pytest.param(("1713424427", "415670741", REPLY), REPLY_SIGNATURE, id="safe reply"),
    ],
)
def test_signatures_are_those_wechat_publishes(parts, expected):
    assert signature(TOKEN, *parts) == expected
    verify(expected, TOKEN, *parts)
    with pytest.raises(PushRefused):
        verify(expected, "BBBBB", *parts)


@pytest.mark.parametrize(
    ("given_signature", "token", "parts"),
    [
        (None, TOKEN, ("1", "2")),
        ("", TOKEN, ("1", "2")),
        ("签名", TOKEN, ("1", "2")),
        ("\ud800", TOKEN, ("1", "2")),
        (signature(TOKEN, "1", "2").upper(), TOKEN, ("1", "2")),
        (signature(TOKEN, "1"), TOKEN, ("1", None)),
        (signature(TOKEN, "1"), TOKEN, ("1", "")),
        (signature(TOKEN, "1"), TOKEN, ("1", 2)),
        (signature(TOKEN, "1"), TOKEN, ("1", "\ud800")),
        (signature("", "1", "2"), "", ("1", "2")),
    ],
)
def test_what_is_not_signed_properly_is_refused(given_signature, token, parts):
    with pytest.raises(PushRefused):
        verify(given_signature, token, *parts)


def test_the_published_push_opens(cipher):
    plain = cipher.open(SAFE, *SAFE_AT, SAFE_SIGNATURE)
    assert plain.decode() == SAFE_PLAIN
    assert parse_push(plain)["debug_str"] == "hello world"


def test_the_published_reply_is_sealed_to_the_letter(cipher, monkeypatch):
    monkeypatch.setattr(secrets, "token_bytes", lambda count: b"707722b803182950"[:count])
    assert cipher.seal(b'{"demo_resp":"good luck"}', "1713424427", "415670741") == (REPLY, REPLY_SIGNATURE)


@given(st.binary(max_size=200))
def test_what_is_sealed_opens_and_no_two_are_alike(plain):
    cipher = PushCipher(APP_ID, TOKEN, KEY)
    encrypt, signed = cipher.seal(plain, "1", "2")
    assert cipher.open(encrypt, "1", "2", signed) == plain
    assert cipher.seal(plain, "1", "2")[0] != encrypt


def encrypted(content):
    return base64.b64encode(WeChatCipher(bytes(32)).encrypt(content)).decode()


def framed(message=b"{}", app_id=APP_ID, length=None):
    count = len(message) if length is None else length
    return bytes(16) + count.to_bytes(4) + message + app_id.encode()


def padded(content):
    count = 32 - len(content) % 32
    return content + bytes([count]) * count


BROKEN = {
    "nothing": "",
    "not base64": "不是",
    "spaces in base64": f" {SAFE}",
    "half a block": base64.b64encode(bytes(16)).decode(),
    "not whole blocks": base64.b64encode(bytes(33)).decode(),
    "padding of none": encrypted(bytes(64)),
    "padding longer than a block": encrypted(b"\x21" * 64),
    "padding not all alike": encrypted(padded(framed())[:-2] + b"\x07" + padded(framed())[-1:]),
    "nothing but padding": encrypted(b"\x20" * 32),
    "no length": encrypted(padded(bytes(18))),
    "length beyond the end": encrypted(padded(framed(length=2**32 - 1))),
    "length a byte short": encrypted(padded(framed(length=1))),
    "another mini program": encrypted(padded(framed(app_id="wx0000000000000000"))),
    "no mini program": encrypted(padded(framed(app_id=""))),
}


@pytest.mark.parametrize("encrypt", BROKEN.values(), ids=BROKEN)
def test_a_broken_push_is_refused_even_when_signed(cipher, encrypt):
    with pytest.raises(PushRefused) as refused:
        cipher.open(encrypt, "1", "2", signature(TOKEN, "1", "2", encrypt))
    assert refused.value.__cause__ is None
    assert APP_ID not in str(refused.value)


def test_the_broken_ones_are_broken_in_one_point_only(cipher):
    encrypt = encrypted(padded(framed()))
    assert cipher.open(encrypt, "1", "2", signature(TOKEN, "1", "2", encrypt)) == b"{}"


@given(st.text(max_size=80), st.one_of(st.none(), st.integers(), st.text(max_size=5)))
def test_nothing_but_a_refusal_comes_of_nonsense(encrypt, other):
    cipher = PushCipher(APP_ID, TOKEN, KEY)
    with pytest.raises(PushRefused):
        cipher.open(encrypt, "1", "2", signature(TOKEN, "1", "2", encrypt) if encrypt.isascii() else "0" * 40)
    with pytest.raises(PushRefused):
        cipher.open(other, other, other, other)


@pytest.mark.parametrize("aes_key", ["", "A" * 42, "A" * 44, "密" * 43, "A" * 42 + "!"])
def test_a_key_that_is_none_is_refused(aes_key):
    with pytest.raises(PushRefused):
        PushCipher(APP_ID, TOKEN, aes_key)


XML = (
    "<xml><ToUserName><![CDATA[gh_1]]></ToUserName><CreateTime>1620973045</CreateTime>"
    "<SubscribeMsgSentEvent><List><TemplateId><![CDATA[T]]></TemplateId><MsgID>2</MsgID></List></SubscribeMsgSentEvent>"
    "</xml>"
)


@pytest.mark.parametrize(
    ("body", "content_type", "fields"),
    [
        (b'{"Event": "e", " OpenID": "o", "List": [{" A ": 1}]}', "application/json",
         {"Event": "e", "OpenID": "o", "List": [{"A": 1}]}),
        (b' {"Event":"e"}', "", {"Event": "e"}),
        (b'{"Event":"e"}', "text/plain; charset=utf-8", {"Event": "e"}),
        (XML.encode(), "text/xml",
         {"ToUserName": "gh_1", "CreateTime": "1620973045",
          "SubscribeMsgSentEvent": {"List": {"TemplateId": "T", "MsgID": "2"}}}),
        (b"<?xml version='1.0' encoding='utf-8'?>\n<xml><a>1</a><a>2</a></xml>", "", {"a": ["1", "2"]}),
        ("<xml><a><![CDATA[<!DOCTYPE 说明>]]></a></xml>".encode(), "text/xml", {"a": "<!DOCTYPE 说明>"}),
    ],
)  # fmt: skip
def test_json_and_xml_are_read_alike(body, content_type, fields):
    assert parse_push(body, content_type) == fields


EXPANDING = '<!DOCTYPE xml [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE xml [<!ENTITY a SYSTEM "file:///etc/hostname">]>'


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b'"x"',
        b"{",
        b"\xff\xfe{}",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"<xml>",
        b"<xml></xml>",
        b"<xml>text</xml>",
        b"<other><a>1</a></other>",
        b"<xml><a>&b;</a></xml>",
        b"<xml>" + b"<a>" * 50_000 + b"</a>" * 50_000 + b"</xml>",
        f"{EXPANDING}<xml><a>&b;</a></xml>".encode(),
        f"<?xml version='1.0'?>{OUTSIDE}<xml><a>&a;</a></xml>".encode(),
        f" <!-- x -->{OUTSIDE}<xml><a>&a;</a></xml>".encode(),
        b'<!DOCTYPE xml SYSTEM "http://127.0.0.1:1/x.dtd"><xml><a>1</a></xml>',
        f"{EXPANDING}<xml><a>&b;</a></xml>".encode("utf-16"),
        f"<?xml version='1.0' encoding='utf-16'?>{EXPANDING}<xml><a>&b;</a></xml>".encode(),
    ],
)
@pytest.mark.parametrize("content_type", ["application/json", "text/xml"])
def test_what_is_no_push_is_refused(body, content_type):
    with pytest.raises(PushRefused) as refused:
        parse_push(body, content_type)
    assert refused.value.__context__ is None


def test_a_round_trip_in_both_formats(cipher):
    for plain in (
        json.dumps({"Event": "订阅"}, ensure_ascii=False).encode(),
        "<xml><Event>订阅</Event></xml>".encode(),
    ):
        encrypt, signed = cipher.seal(plain, "1", "2")
        outer = parse_push(
            f"<xml><ToUserName>gh</ToUserName><Encrypt>{encrypt}</Encrypt></xml>".encode(), "text/xml"
        )
        assert parse_push(cipher.open(outer["Encrypt"], "1", "2", signed)) == {"Event": "订阅"}
