"""What journeys through the mini program share: accounts, codes of the console, messages that arrived."""

from __future__ import annotations

import requests

from tests.support.app import new_key

SECONDS = 30


def staff_of(demo, unit, section, role):
    """An account of the demo."""
    return next(
        s for s in demo["staff"] if (s["unit"], s["section"]) == (unit, section) and role in s["roles"]
    )


def staff_headers(demo, account):
    """A session of the desk console, as request headers."""
    answer = requests.post(
        f"{demo['base_url']}/api/v1/staff/sessions",
        json={"username": account["username"], "password": account["password"]},
        timeout=SECONDS,
    )
    assert answer.status_code == 201, answer.text
    return {"Authorization": f"Bearer {answer.json()['token']}"}


def binding_code(demo, account):
    """A fresh one; an earlier binding is given up, as somebody does who has a new phone."""
    headers = staff_headers(demo, account)
    requests.delete(f"{demo['base_url']}/api/v1/staff/wechat", headers=headers, timeout=SECONDS)
    answer = requests.post(
        f"{demo['base_url']}/api/v1/staff/wechat/binding-codes",
        headers=headers | {"Idempotency-Key": new_key()},
        json={},
        timeout=SECONDS,
    )
    assert answer.status_code == 201, answer.text
    return answer.json()["code"]


def message_page(demo, person, part):
    """The page of the first message to this person whose address has `part`, once it has arrived."""
    address = f"{demo['simulator_url']}/_admin/apps/{demo['wechat']['appid']}/people/{person}"
    for wanted in range(1, 9):
        asked = {"messages": wanted, "seconds": SECONDS}
        pages = [
            one["page"] for one in requests.get(address, params=asked, timeout=2 * SECONDS).json()["messages"]
        ]
        found = next((page for page in pages if part in page), None)
        if found:
            return found
        assert len(pages) >= wanted, f"no message with {part}: {pages}"
    raise AssertionError(f"no message with {part}")
