"""What a mini program asks of WeChat: requests, files, storage, dialogs, sign-in, consent."""

from __future__ import annotations

import json

import pytest

PHOTO = {"name": "a.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\n"}


@pytest.fixture
def calls(phone, wechat_app):
    templates = wechat_app.templates
    return phone.open(f"/pages/calls/index?templates={templates['progress']},{templates['result']}")


def said(phone, wanted=""):
    """What the page was told last."""
    phone.page.wait_for_function(
        "wanted => document.querySelector('.said').textContent.includes(wanted || '{')", arg=wanted
    )
    text = phone.page.locator(".said").inner_text()
    return json.loads(text) if text.startswith("{") else text


def test_a_request_goes_to_the_backend_whole(calls, echo):
    calls.tap("发请求")
    answer = said(calls)
    method, path, headers, body = echo.asked[-1]
    assert (method, path, json.loads(body)) == ("POST", "/api/v1/things?a=1", {"名": "值"})
    assert (headers["Idempotency-Key"], headers["If-Match"]) == ("k" * 16, '"3"')
    assert not {"Cookie", "Origin", "Referer"} & set(headers)
    assert (answer["statusCode"], answer["errMsg"], answer["data"]["asked"]) == (
        201,
        "request:ok",
        "/api/v1/things?a=1",
    )
    assert answer["header"]["Etag"] == '"7"'


def test_without_a_network_a_request_fails(calls):
    calls.cut_network()
    calls.tap("发请求")
    assert said(calls)["errMsg"] == "request:fail "


def test_a_backend_that_is_gone_is_no_answer(calls, echo):
    echo.shutdown()
    echo.socket.close()
    calls.tap("发请求")
    assert said(calls)["errMsg"] == "request:fail "


def test_storage_is_a_copy_and_each_persons_own(calls, phone):
    calls.tap("存一个数")
    assert said(calls) == {"read": {"numbers": [1]}, "keys": ["kept"], "none": ""}
    calls.kill()
    calls.tap("存一个数")
    assert said(calls)["read"] == {"numbers": [1, 2]}
    phone.person = "李先生"
    phone.open("/pages/calls/index")
    phone.tap("存一个数")
    assert said(phone)["read"] == {"numbers": [1]}


def test_a_question_is_a_dialog(calls):
    calls.tap("问一下")
    dialog = calls.page.get_by_role("dialog", name="确定吗")
    dialog.wait_for()
    calls.tap("想好了")
    assert said(calls) == {"confirm": True, "cancel": False, "errMsg": "showModal:ok"}
    calls.tap("问一下")
    calls.page.keyboard.press("Escape")
    assert said(calls, "false")["confirm"] is False


def test_a_choice_of_several(calls):
    calls.tap("选一项")
    calls.tap("乙")
    assert said(calls) == {"tapIndex": 1, "errMsg": "showActionSheet:ok"}
    calls.tap("选一项")
    calls.tap("取消")
    assert said(calls, "cancel") == {"errMsg": "showActionSheet:fail cancel"}


def test_messages_are_allowed_right_after_a_tap(calls, wechat_app):
    calls.tap("订阅")
    calls.page.get_by_role("dialog", name="订阅消息").wait_for()
    calls.page.get_by_role("checkbox").nth(1).uncheck()
    calls.tap("允许")
    answer = said(calls)
    progress, result = wechat_app.templates["progress"], wechat_app.templates["result"]
    assert answer == {"errMsg": "requestSubscribeMessage:ok", progress: "accept", result: "reject"}
    assert wechat_app.credits("王女士") == {"progress": 1}


def test_messages_are_not_asked_for_once_the_tap_is_over(calls, wechat_app):
    calls.tap("网络之后再订阅")
    assert said(calls)["errMsg"] == "requestSubscribeMessage:fail can only be invoked by user TAP gesture"
    assert wechat_app.credits("王女士") == {}


def test_an_answer_that_is_kept_is_not_asked_for_again(calls, wechat_app):
    calls.tap("订阅")
    calls.page.get_by_text("总是保持以上选择").click()
    calls.tap("允许")
    said(calls)
    calls.tap("订阅")
    calls.page.wait_for_timeout(100)
    assert calls.page.locator("dialog").count() == 0
    assert wechat_app.credits("王女士") == {"progress": 2, "result": 2}


def test_sign_in_and_phone_number_come_from_the_simulator(calls):
    calls.tap("登录")
    assert said(calls, "code") == "code true"
    calls.tap("给手机号")
    calls.tap("同意")  # the privacy guide, once
    calls.tap("允许")
    assert said(calls, "phone") == "phone true"
    calls.tap("给手机号")
    calls.tap("不允许")
    assert said(calls, "deny") == "getPhoneNumber:fail user deny"


def test_a_photo_is_chosen_shown_and_sent(calls, echo):
    calls.give_file("选照片", PHOTO)
    answer = said(calls)
    _, path, headers, body = echo.asked[-1]
    assert path == "/api/v1/files"
    assert headers["Content-Type"].startswith("multipart/form-data; boundary=")
    assert b'name="file"; filename="a.png"' in body
    assert PHOTO["buffer"] in body
    assert "说明".encode() in body
    assert isinstance(answer["data"], str), "the answer of an upload is text"
    assert calls.page.get_by_role("img", name="选的照片").get_attribute("src").startswith("blob:")


def test_who_refuses_the_privacy_guide_gives_nothing(calls):
    calls.tap("选照片")
    calls.tap("拒绝")
    assert said(calls, "fail").startswith("chooseMedia:fail privacy")


def test_a_file_is_fetched_with_its_headers_and_opened(calls, echo):
    calls.tap("下载")
    calls.wait_for("pdf，1 KB")
    assert echo.asked[-1][2]["X-Tracking-Token"] == "t"
    calls.tap("关闭")
    assert said(calls, "200") == "200 true"


def test_codes_and_calls(calls):
    calls.tap("扫码")
    calls.tap("审批局 窗口")
    assert said(calls, "https") == "https://x.example/s/A"
    calls.tap("扫码")
    calls.fill("或者写码里的内容", "abc")
    calls.tap("确定")
    assert said(calls, "abc") == "abc"
    calls.tap("打电话")
    calls.tap("呼叫")
    assert said(calls)["errMsg"] == "makePhoneCall:ok"


def test_elements_are_measured(calls):
    calls.tap("量一量")
    assert said(calls, "宽") == "宽 375"
