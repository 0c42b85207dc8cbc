"""实施细则 as a document: what it may say, and the line that names what it may not."""

from __future__ import annotations

import tomllib
from datetime import date, time
from typing import Any

import pytest

from backend.domain.clocks import Season
from backend.domain.unit_rules import RulesInvalid, read_rules
from backend.domain.vocabulary import Category, Regime, UnitRecordKind

WHOLE = """
[hours]
"10-01" = 17:00:00
"05-01" = 18:00:00

[[promises]]
category = "application"
working_days = 5
basis = "本局服务承诺"

[[matters]]
name = "食品经营许可"
regime = "permit"
basis = "《中华人民共和国行政许可法》第四十二条"
legal_days = 20
promised_days = 10
procedure = "受理、审查、决定"
documents = ["申请书", "营业执照"]

[[records]]
kind = "rules"
title = "首问负责制实施细则"
document_number = "坛审〔2026〕1号"
dated_on = 2026-03-01
body = "第一条……"
"""


def test_a_whole_document_is_read() -> None:
    rules = read_rules(tomllib.loads(WHOLE))
    assert rules.seasons == (Season("05-01", time(18)), Season("10-01", time(17)))
    [promise] = rules.promises
    assert (promise.category, promise.working_days) == (Category.APPLICATION, 5)
    [matter] = rules.matters
    assert (matter.regime, matter.legal_days, matter.promised_days) == (Regime.PERMIT, 20, 10)
    assert matter.documents == ("申请书", "营业执照")
    [record] = rules.records
    assert (record.kind, record.dated_on) == (UnitRecordKind.RULES, date(2026, 3, 1))


def test_the_same_in_json_writes_times_and_days_as_words() -> None:
    document = {
        "hours": {"05-01": "18:00"},
        "records": [{"kind": "rules", "title": "细则", "dated_on": "2026-03-01"}],
    }
    rules = read_rules(document)
    assert rules.seasons == (Season("05-01", time(18)),)
    assert (rules.records[0].dated_on, rules.records[0].document_number) == (date(2026, 3, 1), "")


def test_an_empty_document_says_nothing() -> None:
    assert read_rules({}) == read_rules({"hours": {}, "promises": [], "matters": [], "records": []})


PROMISE: dict[str, Any] = {"category": "application", "working_days": 5, "basis": "承诺"}
MATTER: dict[str, Any] = {"name": "档案查询", "basis": "办事指南", "legal_days": 3}
RECORD: dict[str, Any] = {"kind": "rules", "title": "细则", "dated_on": date(2026, 3, 1)}
REFUSED = {
    "unknown part": ({"promise": []}, "没有“promise”这一部分"),
    "hours that are a list": ({"hours": []}, "hours：应当写成"),
    "a day no month has": ({"hours": {"13-01": time(18)}}, "hours 的 13-01：起始日"),
    "a day not every year has": ({"hours": {"02-29": time(18)}}, "hours 的 02-29：起始日"),
    "a day without zeros": ({"hours": {"5-1": time(18)}}, "hours 的 5-1：起始日"),
    "closing at midnight": ({"hours": {"05-01": time(0)}}, "hours 的 05-01：下班时间应当在 12:00 到 20:00"),
    "closing so late that it stretches limits": (
        {"hours": {"05-01": time(23, 59)}},
        "下班时间应当在 12:00 到 20:00",
    ),
    "an hour to the second": ({"hours": {"05-01": time(17, 30, 1)}}, "写到分"),
    "an hour that is none": ({"hours": {"05-01": "soon"}}, "应当是钟点"),
    "promises that are a table": ({"promises": PROMISE}, "promises：应当写成几个 [[promises]]"),
    "a promise that is a word": ({"promises": ["5"]}, "promises 第 1 条：应当是一个表"),
    "a promise for nothing known": (
        {"promises": [{**PROMISE, "category": "permit"}]},
        "promises 第 1 条：category 只能是 consult（咨询事项）",
    ),
    "a promise of no days": ({"promises": [{**PROMISE, "working_days": 0}]}, "应当是 1 到 90 的整数"),
    "a promise of true days": ({"promises": [{**PROMISE, "working_days": True}]}, "应当是 1 到 90 的整数"),
    "a promise of 91 days": ({"promises": [{**PROMISE, "working_days": 91}]}, "应当是 1 到 90 的整数"),
    "a promise published nowhere": ({"promises": [{**PROMISE, "basis": " "}]}, "basis 是空的"),
    "a misspelt key": ({"promises": [{**PROMISE, "day": 5}]}, "promises 第 1 条：不认识的键 day"),
    "two promises for one category": ({"promises": [PROMISE, PROMISE]}, "首问类别“办理事情”出现了两次"),
    "a matter without a name": (
        {"matters": [{"basis": "法", "legal_days": 3}]},
        "matters 第 1 条：缺少 name",
    ),
    "a matter without a limit": (
        {"matters": [MATTER, {"name": "某事", "basis": "法"}]},
        "matters 第 2 条（某事）：legal_days（法定时限）和 promised_days（承诺时限）至少写一个",
    ),
    "a promise longer than the law": (
        {"matters": [{**MATTER, "promised_days": 4}]},
        "matters 第 1 条（档案查询）：承诺时限 4 个工作日长于法定时限 3 个工作日",
    ),
    "a limit beyond a year": ({"matters": [{**MATTER, "legal_days": 367}]}, "应当是 1 到 366 的整数"),
    "an unknown regime": ({"matters": [{**MATTER, "regime": "none"}]}, "regime 只能是 permit（行政许可）"),
    "documents that are a word": (
        {"matters": [{**MATTER, "documents": "身份证"}]},
        "documents 应当是一组文字",
    ),
    "a document that is a number": ({"matters": [{**MATTER, "documents": [1]}]}, "documents 应当是文字"),
    "a name that breaks the line": (
        {"matters": [{**MATTER, "name": "档案\n查询"}]},
        "name 里有不能保存的字符",
    ),
    "a name with NUL": ({"matters": [{**MATTER, "name": "档案\0"}]}, "name 里有不能保存的字符"),
    "a name too long": ({"matters": [{**MATTER, "name": "字" * 121}]}, "name 太长，最多 120 个字"),
    "two matters of one name": ({"matters": [MATTER, MATTER]}, "事项“档案查询”出现了两次"),
    "a paper of no kind": ({"records": [{**RECORD, "kind": "memo"}]}, "records 第 1 条（细则）：kind 只能是"),
    "a paper without a day": ({"records": [{"kind": "rules", "title": "细则"}]}, "缺少 dated_on"),
    "a paper on no day": ({"records": [{**RECORD, "dated_on": "2026-02-30"}]}, "dated_on 应当是日期"),
    "one paper twice": ({"records": [RECORD, RECORD]}, "文件“细则”出现了两次"),
}


@pytest.mark.parametrize(("document", "sentence"), REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_taken_is_named_with_its_entry(document: dict[str, Any], sentence: str) -> None:
    with pytest.raises(RulesInvalid) as caught:
        read_rules(document)
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)
