from __future__ import annotations

import re
import shutil
from hashlib import sha256
from pathlib import Path

import pytest

import backend.statute
from backend.domain.vocabulary import Measure
from backend.statute.loader import StatuteInvalid, fold_text, load_statute
from backend.statute.model import LimitKind

DIRECTORY = Path(backend.statute.__file__).parent
TAN, LU, READINGS = "measures/tan.toml", "measures/lu.toml", "readings.toml"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the statute that a test may spoil."""
    for folder in ("measures", "sources"):
        shutil.copytree(DIRECTORY / folder, tmp_path / folder)
    shutil.copy(DIRECTORY / READINGS, tmp_path / READINGS)
    return tmp_path


def edit(directory: Path, file: str, old: str, new: str, entry: str | None = None) -> None:
    """Replace the first `old` in the file, or the first one from the entry of this name on, if it has one."""
    path = directory / file
    text = path.read_text("utf-8")
    names = [text.find(f'{key} = "{entry}"') for key in ("id", "item")]
    start = max(0, *names)
    assert old in text[start:]
    path.write_text(text[:start] + text[start:].replace(old, new, 1), "utf-8")


def refusal(directory: Path) -> StatuteInvalid:
    with pytest.raises(StatuteInvalid) as caught:
        load_statute(directory)
    return caught.value


def test_the_shipped_statute_loads_once():
    assert load_statute() is load_statute()


def test_a_statute_elsewhere_is_read_anew(copy):
    assert load_statute(copy) == load_statute()
    edit(
        copy,
        TAN,
        'limit = { kind = "working_days", days = 2 }',
        'limit = { kind = "working_days", days = 1 }',
        "answer-consult",
    )
    assert load_statute(copy).duty(Measure.TAN, "answer-consult").limit.days == 1


@pytest.mark.parametrize(
    ("name", "digest"),
    [
        ("000_aeed1dcdd30494a5.txt", "fbb139ddc40b42323b96016b64ee17d60ed0ccbd4b9bcfde672593f2e7bdbd64"),
        ("002_9974e072c8a11dd8.txt", "e6ecd48356e4efab218d9310dbb579980e29b5ec23f8db7cbe4f577362a56b8b"),
    ],
)
def test_the_sources_are_the_official_texts_byte_for_byte(name, digest):
    assert sha256((DIRECTORY / "sources" / name).read_bytes()).hexdigest() == digest


def test_folding_drops_white_space_and_page_marks_only():
    assert fold_text("合同\n\n— 6 —\n\n约定 处理；—\u3000破折号") == "合同约定处理；—破折号"


def test_a_quote_may_run_over_a_page_mark(copy):
    over_the_page = "聘用人员在履职过程中，有上述情形的，按相关规定或合同约定处理"
    edit(copy, TAN, "不符合法定条件的，明确告知不予办理的理由、依据等。", over_the_page)
    assert load_statute(copy).duty(Measure.TAN, "reasoned-refusal").quote == (over_the_page,)


ARTICLES = {
    "第五条": "本办法所称工作人员是指",
    "第六条": "对服务对象申请办理",
    "第七条": "对服务对象通过现场",
    "第八条": "各单位在执行落实",
    "第九条": "在执行落实首问负责制过程中，因敢闯敢试",
    "第十条": "根据《常州市金坛区机关工作人员",
    "第十一条": "各单位主要负责人",
    "第十二条": "切实加强对首问负责制",
    "第十三条": "本办法由",
}
"""The articles that duties cite, each by how it begins."""


def articles_of_tan() -> dict[str, str]:
    """The folded text of each article of 坛, by its name."""
    text = fold_text((DIRECTORY / "sources" / "000_aeed1dcdd30494a5.txt").read_text("utf-8"))
    starts = {name: text.index(name + beginning) for name, beginning in ARTICLES.items()}
    ends = [*list(starts.values())[1:], len(text)]
    return {name: text[start:end] for (name, start), end in zip(starts.items(), ends, strict=True)}


def item_of(article: str, item: str) -> str:
    """The text of an item such as （二） inside an article."""
    numerals = "一二三四五"
    following = f"（{numerals[numerals.index(item) + 1]}）"
    rest = article[article.index(f"（{item}）") :]
    return rest.split(following, 1)[0]


def places_of(short_clause: str) -> list[str]:
    """The texts of the articles or items that a citation names."""
    articles = articles_of_tan()
    cited = re.findall(r"(第.{1,2}条)(?:第（(.)）项)?", short_clause)
    return [item_of(articles[article], item) if item else articles[article] for article, item in cited]


TAN_CLAUSES = [
    *load_statute().measures[Measure.TAN].duties,
    *[one.clause for one in load_statute().measures[Measure.TAN].accountability],
    load_statute().measures[Measure.TAN].tolerance,
    *load_statute().measures[Measure.TAN].handoff_clauses.section,
    *load_statute().measures[Measure.TAN].handoff_clauses.unit,
    *load_statute().measures[Measure.TAN].handoff_clauses.returned,
]


@pytest.mark.parametrize(
    "cited", TAN_CLAUSES, ids=[f"{n} {c.short_clause}" for n, c in enumerate(TAN_CLAUSES)]
)
def test_every_quote_of_tan_stands_in_the_very_item_it_cites(cited):
    items = places_of(cited.short_clause)
    assert items
    assert all(any(fold_text(quote) in item for item in items) for quote in cited.quote)
    assert all(any(fold_text(quote) in item for quote in cited.quote) for item in items)


@pytest.mark.parametrize("duty", load_statute().measures[Measure.TAN].duties, ids=lambda duty: duty.id)
def test_every_accountability_item_exists_in_article_ten(duty):
    """Only a promise of the unit's own points to none: the law holds nobody to account for it."""
    if duty.limit.kind is LimitKind.PROMISED:
        assert duty.accountability is None
        return
    place = re.fullmatch(r"第十条（([一二])）([1-4])", duty.accountability)
    assert place is not None
    assert f"{place[2]}." in item_of(articles_of_tan()["第十条"], place[1])


