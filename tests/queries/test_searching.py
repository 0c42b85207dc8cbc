"""What the lists and the search keep, on both databases: terms, places of what is closed, drafts, what was noted."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from backend.domain.boxes import Box
from backend.models import ClosedPlace, SummaryTerm
from backend.queries import walking
from backend.queries.console_notices import console_notices
from backend.queries.list_filters import Filters
from backend.queries.searching import Wanted, search
from backend.queries.worklist import work_list
from backend.services.drafts import KEPT_FOR, drafts_of, save_draft
from backend.services.noticing import take_note
from backend.services.summary_terms import terms_of
from tests.support.app import Office


def closed(office: Office, summary: str) -> str:
    number: str = office.file()["number"]
    assert office.act("window_a", number, "confirmation", {"summary": summary}).status_code == 200
    body = {"outcome": "answered", "reply": "已经答复。"}
    assert office.act("window_a", number, "closing", body).status_code == 200
    office.clock.forward(minutes=1)
    return number


def test_words_tails_and_closed_places_find_what_is_there(office: Office) -> None:
    made = [closed(office, f"咨询第{place}家面馆") for place in range(3)]
    me = office.org.identity("window_a")
    with office.looking() as work:
        found = search(work, me, Wanted(text="面馆"), None)
        assert [item["number"] for item in found["items"]] == made[::-1]
        assert found["complete"]
        assert len(search(work, me, Wanted(phone_tail="5678"), None)["items"]) == 3
        listed = work_list(work, me, Box.CLOSED, None)["items"]
        assert [item["number"] for item in listed] == made[::-1]
        # The unit, the section, its post and who signed for it.
        assert work.session.scalar(select(func.count()).select_from(ClosedPlace)) >= 3 * 3


def test_a_term_says_little_and_only_to_its_unit(office: Office) -> None:
    org = office.org
    with office.looking() as work:
        own, other = (terms_of(work.tools, unit.id, "咨询面馆") for unit in (org.unit, org.neighbour))
        assert len(own) == 3
        assert not set(own) & set(other)
        assert all(0 <= term < 2**52 for term in own)
        pairs = {terms_of(work.tools, org.unit.id, chr(0x4E00 + n) + "馆")[0] for n in range(6000)}
        assert len(pairs) <= 2**12


def test_a_page_ends_early_where_a_filter_lets_nothing_through_and_leads_on(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walking, "STRIDES", (1, 1))
    made = [closed(office, "咨询面馆") for _ in range(3)]
    me = office.org.identity("window_a")
    old = Filters(until=office.clock.now().date() - timedelta(days=1))
    with office.looking() as work:
        page = work_list(work, me, Box.CLOSED, None, old)
        assert page["items"] == []
        assert page["next_cursor"]
        page = work_list(work, me, Box.CLOSED, page["next_cursor"], old)
        assert (page["items"], page["next_cursor"]) == ([], None)
        found = search(work, me, Wanted(text="面馆"), None)
        assert [item["number"] for item in found["items"]] == made[:0:-1]
        assert not found["complete"]


def test_a_draft_and_what_was_noted_are_kept(office: Office) -> None:
    me = office.org.identity("window_a")
    with office.working() as work:
        save_draft(work, me, "register", {"content": "来电问材料", "summary": " "})
        save_draft(work, me, "register", {"content": "改过的话"})
        take_note(work, me, work.now)
    office.clock.forward(minutes=1)
    office.file()
    with office.looking() as work:
        assert drafts_of(work, me, "register")[""].values == {"content": "改过的话"}
        assert drafts_of(work, office.org.identity("window_b"), "register") == {}
        news = console_notices(work, me)
        assert news is not None
        assert [group["count"] for group in news["groups"]] == [1]
    with office.working() as work:
        take_note(work, me, work.now)
    office.clock.forward(days=KEPT_FOR.days, minutes=1)
    with office.looking() as work:
        assert console_notices(work, me) is None
        assert drafts_of(work, me, "register") == {}


def test_without_a_summary_there_is_no_term(office: Office) -> None:
    office.file()
    with office.looking() as work:
        assert work.session.scalar(select(func.count()).select_from(SummaryTerm)) == 0
