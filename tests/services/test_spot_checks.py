"""抽查 is put on record by the two posts and by nobody who handled the matter: 泸 二（二）4, 泸 附件1-17."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import func, select

from backend.domain.errors import FieldInvalid, FollowUpNotPossible, RoleRequired, SpotCheckNotPossible
from backend.domain.spot_checks import SpotCheck
from backend.domain.vocabulary import Grade, Outcome, Role
from backend.domain.vocabulary_contact import FollowUpState, SpotCheckBy, SpotCheckMethod
from backend.models import FollowUp, Inquiry, LedgerEntry, LedgerRow, PostDeputy, Rating
from backend.services.closing import Closing, close_inquiry
from backend.services.contacts import Contact
from backend.services.organising import grant_role
from backend.services.spot_checks import may_spot_check, partners, spot_check, ways_to_check
from backend.services.work import Work
from tests.services.desk import file
from tests.support.organisation import PHONES, SmallOrganisation

GENERAL, DISCIPLINE, JOINT = SpotCheckBy.GENERAL_POST, SpotCheckBy.DISCIPLINE, SpotCheckBy.JOINT
PHONE = "13812345678"


def closed(work: Work, org: SmallOrganisation, **filing: Any) -> Inquiry:
    filed = file(work, org, **{"contact": Contact(phone=PHONE)} | filing)
    who = org.identity("window_a")
    close_inquiry(work.acting_as(who.actor), who, filed.inquiry, Closing(Outcome.ANSWERED, "好"))
    return filed.inquiry


def looked(by: SpotCheckBy, **changes: Any) -> SpotCheck:
    return SpotCheck(by, SpotCheckMethod.RECORD, finding="答复及时", **changes)


def check(work: Work, org: SmallOrganisation, inquiry: Inquiry, name: str, what: SpotCheck) -> LedgerEntry:
    who = org.identity(name)
    return spot_check(work.acting_as(who.actor), who, inquiry, what)


def ways(work: Work, org: SmallOrganisation, inquiry: Inquiry) -> dict[str, list[SpotCheckBy]]:
    found = {name: ways_to_check(work, org.identity(name), inquiry) for name in org.people}
    return {name: open_to for name, open_to in found.items() if open_to}


def test_the_general_post_and_discipline_check_each_or_together_and_nobody_else_does(
    work: Work, org: SmallOrganisation
) -> None:
    inquiry = closed(work, org)
    assert ways(work, org, inquiry) == {"general": [GENERAL, JOINT], "discipline": [DISCIPLINE, JOINT]}
    assert [p.id for p in partners(work, org.identity("general"), inquiry)] == [org.people["discipline"].id]


def test_where_one_of_the_two_posts_is_missing_the_other_goes_alone(
    work: Work, org: SmallOrganisation
) -> None:
    filed = file(work, org, sign=org.lu_window.sign)
    assert ways(work, org, filed.inquiry) == {"lu_general": [GENERAL]}


def test_who_works_in_a_section_that_held_it_does_not_check_it(work: Work, org: SmallOrganisation) -> None:
    # The general post's keeper sits in the office.
    at_office = file(work, org, sign=org.office.sign).inquiry
    assert ways(work, org, at_office) == {"discipline": [DISCIPLINE]}
    grant_role(work, org.people["discipline"], Role.HANDLER, section=org.office.section)
    work.session.expire(org.people["discipline"], ["grants"])
    assert ways(work, org, at_office) == {}


def test_a_post_does_not_check_what_it_held(work: Work, org: SmallOrganisation) -> None:
    at_general = file(work, org, sign=org.general_sign).inquiry
    assert ways(work, org, at_general) == {"discipline": [DISCIPLINE]}
    # Nor does whoever else has its role.
    grant_role(work, org.people["business_a"], Role.GENERAL_POST)
    work.session.expire(org.people["business_a"], ["grants"])
    assert not may_spot_check(work, org.identity("business_a"), at_general)


def test_the_deputy_of_a_post_checks_for_it(work: Work, org: SmallOrganisation) -> None:
    work.session.add(
        PostDeputy(post_id=org.general_post.id, staff_id=org.people["business_a"].id, position=1)
    )
    work.session.flush()
    assert ways(work, org, closed(work, org))["business_a"] == [GENERAL, JOINT]


def test_a_check_is_one_entry_of_the_chain_and_moves_nothing(work: Work, org: SmallOrganisation) -> None:
    inquiry = closed(work, org)
    version, line = inquiry.version, work.session.scalars(select(LedgerRow)).one()
    before = {column.name: getattr(line, column.name) for column in LedgerRow.__table__.columns}
    calls = work.session.scalar(select(func.count()).select_from(FollowUp))
    what = SpotCheck(
        JOINT, SpotCheckMethod.PHONE, FollowUpState.ANSWERED, Grade.DISSATISFIED, "等了一小时", True,
        org.people["general"].id,
    )  # fmt: skip
    entry = check(work, org, inquiry, "discipline", what)
    body = json.loads(entry.body)
    assert body["facts"] == {
        "layer": "sample", "by": "joint", "how": "phone", "result": "answered", "grade": "dissatisfied",
        "with": org.people["general"].id, "needs_rectification": True,
    }  # fmt: skip
    assert set(body["texts"]) == {"finding"}
    assert "等了" not in entry.body
    assert (entry.event, entry.unit_id, inquiry.version) == ("spot_checked", org.unit.id, version)
    work.session.refresh(line)
    assert {column.name: getattr(line, column.name) for column in LedgerRow.__table__.columns} == before
    # Its grade stands with it: no box of 附件2 and no published figure has it.
    assert work.session.scalar(select(func.count()).select_from(Rating)) == 0
    assert work.session.scalar(select(func.count()).select_from(FollowUp)) == calls


def test_a_matter_is_checked_as_often_as_they_go(work: Work, org: SmallOrganisation) -> None:
    inquiry = closed(work, org)
    check(work, org, inquiry, "general", looked(GENERAL))
    check(work, org, inquiry, "general", looked(GENERAL))
    check(work, org, inquiry, "discipline", looked(DISCIPLINE))
    told = select(LedgerEntry).where(LedgerEntry.event == "spot_checked")
    assert len(work.session.scalars(told).all()) == 3


@pytest.mark.parametrize(
    ("name", "what", "error"),
    [
        ("window_a", looked(GENERAL), RoleRequired),
        ("window_head", looked(GENERAL), RoleRequired),
        ("business_a", looked(DISCIPLINE), RoleRequired),
        ("principal", looked(GENERAL), RoleRequired),
        ("overseer", looked(DISCIPLINE), RoleRequired),
        ("neighbour_general", looked(GENERAL), RoleRequired),
        # Each in their own name only.
        ("general", looked(DISCIPLINE), FieldInvalid),
        ("general", looked(JOINT, with_staff="nobody"), FieldInvalid),
    ],
)
def test_everybody_else_is_refused(
    work: Work, org: SmallOrganisation, name: str, what: SpotCheck, error: type[Exception]
) -> None:
    inquiry = closed(work, org)
    with pytest.raises(error):
        check(work, org, inquiry, name, what)


def test_nobody_goes_with_who_handled_it_or_with_themselves(work: Work, org: SmallOrganisation) -> None:
    inquiry = closed(work, org)
    for companion in ("general", "window_a", "principal", "neighbour_general"):
        with pytest.raises(FieldInvalid) as refused:
            check(work, org, inquiry, "general", looked(JOINT, with_staff=org.people[companion].id))
        assert refused.value.pointer == "/with_staff", companion


def test_what_is_in_hand_is_not_checked_and_staff_s_own_phones_are_not_called(
    work: Work, org: SmallOrganisation
) -> None:
    with pytest.raises(SpotCheckNotPossible):
        check(work, org, file(work, org).inquiry, "general", looked(GENERAL))
    called = SpotCheck(GENERAL, SpotCheckMethod.PHONE, FollowUpState.REFUSED)
    for contact in (Contact(), Contact(phone=PHONES["window_a"])):
        inquiry = closed(work, org, contact=contact)
        with pytest.raises(FollowUpNotPossible):
            check(work, org, inquiry, "general", called)
        check(work, org, inquiry, "general", looked(GENERAL))
