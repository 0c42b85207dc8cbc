"""The printed form held against 附件2's own text: every field, every option, their order."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from backend.domain.ledger_form import COLUMNS
from backend.domain.vocabulary import Category, Channel, Disposition, Grade
from backend.exports.copies import masked_copy
from backend.exports.forms import EMPTY, TICKED, Volume, form_of, head_of
from tests.exports.lines import COVER, line

SOURCE = Path(__file__).parents[2] / "backend" / "statute" / "sources" / "002_9974e072c8a11dd8.txt"
BOX = '<input type="checkbox"/>'
COPY = masked_copy("周九", "2026年11月29日 10:00")


@pytest.fixture(scope="module")
def sample():
    """附件2 as the office published it: the cover's lines, and the form's rows as lists of cells."""
    text = SOURCE.read_text("utf-8").split("附件 2", 1)[1].split("信息公开选项", 1)[0]
    cover, form = text.split("首问责任制登记表", 1)
    rows = [[cell.strip() for cell in row.split("\t")] for row in form.splitlines() if row.strip()]
    return [row for row in cover.splitlines() if row.strip()], rows


def options_in(cell):
    return re.findall(rf"(\S+) {re.escape(BOX)}", cell)


def without_box(words):
    return [word.rstrip(EMPTY + TICKED + "\u00a0") for word in words]


def test_the_fields_are_the_samples_in_its_order(sample):
    labels = [cell for row in sample[1] for cell in row if cell and BOX not in cell]
    assert [
        label for label in labels if label not in {"具体办理情况：", head_of(COVER, COPY)["remark_hint"]}
    ] == [column.label for column in COLUMNS]
    assert "具体办理情况：" in labels


@pytest.mark.parametrize(
    ("label", "field", "words"),
    [
        ("首问方式", "channel", Channel),
        ("首问类别", "category", Category),
        ("办理情况", "disposition", Disposition),
        ("群众满意度", "grade", Grade),
    ],
)
def test_every_option_of_a_field_is_printed_in_the_samples_order(sample, label, field, words):
    wanted = options_in(next(row[1] for row in sample[1] if row[0] == label))
    assert without_box(form_of(line())[field]) == wanted
    for word in words:
        ticked = form_of(line(**{field: word}))[field]
        assert [option for option in ticked if TICKED in option] == [f"{word.label}\u00a0{TICKED}"]


def test_no_other_field_has_boxes(sample):
    with_boxes = [row[0] for row in sample[1] if len(row) > 1 and BOX in row[1]]
    assert with_boxes == [column.label for column in COLUMNS if column.boxes]


def test_the_remark_keeps_the_samples_hint(sample):
    assert ["备注", head_of(COVER, COPY)["remark_hint"]] in [row[:2] for row in sample[1]]


def test_the_cover_says_what_the_samples_cover_says(sample):
    cover = head_of(COVER, COPY)["cover"]
    title, book, section, post, year = (row.strip() for row in sample[0][-5:])
    assert re.sub(r"\S+局", "局", cover["title"]) == title.replace(" ", "").replace("×××局", "局")
    assert cover["book"] == book
    assert (cover["section"], section) == ("综合科", "A A 科（股）室")
    assert (cover["post"], post) == ("首问责任岗：张三", "首问责任岗：×××")
    assert (cover["year"], year) == ("2026 年", "2022 年")


def test_a_confidential_grade_leaves_the_boxes_blank_and_says_so():
    assert form_of(line(grade=None, grade_note="已评价（保密）"))["grade"] == [
        "满意\u00a0□", "一般\u00a0□", "不满意\u00a0□", "已评价（保密）",
    ]  # fmt: skip
    assert form_of(line(grade=None, grade_note="未评价"))["grade"][-1] == "不满意\u00a0□"


def test_what_is_not_there_yet_is_an_empty_field():
    form = form_of(
        line(
            first_responder=None, contact=None, closed_text=None, followed_up_text=None, section_head_opinion=None,
            deputy_leader_opinion=None, remark="",
        )
    )  # fmt: skip
    for field in (
        "first_responder",
        "contact",
        "closed_at",
        "followed_up_at",
        "section_head_opinion",
        "remark",
    ):
        assert form[field] == ""


def test_a_continued_line_says_that_it_is_not_counted():
    form = form_of(line(counted=False, kind_label="承接", late_entry=True))
    assert form["aside"] == "编号 2026-ABCD-EFGH-X　承接，不计数　补录"


def test_a_part_of_a_thick_book_says_which():
    assert head_of(COVER, COPY, Volume(2, 3))["cover"]["volume"] == "第 2 册，共 3 册"
    assert head_of(COVER, COPY)["cover"]["volume"] is None
