"""`/units/{id}/rules`: what a unit promises stands beside the law's limit, open to everybody.

坛 十一: 制定具体实施细则并严格执行落实; 泸 二（二）1, 泸 附件1第2项: 实施细则和配套制度 (此项不作硬性要求).
"""

from __future__ import annotations

import pytest

from tests.support.app import Office
from tests.support.rules import CARD, PERMIT, take

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])

PROMISE = {"category": "consult", "working_days": 1, "basis": "本局服务承诺"}
RECORDS = [
    {
        "kind": "rules",
        "title": "实施细则",
        "document_number": "〔2026〕1号",
        "dated_on": "2026-03-01",
        "body": "一",
    },
    {"kind": "simplification", "title": "材料减半", "dated_on": "2026-05-01"},
    {"kind": "commendation", "title": "表扬综合窗口", "dated_on": "2026-06-01"},
]


def test_a_unit_that_laid_down_nothing_has_the_readings_hours(office: Office) -> None:
    answer = office.anybody.get(f"/units/{office.org.unit.id}/rules")
    assert answer.status_code == 200
    assert answer.json["hours"] == {"closes_at": "17:30", "is_own": False, "seasons": []}
    assert (answer.json["promises"], answer.json["matters"], answer.json["records"]) == ([], [], [])


def test_tan_a_promise_stands_beside_the_laws_two_days(office: Office) -> None:
    take(
        office,
        office.org.unit,
        hours={"05-01": "18:00", "10-01": "17:00"},
        promises=[PROMISE, {**PROMISE, "category": "application", "working_days": 5}],
        matters=[PERMIT, CARD],
        records=RECORDS,
    )
    rules = office.anybody.get(f"/units/{office.org.unit.id}/rules").json
    consult, application = rules["promises"]
    assert (consult["label"], consult["working_days"], consult["law"]["days"]) == ("本单位承诺", 1, 2)
    assert consult["law"]["short_clause"] == "第七条第（一）项"
    assert (application["law"], application["no_limit_note"]) == (None, "本办法未规定天数")
    assert [season["starts_text"] for season in rules["hours"]["seasons"]] == ["5月1日", "10月1日"]
    card, permit = rules["matters"]
    assert (card["promised_days"], card["legal_days"], card["regime"]) == (5, 15, None)
    assert (permit["regime_label"], permit["documents"]) == ("行政许可", ["申请书", "营业执照"])
    # Whom a commendation honours is not among the rules.
    assert [record["title"] for record in rules["records"]] == ["材料减半", "实施细则"]


def test_lu_has_no_days_to_stand_beside(office: Office) -> None:
    take(office, office.org.lu_unit, promises=[PROMISE])
    [promise] = office.anybody.get(f"/units/{office.org.lu_unit.id}/rules").json["promises"]
    assert (promise["law"], promise["no_limit_note"]) == (None, "本办法未规定天数")


@pytest.mark.parametrize("unit_id", ["nowhere", "0" * 32, "%00"])
def test_what_is_no_unit_has_no_rules(office: Office, unit_id: str) -> None:
    answer = office.anybody.get(f"/units/{unit_id}/rules")
    assert (answer.status_code, answer.json["code"]) == (404, "not_found")


def test_a_promise_is_shown_on_the_inquiry_as_the_units_own(office: Office) -> None:
    """坛 十一: cited beside, never instead; under 泸 the page still says that the law sets no days."""
    take(office, office.org.unit, promises=[PROMISE])
    take(office, office.org.lu_unit, promises=[PROMISE])
    clocks = {clock["duty"]: clock for clock in office.file()["clocks"]}
    assert set(clocks) == {"answer-consult", "unit-promise"}
    promise = clocks["unit-promise"]
    assert promise["strictness_label"] == "本单位承诺"
    assert (promise["basis"]["text"], promise["basis"]["label"]) == ("本局服务承诺", "承诺时限")
    filed = office.file(sign=office.org.lu_window.sign.code)
    assert [clock["strictness"] for clock in filed["clocks"]] == ["promise"]
    assert filed["no_limit_note"] == "本办法未规定天数"
