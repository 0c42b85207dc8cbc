"""The main job in a real browser on a phone: scan → file → sign for it → hand over → accept → close → rate."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.journeys import Journey
from tests.support.browser import use_large_text

QUESTION = "您好，我想在小区门口开一家面馆，营业执照要带哪些材料？可以网上办吗？"
ANSWER = "带身份证原件、经营场所证明；可以在网上填表，窗口当场发照。"


def people(demo):
    """The keeper of the first sign's post, and somebody of another section of that unit."""
    first = demo["signs"][0]
    mates = [s for s in demo["staff"] if s["unit"] == first["unit"] and "totp_secret" not in s]
    keeper = next(s for s in mates if s["section"] == first["section"] and "post_holder" in s["roles"])
    other = next(s for s in mates if s["section"] not in {None, first["section"]})
    return first, keeper, other


@pytest.mark.parametrize("look", ["", "-large"], ids=["ordinary text", "大字版"])
@pytest.mark.parametrize("javascript", [False], ids=["without JavaScript"])
def test_the_main_job_on_a_phone(server, open_page, pictures, look, javascript):
    sign, keeper, other = people(server.demo())
    citizen = Journey(open_page(javascript=javascript), server, pictures, look)
    office = Journey(open_page(javascript=javascript), server, pictures, look)

    # The citizen scans and asks.
    page = citizen.open(sign["url"])
    if look:
        use_large_text(page)
        expect(page.locator("html")).to_have_class("large")
        use_large_text(office.open("/staff/login"))
    expect(page.get_by_text(sign["section"]).first).to_be_visible()
    citizen.picture("sign")
    page.get_by_role("link", name="提问或办事").click()
    page.get_by_label("咨询事项").check()
    page.locator("textarea[name=content]").fill(QUESTION)
    page.locator("input[name=contact_name]").fill("王小明")
    page.locator("input[name=contact_phone]").fill("13812345678")
    citizen.picture("form")
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.get_by_text("已收到").first).to_be_visible()
    citizen.picture("filed")
    follow = page.url.split("?")[0]
    number = page.locator(".code").first.inner_text().replace("-", "").strip()
    assert len(number) == 13, number
    expect(page.get_by_text("第七条第（一）项").first).to_be_visible()
    assert keeper["section"] in page.content()

    # The post's keeper signs for it and hands it to another section.
    office.sign_in(keeper)
    office.picture("staff")
    page = office.open(f"/staff/inquiries/{number}")
    office.picture("staff-inquiry")
    office.open_panel("签收").get_by_label("摘要").fill("咨询开面馆的执照材料")
    page.get_by_role("button", name="签收", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("咨询开面馆的执照材料")
    panel = office.open_panel("转交")
    target = panel.locator("select[name=target]")
    value = target.locator("option", has_text=other["section"]).first.get_attribute("value")
    target.select_option(value)
    panel.locator("textarea[name=reason]").fill("市场主体登记属于该科职责。")
    office.picture("hand-over")
    panel.get_by_role("button", name="转交", exact=True).click()
    expect(page.get_by_text("等待承接").first).to_be_visible()
    office.sign_out()

    # The citizen sees the offer, and that the giver still answers for it.
    citizen.open(follow)
    assert other["section"] in citizen.page.content()

    # The other section accepts, answers and closes.
    office.sign_in(other)
    page = office.open(f"/staff/inquiries/{number}")
    office.picture("accept")
    office.open_panel("承接").get_by_role("button", name="承接", exact=True).click()
    panel = office.open_panel("答复并办结")
    panel.locator("input[name=outcome][value=answered]").check()
    panel.locator("textarea[name=reply]").fill(ANSWER)
    office.picture("close")
    panel.get_by_role("button", name="答复并办结", exact=True).click()
    expect(page.get_by_text(ANSWER).first).to_be_visible()
    office.picture("closed")

    # The citizen reads the answer and rates.
    page = citizen.open(follow)
    expect(page.get_by_text(ANSWER).first).to_be_visible()
    citizen.picture("follow")
    page.get_by_label("满意", exact=True).check()
    page.get_by_role("button", name="提交评价").click()
    expect(page.get_by_text("满意").first).to_be_visible()
    citizen.picture("rated")
    assert page.get_by_role("button", name="提交评价").count() == 0 or "修改" in page.content()

    # The number and the phone's tail lead back to it.
    citizen.open("/lookup")
    citizen.picture("lookup")
    page.locator("input[name=number]").fill(number)
    page.locator("input[name=phone_tail]").fill("5678")
    page.get_by_role("button", name="查询", exact=True).click()
    expect(page.get_by_text(ANSWER).first).to_be_visible()
