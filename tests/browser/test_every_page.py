"""axe finds no serious fault on any page of the portal and the console; each is opened by somebody whom it is for.

Pages that were refused, overtaken, filled in or empty are looked at in test_states.py.
"""

from __future__ import annotations

import pytest
import requests

from backend.routes.pages.guards import STAFF_COOKIE
from tests.browser.axe import faults
from tests.browser.test_statute_journey import Desk
from tests.support.app import new_key
from tests.support.browser import DESK, PHONE, is_wider_than_the_screen, use_large_text
from tests.support.console_walk import NO_PAGE, Visitor, page_routes

ROLES = (
    *("general_post", "sysadmin", "overseer", "discipline", "post_holder", "section_head"),
    *("deputy_leader", "principal_leader", "auditor", "handler"),
)
pytestmark = pytest.mark.timeout(400)

ELSEWHERE = {
    "staff_import_pages.show_one": "opened after an upload: tests/browser/test_organisation_journey.py",
    "staff_import_pages.passwords": "opened after an import: tests/browser/test_organisation_journey.py",
    "survey_pages.show": "opened from a message: tests/browser/test_wechat_journey.py",
    "wechat_verification.verification": "a file for WeChat",
}


@pytest.fixture(scope="module")
def found(server):
    """Every kind of page with an address and the cookie of who opened it; and all that there are."""
    demo, routes, known, pages = server.demo(), page_routes(), set(), []
    papers = papers_of(server, demo)
    token = file(server, demo)["tracking_url"].rpartition("/")[2]
    code = demo["signs"][0]["code"]
    citizen = Visitor(server.url, "citizen")
    seeds = ["/", f"/s/{code}", f"/s/{code}/new", "/lookup", f"/t/{token}", "/staff/login"]
    pages += [(*one, None) for one in citizen.walk(routes, seeds, known)]
    everything = {
        rule.endpoint
        for rule in routes.map.iter_rules()
        if "GET" in (rule.methods or ()) and rule.endpoint.rpartition(".")[2] not in NO_PAGE
    }
    everything -= {"static", *ELSEWHERE}
    # Of the first unit, and then of the last: what one has done, the other may not have. Who opens most comes first.
    for role in ROLES:
        for place in (0, -1):
            account = [one for one in demo["staff"] if role in one["roles"]][place]
            if everything - known:
                pages += found_by(server, account, routes, known, papers)
    return pages, known, everything


def file(server, demo):
    """An application with a long name and a long text."""
    body = {
        "sign": demo["signs"][0]["code"],
        "category": "application",
        "content": "想开一家面馆。" * 700,
        "contact": {"name": "欧阳" + "明" * 38, "phone": "13812345678"},
    }
    headers = {"Idempotency-Key": new_key()}
    return requests.post(f"{server.url}/api/v1/inquiries", json=body, headers=headers, timeout=30).json()


def papers_of(server, demo):
    """The addresses of a letter to an authority and of a written report, as somebody of the office makes them."""
    first = demo["signs"][0]
    of_unit = [one for one in demo["staff"] if one["unit"] == first["unit"] and "post_holder" in one["roles"]]
    keeper = Desk(server, next(one for one in of_unit if one["section"] == first["section"]))
    sent, joint = file(server, demo)["number"], file(server, demo)["number"]
    outside = {"external": {"name": "税务局", "phone": "0519-82800000"}, "reason": "属于税务"}
    letter = keeper.act(sent, "handoffs", outside)["id"]
    other = next(unit for unit in keeper.get("/staff/directory")["items"] if unit["name"] != first["unit"])
    keeper.act(joint, "joint", {"units": [other["id"]], "matter": "两家都要管"})
    report = {"to": "government_office", "matters": "用途认定", "positions": "各有理据", "opinion": "先登记"}
    keeper.act(joint, "joint/report", report)
    return [f"/staff/inquiries/{sent}/letters/{letter}", f"/staff/inquiries/{joint}/joint/report"]


def found_by(server, account, routes, known, papers):
    person = Visitor(server.url, account["username"])
    person.sign_in(account)
    own = ["/staff", "/staff?box=unit", "/staff?box=section", "/staff?box=closed", "/staff/register"]
    own += ["/staff/search", "/staff/ledger/reports/preview?kind=summary&period=2026-11"]
    return [(*one, person.cookie) for one in person.walk(routes, own + papers, known)]


def test_every_kind_of_page_was_found_by_following_links(found):
    _pages, known, everything = found
    assert sorted(everything - known) == []


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_axe_finds_no_serious_fault_and_every_page_fits(server, open_page, found, width):
    pages, _known, _everything = found
    wrong = []
    views = {cookie: open_page(width, javascript=True) for cookie in {cookie for *_, cookie in pages}}
    for cookie, view in views.items():
        if cookie is not None:
            view.context.add_cookies([{"name": STAFF_COOKIE, "value": cookie, "url": server.url}])
    for _endpoint, address, cookie in pages:
        view = views[cookie]
        view.goto(server.url + address)
        view.wait_for_load_state("load")
        wrong += faults(view)
        if is_wider_than_the_screen(view):
            wrong.append(f"{view.url} is wider than {width}")
    assert wrong == []


def test_pages_of_what_is_not_there_pass_too_and_so_does_large_text(server, open_page, found):
    pages, _known, _everything = found
    signed_in = next(cookie for *_, cookie in pages if cookie)
    citizen, staff = open_page(PHONE), open_page(PHONE)
    staff.context.add_cookies([{"name": STAFF_COOKIE, "value": signed_in, "url": server.url}])
    wrong = []
    for view, addresses in (
        (citizen, ("/nothing", "/s/0000000000000000", "/t/nothing", "/surveys/nothing")),
        (
            staff,
            (
                "/staff/inquiries/2026",
                "/staff?box=nothing",
                "/staff/search?wanted=%E6%B2%A1%E6%9C%89%E7%9A%84",
            ),
        ),
    ):
        for address in addresses:
            view.goto(server.url + address)
            wrong += faults(view)
    use_large_text(staff)
    for address in ("/staff", "/staff/register", "/staff/ledger", "/staff/search"):
        staff.goto(server.url + address)
        wrong += faults(staff)
        if is_wider_than_the_screen(staff):
            wrong.append(f"{address} is wider than a phone in large text")
    assert wrong == []
