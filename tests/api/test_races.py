"""Two at once at the same version: one wins, the other is told; the ledger has one entry."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from sqlalchemy import func, select

from backend.models import Holding, Inquiry, LedgerEntry
from tests.support.app import Office

ROUNDS = 3


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    gate = threading.Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        gate.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def told(answers: list[Any]) -> list[tuple[int, str | None]]:
    return sorted((answer.status_code, answer.json.get("code")) for answer in answers)


def entries(office: Office, number: str, event: str) -> int:
    with office.looking() as work:
        query = select(func.count()).select_from(LedgerEntry).join(Inquiry)
        return work.session.scalar(query.where(Inquiry.number == number, LedgerEntry.event == event)) or 0


def live_holders(office: Office, number: str) -> int:
    with office.looking() as work:
        query = select(func.count()).select_from(Holding).join(Inquiry)
        return work.session.scalar(query.where(Inquiry.number == number, Holding.ended_at.is_(None))) or 0


def test_of_two_handoffs_at_one_version_one_is_made(office: Office) -> None:
    targets = (office.org.business.section.id, office.org.office.section.id)
    staff = [office.staff("window_a"), office.staff("window_b")]
    for _ in range(ROUNDS):
        number = office.file()["number"]
        path = f"/staff/inquiries/{number}/handoffs"
        answers = at_once(
            *(
                partial(who.post, path, {"to_section": to, "reason": "转"}, version=1)
                for who, to in zip(staff, targets, strict=True)
            )
        )
        assert told(answers) == [(201, None), (412, "version_conflict")]
        assert entries(office, number, "offered") == 1


def test_of_an_offer_and_a_letter_outside_at_one_version_one_is_made(office: Office) -> None:
    """坛 六（四）: a matter goes one way at a time."""
    outside = {"external": {"name": "税务局", "phone": "0519-82800000"}, "reason": "转"}
    inside = {"to_section": office.org.business.section.id, "reason": "转"}
    staff = [office.staff("window_a"), office.staff("window_b")]
    for _ in range(ROUNDS):
        number = office.file()["number"]
        path = f"/staff/inquiries/{number}/handoffs"
        answers = at_once(
            *(
                partial(who.post, path, body, version=1)
                for who, body in zip(staff, (inside, outside), strict=True)
            )
        )
        assert told(answers) == [(201, None), (412, "version_conflict")]
        assert entries(office, number, "offered") + entries(office, number, "addressed_outside") == 1


def test_a_decision_against_closing_leaves_one_story(office: Office) -> None:
    """裁定 and 办结 at the same moment: one of them is told that it has moved on."""
    org = office.org
    for _ in range(ROUNDS):
        number = office.file()["number"]
        for _ in range(3):
            to = {"to_section": org.business.section.id, "reason": "转"}
            made = office.act("window_a", number, "handoffs", to).json
            path = f"/staff/handoffs/{made['id']}/return"
            back = {"reason": "不归我们", "clause": "三定"}
            version = office.version(number, "business_a")
            assert office.staff("business_a").post(path, back, version=version).status_code == 200
        general, window = office.staff("general"), office.staff("window_a")
        shown = general.get(f"/staff/inquiries/{number}").json
        decision = {"to_section": org.business.section.id, "reason": "由业务科办"}
        closing = {"outcome": "answered", "reply": "好"}
        answers = at_once(
            partial(
                general.post,
                f"/staff/disputes/{shown['dispute']['id']}/decision",
                decision,
                version=shown["version"],
            ),
            partial(window.post, f"/staff/inquiries/{number}/closing", closing, version=shown["version"]),
        )
        # Who lost it by the decision holds it no longer; who decides too late sees that it has moved on.
        assert sorted(answer.status_code for answer in answers) in ([200, 412], [200, 403])
        decided, closed = entries(office, number, "dispute_decided"), entries(office, number, "closed")
        assert decided + closed == 1
        assert live_holders(office, number) == decided


def test_of_two_acceptances_one_takes_it_over(office: Office) -> None:
    for _ in range(ROUNDS):
        number = office.file()["number"]
        to = {"to_section": office.org.business.section.id, "reason": "转"}
        made = office.act("window_a", number, "handoffs", to).json
        path = f"/staff/handoffs/{made['id']}/acceptance"
        people = [office.staff("business_a"), office.staff("business_b")]
        answers = at_once(*(partial(who.post, path, version=2) for who in people))
        assert told(answers) == [(200, None), (412, "version_conflict")]
        assert (entries(office, number, "accepted"), live_holders(office, number)) == (1, 1)


def test_acceptance_against_closing_leaves_one_story(office: Office) -> None:
    for _ in range(ROUNDS):
        number = office.file()["number"]
        to = {"to_section": office.org.business.section.id, "reason": "转"}
        made = office.act("window_a", number, "handoffs", to).json
        window, business = office.staff("window_a"), office.staff("business_a")
        closing = {"outcome": "answered", "reply": "好"}
        answers = at_once(
            partial(business.post, f"/staff/handoffs/{made['id']}/acceptance", version=2),
            partial(window.post, f"/staff/inquiries/{number}/closing", closing, version=2),
        )
        assert sorted(answer.status_code for answer in answers) in ([200, 412], [200, 403])
        accepted, closed = entries(office, number, "accepted"), entries(office, number, "closed")
        assert accepted + closed == 1
        assert live_holders(office, number) == accepted


def test_crossing_handoffs_between_two_units_both_go_through(office: Office) -> None:
    """Both chains are written by both; they are locked in one order, so nobody waits in a circle."""
    org = office.org
    there, back = office.file()["number"], office.file(sign=org.neighbour_window.sign.code)["number"]
    to_neighbour = office.act(
        "window_a", there, "handoffs", {"to_unit": org.neighbour.id, "reason": "转"}
    ).json
    to_unit = office.act(
        "neighbour_window_a", back, "handoffs", {"to_unit": org.unit.id, "reason": "转"}
    ).json
    general, neighbour = office.staff("general"), office.staff("neighbour_general")
    answers = at_once(
        lambda: neighbour.post(f"/staff/handoffs/{to_neighbour['id']}/acceptance", version=2),
        lambda: general.post(f"/staff/handoffs/{to_unit['id']}/acceptance", version=2),
    )
    assert told(answers) == [(200, None), (200, None)]


def test_of_many_ratings_at_once_one_is_kept(office: Office) -> None:
    filed = office.file()
    number = filed["number"]
    office.act("window_a", number, "closing", {"outcome": "answered", "reply": "好"})
    citizen = office.citizen(filed["tracking_token"])
    answers = at_once(
        *(
            lambda: office.citizen(filed["tracking_token"]).post(
                f"/inquiries/{number}/rating", {"grade": "fair"}
            )
            for _ in range(6)
        )
    )
    assert told(answers) == [(201, None)] + [(409, "already_rated")] * 5
    assert citizen.get(f"/inquiries/{number}").json["rating"]["grade"] == "fair"
