"""What WeChat does beside a mini program, asked of the simulator's admin API: sign-in, phone number, consent, messages."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from urllib.parse import quote

from backend.wechat.templates import load_templates
from miniprogram_stub.preview.server.upstream import Answer, ask

ACTS = ("login", "phone", "subscriptions", "visit", "withdraw")
"""What a simulated person may do through the preview; nothing else of the admin API is reached."""


class WeChat:
    """The simulator at `url`, seen by one mini program."""

    def __init__(self, url: str, app_id: str, templates: dict[str, str]) -> None:
        self._url, self.app_id = url, app_id
        known = load_templates()
        self._keys = {template_id: key for key, template_id in templates.items()}
        self._fields = {
            key: {each.key: each.keyword for each in template.fields} for key, template in known.items()
        }
        self.templates = [
            {"id": template_id, "key": key, "title": known[key].title}
            for key, template_id in templates.items()
            if key in known
        ]

    def act(self, name: str, act: str, body: bytes) -> Answer:
        """Let a person do one of ACTS. Raises Unreachable."""
        return ask(
            self._url, "POST", f"{self._person(name)}/{act}", [("Content-Type", "application/json")], body
        )

    def messages(self, name: str) -> list[dict[str, Any]] | None:
        """What arrived on the person's phone, the newest first; None when the simulator refuses. Raises Unreachable."""
        answer = ask(self._url, "GET", self._person(name))
        if answer.status != 200:
            return None
        found: list[dict[str, Any]] = json.loads(answer.body)["messages"]
        return [self._told(message) for message in reversed(found)]

    def _told(self, message: dict[str, Any]) -> dict[str, Any]:
        names = self._fields.get(self._keys.get(message["template_id"], ""), {})
        at = datetime.fromisoformat(message["at"])
        return {
            "title": message["title"],
            "page": message["page"],
            "at": f"{at.month}月{at.day}日 {at:%H:%M}",
            "lines": [[names.get(key, key), text] for key, text in message["data"].items()],
        }

    def _person(self, name: str) -> str:
        return f"/_admin/apps/{quote(self.app_id, safe='')}/people/{quote(name, safe='')}"
