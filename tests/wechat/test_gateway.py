"""Every call of the gateway against the strict local WeChat: what it sends, what it reads, what each errcode becomes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from backend.wechat.gateway import Gateway, Remedy, WechatProblem, endpoints
from backend.wechat.gateway.errcodes import ERRCODES, TOKEN_ERRORS
from backend.wechat.gateway.token_stores import FileTokenStore, TokenSeal
from tests.support.wechat import SEND, template_table

TOKEN = "/cgi-bin/stable_token"
LOGIN = "/sns/jscode2session"
PHONE = "/wxa/business/getuserphonenumber"
CODE = "/wxa/getwxacodeunlimit"
TEXT = "/wxa/msg_sec_check"
MEDIA = "/wxa/media_check_async"
PAGE = "pages/inquiry/index?number=2026ABCDEFGHX"


@pytest.fixture
def open_gateway(wechat_app, tmp_path):
    opened = []

    class Sealed(TokenSeal):
        """The vault's own sealing is tested with the stores."""

        def __init__(self):
            pass

        close = staticmethod(lambda token: f"{token.value} {token.expires_at.isoformat()}".encode())
        open = staticmethod(lambda blob: None)

    def make(**more):
        gateway = Gateway(
            wechat_app.settings(**({"read_seconds": 5.0} | more)), FileTokenStore(tmp_path, Sealed())
        )
        opened.append(gateway)
        return gateway

    yield make
    for gateway in opened:
        gateway.close()


@pytest.fixture
def gateway(open_gateway):
    return open_gateway()


PROGRESS = {
    "character_string": "2026ABCD",
    "thing": "营业执照",
    "phrase": "已受理",
    "time": "2026年11月16日 09:00",
}
"""What WeChat takes in the fields of this message, by type."""


def filled():
    (fields,) = (each["fields"] for each in template_table() if each["key"] == "progress")
    return {name: PROGRESS[name.rstrip("0123456789")] for name in fields}


@pytest.fixture
def send(wechat_app, gateway):
    openid = wechat_app.openid("甲")
    data = filled()

    def deliver(through=gateway, **changes):
        given = {
            "openid": openid,
            "template_id": wechat_app.templates["progress"],
            "data": data,
            "page": PAGE,
        }
        return through.send_message(**(given | changes))

    return deliver


def paths(wechat_app):
    return [asked["path"] for asked in wechat_app.requests()]


def problem_of(call):
    with pytest.raises(WechatProblem) as raised:
        call()
    return raised.value


def test_signing_in_asks_once_without_a_token(wechat_app, gateway):
    code = wechat_app.login("甲")
    assert gateway.sign_in(code).openid == wechat_app.openid("甲")
    assert paths(wechat_app) == [LOGIN]
    again = problem_of(lambda: gateway.sign_in(code))
    assert (again.code, again.remedy, again.errcode) == ("code_used", Remedy.SIGN_IN_AGAIN, 40163)
    assert again.rid
    assert problem_of(lambda: gateway.sign_in("unknown")).code == "code_invalid"
    wechat_app.block("乙")
    blocked = problem_of(lambda: gateway.sign_in(wechat_app.login("乙")))
    assert (blocked.code, blocked.remedy) == ("person_blocked", Remedy.PERMANENT)
    assert set(paths(wechat_app)) == {LOGIN}


@pytest.mark.parametrize("kind", ["timeout_before", "timeout_after", "reset", "garbage", "html"])
def test_signing_in_is_never_tried_twice(wechat_app, open_gateway, kind):
    wechat_app.fault(LOGIN, kind=kind)
    problem = problem_of(lambda: open_gateway(read_seconds=0.2).sign_in(wechat_app.login("甲")))
    assert problem.remedy is Remedy.SIGN_IN_AGAIN
    assert paths(wechat_app) == [LOGIN]


def test_a_message_arrives_as_it_was_meant(wechat_app, open_gateway, send):
    wechat_app.accept("甲", "progress")
    data = filled()
    assert send(open_gateway(miniprogram_state="trial"), data=data)
    (message,) = wechat_app.messages("甲", 1)
    assert (message["data"], message["page"]) == (data, PAGE)
    (asked,) = wechat_app.requests(SEND)
    assert (asked["body"]["miniprogram_state"], asked["body"]["lang"]) == ("trial", "zh_CN")


def test_a_message_without_an_id_has_none(wechat_app, send):
    wechat_app.change(returns_msgid=False)
    wechat_app.accept("甲", "progress")
    assert send() is None


