"""Code images and the content check: real pictures or the reason why not; texts at once, media later."""

from __future__ import annotations

import io
import json
from threading import Thread

import pytest
import zxingcpp
from PIL import Image

from tests.support.wechat_inside import Inside

CODE, TEXT, MEDIA = "/wxa/getwxacodeunlimit", "/wxa/msg_sec_check", "/wxa/media_check_async"


@pytest.fixture
def wechat():
    made = Inside(mode="plain")
    made.login()
    return made


@pytest.mark.parametrize(
    ("more", "kind", "width"),
    [({}, "JPEG", 430), ({"width": 280}, "JPEG", 280), ({"is_hyaline": True, "width": 1280}, "PNG", 1280)],
)
def test_a_code_is_a_picture_that_can_be_read(wechat, more, kind, width):
    answer = wechat.raw("POST", CODE, {"scene": "ABC123", "page": "pages/sign/index", **more})
    assert answer.content_type == f"image/{kind.lower()}"
    with Image.open(io.BytesIO(answer.data)) as image:
        assert image.format == kind
        assert image.size == (width, width)
        [read] = zxingcpp.read_barcodes(image)
    assert read.text == f"wxacode:{wechat.app.app_id}/pages/sign/index?scene=ABC123&env=release"


@pytest.mark.parametrize(
    ("body", "errcode"),
    [
        ({}, 40169),
        ({"scene": ""}, 40169),
        ({"scene": "a" * 33}, 40169),
        ({"scene": "中文"}, 40129),
        ({"scene": "a b"}, 40129),
        ({"scene": "a%20b"}, 40129),
        ({"scene": "scancode_time"}, 85096),
        ({"scene": "a", "page": "/pages/sign/index"}, 41030),
        ({"scene": "a", "page": "pages/sign/index?x=1"}, 41030),
        ({"scene": "a", "page": "pages/none/index"}, 41030),
        ({"scene": "a", "width": 279}, 40097),
        ({"scene": "a", "width": 1281}, 40097),
        ({"scene": "a", "width": "430"}, 40097),
        ({"scene": "a", "env_version": "beta"}, 40097),
        (b"scene=a", 47001),
    ],
)
def test_a_code_that_cannot_be_made_is_refused_with_json(wechat, body, errcode):
    answer = wechat.raw("POST", CODE, body)
    assert answer.status_code == 200
    assert answer.content_type.startswith("application/json")
    assert answer.get_json()["errcode"] == errcode


@pytest.mark.parametrize(
    "body",
    [
        {"scene": "!#$&'()*+,/:;=?@-._~"},
        {"scene": "a" * 32, "page": ""},
        {"scene": "a", "page": "pages/coming/index", "check_path": False, "env_version": "trial"},
    ],
)
def test_a_code_that_can_be_made_is_made(wechat, body):
    assert wechat.raw("POST", CODE, body).data.startswith(b"\xff\xd8\xff")


def checked(wechat, content="一切正常", **change):
    body = {"content": content, "version": 2, "scene": 2, "openid": wechat.person().openid}
    return wechat.asked("POST", TEXT, body | change)


@pytest.mark.parametrize(
    ("content", "more", "suggest", "label"),
    [
        ("窗口没有人", {}, "pass", 100),
        ("有一个存疑词样例", {}, "review", 20003),
        ("违禁词样例", {}, "risky", 20006),
        ("存疑词样例和诈骗词样例", {}, "risky", 20008),
        ("正文没有问题", {"title": "违禁词样例"}, "risky", 20006),
    ],
)
def test_texts_are_judged_by_lists_of_words_and_the_worst_wins(wechat, content, more, suggest, label):
    answer = checked(wechat, content, **more)
    assert answer["errcode"] == 0
    assert answer["result"] == {"suggest": suggest, "label": label}
    assert answer["trace_id"]
    assert answer["detail"][0]["strategy"] == "content_model"


@pytest.mark.parametrize(
    ("change", "errcode"),
    [
        ({"content": ""}, 44002),
        ({"content": "字" * 2501}, 40097),
        ({"content": "😀" * 1251}, 40097),
        ({"content": 5}, 47001),
        ({"version": 1}, 40097),
        ({"scene": 5}, 40129),
        ({"openid": "nobody"}, 40003),
    ],
)
def test_a_text_that_cannot_be_checked_is_refused(wechat, change, errcode):
    assert checked(wechat, **change)["errcode"] == errcode


