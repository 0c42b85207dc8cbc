"""Pages of a mini program in the browser: templates, events, styles, the stack, the address."""

from __future__ import annotations


def test_conditions_and_taps_follow_the_data(phone):
    phone.open()
    assert phone.has("还没有点")
    phone.tap("加一")
    phone.wait_for("点了一次")
    phone.tap("加一")
    phone.wait_for("点了很多次")


def test_a_disabled_button_is_not_tapped(phone):
    phone.open()
    phone.control("不能点").click(force=True)
    assert phone.has("还没有点")
    assert phone.control("不能点").get_attribute("aria-disabled") == "true"


def test_lists_carry_their_dataset_and_wxs_writes_text(phone):
    phone.open()
    phone.tap("2、“梨”")
    phone.wait_for("选了 b")


def test_a_caught_tap_goes_no_further(phone):
    phone.open()
    phone.tap("里面")
    phone.wait_for("内")
    assert "内外" not in phone.texts()


def test_the_keyboard_taps_too(phone):
    phone.open()
    phone.control("加一").press("Enter")
    phone.wait_for("点了一次")
    phone.control("1、“苹果”").press(" ")
    phone.wait_for("选了 a")


def test_components_have_slots_events_and_a_life(phone):
    phone.open()
    phone.wait_for("接上了，摆好了")
    assert phone.has("放进去的字")
    assert phone.has("模板里的字")
    phone.tap("关闭卡片")
    phone.wait_for("选了 关了卡片")


def test_a_covered_page_keeps_its_state_and_hears_of_it(phone):
    phone.open("/pages/home/index?x=%20")
    phone.tap("加一")
    phone.tap("去填表")
    phone.wait_path("pages/form/index")
    assert phone.title == "填表"
    phone.wait_for("来自 home%20page")
    phone.back()
    phone.wait_for("点了一次")
    phone.tap("看记录")
    phone.wait_for("hide home")
    lines = phone.page.locator(".log").inner_text().split("\n")
    assert lines == [
        'launch pages/home/index {"x":"%20"}', "show", 'load home {"x":"%20"}', "show home", "ready home", "hide home", "show home",
    ]  # fmt: skip


def test_an_eleventh_page_is_refused(phone):
    phone.open()
    for _ in range(9):
        phone.tap("下一层")
    assert phone.depth == 10
    phone.tap("下一层")
    assert phone.toast() == "navigateTo:fail webview count limit exceed"
    assert phone.depth == 10


def test_going_back_from_the_first_page_is_refused(phone):
    phone.open()
    phone.tap("往回走")
    assert phone.toast() == "navigateBack:fail cannot navigate back at first page."


def test_redirecting_replaces_and_relaunching_begins_anew(phone):
    phone.open()
    phone.tap("下一层")
    phone.tap("换一页")
    phone.wait_for("分包里的页面 1")
    assert phone.depth == 2
    phone.tap("回首页")
    phone.wait_path("pages/home/index")
    assert phone.depth == 1


def test_the_address_opens_a_page_and_follows(phone):
    phone.open("/packages/extra/list/index?x=9")
    assert phone.has("分包里的页面 9")
    assert phone.page.url.endswith("#/packages/extra/list/index?x=9")
    phone.page.evaluate("location.hash = '/pages/form/index?from=a'")
    phone.wait_for("来自 a")
    assert phone.depth == 1


def test_an_address_that_leads_nowhere_is_the_apps_to_handle(phone):
    phone.open("/pages/gone/index")
    phone.wait_path("pages/home/index")
    phone.tap("看记录")
    phone.wait_for("missing pages/gone/index")


def test_a_page_that_can_be_pulled_down_is_refreshed(phone):
    phone.open()
    phone.refresh()
    phone.wait_for("1 次刷新")
    phone.open("/pages/form/index")
    assert not phone.page.locator(".bar-refresh").is_visible()


def test_the_background_and_back(phone):
    phone.open()
    phone.page.get_by_role("button", name="关闭小程序").click()
    phone.tap("回到小程序")
    phone.tap("看记录")
    phone.wait_for("hide")
    assert phone.page.locator(".log").inner_text().split("\n")[-2:] == ["hide", "show"]


def test_styles_are_wechats(phone):
    phone.open("/pages/styles/index")
    found = phone.page.evaluate(
        """() => {
          const by = (text) => [...document.querySelectorAll('wx-view')].find((one) => one.textContent === text)
          const look = (text) => { const { color, width, backgroundColor, fontSize } = getComputedStyle(by(text)); return { color, width, backgroundColor, fontSize } }
          const box = (text) => { const { top, bottom, height } = by(text).getBoundingClientRect(); return { top, bottom, height } }
          return { half: look('半宽'), inline: look('行内'), bound: look('行内变量'), closed: look('封闭的'), open: look('开放的'), tall: box('半高'), bottom: box('底部') }
        }"""
    )
    assert found["half"] == {
        "color": "rgb(200, 0, 0)", "width": "187.5px", "backgroundColor": "rgb(0, 0, 9)", "fontSize": "20px",
    }  # fmt: skip
    assert (found["inline"]["width"], found["bound"]["width"]) == ("75px", "37.5px")
    assert found["closed"]["color"] == "rgb(1, 2, 3)", (
        "neither app.wxss nor the page reaches into a component"
    )
    assert found["open"]["color"] == "rgb(200, 0, 0)", "with addGlobalClass they do"
    assert found["tall"]["height"] == (812 - 44) / 2, "half of what is below the bar"
    assert found["bottom"]["bottom"] == 812, "fixed to the screen"


def test_a_pages_styles_stay_in_the_page(phone):
    phone.open("/pages/styles/index")
    phone.arrive("/pages/home/index")
    assert phone.page.evaluate("getComputedStyle(document.querySelector('wx-page')).fontSize") == "16px"


def test_the_end_of_a_page_is_noticed(phone):
    phone.open("/pages/styles/index")
    phone.page.evaluate("document.querySelector('.scroller').scrollTo(0, 99999)")
    assert phone.toast() == "到底了"


def test_tab_pages_stay_alive_beside_each_other(phone):
    phone.open("/pages/tabs/one")
    phone.tap("换标签")
    phone.wait_for("二号页 1")
    phone.page.get_by_role("navigation").get_by_role("button", name="一号").click()
    phone.wait_for("一号页 2")
    assert phone.depth == 1
    phone.tap("进到标签页")
    assert phone.toast() == "navigateTo:fail can not navigateTo a tabbar page"


def test_a_place_in_a_page_is_gone_to(phone):
    phone.open("/pages/parts/index")
    phone.tap("去远处")
    phone.page.wait_for_function("document.querySelector('.scroller').scrollTop > 1500")