INTERPRETED = """readings = ["counting", "close-of-business", "late-entry", "reopening-restarts-consult", "over-principle", "extension-once", "due-soon"]

[[duties.interpretations]]
document = "坛作组办〔2020〕1号"
issued_on = 2020-03-01
text = "咨询的“2 个工作日”自收到次日起算。"
replaces = ["over-principle"]
"""  # fmt: skip


def replaced(
    file: str, old: str, new: str, duty: str | None, sentence: str
) -> tuple[str, str, str, str | None, str]:
    return file, old, new, duty, sentence


SPOILED = {
    "unknown key of a measure": replaced(TAN, 'id = "tan"', 'id = "tan"\nheft = 3', None, "不认识的键 heft"),
    "unknown key of a duty": replaced(
        TAN, 'title = "限时答复咨询"', 'title = "限时答复咨询"\nbear = 1', "answer-consult", "不认识的键 bear"
    ),
    "unknown key of a limit": replaced(
        TAN, "days = 2 }", "days = 2, hours = 3 }", "answer-consult", "limit 中有不认识的键 hours"
    ),
    "unknown key of the terms": replaced(
        TAN, "[terms]", '[terms]\nnickname = "首问"', None, "不认识的键 nickname"
    ),
    "unknown key of a cited clause": replaced(
        LU, "[[handoff_clauses.unit]]", "[[handoff_clauses.unit]]\npage = 3", None, "不认识的键 page"
    ),
    "unknown kind of hand-off": replaced(
        LU, "[[handoff_clauses.unit]]", "[[handoff_clauses.uint]]", None, "不认识的键 uint"
    ),
    "unknown key of the readings": replaced(
        READINGS, "label =", "colour = 1\nlabel =", None, "不认识的键 colour"
    ),
    "unknown key of a reading": replaced(
        READINGS, 'id = "counting"', 'id = "counting"\nby = "me"', "counting", "不认识的键 by"
    ),
    "missing clause": replaced(
        TAN,
        'clause = "《常州市金坛区机关首问负责制实施办法（试行）》第七条第（一）项"\n',
        "",
        "answer-consult",
        "缺少 clause",
    ),
    "blank clause": replaced(
        TAN, 'short_clause = "第七条第（一）项"', 'short_clause = " "', "answer-consult", "缺少 short_clause"
    ),
    "clause of another text": replaced(
        TAN,
        'clause = "《常州市金坛区机关首问负责制实施办法（试行）》第七条第（一）项"',
        'clause = "《别的办法》第七条第（一）项"',
        "answer-consult",
        "clause 应当是 《常州市金坛区机关首问负责制实施办法（试行）》第七条第（一）项",
    ),
    "missing quote": replaced(
        TAN,
        'quote = [\n    "不符合法定条件的，明确告知不予办理的理由、依据等。",\n]',
        "quote = []",
        "reasoned-refusal",
        "缺少引文",
    ),
    "empty quote": replaced(
        TAN,
        'quote = [\n    "不符合法定条件的，明确告知不予办理的理由、依据等。",\n]',
        'quote = [" — 6 — "]',
        "reasoned-refusal",
        "引文是空的",
    ),
    "quote that is not in the source": replaced(
        TAN,
        "明确告知不予办理的理由、依据等。",
        "口头告知不予办理的理由、依据等。",
        "reasoned-refusal",
        "原文中没有这一句：不符合法定条件的，口头告知",
    ),
    "quote of the other measure": replaced(
        LU, '"转交其他科室办理"', '"该承办人承接首问责任"', None, "原文中没有这一句：该承办人"
    ),
    "hand-off clause without a quote": replaced(
        LU, 'quote = ["办理情况", "转交其他科室办理"]', "quote = []", None, "section 缺少引文"
    ),
    "term that is not in the source": replaced(
        TAN,
        'first_responder = "首问负责人"',
        'first_responder = "第一责任者"',
        None,
        "原文中没有这一句：第一责任者",
    ),
    "document number that is not in the source": replaced(
        TAN, "〔2019〕3号", "〔2020〕3号", None, "原文中没有这一句：坛作组办〔2020〕3号"
    ),
    "unknown trigger": replaced(
        TAN,
        'starts_on = ["filed", "reopened"]',
        'starts_on = ["field"]',
        "answer-consult",
        "不认识的起算事件 field",
    ),
    "no trigger": replaced(
        TAN, 'starts_on = ["filed", "reopened"]', "starts_on = []", "answer-consult", "没有写起算事件"
    ),
    "unknown fulfilment": replaced(
        TAN, 'met_by = ["closed"]', 'met_by = ["done"]', "answer-consult", "不认识的履行事件 done"
    ),
    "no fulfilment": replaced(TAN, 'met_by = ["closed"]', "met_by = []", "answer-consult", "没有写履行事件"),
    "unknown cancellation": replaced(
        TAN,
        'cancelled_by = ["reclassified", "regime_named", "withdrawn"]',
        'cancelled_by = ["gone"]',
        "answer-consult",
        "不认识的取消事件 gone",
    ),
    "event that meets and cancels": replaced(
        TAN,
        'cancelled_by = ["reclassified", "regime_named", "withdrawn"]',
        'cancelled_by = ["closed"]',
        "answer-consult",
        "不能既算履行又算不再适用",
    ),
    "unknown bearer": replaced(
        TAN, 'bearer = "first_responder"', 'bearer = "nobody"', "answer-consult", "不认识的承担者 nobody"
    ),
    "unknown strictness": replaced(
        TAN, 'strictness = "principle"', 'strictness = "soon"', "answer-consult", "不认识的严格程度 soon"
    ),
    "unknown category": replaced(
        TAN, 'categories = ["consult"]', 'categories = ["chat"]', "answer-consult", "不认识的首问类别 chat"
    ),
    "unknown kind of limit": replaced(
        TAN,
        'limit = { kind = "at_once" }',
        'limit = { kind = "fast" }',
        "accept-at-once",
        "不认识的时限种类 fast",
    ),
    "limit without days": replaced(
        TAN,
        'kind = "working_days", days = 2',
        'kind = "working_days"',
        "answer-consult",
        "days 应当是不小于 1 的整数",
    ),
    "limit of no days": replaced(TAN, "days = 2", "days = 0", "answer-consult", "days 应当是不小于 1 的整数"),
    "limit of true days": replaced(
        TAN, "days = 2", "days = true", "answer-consult", "days 应当是不小于 1 的整数"
    ),
    "at once with days": replaced(
        TAN,
        '{ kind = "at_once" }',
        '{ kind = "at_once", days = 1 }',
        "accept-at-once",
        "limit 是即时的，不写 days",
    ),
    "written as a word": replaced(
        TAN, "written = true", 'written = "yes"', "written-transfer", "true 或 false"
    ),
    "unknown accountability item": replaced(
        TAN,
        'accountability = "第十条（一）2"',
        'accountability = "第十条（三）1"',
        "answer-consult",
        "没有问责情形 第十条（三）1",
    ),
    "standing duty that an event starts": replaced(
        TAN,
        "standing = true",
        'standing = true\nstarts_on = ["filed"]',
        "supervision",
        "常设的义务（standing）不写起算事件",
    ),
    "standing duty that is met": replaced(
        TAN,
        "standing = true",
        'standing = true\nmet_by = ["closed"]',
        "supervision",
        "常设的义务（standing）不写",
    ),
    "standing duty with a limit": replaced(
        TAN,
        'limit = { kind = "none" }',
        'limit = { kind = "working_days", days = 3 }',
        "supervision",
        "常设的义务（standing）不写",
    ),
    "duty that stands and does not say so": replaced(
        TAN, "standing = true\n", "", "supervision", "starts_on 没有写起算事件"
    ),
    "days of a limit that is stated elsewhere": replaced(
        TAN,
        'limit = { kind = "stated" }',
        'limit = { kind = "stated", days = 20 }',
        "handling-limit",
        "不写 days",
    ),
    "interpretation of a reading the duty does not rest on": replaced(
        TAN,
        'readings = ["counting", "close-of-business", "late-entry", "reopening-restarts-consult", "over-principle", "extension-once", "due-soon"]',
        INTERPRETED.replace('replaces = ["over-principle"]', 'replaces = ["third-refusal"]'),
        "answer-consult",
        "解释所取代的系统设定 third-refusal 不在 readings 里",
    ),
    "interpretation without its paper": replaced(
        TAN,
        'readings = ["counting", "close-of-business", "late-entry", "reopening-restarts-consult", "over-principle", "extension-once", "due-soon"]',
        INTERPRETED.replace('document = "坛作组办〔2020〕1号"\n', ""),
        "answer-consult",
        "缺少 document",
    ),
    "duplicate accountability item": replaced(
        TAN,
        'item = "第十条（一）2"',
        'item = "第十条（一）1"',
        "第十条（一）1",
        "问责情形 第十条（一）1 重复",
    ),
    "accountability without elements": replaced(
        TAN,
        '[[accountability.elements]]\nid = "late-or-incomplete"\ntext = "未一次性告知、超时限办理，或者未及时回复办理结果"\nkind = "fact"\n',
        "",
        "第十条（一）2",
        "缺少构成要素",
    ),
    "accountability that is not in the source": replaced(
        TAN,
        "3. 其他违反首问负责制的情形。",
        "3. 其他不好的情形。",
        "第十条（一）3",
        "原文中没有这一句：3. 其他不好",
    ),
    "element of an unknown kind": replaced(
        TAN, 'kind = "human"', 'kind = "machine"', "第十条（一）3", "不认识的要素种类 machine"
    ),
    "accountability of nobody known": replaced(
        TAN, 'against = "unit_head"', 'against = "citizen"', "第十条（二）1", "不认识的问责对象 citizen"
    ),
    "tolerance that is not in the source": replaced(
        TAN,
        "因敢闯敢试、先行先试出现偏差失误",
        "因一时疏忽出现偏差失误",
        None,
        "原文中没有这一句：在执行落实",
    ),
    "duplicate duty": replaced(
        TAN, 'id = "written-transfer"', 'id = "answer-consult"', None, "answer-consult 重复"
    ),
    "unknown reading": replaced(
        TAN, 'readings = ["counting",', 'readings = ["guessing",', "answer-consult", "没有系统设定 guessing"
    ),
    "duplicate reading": replaced(READINGS, 'id = "late-entry"', 'id = "counting"', None, "counting 重复"),
    "number without unit": replaced(
        READINGS, 'value = 5\nunit = "working_days"', "value = 5", "rectification", "写明单位"
    ),
    "unit without number": replaced(
        READINGS,
        "value = 17:30:00",
        'value = 17:30:00\nunit = "times"',
        "close-of-business",
        "只有整数才写 unit",
    ),
    "reading of another type": replaced(
        READINGS, "value = 17:30:00", "value = 17.5", "close-of-business", "钟点"
    ),
    "text of another type": replaced(
        TAN, 'title = "限时答复咨询"', "title = 3", "answer-consult", "应当是文字"
    ),
    "list of another type": replaced(
        TAN, 'met_by = ["closed"]', 'met_by = "closed"', "answer-consult", "应当是一组文字"
    ),
    "date of another type": replaced(TAN, "= 2019-12-03", '= "2019-12-03"', None, "应当是日期"),
    "table of another type": replaced(
        TAN, 'limit = { kind = "at_once" }', 'limit = "at_once"', "accept-at-once", "应当是一个表"
    ),
    "array of another type": replaced(READINGS, "[[readings]]", "[[reading]]", None, "不认识的键 reading"),
    "measure under another's name": replaced(TAN, 'id = "tan"', 'id = "lu"', None, "id 应当是 tan"),
    "broken TOML": replaced(LU, "[terms]", "[terms", None, "不是有效的 TOML"),
    "missing source": replaced(
        TAN, "000_aeed1dcdd30494a5.txt", "absent.txt", None, "找不到文件 sources/absent.txt"
    ),
    "silence about the missing text": replaced(
        LU,
        'note = "《泸州市行政机关首问责任制度》文本尚未收录，页面所引均出自实施方案。"',
        'note = ""',
        None,
        "缺少 note",
    ),
}


