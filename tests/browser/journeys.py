"""What journeys share: one person at one phone or desk, and pictures of what they see."""

from __future__ import annotations

from contextlib import suppress

from playwright.sync_api import Error, Page, expect

from tests.support.browser import PICTURES, is_wider_than_the_screen

AWAY = 3
"""How many pages in a row may be on their way out when they are looked at."""


class Journey:
    """One person at one phone, and pictures of what they see."""

    def __init__(self, page: Page, server, pictures, look):
        self.page, self.server, self.pictures, self.look = page, server, pictures, look

    def open(self, address):
        self.page.goto(address if address.startswith("http") else self.server.url + address)
        return self.seen()

    def seen(self):
        """What must hold on every page: it fits the screen, has one heading, and speaks no error."""
        page = self.page
        for _ in range(AWAY):
            page.wait_for_load_state("load")  # its widths are its own only once the style sheets are in
            # A button that was just pressed may take the page away while it is looked at: then the next one is seen.
            with suppress(Error):
                assert not is_wider_than_the_screen(page), f"{page.url} is wider than the screen"
                break
        else:
            raise AssertionError(f"{page.url} did not stay")
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
        return page

    def picture(self, name):
        page = self.seen()
        if PICTURES:
            page.screenshot(path=self.pictures / f"{name}{self.look}.png", full_page=True)

    def sign_in(self, account):
        self.open("/staff/login")
        self.page.get_by_label("用户名").fill(account["username"])
        self.page.get_by_label("密码").fill(account["password"])
        self.page.get_by_role("button", name="登录", exact=True).click()
        expect(self.page).to_have_url(f"{self.server.url}/staff")

    def sign_out(self):
        self.page.get_by_role("button", name="退出", exact=True).click()

    def open_panel(self, name):
        panel = self.page.locator("details.panel").filter(has=self.page.locator("summary", has_text=name))
        if panel.first.get_attribute("open") is None:
            panel.first.locator("summary").click()
        return panel.first
