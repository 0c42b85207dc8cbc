"""A section submits, the general post sums up; each is dated, in the chain, and never changes (泸 二（二）4, 泸 附件1-15)."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from backend.domain.errors import FieldInvalid, RoleRequired
from backend.domain.ledger_periods import period_of
from backend.domain.vocabulary_ledger import LedgerReportKind
from backend.models import LedgerEntry, LedgerReport, Section
from backend.services.ledger_reports import (
    Figures,
    new_salt,
    section_to_submit,
    submit_follow_ups,
    submitting_sections,
    sum_up,
    summing_units,
    unit_to_sum_up,
)
from backend.services.verifying import verify_ledgers
from backend.services.work import Work
from tests.services.desk import later
from tests.support.organisation import SmallOrganisation

NOVEMBER = period_of("2026-11")
FIGURES = Figures(2, "ab" * 32, {"counted": 2}, [], {})


def submit(work: Work, org: SmallOrganisation, name: str = "window_a") -> LedgerReport:
    who = org.identity(name)
    section = section_to_submit(work, who, None)
    return submit_follow_ups(work.acting_as(who.actor), who, section, NOVEMBER, FIGURES, new_salt())


def seal(work: Work, org: SmallOrganisation) -> LedgerReport:
    who = org.identity("general")
    return sum_up(work.acting_as(who.actor), who, org.unit.id, NOVEMBER, FIGURES, new_salt())


def test_the_posts_keeper_its_deputy_and_the_head_submit_for_the_section(
    work: Work, org: SmallOrganisation
) -> None:
    for name in ("window_a", "window_b", "window_head"):
        assert submit(work, org, name).section_id == org.window.section.id
    assert submitting_sections(work.session, org.identity("principal")) == frozenset()
    with pytest.raises(RoleRequired):
        section_to_submit(work, org.identity("principal"), None)
    with pytest.raises(FieldInvalid):
        section_to_submit(work, org.identity("window_a"), org.business.section.id)


def test_the_general_post_sums_up_the_own_unit(work: Work, org: SmallOrganisation) -> None:
    assert unit_to_sum_up(work, org.identity("general")) == org.unit.id
    assert summing_units(work.session, org.identity("discipline")) == frozenset()
    with pytest.raises(RoleRequired):
        unit_to_sum_up(work, org.identity("window_a"))


def test_a_summary_names_each_section_with_its_latest_submission_and_those_that_are_missing(
    work: Work, org: SmallOrganisation
) -> None:
    submit(work, org)
    latest = submit(later(work, hours=1), org)
    summary = seal(later(work, hours=2), org)
    taken = {part["section"]: part["submission"] for part in summary.sections}
    active = select(Section.id).where(Section.unit_id == org.unit.id, Section.is_active)
    assert taken.keys() == set(work.session.scalars(active))
    assert {section: one for section, one in taken.items() if one} == {org.window.section.id: latest.id}
    body = json.loads(work.session.get_one(LedgerEntry, summary.entry_id).body)
    assert set(body["facts"]["missing"]) == taken.keys() - {org.window.section.id}


def test_a_section_closed_meanwhile_answers_for_the_lines_it_has(work: Work, org: SmallOrganisation) -> None:
    for section in (org.window.section, org.business.section):
        work.session.execute(update(Section).where(Section.id == section.id).values(is_active=False))
    lines = {org.window.section.id: {"counted": 1, "closed": 0, "followed_up": 0}}
    who = org.identity("general")
    figures = replace(FIGURES, by_section=lines)
    summary = sum_up(work.acting_as(who.actor), who, org.unit.id, NOVEMBER, figures, new_salt())
    parts = {part["section"]: part for part in summary.sections}
    assert parts[org.window.section.id] == {
        "section": org.window.section.id, "submission": None, "counted": 1, "closed": 0, "followed_up": 0,
    }  # fmt: skip
    assert org.business.section.id not in parts
    body = json.loads(work.session.get_one(LedgerEntry, summary.entry_id).body)
    assert org.window.section.id in body["facts"]["missing"]


def test_each_is_an_entry_of_the_units_chain_and_the_chain_holds(work: Work, org: SmallOrganisation) -> None:
    for report, event in ((submit(work, org), "follow_ups_submitted"), (seal(work, org), "ledger_summed_up")):
        entry = work.session.get_one(LedgerEntry, report.entry_id)
        body = json.loads(entry.body)
        assert (entry.event, entry.unit_id, entry.inquiry_id, body["inquiry"]) == (
            event,
            org.unit.id,
            None,
            None,
        )
        assert (body["facts"]["report"], body["facts"]["rows_sha256"]) == (report.id, report.rows_hash)
    if work.session.get_bind().dialect.name == "sqlite":
        assert all(report.is_whole for report in verify_ledgers(work.session, work.tools.signer))


def test_none_is_ever_changed_or_removed(work: Work, org: SmallOrganisation) -> None:
    report = submit(work, org)
    for act in (update(LedgerReport).values(row_count=3), delete(LedgerReport)):
        with pytest.raises(IntegrityError), work.session.begin_nested():
            work.session.execute(act.where(LedgerReport.id == report.id))
    work.session.expire(report)
    assert report.row_count == FIGURES.row_count


def test_a_later_one_stands_beside_the_earlier(work: Work, org: SmallOrganisation) -> None:
    seal(work, org)
    seal(later(work, hours=1), org)
    kept = select(LedgerReport).where(LedgerReport.kind == LedgerReportKind.SUMMARY)
    assert len(work.session.scalars(kept).all()) == 2


def test_every_hash_has_a_salt_of_its_own() -> None:
    assert new_salt() != new_salt()
    assert len(new_salt()) == 16
