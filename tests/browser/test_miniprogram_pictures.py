"""Every page of the mini program in Chromium, at several widths, in 大字版 and with long words: it fits, it is named, and
axe finds no serious fault. `PICTURES=folder` keeps the pictures."""

from __future__ import annotations

import json

import pytest
import requests
from axe_playwright_python.sync_playwright import Axe

from miniprogram_stub.preview.server.building import SOURCES
from tests.browser.miniprogram import SECONDS, binding_code, staff_headers, staff_of
from tests.support.app import new_key
from tests.support.phone import Phone, preview_of_demo

LONG = "这条路上的路灯从上个月开始就不亮了，晚上下班的人只能摸黑走。" * 160
NO_BREAKS = "https://example.cn/" + "a" * 300
PERSON, CLERK = "照相的人", "照相的工作人员"
LOOKS = {"": (375, False), "-large": (320, True)}
"""The usual phone, and the narrowest with the largest words."""


@pytest.fixture(scope="module")
def phones(server, phone_build):
    with preview_of_demo(phone_build, server.demo()) as url:
        yield url


@pytest.fixture(scope="module")
def told(server):
    """One inquiry that has nearly everything: long words, a hand-off, a notice, an answer."""
    demo = server.demo()
    sign = demo["signs"][0]
    base = f"{demo['base_url']}/api/v1"
    js_code = requests.post(
        f"{demo['simulator_url']}/_admin/apps/{demo['wechat']['appid']}/people/{PERSON}/login",
        timeout=SECONDS,
    ).json()["js_code"]
    session = requests.post(f"{base}/sessions/wechat", json={"js_code": js_code}, timeout=SECONDS).json()
    citizen = {"Authorization": f"Bearer {session['token']}"}
    filed = requests.post(
        f"{base}/inquiries",
        headers=citizen | {"Idempotency-Key": new_key()},
        json={
            "sign": sign["code"],
            "category": "application",
            "content": (NO_BREAKS + LONG)[:5000],
            "contact": {"phone": "13800138000", "name": "名" * 40},
        },
        timeout=SECONDS,
    ).json()
    number, clock = filed["number"], filed["clocks"][0]["id"]
    staff = staff_headers(demo, staff_of(demo, sign["unit"], sign["section"], "post_holder"))
    act(base, staff, number, "confirm", {"summary": "摘" * 40})
    notice = {
        "basis": LONG[:400],
        "time_limit": "材料补齐后 10 个工作日",
        "procedure": LONG[:300],
        "documents": ["身份证复印件", NO_BREAKS[:200]],
        "days": 10,
        "days_kind": "promised",
    }
    act(base, staff, number, "notify", notice)
    return {"number": number, "clock": clock, "sign": sign, "demo": demo}


def act(base, headers, number, name, body):
    shown = requests.get(f"{base}/staff/inquiries/{number}", headers=headers, timeout=SECONDS)
    action = next(one for one in shown.json()["actions"] if one["name"] == name)
    answer = requests.post(
        f"{base.removesuffix('/api/v1')}{action['href']}",
        headers=headers | {"Idempotency-Key": new_key(), "If-Match": shown.headers["ETag"]},
        json=body,
        timeout=SECONDS,
    )
    assert answer.ok, answer.text


def pages(told):
    """Each page of app.json with what it is opened with."""
    app = json.loads((SOURCES / "app.json").read_text("utf-8"))
    listed = app["pages"] + [
        f"{part['root']}/{page}" for part in app["subPackages"] for page in part["pages"]
    ]
    number = f"number={told['number']}"
    queries = {
        "pages/sign/index": [f"code={told['sign']['code']}", "code=0000000000000000"],
        "pages/new/index": [f"sign={told['sign']['code']}"],
        "pages/inquiry/index": [number, "number=2026000000000"],
        "pages/act/index": [f"{number}&action=supplement", f"{number}&action=attach"],
        "pages/rate/index": [number],
        "pages/clock/index": [f"{number}&clock={told['clock']}"],
        "pages/survey/index": ["token=0000"],
        "packages/staff/inquiry/index": [number],
        "packages/staff/act/index": [
            f"{number}&action={name}" for name in ("hand_over", "close", "start_joint", "record_supplement")
        ],
    }
    return [(path, query) for path in listed for query in queries.get(path, [""])]


@pytest.mark.timeout(300)
@pytest.mark.parametrize("look", LOOKS)
def test_every_page_fits_the_screen_and_names_its_controls(told, phones, open_page, pictures, look):
    width, large = LOOKS[look]
    keeper = staff_of(told["demo"], told["sign"]["unit"], told["sign"]["section"], "post_holder")
    page = open_page(width)
    citizen = Phone(page, phones, PERSON)
    citizen.open("/pages/settings/index")
    if large:
        citizen.tap("大字版")
    clerk = Phone(page, phones, PERSON)
    clerk.open("/packages/staff/home/index")
    clerk.fill("绑定码", binding_code(told["demo"], keeper))
    clerk.tap("绑定")
    clerk.wait_for(keeper["unit"])
    faults = []
    for index, (path, query) in enumerate(pages(told)):
        citizen.open(f"/{path}?{query}")
        settled(citizen)
        where = f"{path}?{query.split('&')[-1]}"
        if citizen.is_wider_than_the_screen():
            faults.append(f"{where} is wider than the screen")
        citizen.picture(pictures / f"mini-{index:02}-{path.replace('/', '-')}{look}.png", whole=True)
        if not look:
            found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
            faults += [
                f"{where}: {one['id']} {node['html'][:120]}"
                for one in found
                if one["impact"] in {"serious", "critical"}
                for node in one["nodes"]
            ]
    assert not faults, "\n".join(faults)


def settled(phone):
    """The page has what it loads, or says what is wrong."""
    phone.page.wait_for_function(
        "() => !document.querySelector('.layer:not([hidden])').innerText.includes('正在打开')"
    )
