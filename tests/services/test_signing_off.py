"""Opinions sign lines off and stop nothing (泸 附件2“科室负责人意见”、附件2“分管领导意见”)."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from backend.domain.errors import FieldInvalid
from backend.domain.vocabulary import HandoffMode, Outcome
from backend.domain.vocabulary_ledger import SignOffRole
from backend.models import LedgerEntry, LedgerRow, Opinion
from backend.services.closing import Closing, close_inquiry
from backend.services.following import reopen_inquiry
from backend.services.handing_over import Offer, accept_handoff, offer_handoff
from backend.services.ledger_rows import replay
from backend.services.signing_off import line_to_sign, roles_open_to, sign_off, sign_off_many
from backend.services.work import Work
from tests.services.desk import file, later
from tests.support.organisation import SmallOrganisation

HEAD, LEADER = SignOffRole.SECTION_HEAD, SignOffRole.DEPUTY_LEADER


def sign(work: Work, org: SmallOrganisation, inquiry, name: str, role: SignOffRole, text: str = "同意"):
    who = org.identity(name)
    return sign_off(work.acting_as(who.actor), who, inquiry, role=role, text=text)


def handed_to_business(work: Work, org: SmallOrganisation, inquiry) -> None:
    giver, taker = org.identity("window_a"), org.identity("business_b")
    offer = Offer(None, org.business.section.id, None, HandoffMode.TRANSFER, "属于业务科", None)
    made, _ = offer_handoff(work.acting_as(giver.actor), giver, inquiry, offer)
    accept_handoff(work.acting_as(taker.actor), taker, inquiry, made)


def test_a_head_signs_the_own_sections_line_and_a_leader_those_assigned(
    work: Work, org: SmallOrganisation
) -> None:
    inquiry = file(work, org).inquiry
    before = (inquiry.version, inquiry.status)
    opinion, entry = sign(work, org, inquiry, "window_head", HEAD)
    assert (opinion.unit_id, opinion.section_id, opinion.round) == (org.unit.id, org.window.section.id, 1)
    assert json.loads(entry.body)["facts"] == {
        "opinion": opinion.id,
        "role": "section_head",
        "line_unit": org.unit.id,
        "line_section": org.window.section.id,
    }
    sign(work, org, inquiry, "deputy_leader", LEADER)
    sign(work, org, inquiry, "principal", LEADER)
    assert (inquiry.version, inquiry.status) == before
    assert replay(work.session, [inquiry.id], apply=False).differences == []


def test_nobody_signs_a_line_of_others(work: Work, org: SmallOrganisation) -> None:
    inquiry = file(work, org).inquiry
    for name, role in (
        ("business_head", HEAD),
        ("window_a", HEAD),
        ("window_head", LEADER),
        ("deputy_leader", HEAD),
        ("general", HEAD),
        ("overseer", LEADER),
    ):
        with pytest.raises(FieldInvalid):
            sign(work, org, inquiry, name, role)
    assert roles_open_to(work, org.identity("window_head"), inquiry) == [HEAD]
    assert roles_open_to(work, org.identity("general"), inquiry) == []


def test_each_sections_head_signs_its_own_line(work: Work, org: SmallOrganisation) -> None:
    inquiry = file(work, org).inquiry
    handed_to_business(work, org, inquiry)
    for name, desk in (("window_head", org.window), ("business_head", org.business)):
        opinion, _ = sign(work, org, inquiry, name, HEAD)
        assert opinion.section_id == desk.section.id
    line = line_to_sign(work, org.identity("deputy_leader"), inquiry, LEADER)
    assert line is not None
    assert line.section_id == org.window.section.id, "a counted line before a 承接 line"


def test_a_later_opinion_takes_the_place_of_an_earlier_one_and_both_stay(
    work: Work, org: SmallOrganisation
) -> None:
    inquiry = file(work, org).inquiry
    for text in ("先看看", "同意"):
        sign(work, org, inquiry, "window_head", HEAD, text)
    moments = work.session.scalars(select(Opinion.at).order_by(Opinion.at)).all()
    assert len(set(moments)) == 2, "which is the later one is never in doubt, however close they are"


def test_nothing_waits_for_an_opinion_and_one_can_be_given_on_what_is_closed(
    work: Work, org: SmallOrganisation
) -> None:
    inquiry = file(work, org).inquiry
    who = org.identity("window_a")
    close_inquiry(work.acting_as(who.actor), who, inquiry, Closing(Outcome.ANSWERED, "好"))
    first, _ = sign(work, org, inquiry, "window_head", HEAD)
    reopen_inquiry(later(work, hours=1), inquiry, reason="还没有解决")
    again, _ = sign(later(work, hours=2), org, inquiry, "window_head", HEAD)
    assert (first.round, again.round) == (1, 2)


def test_many_are_signed_at_one_stroke_in_the_chains_of_all(work: Work, org: SmallOrganisation) -> None:
    who = org.identity("window_head")
    inquiries = [file(work, org).inquiry for _ in range(3)]
    lines = [(one, line_to_sign(work, who, one, HEAD)) for one in inquiries]
    batch = sign_off_many(work.acting_as(who.actor), who, lines, role=HEAD, text="已阅")  # type: ignore[arg-type]
    opinions = work.session.scalars(select(Opinion).where(Opinion.batch_id == batch)).all()
    assert {opinion.inquiry_id for opinion in opinions} == {one.id for one in inquiries}
    entries = work.session.scalars(select(LedgerEntry).where(LedgerEntry.event == "signed_off")).all()
    assert len(entries) == 3


def test_a_line_of_another_unit_is_signed_in_both_chains(work: Work, org: SmallOrganisation) -> None:
    inquiry = file(work, org).inquiry
    giver, taker = org.identity("window_a"), org.identity("neighbour_general")
    offer = Offer(org.neighbour.id, None, None, HandoffMode.TRANSFER, "属于贵局", None)
    made, _ = offer_handoff(work.acting_as(giver.actor), giver, inquiry, offer)
    accept_handoff(work.acting_as(taker.actor), taker, inquiry, made)
    sign(work, org, inquiry, "window_head", HEAD)
    entries = work.session.scalars(select(LedgerEntry).where(LedgerEntry.event == "signed_off")).all()
    assert {(entry.unit_id, entry.is_mirror) for entry in entries} == {
        (org.neighbour.id, False),
        (org.unit.id, True),
    }
    assert work.session.scalars(select(LedgerRow.unit_id).distinct()).all()