def test_a_text_of_2500_characters_is_taken(wechat):
    assert checked(wechat, "字" * 2500)["errcode"] == 0


def test_the_body_of_a_check_is_json_by_post(wechat):
    assert wechat.asked("POST", TEXT, b"")["errcode"] == 44002
    assert wechat.asked("POST", TEXT, b"content=x")["errcode"] == 47001
    assert wechat.asked("GET", TEXT)["errcode"] == 43002


def test_only_who_was_here_within_two_hours_can_be_checked(wechat):
    wechat.forward(hours=2)
    assert checked(wechat)["errcode"] == 0
    wechat.forward(seconds=1)
    assert checked(wechat)["errcode"] == 61010
    wechat.login()
    assert checked(wechat)["errcode"] == 0
    assert checked(wechat, openid=wechat.person("李先生").openid)["errcode"] == 61010


def test_an_openid_of_another_app_is_told_apart(wechat):
    other = Inside()
    other.login("张先生")
    wechat.world.add(other.app)
    assert checked(wechat, openid=other.person("张先生").openid)["errcode"] == 43104


@pytest.fixture
def files(http_files):
    return http_files({"/good.jpg": b"\xff\xd8\xff" + b"x" * 100, "/empty.jpg": b""})


@pytest.fixture
def http_files():
    """Serves these bytes by path on a free port of this machine."""
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

    running = []

    def serve(contents):
        class Files(BaseHTTPRequestHandler):
            def do_GET(self):
                body = contents.get(self.path)
                self.send_response(404 if body is None else 200)
                self.send_header("Content-Length", str(len(body or b"")))
                self.end_headers()
                self.wfile.write(body or b"")

            def log_message(self, *_):
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Files)
        Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        running.append(server)
        return f"http://127.0.0.1:{server.server_address[1]}"

    yield serve
    for server in running:
        server.shutdown()
        server.server_close()


def media(wechat, url, **change):
    body = {"media_url": url, "media_type": 2, "version": 2, "scene": 2, "openid": wechat.person().openid}
    return wechat.asked("POST", MEDIA, body | change)


def verdict(wechat):
    """The event that comes when the file has been looked at."""
    with wechat.world.changed:
        assert wechat.world.changed.wait_for(lambda: wechat.app.pushes, 10)
        return json.loads(wechat.app.pushes[-1].body)


@pytest.mark.parametrize(("suggest", "label"), [("pass", 100), ("risky", 20002), ("review", 20001)])
def test_a_file_is_fetched_and_judged_later(wechat, files, suggest, label):
    wechat.app.options.media_suggest, wechat.app.options.media_label = suggest, label
    answer = media(wechat, f"{files}/good.jpg")
    assert answer["errcode"] == 0
    event = verdict(wechat)
    assert (event["Event"], event["MsgType"], event["version"]) == ("wxa_media_check", "event", 2)
    assert (event["appid"], event["trace_id"]) == (wechat.app.app_id, answer["trace_id"])
    assert event["FromUserName"] != wechat.person().openid
    assert isinstance(event["CreateTime"], int)
    assert (event["errcode"], event["result"]) == (0, {"suggest": suggest, "label": label})


@pytest.mark.parametrize(
    "url",
    [
        "{files}/missing.jpg",
        "{files}/empty.jpg",
        "http://192.0.2.1/x.jpg",
        "file:///etc/hostname",
        "nonsense",
    ],
)
def test_a_file_that_cannot_be_fetched_is_told_by_the_event(wechat, files, url):
    assert media(wechat, url.format(files=files))["errcode"] == 0
    event = verdict(wechat)
    assert (event["errcode"], event["result"]) == (-1008, {})


@pytest.mark.parametrize(
    ("change", "errcode"),
    [
        ({"media_type": 3}, 40004),
        ({"media_url": ""}, 44002),
        ({"version": 1}, 40097),
        ({"openid": "x"}, 40003),
    ],
)
def test_a_file_that_cannot_be_asked_about_is_refused(wechat, change, errcode):
    assert media(wechat, "http://127.0.0.1:1/x.jpg", **change)["errcode"] == errcode


def test_the_same_file_is_not_asked_about_twice_at_once(wechat, files):
    with wechat.world.changed:
        wechat.app.pending_media.add((f"{files}/good.jpg", wechat.person().openid))
    assert media(wechat, f"{files}/good.jpg")["errcode"] == 87020
