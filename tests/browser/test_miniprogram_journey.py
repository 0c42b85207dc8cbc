"""The mini program in a real browser, through WeChat's own engine: a citizen's phone, two of the staff's, and messages.

It is the preview (`make phone`): the same sources, the running backend and the simulated WeChat.
"""

from __future__ import annotations

import pytest
import requests
from playwright.sync_api import expect

from tests.browser.miniprogram import SECONDS, binding_code, message_page, staff_of
from tests.support.phone import Phone, preview_of_demo

QUESTION = "想把营业执照的地址改到新开的店面，要带什么材料，多久能办好？"
ANSWER = "带营业执照正副本和新地址的证明，窗口当场办理。"


@pytest.fixture(scope="module")
def phones(server, phone_build):
    """The address of the preview in front of the running demo."""
    with preview_of_demo(phone_build, server.demo()) as url:
        yield url


def bind(phone, demo, account):
    """The first time: the code of the console goes into the phone."""
    phone.open("/packages/staff/home/index")
    phone.fill("绑定码", binding_code(demo, account))
    phone.tap("绑定")
    phone.wait_for(account["unit"])


def carry_out(phone, button):
    """The last tap of an act. WeChat asks whether it may tell of more while few messages are left: it may."""
    phone.tap(button)
    phone.wait_for("允许")
    phone.tap("允许")
    phone.wait_path("packages/staff/inquiry/index")


def test_from_the_sign_to_the_grade_over_two_desks(server, phones, open_page, pictures):
    demo = server.demo()
    sign = demo["signs"][0]
    window = staff_of(demo, sign["unit"], sign["section"], "post_holder")
    other_sign = next(
        s for s in demo["signs"] if s["unit"] == sign["unit"] and s["section"] not in {None, sign["section"]}
    )
    other = staff_of(demo, sign["unit"], other_sign["section"], "post_holder")

    citizen = Phone(open_page(), phones, "王阿姨")

    def picture(phone, name):
        assert not phone.is_wider_than_the_screen(), f"{phone.path} is wider than the screen"
        phone.picture(pictures / f"mini-{name}.png", whole=True)

    citizen.scan(sign["url"])
    citizen.wait_for(sign["section"])
    picture(citizen, "sign")
    citizen.tap("提问或办事")
    citizen.tap("咨询事项")
    citizen.fill("说说情况", QUESTION)
    citizen.tap("我知道这些内容会用来办理这件事")
    picture(citizen, "new")
    citizen.tap("提交")
    citizen.wait_for("已收到")
    citizen.wait_for("第七条第（一）项")
    picture(citizen, "filed")
    number = citizen.query["number"]
    citizen.tap("有进展在微信里通知我")
    citizen.wait_for("办结评价提醒")
    citizen.picture(pictures / "mini-messages.png")
    citizen.tap("允许")
    citizen.wait_for("有进展会在微信里通知您一次")

    desk = Phone(open_page(), phones, "窗口小郭")
    bind(desk, demo, window)
    picture(desk, "staff-home")
    desk.open(f"/packages/staff/inquiry/index?number={number}")
    desk.wait_for("群众说了什么")
    picture(desk, "staff-inquiry")
    desk.tap("签收")
    desk.wait_path("packages/staff/act/index")
    desk.fill("摘要", "变更营业执照地址要带的材料")
    carry_out(desk, "签收")
    desk.tap("转交")
    desk.wait_path("packages/staff/act/index")
    desk.fill("查找单位或科室", other_sign["section"])
    desk.tap(f"{sign['unit']} {other_sign['section']}")
    desk.fill("为什么转交", "由登记窗口一并答复")
    picture(desk, "staff-hand-over")
    desk.tap("转交")
    desk.wait_path("packages/staff/inquiry/index")
    desk.wait_for("等待承接")

    second = Phone(open_page(), phones, "市场准入小赵")
    bind(second, demo, other)
    second.open(f"/packages/staff/inquiry/index?number={number}")
    second.tap("承接")
    second.wait_path("packages/staff/act/index")
    carry_out(second, "承接")
    second.tap("答复并办结")
    second.wait_path("packages/staff/act/index")
    second.tap("问题答复清楚了")
    second.fill("答复内容", ANSWER)
    picture(second, "staff-close")
    carry_out(second, "答复并办结")
    second.wait_for("已办结")

    citizen.arrive("/" + message_page(demo, "王阿姨", "survey"))
    citizen.wait_for(ANSWER)
    picture(citizen, "survey")
    citizen.tap("满意")
    citizen.tap("提交评价")
    citizen.wait_for("谢谢您的评价")
    citizen.tap("看这件事的进度")
    citizen.wait_for("您的评价")
    picture(citizen, "rated")

    # What became of it is the same for everybody who may see it: over the API as well.
    answer = requests.post(
        f"{demo['base_url']}/api/v1/staff/sessions",
        json={"username": other["username"], "password": other["password"]},
        timeout=SECONDS,
    )
    headers = {"Authorization": f"Bearer {answer.json()['token']}"}
    seen = requests.get(
        f"{demo['base_url']}/api/v1/staff/inquiries/{number}", headers=headers, timeout=SECONDS
    ).json()
    assert (seen["status"], seen["outcome"]) == ("closed", "answered")
    assert [leg["by"] for leg in seen["holders"]] == ["filed", "accepted"]


def test_half_written_words_outlive_a_lost_network_and_a_killed_app(server, phones, open_page):
    sign = server.demo()["signs"][0]
    phone = Phone(open_page(), phones, "信号不好的人")
    phone.scan(sign["url"])
    phone.tap("提问或办事")
    phone.tap("咨询事项")
    phone.fill("说说情况", "地下室没有信号")
    phone.tap("我知道这些内容会用来办理这件事")
    phone.cut_network()
    phone.tap("提交")
    phone.wait_for("请检查网络后再试一次")
    phone.kill()
    phone.wait_for("这是您上次写了没有提交的内容")
    assert phone.value("说说情况") == "地下室没有信号"
    phone.tap("我知道这些内容会用来办理这件事")
    phone.tap("提交")
    phone.wait_for("已收到")
    phone.open("/pages/mine/index")
    phone.wait_for("地下室没有信号")
    expect(phone.screen.get_by_text("地下室没有信号")).to_have_count(1)
