"""回访情况上报 and 台账汇总 (泸 二（二）4, 泸 附件1-15): what is reported, to whom, and that it stays."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.app import Office

PERIOD = {"period": "2026-11"}


def closed_and_rated(office: Office, grade: str = "fair") -> dict[str, Any]:
    filed = office.file()
    office.act("window_a", filed["number"], "closing", {"outcome": "answered", "reply": "好"})
    body = {"grade": grade, "share_with_section": False}
    office.citizen(filed["tracking_token"]).post(f"/inquiries/{filed['number']}/rating", body)
    return filed


def submit(office: Office, name: str = "window_a", **body: str) -> Any:
    return office.staff(name).post("/staff/ledger/submissions", PERIOD | body)


def seal(office: Office, **body: str) -> Any:
    return office.staff("general").post("/staff/ledger/summaries", PERIOD | body)


def test_a_section_reports_what_its_own_copy_shows(office: Office) -> None:
    closed_and_rated(office)
    office.clock.forward(days=8)
    answer = submit(office)
    assert answer.status_code == 201
    told = answer.json
    assert (told["kind"], told["period_label"], told["complete"]) == ("submission", "2026年11月", False)
    assert (told["row_count"], told["counts"]["closed"]) == (1, 1)
    assert told["counts"]["grade"] == {
        "satisfied": 0, "fair": 0, "dissatisfied": 0, "confidential": 1, "unrated": 0,
    }  # fmt: skip
    assert len(told["rows_sha256"]) == 64
    assert told["label"] == "本系统提供"


def test_the_general_post_seals_a_summary_that_names_the_missing_sections(office: Office) -> None:
    closed_and_rated(office)
    office.clock.forward(days=8)
    submitted = submit(office).json
    summary = seal(office).json
    parts = {part["section"]["id"]: part for part in summary["sections"]}
    window = office.org.window.section.id
    assert parts[window] == {
        "section": submitted["section"], "submission": submitted["id"], "counted": 1, "closed": 1, "followed_up": 0,
    }  # fmt: skip
    assert {section["id"] for section in summary["missing"]} == parts.keys() - {window}
    assert summary["counts"]["grade"]["fair"] == 1, "the 总台账 counts the citizen's own grade"


def test_what_was_sealed_stays_when_the_ledger_goes_on(office: Office) -> None:
    office.file()
    first = seal(office).json
    office.clock.forward(hours=1)
    office.file()
    second = seal(office).json
    again = office.staff("general").get(f"/staff/ledger/reports/{first['id']}").json
    assert again == first
    assert (first["row_count"], second["row_count"]) == (1, 2)
    assert first["rows_sha256"] != second["rows_sha256"]
    listed = office.staff("general").get("/staff/ledger/reports?kind=summary").json["items"]
    assert [item["id"] for item in listed] == [second["id"], first["id"]]


def test_only_the_period_is_counted(office: Office) -> None:
    office.file()
    office.clock.forward(days=20)
    office.file()
    assert [seal(office, period=name).json["row_count"] for name in ("2026-11", "2026-12", "2026-Q4")] == [
        1,
        1,
        2,
    ]


@pytest.mark.parametrize(
    ("name", "submits", "seals"),
    [
        ("window_a", 201, 403),
        ("window_b", 201, 403),
        ("window_head", 201, 403),
        ("general", 403, 201),
        ("principal", 403, 403),
        ("discipline", 403, 403),
        ("overseer", 403, 403),
        ("auditor", 403, 403),
    ],
)
def test_the_post_submits_and_the_general_post_seals(
    office: Office, name: str, submits: int, seals: int
) -> None:
    assert submit(office, name).status_code == submits
    assert office.staff(name).post("/staff/ledger/summaries", PERIOD).status_code == seals


def test_sections_read_their_own_reports_and_the_units_readers_all(office: Office) -> None:
    ids = {
        "window": submit(office).json["id"],
        "business": submit(office, "business_a").json["id"],
        "unit": seal(office).json["id"],
    }
    reads = {
        "window_a": {"window"},
        "business_b": {"business"},
        "deputy_leader": {"window", "business"},
        "general": set(ids),
        "principal": set(ids),
        "neighbour_general": set(),
        "overseer": set(),
    }
    for name, wanted in reads.items():
        listed = office.staff(name).get("/staff/ledger/reports").json["items"]
        assert {item["id"] for item in listed} == {ids[one] for one in wanted}, name
        for one, report_id in ids.items():
            status = office.staff(name).get(f"/staff/ledger/reports/{report_id}").status_code
            assert status == (200 if one in wanted else 404)


def test_few_grades_are_not_told_to_those_who_do_not_see_them_one_by_one(office: Office) -> None:
    """Groups under five are suppressed (design 5)."""
    for _ in range(4):
        closed_and_rated(office)
    office.clock.forward(days=8)
    few = seal(office).json
    assert few["counts"]["grade"]["fair"] == 4
    shown = office.staff("principal").get(f"/staff/ledger/reports/{few['id']}").json
    assert (shown["grades_suppressed"], shown["counts"]["grade"]) == (True, {})
    closed_and_rated(office)
    office.clock.forward(days=7)
    enough = seal(office).json
    shown = office.staff("principal").get(f"/staff/ledger/reports/{enough['id']}").json
    assert (shown["grades_suppressed"], shown["counts"]["grade"]["fair"]) == (False, 5)


def test_of_complaints_each_reader_counts_those_they_may_know(office: Office) -> None:
    """Whom it is about, and their section, never see it in any count (design 4)."""
    office.file()
    office.file(category="complaint", about={"kind": "section"})
    about_the_office = office.org.office.sign.code
    office.file(sign=about_the_office, category="complaint", about={"kind": "section"})
    summary = seal(office).json  # the general post sits in the office: one of the two is kept from it
    assert (summary["counts"]["counted"], summary["counts"]["category"]["complaint"]) == (2, 1)
    shown = office.staff("discipline").get(f"/staff/ledger/reports/{summary['id']}").json
    assert shown["counts"] == summary["counts"] | {"grade": shown["counts"]["grade"]}


@pytest.mark.parametrize("period", ["2026", "2026-13", "2026-Q5", "2027-01", "", "2026-11-01", "二〇二六"])
def test_a_period_is_a_month_or_quarter_that_has_begun(office: Office, period: str) -> None:
    answer = seal(office, period=period)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json["errors"]] == ["/period"]


def test_a_section_of_others_cannot_be_reported_for(office: Office) -> None:
    answer = submit(office, section=office.org.business.section.id)
    assert [(e["pointer"], e["code"]) for e in answer.json["errors"]] == [("/section", "section_unknown")]
