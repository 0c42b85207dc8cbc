"""Vouchers on record: granted once a tap, spent once a message, void when WeChat says so; on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from backend.domain.vocabulary_contact import ConsentSource
from backend.models import Consent
from backend.services.accounts import see_account
from backend.services.consents import free_vouchers, messages_left, record_results, spend, void_free
from backend.services.work import Work
from tests.services.desk import later

CLIENT, EVENT = ConsentSource.CLIENT, ConsentSource.EVENT
NONE: frozenset[str] = frozenset()
KEYS = ("progress", "documents", "result")


@pytest.fixture
def account_id(work: Work) -> str:
    return see_account(work, "wx1", "openid-1").id


def left(work: Work, account_id: str, long_term: frozenset[str] = NONE) -> dict[str, int]:
    return messages_left(work.session, account_id, KEYS, long_term)


def test_one_tap_is_one_voucher_for_each_template_accepted(work: Work, account_id: str) -> None:
    results = {"progress": "accept", "documents": "reject", "result": "acceptWithAudio"}
    record_results(work, account_id, results, CLIENT, NONE)
    assert left(work, account_id) == {"progress": 1, "documents": 0, "result": 1}
    record_results(later(work, minutes=10), account_id, results, CLIENT, NONE)
    assert left(work, account_id) == {"progress": 2, "documents": 0, "result": 2}


@pytest.mark.parametrize("sources", [(CLIENT, EVENT), (EVENT, CLIENT)])
def test_two_reports_of_one_tap_count_once(
    work: Work, account_id: str, sources: tuple[ConsentSource, ConsentSource]
) -> None:
    first, second = sources
    record_results(work, account_id, {"progress": "accept"}, first, NONE)
    record_results(later(work, seconds=30), account_id, {"progress": "accept"}, second, NONE)
    assert left(work, account_id)["progress"] == 1
    row = work.session.scalars(select(Consent).where(Consent.account_id == account_id)).one()
    assert (row.source, row.paired_at) == (first, work.now + timedelta(seconds=30))


def test_two_taps_in_a_row_and_both_their_echoes_count_twice(work: Work, account_id: str) -> None:
    for seconds, source in ((0, CLIENT), (5, CLIENT), (7, EVENT), (8, EVENT)):
        record_results(later(work, seconds=seconds), account_id, {"progress": "accept"}, source, NONE)
    assert left(work, account_id)["progress"] == 2


def test_an_event_dealt_with_late_is_paired_by_when_it_happened(work: Work, account_id: str) -> None:
    record_results(work, account_id, {"progress": "accept"}, CLIENT, NONE)
    spend(work.session, [v.id for v in vouchers(work, account_id)], work.now)
    record_results(later(work, hours=3), account_id, {"progress": "accept"}, EVENT, NONE, at=work.now)
    assert left(work, account_id)["progress"] == 0
    record_results(later(work, hours=3), account_id, {"progress": "accept"}, EVENT, NONE)
    assert left(work, account_id)["progress"] == 1


def vouchers(work: Work, account_id: str, long_term: frozenset[str] = NONE) -> list:
    found = free_vouchers(work.session, [account_id], long_term)
    return [one for each in found.get(account_id, {}).values() for one in each]


def test_the_oldest_voucher_is_spent_first_and_once(work: Work, account_id: str) -> None:
    for minutes in (10, 0, 20):
        record_results(later(work, minutes=minutes), account_id, {"result": "accept"}, CLIENT, NONE)
    first, second, _ = vouchers(work, account_id)
    granted = work.session.scalars(select(Consent.granted_at).where(Consent.id == first.id)).one()
    assert granted == work.now
    spend(work.session, [first.id], work.now)
    spend(work.session, [first.id, second.id], work.now + timedelta(hours=1))
    times = work.session.scalars(select(Consent.spent_at).where(Consent.id.in_([first.id, second.id])))
    assert set(times) == {work.now, work.now + timedelta(hours=1)}
    assert left(work, account_id)["result"] == 1


def test_43101_empties_one_template_of_one_person(work: Work, account_id: str) -> None:
    other = see_account(work, "wx1", "openid-2").id
    for account in (account_id, other):
        for minutes in (0, 10):
            both = {"progress": "accept", "result": "accept"}
            record_results(later(work, minutes=minutes), account, both, CLIENT, NONE)
    spent = next(v for v in vouchers(work, account_id) if v.template == "progress")
    spend(work.session, [spent.id], work.now)
    void_free(work.session, account_id, "progress", work.now + timedelta(hours=1))
    assert left(work, account_id) == {"progress": 0, "documents": 0, "result": 2}
    assert left(work, other)["progress"] == 2
    kept = work.session.get_one(Consent, spent.id, populate_existing=True)
    assert (kept.spent_at, kept.voided_at) == (work.now, None)
    # What was voided cannot be spent afterwards.
    spend(work.session, [v.id for v in vouchers(work, account_id)], work.now)
    assert left(work, account_id)["result"] == 0


def test_a_long_term_consent_stands_once_and_is_never_spent(work: Work, account_id: str) -> None:
    lasting = frozenset({"progress"})
    for minutes, source in ((0, CLIENT), (1, EVENT), (30, CLIENT), (31, EVENT)):
        record_results(later(work, minutes=minutes), account_id, {"progress": "accept"}, source, lasting)
    (only,) = vouchers(work, account_id, lasting)
    assert only.is_long_term
    spend(work.session, [only.id], work.now)
    assert left(work, account_id, lasting)["progress"] == 1
    void_free(work.session, account_id, "progress", work.now + timedelta(hours=1))
    assert left(work, account_id, lasting)["progress"] == 0
    record_results(later(work, hours=2), account_id, {"progress": "accept"}, CLIENT, lasting)
    assert left(work, account_id, lasting)["progress"] == 1


def test_a_template_that_became_long_term_is_another_to_wechat(work: Work, account_id: str) -> None:
    record_results(work, account_id, {"progress": "accept"}, CLIENT, NONE)
    assert left(work, account_id, frozenset({"progress"}))["progress"] == 0


def test_a_refusal_takes_nothing_away(work: Work, account_id: str) -> None:
    record_results(work, account_id, {"progress": "accept"}, CLIENT, NONE)
    for result in ("reject", "ban", "filter"):
        record_results(later(work, minutes=5), account_id, {"progress": result}, EVENT, NONE)
    assert left(work, account_id)["progress"] == 1
    assert (
        work.session.scalar(select(func.count()).select_from(Consent).where(Consent.account_id == account_id))
        == 1
    )
