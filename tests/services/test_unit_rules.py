"""A unit's document in force: what changed ends and begins anew, and no must of the law is weakened."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from backend.domain.unit_rules import RulesInvalid, read_rules
from backend.domain.vocabulary import Category, Measure, Strictness, UnitRecordKind
from backend.models import Matter, Unit, UnitPromise
from backend.services.unit_rules import (
    Changes,
    Part,
    document_of,
    law_limit,
    live_matters,
    live_promises,
    load_unit_rules,
    papers,
)
from backend.services.work import Work
from tests.domain.official_days import OFFICIAL
from tests.services.desk import file
from tests.support.organisation import SmallOrganisation

PROMISES = [
    {"category": "consult", "working_days": 1, "basis": "服务承诺"},
    {"category": "application", "working_days": 5, "basis": "服务承诺"},
]
MATTERS = [
    {"name": "档案查询", "basis": "办事指南", "legal_days": 3},
    {"name": "证照补领", "basis": "办事指南", "legal_days": 10, "promised_days": 4, "documents": ["申请书"]},
]
RECORDS = [{"kind": "rules", "title": "实施细则", "document_number": "〔2026〕1号", "dated_on": "2026-03-01"}]


def take(work: Work, unit: Unit, **document: Any) -> Changes:
    return load_unit_rules(work, unit, read_rules(document))


def test_the_same_document_again_changes_nothing(work: Work, org: SmallOrganisation) -> None:
    document = {"hours": {"05-01": "18:00"}, "promises": PROMISES, "matters": MATTERS, "records": RECORDS}
    assert take(work, org.unit, **document) == Changes(True, Part(2, 0, 0), Part(2, 0, 0), 1)
    before = [row.id for row in live_matters(work.session, org.unit.id)]
    assert take(work, org.unit, **document) == Changes(False, Part(0, 0, 2), Part(0, 0, 2), 0)
    assert [row.id for row in live_matters(work.session, org.unit.id)] == before
    shown = document_of(work.session, org.unit)
    assert take(work, org.unit, **shown) == Changes(False, Part(0, 0, 2), Part(0, 0, 2), 0)


def test_what_changed_ends_and_begins_anew_and_what_is_gone_ends(work: Work, org: SmallOrganisation) -> None:
    take(work, org.unit, promises=PROMISES, matters=MATTERS)
    later = replace(work, now=work.now + timedelta(days=1))
    changed = [PROMISES[0], {**PROMISES[1], "working_days": 4}]
    assert take(later, org.unit, promises=changed, matters=MATTERS[:1]) == Changes(
        False, Part(1, 1, 1), Part(0, 1, 1), 0
    )
    rows = work.session.scalars(
        select(UnitPromise).where(
            UnitPromise.unit_id == org.unit.id, UnitPromise.category == Category.APPLICATION
        )
    ).all()
    assert {(row.working_days, row.ended_at) for row in rows} == {(5, later.now), (4, None)}
    ended = work.session.scalars(
        select(Matter).where(Matter.unit_id == org.unit.id, Matter.name == "证照补领")
    ).one()
    assert ended.ended_at == later.now
    # A name that comes back is a new entry; the old one stays what limits were started with.
    assert take(later, org.unit, promises=changed, matters=MATTERS).matters == Part(1, 0, 1)
    assert [row.working_days for row in live_promises(work.session, org.unit.id)] == [1, 4]


def test_one_bad_entry_and_nothing_is_taken(work: Work, org: SmallOrganisation) -> None:
    take(work, org.unit, promises=PROMISES)
    before = document_of(work.session, org.unit)
    longer = [
        {"category": "application", "working_days": 3, "basis": "承诺"},
        {**PROMISES[0], "working_days": 3},
    ]
    with pytest.raises(
        RulesInvalid,
        match=r"promises 第 2 条（咨询事项）：承诺 3 个工作日，长于第七条第（一）项规定的 2 个工作日",
    ):
        take(work, org.unit, promises=longer, matters=MATTERS)
    assert document_of(work.session, org.unit) == before


@pytest.mark.parametrize(
    ("measure", "category", "days"),
    [
        (Measure.TAN, Category.CONSULT, 2),
        # The two days of 六（四） are for passing an application on, not for handling it.
        (Measure.TAN, Category.APPLICATION, None),
        (Measure.TAN, Category.COMPLAINT, None),
        (Measure.LU, Category.CONSULT, None),
    ],
)
def test_a_promise_stands_beside_the_laws_own_days(
    work: Work, measure: Measure, category: Category, days: int | None
) -> None:
    duty = law_limit(work.tools.statute, measure, category)
    assert (duty.limit.days if duty else None) == days


def test_under_lu_a_unit_promises_what_it_likes(work: Work, org: SmallOrganisation) -> None:
    """泸 sets no limit that a promise could weaken."""
    assert take(work, org.lu_unit, promises=[{**PROMISES[0], "working_days": 10}]).promises == Part(1, 0, 0)
    filed = file(replace(work, calendar=OFFICIAL), org, sign=org.lu_window.sign)
    [clock] = filed.clocks
    assert (clock.duty, clock.strictness, clock.working_days) == ("unit-promise", Strictness.PROMISE, 10)


def test_tan_11_a_promise_runs_beside_the_laws_limit(work: Work, org: SmallOrganisation) -> None:
    take(work, org.unit, promises=PROMISES)
    clocks = {clock.duty: clock for clock in file(replace(work, calendar=OFFICIAL), org).clocks}
    assert {duty: clock.working_days for duty, clock in clocks.items()} == {
        "answer-consult": 2,
        "unit-promise": 1,
    }
    assert clocks["unit-promise"].due_at < clocks["answer-consult"].due_at
    take(work, org.unit)
    assert [clock.duty for clock in file(work, org).clocks] == ["answer-consult"]
    assert clocks["unit-promise"].ended_at is None


def test_seasons_are_replaced_as_a_whole(work: Work, org: SmallOrganisation) -> None:
    take(work, org.unit, hours={"05-01": "18:00", "10-01": "17:00"})
    assert work.hours_of(org.unit).closes_on(date(2026, 7, 1)) == time(18)
    assert take(work, org.unit, hours={"05-01": "17:45"}).hours_changed
    assert work.hours_of(org.unit).closes_on(date(2026, 1, 1)) == time(17, 45)
    assert take(work, org.unit).hours_changed
    assert work.hours_of(org.unit).closes_on(date(2026, 7, 1)) == time(17, 30)


def test_a_paper_on_record_stays_and_its_text_can_be_put_right(work: Work, org: SmallOrganisation) -> None:
    take(work, org.unit, records=RECORDS)
    assert take(work, org.unit, records=[{**RECORDS[0], "body": "第一条"}]).records_added == 0
    assert take(work, org.unit, records=[{**RECORDS[0], "dated_on": "2026-04-01"}]).records_added == 1
    assert take(work, org.unit).records_added == 0
    kept = papers(work.session, org.unit.id, UnitRecordKind.RULES)
    assert [(row.dated_on, row.body) for row in kept] == [
        (date(2026, 4, 1), ""),
        (date(2026, 3, 1), "第一条"),
    ]
