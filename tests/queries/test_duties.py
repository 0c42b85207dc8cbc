"""What the ledger says of the duties of the measure: called up, carried out, or no longer applying."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from backend.domain.vocabulary import Outcome
from backend.models import Inquiry
from backend.queries.duties import duties_of, statute_events
from backend.services.changing import open_offer
from backend.services.handing_over import lapse_handoff
from backend.statute.model import Event
from tests.support.app import Office

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])


def shown(office: Office, number: str) -> dict[str, str]:
    """Each duty on the citizen's page with its state."""
    with office.looking() as work:
        inquiry = work.session.scalars(select(Inquiry).where(Inquiry.number == number)).one()
        return {duty["id"]: duty["state"] for duty in duties_of(work, inquiry)}


MEANINGS = [
    ("confirmed", {"competent": True}, (Event.COMPETENCE_CONFIRMED,)),
    ("confirmed", {"competent": None}, ()),
    (
        "confirmed",
        {"competent": True, "on_the_spot": True},
        (Event.COMPETENCE_CONFIRMED, Event.READY_ON_THE_SPOT),
    ),
    ("offered", {"kind": "section"}, (Event.SECTION_HANDOFF,)),
    ("offered", {"kind": "unit"}, (Event.UNIT_HANDOFF_SERVED,)),
    ("noticed", {"unlisted": 0}, (Event.NOTICE_GIVEN,)),
    ("noticed", {"unlisted": 2}, (Event.NOTICE_GIVEN, Event.UNLISTED_DEMAND)),
    ("joint_opinion", {"all_answered": False}, ()),
    ("joint_opinion", {"all_answered": True}, (Event.JOINT_ANSWERED,)),
    ("assigned", {"kind": "section"}, (Event.SECTION_HANDOFF, Event.HANDOFF_ACCEPTED)),
    ("lapsed", {}, (Event.HANDOFF_LAPSED,)),
    ("matter_named", {"regime": "petition"}, (Event.REGIME_NAMED,)),
    ("matter_named", {"matter": "m"}, (Event.MATTER_NAMED,)),
    ("matter_named", {"matter": "m", "regime": "permit"}, (Event.MATTER_NAMED, Event.REGIME_NAMED)),
    ("closed", {"outcome": Outcome.ANSWERED.value}, (Event.CLOSED,)),
    ("closed", {"outcome": Outcome.REFUSED.value}, (Event.REFUSED, Event.CLOSED)),
    ("closed", {"outcome": Outcome.GUIDED.value}, (Event.NOT_OURS, Event.GUIDED, Event.CLOSED)),
    (
        "closed",
        {"outcome": Outcome.TRANSFERRED.value},
        (Event.NOT_OURS, Event.UNIT_HANDOFF_SERVED),
    ),
    ("attached", {}, ()),
]


@pytest.mark.parametrize(("name", "facts", "meaning"), MEANINGS)
def test_an_entry_means_this_to_the_statute(name, facts, meaning, database_kind):
    assert statute_events(name, facts) == meaning


def test_a_consultation_is_owed_an_answer_and_a_reply_until_it_has_them(office):
    """坛 七（一）: 限时答复; 坛 十（一）2: 及时回复办理结果."""
    number = office.file()["number"]
    assert shown(office, number) == {"answer-consult": "owed", "reply-result": "owed"}
    office.act("window_a", number, "closing", {"outcome": "answered", "reply": "带身份证。"})
    assert shown(office, number) == {"answer-consult": "met", "reply-result": "met"}


def test_a_refusal_calls_up_its_reasons(office):
    """坛 六（一）: 明确告知不予办理的理由、依据等."""
    number = office.file(category="application")["number"]
    office.act(
        "window_a",
        number,
        "closing",
        {
            "outcome": "refused",
            "reply": "不予办理。",
            "reason": "不符",
            "basis": "第三条",
            "remedy": "可以复议",
        },
    )
    states = shown(office, number)
    assert states["reasoned-refusal"] == "met"
    assert states["written-transfer"] == "dropped"


def test_handing_over_inside_the_unit_is_owed_until_somebody_accepts(office):
    """坛 六（二）: 转交至具体承办人员，该承办人承接首问责任."""
    number = office.file(category="application")["number"]
    section = office.org.business.section.id
    made = office.act("window_a", number, "handoffs", {"to_section": section, "reason": "归口办理"})
    assert shown(office, number)["hand-to-handler"] == "owed"
    version = office.version(number, "business_a")
    answer = office.staff("business_a").post(f"/staff/handoffs/{made.json['id']}/acceptance", version=version)
    assert answer.status_code == 200
    assert shown(office, number)["hand-to-handler"] == "met"


def test_a_unit_under_lu_shows_its_own_duties_only(office):
    """泸 一, 附件1第11项: 有问必答、有求必应; never 坛's articles."""
    number = office.file(sign=office.org.lu_window.sign.code)["number"]
    states = shown(office, number)
    assert states["answer-all"] == "owed"
    with office.looking() as work:
        tan = {duty.id for duty in work.tools.statute.measures["tan"].duties}
        lu = {duty.id for duty in work.tools.statute.measures["lu"].duties}
    assert set(states) <= lu
    assert not set(states) & (tan - lu)


def test_a_must_that_runs_is_still_shown_after_the_category_was_corrected(office):
    """坛 六（四）: correcting the category sheds no must; 坛 七（一）: what the new category is owed begins."""
    number = office.file(category="application")["number"]
    office.act("window_a", number, "classification", {"category": "consult", "reason": "只是咨询"})
    states = shown(office, number)
    assert (states["written-transfer"], states["answer-consult"]) == ("owed", "owed")
    office.act("window_a", number, "classification", {"category": "report", "reason": "要求处理"})
    states = shown(office, number)
    assert (states["written-transfer"], states["answer-consult"]) == ("owed", "dropped")


def test_a_letter_outside_leaves_the_reply_owed_until_the_result_is_back(office):
    """坛 十（一）2: 及时回复办理结果, also after a transfer; 坛 六（四）."""
    number = office.file(category="application")["number"]
    outside = {"external": {"name": "某省某局", "phone": "025-83580000"}, "reason": "由该局负责"}
    letter = office.act("window_a", number, "handoffs", outside).json["id"]
    served = {"served_at": office.clock.now().isoformat(), "how": "in_person", "receipt": "收文 1 号"}
    path = f"/staff/external-handoffs/{letter}"
    version = office.version(number, "window_a")
    assert office.staff("window_a").post(f"{path}/service", served, version=version).status_code == 200
    states = shown(office, number)
    assert (states["written-transfer"], states["reply-result"]) == ("met", "owed")
    assert "accept-at-once" not in states
    version = office.version(number, "window_a")
    answer = office.staff("window_a").post(f"{path}/result", {"text": "已办好"}, version=version)
    assert answer.status_code < 300
    assert shown(office, number)["reply-result"] == "met"


def test_silence_of_the_authority_is_shown_as_what_it_is(office):
    """坛 六（四）: 主管部门应当即时予以受理; its silence is its own breach."""
    number = office.file(category="application")["number"]
    office.act("window_a", number, "handoffs", {"to_unit": office.org.neighbour.id, "reason": "属贵局职责"})
    office.clock.forward(days=3)
    with office.working() as work:
        inquiry = work.session.scalars(select(Inquiry).where(Inquiry.number == number)).one()
        offer = open_offer(work, inquiry)
        assert offer is not None
        lapse_handoff(work, inquiry, offer)
    assert shown(office, number)["accept-at-once"] == "missed"