def test_what_wechat_refuses_of_a_message_is_told_by_what_to_do(wechat_app, send):
    wechat_app.accept("甲", "progress")
    told = {
        name: (problem.code, problem.remedy)
        for name, changes in {
            "openid": {"openid": "oNobody"},
            "template": {"template_id": "none"},
            "data": {"data": {"thing1": ""}},
            "page": {"page": "pages/nowhere/index"},
        }.items()
        for problem in [problem_of(lambda changes=changes: send(**changes))]
    }
    wechat_app.reject("甲", "progress")
    wechat_app.withdraw("甲", "progress")
    told["consent"] = ((problem := problem_of(send)).code, problem.remedy)
    wechat_app.change(send_banned=True)
    told["banned"] = ((problem := problem_of(send)).code, problem.remedy)
    assert told == {
        "openid": ("openid_invalid", Remedy.PERMANENT),
        "template": ("template_invalid", Remedy.PERMANENT),
        "data": ("data_invalid", Remedy.PERMANENT),
        "page": ("page_invalid", Remedy.PERMANENT),
        "consent": ("no_consent", Remedy.CONSENT),
        "banned": ("messages_banned", Remedy.LATER),
    }
    assert wechat_app.messages("甲") == []


@pytest.mark.parametrize(
    ("kind", "arrived"),
    [("timeout_before", 0), ("timeout_after", 1), ("reset", 0), ("garbage", 0), ("html", 0)],
)
def test_a_message_whose_answer_is_lost_is_in_doubt_and_not_repeated(
    wechat_app, open_gateway, send, kind, arrived
):
    wechat_app.accept("甲", "progress")
    wechat_app.fault(kind=kind)
    assert problem_of(lambda: send(open_gateway(read_seconds=0.2))).remedy is Remedy.UNSURE
    assert len(wechat_app.requests(SEND)) == 1
    assert len(wechat_app.messages("甲", arrived)) == arrived


def test_two_messages_to_one_person_at_once_are_for_later(wechat_app, gateway, send):
    wechat_app.accept("甲", "progress")
    wechat_app.accept("甲", "progress")
    wechat_app.change(send_seconds=0.3)
    gateway.new_token()

    def outcome(_):
        try:
            return send() and "sent"
        except WechatProblem as problem:
            return (problem.code, problem.remedy)

    with ThreadPoolExecutor(2) as pool:
        assert set(pool.map(outcome, range(2))) == {"sent", ("concurrent_send", Remedy.LATER)}


def test_fifty_cold_threads_fetch_one_token(wechat_app, gateway, send):
    names = [f"人{number}" for number in range(50)]
    for name in names:
        wechat_app.accept(name, "progress")
    people = [wechat_app.openid(name) for name in names]
    wechat_app.forget_requests()
    with ThreadPoolExecutor(50) as pool:
        assert all(pool.map(lambda openid: send(openid=openid), people))
    assert paths(wechat_app).count(TOKEN) == 1


@pytest.mark.parametrize(("dead", "errcode"), [(False, 42001), (True, 40001)])
def test_a_token_that_died_is_replaced_once(wechat_app, send, dead, errcode):
    wechat_app.accept("甲", "progress")
    wechat_app.accept("甲", "progress")
    assert send()
    wechat_app.expire_tokens(dead=dead)
    assert send()
    assert paths(wechat_app) == [TOKEN, SEND, SEND, TOKEN, SEND]


@pytest.mark.parametrize("errcode", [40001, 40014, 42001])
def test_tokens_that_are_always_refused_end_after_the_second(wechat_app, send, errcode):
    wechat_app.fault(errcode=errcode, times=0)
    problem = problem_of(send)
    assert (problem.code, problem.remedy, problem.errcode) == ("token_refused", Remedy.LATER, errcode)
    # Normal mode: WeChat may well hand out the same token again, and that must not turn into a loop.
    assert paths(wechat_app) == [TOKEN, SEND, TOKEN, SEND]


def test_a_phone_number_comes_with_its_country(wechat_app, gateway):
    code = wechat_app.phone("甲", "13812345678")
    assert gateway.phone_number(code) == "+8613812345678"
    assert problem_of(lambda: gateway.phone_number(code)).remedy is Remedy.SIGN_IN_AGAIN
    assert problem_of(lambda: gateway.phone_number(wechat_app.login("甲"))).remedy is Remedy.SIGN_IN_AGAIN


@pytest.mark.parametrize(
    ("state", "env_version", "check"), [("formal", "release", True), ("trial", "trial", False), ("developer", "develop", False)]
)  # fmt: skip
def test_a_code_opens_the_release_the_installation_is_for(
    wechat_app, open_gateway, state, env_version, check
):
    gateway = open_gateway(miniprogram_state=state)
    assert gateway.mini_code("7K2QABCDEFGH0123", "pages/home/index", width=280)[:3] in (
        b"\xff\xd8\xff",
        b"\x89PN",
    )
    (asked,) = wechat_app.requests(CODE)
    assert asked["body"] == {
        "scene": "7K2QABCDEFGH0123",
        "page": "pages/home/index",
        "check_path": check,
        "env_version": env_version,
        "width": 280,
    }


def test_a_code_for_a_page_that_is_not_released_is_refused(gateway):
    assert problem_of(lambda: gateway.mini_code("7K2Q", "pages/nowhere/index")).code == "page_invalid"


