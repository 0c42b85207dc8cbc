"""附件2: the form's fields, boxes and order word by word; which box is ticked on which copy (泸 附件2; design 5)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from backend.domain import ledger_form as form
from backend.domain.vocabulary import Channel, Grade, Measure, Outcome

ROOT = Path(__file__).parents[2]
ANNEX = (
    (ROOT / "backend/statute/sources/002_9974e072c8a11dd8.txt")
    .read_text("utf-8")
    .split("首问责任制登记表")[1]
)
S, F, D = Grade.SATISFIED, Grade.FAIR, Grade.DISSATISFIED
MONDAY = datetime(2026, 11, 23, tzinfo=UTC) - timedelta(hours=8)
BEFORE, AFTER = MONDAY - timedelta(minutes=1), MONDAY


def test_the_columns_are_the_forms_fields_in_the_forms_order():
    """泸 附件2“受理时间”、附件2“首问责任人”、附件2“服务对象”、附件2“联系方式”、附件2“首问方式”、附件2“首问类别”、附件2“首问内容”、附件2“办理情况”、附件2“办结时间”、附件2“回访时间”、附件2“群众满意度”、附件2“科室负责人意见”、附件2“分管领导意见”、附件2“备注”."""
    fields = [field for field in re.split(r"\t|\n", ANNEX) if field.strip() and "<input" not in field]
    labels = [column.label for column in form.COLUMNS]
    assert [field.strip() for field in fields if field.strip() in labels] == labels
    assert form.DETAILS in ANNEX


@pytest.mark.parametrize("column", [c for c in form.COLUMNS if c.boxes], ids=lambda c: c.label)
def test_the_boxes_are_the_forms_boxes_in_the_forms_order(column):
    line = next(line for line in ANNEX.splitlines() if line.startswith(column.label))
    words = re.findall(r"([^\s<>\t]+) <input", line)
    assert [word.label for word in column.boxes] == words


def test_the_title_and_the_form_keep_their_words():
    source = (ROOT / "backend/statute/sources/002_9974e072c8a11dd8.txt").read_text("utf-8")
    plain = re.sub(r"\s", "", source)
    assert f"×××局{form.BOOK}" in plain
    assert form.FORM in plain
    assert form.book_title("泸州市某局") == "泸州市某局首问责任制工作台账"


def test_under_tan_the_ledger_is_ours():
    assert form.provided_label(Measure.TAN) == "本系统提供"
    assert form.provided_label(Measure.LU) is None


def test_one_box_at_most_is_ticked():
    assert [box["label"] for box in form.boxes(Channel, Channel.HOTLINE) if box["ticked"]] == ["政务热线"]
    assert not any(box["ticked"] for box in form.boxes(Grade, None))


def test_times_stand_with_their_year():
    assert form.moment_text(datetime(2026, 11, 24, 2, 5, tzinfo=UTC)) == "2026年11月24日 10:05"
    assert form.moment_text(None) is None


@dataclass
class Line:
    unit_id: str = "u"
    outcome: Outcome | None = Outcome.ANSWERED
    closing_unit_id: str | None = "u"
    follow_up_grade: Grade | None = None
    own_grade: Grade | None = None
    own_shared: bool | None = None
    own_rated_at: datetime | None = None
    changed_grade: Grade | None = None
    changed_shared: bool | None = None
    changed_at: datetime | None = None


def own(grade: Grade, *, shared: bool = False, at: datetime = BEFORE, **more: object) -> Line:
    return Line(own_grade=grade, own_shared=shared, own_rated_at=at, **more)


CHANGED = {"changed_grade": D, "changed_shared": False}
CASES = [
    # what the line holds, the section's copy, the 总台账 of the general post
    ("open", Line(outcome=None, closing_unit_id=None), (None, None), (None, None)),
    ("withdrawn", Line(outcome=Outcome.WITHDRAWN), (None, None), (None, None)),
    ("nobody rated", Line(), (None, "未评价"), (None, "未评价")),
    ("another unit closed it", Line(closing_unit_id="v"), (None, "由办结单位回访"), (None, "由办结单位回访")),
    ("on the phone", Line(follow_up_grade=S), (S, None), (S, None)),
    ("own, confidential", own(F), (None, "已评价（保密）"), (F, None)),
    ("own, shared", own(F, shared=True), (F, None), (F, None)),
    ("own, this week", own(F, at=AFTER), (None, "未评价"), (None, "未评价")),
    ("own, changed before Monday", own(F, **CHANGED, changed_at=BEFORE), (None, "已评价（保密）"), (D, None)),
    ("own, changed this week", own(F, shared=True, **CHANGED, changed_at=AFTER), (F, None), (F, None)),
    ("both", own(D, follow_up_grade=S), (S, "本人已评价（保密）"), (S, "本人评价：不满意")),
    ("both, shared", own(D, shared=True, follow_up_grade=S), (S, "本人评价：不满意"), (S, "本人评价：不满意")),
    ("both, this week", own(D, at=AFTER, follow_up_grade=S), (S, None), (S, None)),
]  # fmt: skip


@pytest.mark.parametrize(("line", "section", "unit"), [case[1:] for case in CASES], ids=[c[0] for c in CASES])
def test_who_sees_which_grade(line, section, unit):
    """The citizen's own grade shows in the 总台账 alone, unless shared, and to nobody before Monday (design 5)."""
    for sees_own, (grade, note) in ((False, section), (True, unit)):
        assert form.satisfaction_of(line, MONDAY, sees_own=sees_own) == form.Satisfaction(grade, note)
