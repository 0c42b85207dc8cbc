"""The work list: what a page of it costs, and that dropping a second search lets nothing through."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from backend.domain.boxes import Box
from backend.domain.identity import Grant
from backend.domain.vocabulary import AboutKind, Employment, LimitBasis, Role
from backend.models import Holding, Inquiry, Staff
from backend.queries.worklist import box_counts, conditions, work_list
from backend.services.changing_clocks import pause_clocks, resume_clocks
from backend.services.clocks import StatedLimit, start_stated_clock
from backend.services.holdings import hold
from backend.services.organising import create_staff, grant_role
from tests.queries.counting import statements
from tests.support.app import Office
from tests.support.organisation import LIGHT_COST, PASSWORD

sqlite_only = pytest.mark.parametrize("database_kind", ["sqlite"])


def held_by_somebody_new(office: Office, place: int) -> None:
    """An inquiry of the unit in the hands of a person nobody else's inquiry is with, of one of its sections."""
    org = office.org
    number = office.file()["number"]
    with office.working() as work:
        desk = (org.window, org.business, org.office)[place % 3]
        person = create_staff(
            work,
            unit=org.unit,
            section=desk.section,
            username=f"new-{place}",
            name=f"新人{place:02d}",
            employment=Employment.CIVIL_SERVANT,
            password=PASSWORD,
            cost=LIGHT_COST,
        )
        grant_role(work, person, Role.HANDLER, section=desk.section)
        inquiry = work.session.scalars(select(Inquiry).where(Inquiry.number == number)).one()
        hold(work, inquiry, staff=person)


@sqlite_only
def test_a_full_page_of_different_holders_costs_what_two_lines_cost(office: Office) -> None:
    me = office.org.identity("principal")

    def cost(lines: int) -> int:
        with office.looking() as work, statements(office) as sent:
            items = work_list(work, me, Box.UNIT, None)["items"]
        assert len({item["holder_text"] for item in items}) == lines
        return len(sent)

    office.file()
    held_by_somebody_new(office, 0)
    two = cost(2)
    for place in range(1, 19):
        held_by_somebody_new(office, place)
    assert cost(20) == two <= 5


@sqlite_only
@pytest.mark.parametrize("box", [Box.TODO, Box.OFFERED, Box.MINE, Box.DUE_SOON])
def test_a_box_of_what_is_in_hand_searches_no_chain_besides(office: Office, box: Box) -> None:
    with office.looking() as work:
        wheres = [str(one) for one in conditions(work, office.org.identity("window_head"), box)]
    assert sum(one.count("EXISTS") for one in wheres) == (3 if box is Box.DUE_SOON else 1)


def test_boxes_count_exactly_what_they_list(office: Office) -> None:
    org = office.org
    office.file()
    confirmed, offered = office.file()["number"], office.file()["number"]
    office.file(category="complaint", about={"kind": "unit"}, sign=org.general_sign.code)
    assert office.act("window_a", confirmed, "confirmation").status_code == 200
    target = {"to_unit": org.unit.id, "to_section": org.business.section.id, "reason": "属于业务科"}
    assert office.act("window_a", offered, "handoffs", target).status_code == 201
    office.clock.forward(days=1, hours=9)
    expected = {"window_a": (1, 0, 2, 3), "business_b": (0, 1, 0, 0), "general": (0, 0, 0, 0)}
    with office.looking() as work:
        for name, wanted in expected.items():
            counts = box_counts(work, org.identity(name))
            assert tuple(counts[box] for box in (Box.TODO, Box.OFFERED, Box.MINE, Box.DUE_SOON)) == wanted
            for box in set(Box) - {Box.CLOSED}:
                assert len(work_list(work, org.identity(name), box, None)["items"]) == counts[box], (
                    name,
                    box,
                )


@sqlite_only
def test_what_stands_still_is_neither_near_nor_over_and_says_so(office: Office) -> None:
    number = office.file(category="report", written=False)["number"]
    assert office.act("window_a", number, "confirmation", {}).status_code == 200
    me = office.org.identity("window_a")
    with office.working() as work:
        inquiry = work.session.scalars(select(Inquiry).where(Inquiry.number == number)).one()
        holding = work.session.scalars(select(Holding).where(Holding.inquiry_id == inquiry.id)).one()
        stated = StatedLimit(2, LimitBasis.LEGAL)
        start_stated_clock(work, inquiry, "handling-limit", stated, since=work.now, holding=holding)
        pause_clocks(work, inquiry)
    for days in (1, 30):
        office.clock.forward(days=days)
        with office.looking() as work:
            counts = box_counts(work, me)
            [item] = work_list(work, me, Box.MINE, None)["items"]
        assert (counts[Box.DUE_SOON], counts[Box.OVERDUE]) == (0, 0)
        assert (item["clock_state"], item["due_at"], item["due_text"]) == (
            "paused",
            None,
            "暂停，还剩 2 个工作日",
        )
    with office.working() as work:
        inquiry = work.session.scalars(select(Inquiry).where(Inquiry.number == number)).one()
        resume_clocks(work, inquiry)
    office.clock.forward(days=5)
    with office.looking() as work:
        assert box_counts(work, me)[Box.OVERDUE] == 1


@sqlite_only
def test_a_complaint_about_the_holder_is_in_none_of_their_boxes(office: Office) -> None:
    office.file(category="complaint", about={"kind": AboutKind.SECTION.value})
    me = office.org.identity("window_a")
    with office.working() as work:
        inquiry = work.session.scalars(select(Inquiry)).one()
        hold(work, inquiry, staff=work.session.get_one(Staff, me.staff_id))
        live = work.session.scalars(select(Holding).where(Holding.ended_at.is_(None))).one()
        assert live.staff_id == me.staff_id
        assert set(box_counts(work, me).values()) == {0}


@sqlite_only
def test_who_may_see_no_inquiry_has_empty_boxes_even_if_one_is_in_their_hands(office: Office) -> None:
    office.file()
    me = office.org.identity("window_a")
    barred = replace(me, grants=(*me.grants, Grant(Role.AUDITOR, me.unit_id, None)))
    with office.looking() as work:
        assert box_counts(work, me)[Box.TODO] == 1
        assert set(box_counts(work, barred).values()) == {0}