@pytest.mark.parametrize(("file", "old", "new", "duty", "sentence"), SPOILED.values(), ids=SPOILED.keys())
def test_a_spoiled_file_is_refused_with_its_place_and_a_plain_sentence(copy, file, old, new, duty, sentence):
    edit(copy, file, old, new, duty)
    error = refusal(copy)
    assert (error.file, error.duty) == (file, duty)
    assert sentence in error.sentence
    assert str(error) == "：".join(part for part in (file, duty, error.sentence) if part)


def test_an_array_that_is_no_array_of_tables_is_refused(copy):
    (copy / READINGS).write_text('label = "系统设定"\nreadings = 3\n', "utf-8")
    assert "应当是一组表" in refusal(copy).sentence


@pytest.mark.parametrize("file", [TAN, LU, READINGS])
def test_a_missing_file_is_named(copy, file):
    (copy / file).unlink()
    error = refusal(copy)
    assert error.file == file
    assert error.sentence == f"找不到文件 {file}"


def test_a_file_that_is_not_utf8_is_named(copy):
    (copy / "sources" / "000_aeed1dcdd30494a5.txt").write_bytes("首问".encode("gb18030"))
    assert refusal(copy).sentence == "文件 sources/000_aeed1dcdd30494a5.txt 不是 UTF-8 文本"


