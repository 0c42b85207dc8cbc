"""What lies on the desks of the first sign's unit, made through the API one for each who needs it."""

from __future__ import annotations

import requests

from tests.browser.test_statute_journey import Desk, section_id
from tests.support.app import new_key

UNIT = "常州市金坛区行政审批局"
PARTNER = "常州市金坛区住房和城乡建设局"
QUESTION = "想开一家面馆。"
ANSWER = "带身份证原件，窗口当场办。"
LEAD = {"item": "第十条（一）1", "ground": "reported", "note": "窗口两次没有人。"}


def account_of(demo, role, unit=UNIT, section=None):
    """Of this unit where it has such a role, and of this section where one is named."""
    people = [one for one in demo["staff"] if role in one["roles"] and section in (None, one["section"])]
    return next((one for one in people if one["unit"] == unit), people[0])


class Office:
    """The unit of the first sign: its keeper answers, offers and asks other units; citizens file."""

    def __init__(self, server):
        self.server, self.demo = server, server.demo()
        self.sign = self.demo["signs"][0]
        self.section = self.sign["section"]
        self.keeper = Desk(server, account_of(self.demo, "post_holder", section=self.section))
        self.general = Desk(server, account_of(self.demo, "general_post"))
        self.other = next(
            one["section"]
            for one in self.demo["staff"]
            if one["unit"] == UNIT and one["section"] not in (None, self.section)
        )

    def filed(self, **more):
        """The number of something just filed at the first sign."""
        return self.file(**more)["number"]

    def file(self, **more):
        body = {"sign": self.sign["code"], "category": "consult", "content": QUESTION} | more
        headers = {"Idempotency-Key": new_key()}
        answer = requests.post(f"{self.server.url}/api/v1/inquiries", json=body, headers=headers, timeout=30)
        assert answer.status_code == 201, answer.text
        return answer.json()

    def closed(self):
        number = self.filed()
        self.keeper.act(number, "closing", {"outcome": "answered", "reply": ANSWER})
        return number

    def offered(self):
        """Offered to another section, which has not answered."""
        number = self.filed()
        target = {"to_section": section_id(self.keeper, self.other), "reason": "由贵科答复更准确。"}
        return number, self.keeper.act(number, "handoffs", target)["id"]

    def jointly(self):
        """The number of something that another unit was asked to handle together, and answered."""
        number = self.filed(category="application")
        units = self.keeper.get("/staff/directory")["items"]
        partner = account_of(self.demo, "general_post", PARTNER)
        other = next(one["id"] for one in units if one["name"] == PARTNER)
        self.keeper.act(number, "joint", {"units": [other], "matter": "两家都要管"})
        for desk in (self.keeper, Desk(self.server, partner)):
            desk.act(number, "joint/opinions", {"kind": "opinion", "text": "可以一起办。"})
        return number

    def lead(self):
        return self.general.act(self.filed(), "leads", LEAD)["id"]