@pytest.mark.parametrize(
    ("text", "suggest"),
    [
        ("请问办理营业执照要带什么材料？", "pass"),
        ("甲" * 2600 + "存疑词样例", "review"),
        ("存疑词样例" + "乙" * 2600 + "违禁词样例", "risky"),
    ],
    ids=["short", "second piece", "both pieces"],
)
def test_a_text_is_checked_to_its_end(wechat_app, gateway, text, suggest):
    wechat_app.login("甲")
    wechat_app.visit("甲")
    assert gateway.check_text(wechat_app.openid("甲"), text).suggest == suggest
    assert len(wechat_app.requests(TEXT)) == -(-len(text) // 2500)


def test_a_person_who_has_not_been_here_lately_cannot_be_asked_about(wechat_app, gateway):
    problem = problem_of(lambda: gateway.check_text("oNobody", "请问"))
    assert problem.remedy is Remedy.PERMANENT
    openid = wechat_app.openid("丙")
    problem = problem_of(lambda: gateway.check_text(openid, "请问"))
    assert (problem.code, problem.remedy) == ("person_not_seen", Remedy.PERMANENT)


def test_a_picture_is_left_to_be_checked(wechat_app, gateway):
    wechat_app.visit("甲")
    trace = gateway.check_media(wechat_app.openid("甲"), f"{wechat_app.simulator.url}/picture")
    assert trace
    (asked,) = wechat_app.requests(MEDIA)
    assert (asked["body"]["media_type"], asked["body"]["version"]) == (2, 2)


@pytest.mark.parametrize(
    ("option", "code", "errcode"),
    [
        ({"is_frozen": True}, "account_frozen", 50007),
        ({"secret_frozen": True}, "secret_frozen", 40243),
        ({"ip_whitelist": ["203.0.113.9"]}, "address_not_allowed", 40164),
    ],
)
def test_an_account_that_is_set_up_wrongly_is_the_operators_matter(
    wechat_app, send, gateway, option, code, errcode
):
    wechat_app.change(**option)
    for call in (send, gateway.new_token):
        problem = problem_of(call)
        assert (problem.code, problem.remedy, problem.errcode) == (code, Remedy.OPERATOR, errcode)
    assert (problem.address is not None) == (errcode == 40164)


def test_a_wrong_secret_is_the_operators_matter(open_gateway):
    problem = problem_of(lambda: open_gateway(app_secret="wrong").new_token())
    assert (problem.code, problem.remedy) == ("secret_wrong", Remedy.OPERATOR)


@pytest.mark.parametrize(
    ("path", "limit", "remedy"),
    [
        (SEND, "day", Remedy.NEXT_DAY),
        (SEND, "minute", Remedy.NEXT_MINUTE),
        (TOKEN, "minute", Remedy.NEXT_MINUTE),
    ],
)
def test_quotas_say_how_long_to_wait(wechat_app, send, path, limit, remedy):
    wechat_app.quota(path, **{limit: 0})
    assert problem_of(send).remedy is remedy


ASKED = {
    "sign_in": (endpoints.SIGN_IN, lambda gateway: gateway.sign_in("code")),
    "new_token": (endpoints.TOKEN, lambda gateway: gateway.new_token()),
    "phone_number": (endpoints.PHONE, lambda gateway: gateway.phone_number("code")),
    "send_message": (endpoints.SEND, lambda gateway: gateway.send_message("o", "t", {}, PAGE)),
    "mini_code": (endpoints.MINI_CODE, lambda gateway: gateway.mini_code("7K2Q", "pages/home/index")),
    "check_text": (endpoints.CHECK_TEXT, lambda gateway: gateway.check_text("o", "请问")),
    "check_media": (endpoints.CHECK_MEDIA, lambda gateway: gateway.check_media("o", "https://a.example/b")),
}


@pytest.mark.parametrize(("endpoint", "call"), ASKED.values(), ids=ASKED)
def test_every_errcode_of_the_table_comes_out_with_its_word(wechat_app, gateway, endpoint, call):
    errcodes = {*ERRCODES, *endpoint.meanings, 77777}
    if endpoint.path not in {LOGIN, TOKEN}:
        errcodes -= TOKEN_ERRORS  # these are tried once more
    told = {}
    for errcode in errcodes:
        wechat_app.fault(endpoint.path, errcode=errcode)
        problem = problem_of(lambda: call(gateway))
        assert problem.errcode == errcode
        assert problem.rid
        told[errcode] = (problem.code, problem.remedy)
    assert told == {errcode: endpoint.meaning(errcode) for errcode in errcodes}
    assert len(wechat_app.requests(endpoint.path)) == len(errcodes)


def test_one_token_serves_every_call(wechat_app, gateway, send):
    wechat_app.accept("甲", "progress")
    wechat_app.visit("甲")
    send()
    gateway.phone_number(wechat_app.phone("甲"))
    gateway.check_text(wechat_app.openid("甲"), "请问")
    gateway.mini_code("7K2Q", "pages/home/index")
    assert paths(wechat_app) == [TOKEN, SEND, PHONE, TEXT, CODE]


def test_no_address_carries_the_secret_except_where_wechat_wants_it_there(wechat_app, gateway, send):
    wechat_app.accept("甲", "progress")
    send()
    gateway.sign_in(wechat_app.login("甲"))
    assert {asked["path"] for asked in wechat_app.requests() if "secret" in asked["query"]} == {LOGIN}