def test_a_measure_nobody_knows_is_refused(copy):
    shutil.copy(copy / TAN, copy / "measures" / "other.toml")
    error = refusal(copy)
    assert error.file == "measures/other.toml"
    assert "没有这个办法" in error.sentence


def test_the_underlying_text_of_lu_can_be_quoted_once_it_is_at_hand(copy):
    edit(copy, LU, 'quote = ["办理情况", "转交其他科室办理"]', 'quote = ["首问责任人应当一次性告知"]')
    assert "原文中没有这一句" in refusal(copy).sentence
    (copy / "sources" / "zhidu.txt").write_text("第三条 首问责任人应当\n一次性告知。", "utf-8")
    edit(copy, LU, 'source = ""', 'source = "zhidu.txt"')
    underlying = load_statute(copy).measures[Measure.LU].underlying
    assert underlying is not None
    assert underlying.source == "zhidu.txt"


def test_the_statute_cannot_be_changed_after_loading():
    statute = load_statute()
    with pytest.raises(TypeError):
        statute.readings["counting"] = statute.readings["at-once"]
    with pytest.raises(TypeError):
        del statute.measures[Measure.TAN]


def test_an_official_interpretation_stands_in_the_place_of_the_reading_it_replaces(copy):
    """坛 十三: the competent office interprets; what we read into the text gives way."""
    readings = INTERPRETED.partition("\n")[0]
    edit(copy, TAN, readings, INTERPRETED, "answer-consult")
    duty = load_statute(copy).duty(Measure.TAN, "answer-consult")
    assert "over-principle" in load_statute().duty(Measure.TAN, "answer-consult").readings
    assert "over-principle" not in duty.readings
    assert "extension-once" in duty.readings
    [found] = duty.interpretations
    assert (found.document, found.issued_on.isoformat()) == ("坛作组办〔2020〕1号", "2020-03-01")
    assert found.replaces == ("over-principle",)
    # Another duty that rests on the same reading keeps it until it is interpreted as well.
    assert load_statute(copy).readings["over-principle"] == load_statute().readings["over-principle"]
