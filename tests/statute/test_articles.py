"""Articles that set words, kinds and ways rather than a limit: the vocabulary says exactly what the texts say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from backend.domain.vocabulary import (
    Category,
    Channel,
    CitizenKind,
    DecisionMeasure,
    Disposition,
    Employment,
    Grade,
    Measure,
    OrganType,
    Regime,
    ReportTo,
    Role,
    ToleranceLevel,
    UnitRecordKind,
)
from backend.statute import loader
from backend.statute.loader import fold_text, load_statute
from backend.statute.model import LimitKind
from tests.support.app import Office

SOURCES = Path(loader.__file__).parent / "sources"
STATUTE = load_statute()
TAN, LU = STATUTE.measures[Measure.TAN], STATUTE.measures[Measure.LU]


def whole(measure: Measure) -> str:
    return fold_text((SOURCES / STATUTE.measures[measure].source).read_text("utf-8"))


def article(number: str) -> str:
    """One article of 坛, folded."""
    text = whole(Measure.TAN)
    found = re.search(
        rf"第{number}条(.*?)(?=第[一二三四五六七八九十]+条(?!第)|$)", text[text.index("第一条") :]
    )
    assert found, number
    return found[1]


def options(field: str) -> list[str]:
    """The boxes of one field of 附件2."""
    annex = (SOURCES / LU.source).read_text("utf-8").split("首问责任制登记表")[1]
    line = next(line for line in annex.splitlines() if line.startswith(field))
    return re.findall(r"(\S+) <input", line)


def test_the_measure_names_itself_as_its_document_does():
    """坛 一: the measure and its number stand on every page that cites it."""
    assert fold_text(TAN.title) in whole(Measure.TAN)
    assert TAN.document_number == "坛作组办〔2019〕3号"


def test_each_measure_keeps_its_own_words():
    """坛 二: 首问负责人、首问机关; 泸 says 首问责任人; never mixed."""
    assert TAN.terms.first_responder in article("二")
    assert TAN.terms.first_unit in article("二")
    assert TAN.terms.first_responder not in whole(Measure.LU)
    assert [kind.label for kind in (CitizenKind.COMPANY, CitizenKind.ORGANISATION)] == ["法人", "其他组织"]
    assert "公民、法人或其他组织" in article("二")


def test_every_duty_is_public_with_its_words_and_whoever_bears_it():
    """坛 三: 依法依规、公开公正; 责任到人、落实到位."""
    for duty in (*TAN.duties, *LU.duties):
        assert duty.quote
        assert duty.bearer.label


def test_every_kind_of_organ_of_the_article_is_known():
    """坛 四: 适用于全区各级机关、人民团体、事业单位和国有公司."""
    for kind in OrganType:
        word = {"党委": "党的机关", "人大": "人大机关"}.get(kind.label, kind.label)
        assert word in article("四"), kind


def test_contract_staff_count_and_other_law_prevails():
    """坛 五: 包括聘用人员; 另有规定的，从其规定."""
    assert Employment.CONTRACT.label in article("五")
    duty = STATUTE.duty(Measure.TAN, "superior-law")
    assert duty.limit.kind is LimitKind.STATED
    assert fold_text(duty.quote[0]) in article("五")
    assert {Regime.PERMIT, Regime.PETITION, Regime.DISCLOSURE} <= set(Regime)


def test_commendations_and_simplifications_are_records_of_the_unit():
    """坛 八: 简化办事环节; 给予一定的鼓励激励."""
    for word, kind in (("简化", UnitRecordKind.SIMPLIFICATION), ("鼓励激励", UnitRecordKind.COMMENDATION)):
        assert word in article("八")
        assert word in kind.label


def test_tolerance_names_each_level():
    """坛 九: 符合中央及省、常州市、区容错纠错机制规定情形."""
    assert TAN.tolerance is not None
    assert "".join(level.label for level in ToleranceLevel) == "中央省常州市区"
    for level in ToleranceLevel:
        assert level.label in article("九")
    assert LU.tolerance is None


ITEMS = ["第十条（一）1", "第十条（一）2", "第十条（一）3"] + [f"第十条（二）{n}" for n in range(1, 5)]


def test_every_item_of_accountability_is_there_with_its_words():
    """坛 十（一）1, 十（一）2, 十（一）3; 坛 十（二）1, 十（二）2, 十（二）3, 十（二）4."""
    assert [one.item for one in TAN.accountability] == ITEMS
    for one in TAN.accountability:
        assert fold_text(one.clause.quote[0]) in article("十")


@pytest.mark.parametrize("item", ["第十条（一）3", "第十条（二）1", "第十条（二）4"])
def test_what_only_a_human_can_find_is_never_a_fact_of_the_system(item):
    """坛 十: 其他…情形 are empty boxes."""
    assert {element.kind.value for element in STATUTE.accountability(Measure.TAN, item).elements} == {"human"}


@pytest.mark.parametrize("words", ["致使应办理的事项未能及时办结", "不良影响", "不良后果"])
def test_consequences_are_left_to_a_human(words):
    """坛 十（一）1, 十（二）2, 十（二）3: 致使…, 不良影响, 不良后果 cannot be filled from facts."""
    elements = [e for one in TAN.accountability for e in one.elements if words in e.text]
    assert elements
    assert {element.kind.value for element in elements} == {"human"}


def test_every_way_of_holding_to_account_stands_in_the_article():
    """坛 十（三）: decided elsewhere, recorded here; 坛 十（四）: the whole list, alone or together."""
    for measure in DecisionMeasure:
        word = {
            "纪律处分": "纪律、政务处分",
            "涉嫌违法，按有关法律规定处理": "涉嫌违法的，按有关法律规定处理",
        }.get(measure.label, measure.label)
        assert word in article("十"), measure


def test_the_written_report_goes_to_one_of_two_offices():
    """坛 六（三）: 以书面形式向区委办公室或区政府办公室报告."""
    assert "或".join(office.label for office in ReportTo) in article("六")


def test_the_head_answers_for_it_all_and_the_rules_are_on_record():
    """坛 十一: 各单位主要负责人负总责; 制定具体实施细则."""
    assert STATUTE.duty(Measure.TAN, "overall-responsibility").standing
    assert UnitRecordKind.RULES.label in article("十一")


def test_inspection_is_a_standing_duty():
    """坛 十二: 定期开展专项督查."""
    assert STATUTE.duty(Measure.TAN, "inspection").standing


@pytest.mark.parametrize("measure", list(Measure))
def test_no_standing_duty_runs_a_clock(measure):
    for duty in STATUTE.measures[measure].duties:
        if duty.standing:
            assert duty.limit.kind is LimitKind.NONE


def test_the_five_levels_have_their_roles():
    """泸 一: 五级责任."""
    levels = [Role.PRINCIPAL_LEADER, Role.DEPUTY_LEADER]
    assert all(level.label in whole(Measure.LU) for level in levels)
    assert len(STATUTE.duty(Measure.LU, "five-levels").quote) == 4


def test_lu_sets_no_number_of_days():
    """泸 sets no limits: none is ever invented."""
    for duty in LU.duties:
        assert duty.limit.kind in {LimitKind.NONE, LimitKind.STATED, LimitKind.PROMISED}
        assert duty.limit.days is None


@pytest.mark.parametrize(
    ("field", "words"),
    [("首问方式", Channel), ("首问类别", Category), ("办理情况", Disposition), ("群众满意度", Grade)],
)
def test_the_boxes_of_the_form_are_the_words_of_the_vocabulary(field, words):
    """泸 附件2“首问方式”, 泸 附件2“首问类别”, 泸 附件2“办理情况”, 泸 附件2“群众满意度”."""
    assert options(field) == [word.label for word in words]


FIELDS = [
    ("受理时间", "received_at"),
    ("首问责任人", "first_responder"),
    ("服务对象", "contact"),
    ("联系方式", "contact"),
    ("首问方式", "channel_label"),
    ("首问类别", "category_label"),
    ("首问内容", "content"),
    ("办理情况", "disposition_label"),
    ("办结时间", "closed_at"),
]


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_every_field_of_the_form_is_filled_from_the_inquiry(office: Office):
    """泸 附件2“受理时间”, 泸 附件2“首问责任人”, 泸 附件2“服务对象”, 泸 附件2“联系方式”, 泸 附件2“首问内容”, 泸 附件2“办结时间”."""
    number = office.file(sign=office.org.lu_window.sign.code)["number"]
    office.act("lu_window_a", number, "closing", {"outcome": "answered", "reply": "带身份证。"})
    shown = office.staff("lu_window_a").get(f"/staff/inquiries/{number}").json
    annex = (SOURCES / LU.source).read_text("utf-8").split("首问责任制登记表")[1]
    for field, member in FIELDS:
        assert field in annex
        assert shown[member], field


def test_lu_holds_to_account_by_its_own_two_passages_only():
    """泸 三（二）, 三（三）: never 坛's items."""
    assert [one.item for one in LU.accountability] == ["三（二）", "三（三）"]
    for one in LU.accountability:
        assert fold_text(one.clause.quote[0]) in whole(Measure.LU)
        assert "human" in {element.kind.value for element in one.elements}
