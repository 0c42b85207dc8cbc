"""The table of clauses is whole: every article and item of both sources, every duty, each with code and a test that cites it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from backend.domain.vocabulary import Measure
from backend.statute.loader import load_statute

ROOT = Path(__file__).parents[2]
TABLE = ROOT / "docs" / "clauses.md"
SOURCES = ROOT / "backend" / "statute" / "sources"
NUMERALS = "一二三四五六七八九十"
NOT_YET = "尚未落实"


def sections() -> dict[str, list[list[str]]]:
    """The rows of each table of the document, by its heading, as cells."""
    found: dict[str, list[list[str]]] = {}
    rows: list[list[str]] = []
    for line in TABLE.read_text("utf-8").splitlines():
        if line.startswith("## "):
            rows = found.setdefault(line[3:].strip(), [])
        elif line.startswith("|") and not line.startswith(("|---", "| 条款 |")):
            rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return found


def text_of(measure: Measure) -> str:
    return (SOURCES / load_statute().measures[measure].source).read_text("utf-8")


def places_of_tan() -> list[str]:
    """Every article of 坛, and where it has them its numbered paragraphs and items, as the text itself counts them."""
    articles = re.split(r"(?m)^\s*第([一二三四五六七八九十]+)条(?!第)", text_of(Measure.TAN))[1:]
    places = []
    for name, body in zip(articles[::2], articles[1::2], strict=True):
        paragraphs = re.split(r"(?m)^（([一二三四五六七八九十])）", body)[1:]
        if not paragraphs:
            places.append(name)
        for number, words in zip(paragraphs[::2], paragraphs[1::2], strict=True):
            items = re.findall(r"(?m)^(\d)\. ", words)
            places.extend([f"{name}（{number}）{item}" for item in items] or [f"{name}（{number}）"])
    return places


def places_of_lu() -> list[str]:
    """Every numbered part of 泸's text, the 17 items of 附件1 and the fields of 附件2."""
    body, annexes = text_of(Measure.LU).split("附件 1", 1)
    places, part = [], ""
    for line in body.splitlines():
        if found := re.match(r"([一二三])、", line):
            part = found[1]
            places.append(part)
        elif part and (found := re.match(r"（([一二三])）", line)):
            places.append(f"{part}（{found[1]}）")
        elif part and (found := re.match(r"(\d)\.", line)):
            places.append(f"二（二）{found[1]}")
    items = [int(number) for number in re.findall(r"(?m)^(\d+)\t", annexes)]
    assert items == list(range(1, 18))
    fields = [
        "受理时间",
        "首问责任人",
        "服务对象",
        "联系方式",
        "首问方式",
        "首问类别",
        "首问内容",
        "办理情况",
        "办结时间",
    ]
    fields += ["回访时间", "群众满意度", "科室负责人意见", "分管领导意见", "备注"]
    assert all(field in annexes for field in fields)
    parents = {
        place for place in places if any(other != place and other.startswith(place) for other in places)
    }
    whole = [place for place in places if place not in parents]
    return [*whole, *(f"附件1第{n}项" for n in items), *(f"附件2“{field}”" for field in fields)]


def test_the_sources_are_read_as_they_are_numbered():
    assert places_of_tan()[:6] == ["一", "二", "三", "四", "五", "六（一）"]
    assert "十（二）4" in places_of_tan()
    assert places_of_tan()[-1] == "十三"
    assert places_of_lu()[:7] == [
        "一",
        "二（一）",
        "二（二）1",
        "二（二）2",
        "二（二）3",
        "二（二）4",
        "三（一）",
    ]


@pytest.mark.parametrize(("heading", "places"), [("坛", places_of_tan()), ("泸", places_of_lu())])
def test_every_article_and_item_has_a_row(heading, places):
    cited = {place for row in sections()[heading] for place in re.split("、", row[0])}
    assert [place for place in places if place not in cited] == []
    assert cited - set(places) == set()


def test_every_duty_has_a_row_in_the_table_of_its_measure():
    for heading, measure in (("坛", Measure.TAN), ("泸", Measure.LU)):
        named = set(re.findall(r"`([a-z-]+)`", " ".join(row[2] for row in sections()[heading])))
        duties = {duty.id for duty in load_statute().measures[measure].duties}
        assert duties <= named, duties - named


@pytest.mark.parametrize("heading", ["坛", "泸"])
def test_every_row_names_code_and_page_and_a_test_or_says_that_it_is_not_carried_out_yet(heading):
    for row in sections()[heading]:
        assert len(row) == 5, row
        if row[4].startswith(NOT_YET):
            assert len(row[4]) > len(NOT_YET) + 2, f"{row[0]}：没有写明为什么"
            continue
        assert all(row), row
        assert re.search(r"`tests/[\w/]+\.py`", row[4]), row


def cited_tests() -> list[tuple[str, str, tuple[str, ...]]]:
    found = []
    for heading in ("坛", "泸"):
        for row in sections().get(heading, []):
            tests = tuple(re.findall(r"`(tests/[\w/]+\.py)`", row[4]))
            if tests and not row[4].startswith(NOT_YET):
                found.extend((heading, place, tests) for place in row[0].split("、"))
    return found


@pytest.mark.parametrize(("heading", "place", "tests"), cited_tests())
def test_a_cited_test_cites_the_clause(heading, place, tests):
    """坛 六（三） stands in a docstring, a name or a table of the test that proves it."""
    words = "".join((ROOT / test).read_text("utf-8") for test in tests)
    short = place.replace("附件1第", "附件1-").removesuffix("项") if place.startswith("附件1") else place
    spellings = (
        f"{heading} {place}",
        f"{heading} {short}",
        f"{heading} 第{place}条",
        f", {place}",
        f"、{place}",
    )
    assert any(spelling in words for spelling in spellings), (place, tests)


def test_every_file_named_exists():
    names = re.findall(
        r"`((?:backend|tests|docs|qr_assets)/[\w./\u4e00-\u9fff-]+)`", TABLE.read_text("utf-8")
    )
    assert names
    assert [name for name in names if not (ROOT / name).exists()] == []
