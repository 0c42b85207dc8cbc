"""PDF and Word made in processes of their own, read back by readers that know nothing of their makers.

python-docx only writes here: an office's own template.
"""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from itertools import islice

import docx
import pypdfium2
import pytest

from backend.exports import printing
from backend.exports.copies import full_copy, masked_copy
from backend.exports.forms import form_of, head_of
from backend.exports.printing_terms import ANSWER, MAGIC, TemplateBroken, packed, unpacked
from tests.exports.lines import COVER, MADE_AT, line
from tests.support.reading_files import WordFile

COPY = masked_copy("周九", "2026年11月29日 10:00")
HOSTILE = '{{ 7*7 }}{% for x in forms %}#read("/etc/passwd") <b>&amp;</b> $x$ \\u{41} *粗* _x0041_'


def pdf_pages(lines, copy=COPY, cover=COVER):
    data = printing.pdf_of(head_of(cover, copy), map(form_of, lines), MADE_AT)
    pages = pypdfium2.PdfDocument(data)
    # The typesetter puts a thin space between Chinese and figures, which a reader takes for a blank; U+200B is where a
    # long run may be broken.
    return [re.sub(r"[\s\u200b]", "", page.get_textpage().get_text_range()) for page in pages]


def word_of(lines, copy=COPY, template=None, tmp_path=None):
    return WordFile(word_bytes(lines, copy, template, tmp_path))


def word_bytes(lines, copy=COPY, template=None, tmp_path=None):
    template = template if template is not None else printing.word_template(tmp_path)
    return printing.docx_of(head_of(COVER, copy), map(form_of, lines), template)


def test_a_pdf_has_a_cover_and_one_form_a_page():
    cover, first, second = pdf_pages([line(), line(display_number="第二件")])
    for words in (
        "泸州市示例局首问责任制",
        "工作台账",
        "综合科",
        "首问责任岗：张三",
        "2026年",
        "姓名、电话已遮盖",
        "第1页",
    ):
        assert words in cover
    for words in ("首问责任制登记表", "受理时间2026年11月24日10:30首问责任人李四", "来电□来访☑来信□局长信箱□政务热线□其他□",
                  "咨询事项☑办理事情□", "本人本科室办理□转交其他科室办理☑转交其他单位办理□", "满意□一般☑不满意□",
                  "具体办理情况：", "如首问责任总岗或机关纪委抽查，在此注明情况。", "第2页"):  # fmt: skip
        assert words in first
    assert "编号第二件" in second


def test_a_year_without_a_line_is_a_cover_and_a_word():
    assert [bool(page) for page in pdf_pages([])] == [True, True]
    assert "本年度没有登记" in pdf_pages([])[1]


def test_the_ledger_of_a_tan_unit_is_labelled():
    assert "本系统提供" in pdf_pages([], cover=COVER | {"label": "本系统提供"})[0]


def test_long_texts_flow_over_pages_without_losing_a_word():
    content = "".join(f"第{n}句。" for n in range(900))
    handling = "a" * 5000 + "完"
    pages = pdf_pages([line(content=content, handling=handling), line(display_number="下一件")])
    text = "".join(re.sub(r"首问责任制登记表编号2026-ABCD-EFGH-X|第\d+页", "", page) for page in pages[1:-1])
    assert content in text
    assert text.count("a") == 5000
    assert "完" in text
    assert all("首问责任制登记表编号2026-ABCD-EFGH-X" in page for page in pages[1:-1])
    assert "编号下一件" in pages[-1]


def test_what_strangers_wrote_is_only_text_in_a_pdf():
    page = pdf_pages([line(content=HOSTILE)])[1]
    assert re.sub(r"\s", "", HOSTILE) in page


def test_characters_the_fonts_lack_are_written_out_with_a_footnote():
    plain, rare = pdf_pages([line(), line(citizen={"text": "𠮷田😀"})])[1:]
    assert "〔U+20BB7〕田〔U+1F600〕" in rare
    assert "字库里没有的字" in rare
    assert "字库里没有的字" not in plain


def test_every_page_of_a_copy_with_names_carries_its_mark():
    pages = pdf_pages([line(), line()], full_copy("周九", "2026年11月29日 10:00", "配合核查", "吴十"))
    assert len(pages) == 3
    for page in pages:
        # In the head and across the page.
        assert page.count("周九2026年11月29日10:00导出；批准人：吴十") >= 2
        assert "；事由：配合核查" in page


def test_a_cover_or_a_mark_with_a_character_the_fonts_lack_has_the_note_too():
    cover, form = pdf_pages([line()], cover=COVER | {"post": {"label": "首问责任岗", "holder_name": "𠮷田"}})
    assert "〔U+20BB7〕" in cover
    assert "字库里没有的字" in cover
    assert "字库里没有的字" not in form
    copy = full_copy("𠮷田", "2026年11月29日 10:00", "配合核查", "吴十")
    for page in pdf_pages([line()], copy):
        assert "字库里没有的字" in page


def test_a_section_without_a_post_has_its_line_on_the_cover_to_be_filled_in():
    """附件2's cover has the line 首问责任岗 in any case."""
    assert "首问责任岗：" in pdf_pages([], cover=COVER | {"post": None})[0]


def test_a_thick_book_is_set_in_parts_with_its_pages_counted_on(monkeypatch):
    monkeypatch.setattr(printing, "FORMS_AT_ONCE", 2)
    pages = pdf_pages(line(display_number=f"N{n}") for n in range(5))
    assert [re.findall(r"第(\d+)页", page)[-1] for page in pages] == ["1", "2", "3", "4", "5", "6"]
    assert [re.findall(r"编号(N\d)", page) for page in pages] == [[], ["N0"], ["N1"], ["N2"], ["N3"], ["N4"]]


def test_a_word_file_has_the_cover_and_the_form_field_by_field(tmp_path):
    file = word_of([line(), line(display_number="第二件")], tmp_path=tmp_path)
    assert [words for words in file.paragraphs if words] == [
        "泸州市示例局首问责任制", "工 作 台 账", "综合科", "首问责任岗：张三", "2026 年", COPY.label,
        "首问责任制登记表", "编号 2026-ABCD-EFGH-X", "首问责任制登记表", "编号 第二件",
    ]  # fmt: skip
    assert len(file.tables) == 2
    assert file.tables[0] == [
        ["受理时间", "2026年11月24日 10:30", "首问责任人", "李四"],
        ["服务对象", "王**", "联系方式", "138****1234"],
        ["首问方式", boxes("来电□ 来访☑ 来信□ 局长信箱□ 政务热线□ 其他□")],
        ["首问类别", boxes("咨询事项☑ 办理事情□ 问题反映□ 投诉□ 其他□")],
        ["首问内容", "办理营业执照需要什么材料"],
        ["办理情况", boxes("本人本科室办理□ 转交其他科室办理☑ 转交其他单位办理□")],
        ["办理情况", "具体办理情况：\n2026年11月24日 11:00 转由行政审批科 赵六承办\n带身份证和租赁合同，三个工作日办结。"],
        ["办结时间", "2026年11月26日 09:00", "回访时间", "2026年11月27日 15:20"],
        ["群众满意度", boxes("满意□ 一般☑ 不满意□")],
        ["科室负责人意见", "同意\n钱七 2026年11月28日", "分管领导意见", "已阅\n孙八 2026年11月28日"],
        ["备注", "如首问责任总岗或机关纪委抽查，在此注明情况。\n2026年11月29日 09:30 首问责任总岗抽查（电话联系群众）：已答复，一般"],
    ]  # fmt: skip


def boxes(words):
    """Options with a box behind each, as the form sets them."""
    return words.replace(" ", "　").replace("□", "\u00a0□").replace("☑", "\u00a0☑")


def test_the_ledger_of_a_tan_unit_is_labelled_in_word_too(tmp_path):
    labelled = printing.docx_of(
        head_of(COVER | {"label": "本系统提供"}, COPY), [], printing.word_template(tmp_path)
    )
    assert "本系统提供" in WordFile(labelled).paragraphs


def test_what_strangers_wrote_is_only_text_in_a_word_file(tmp_path):
    file = word_of([line(content=HOSTILE + "\x07\x0c<w:p/>😀")], tmp_path=tmp_path)
    assert file.tables[0][4][1] == HOSTILE + "<w:p/>😀"
    assert len(file.tables) == 1


def test_a_word_file_of_a_year_without_a_line_says_so(tmp_path):
    file = word_of([], tmp_path=tmp_path)
    assert "本年度没有登记。" in file.paragraphs
    assert file.tables == []


def test_the_head_of_every_page_of_a_word_file_carries_the_mark(tmp_path):
    copy = full_copy("周九", "2026年11月29日 10:00", "配合核查", "吴十")
    assert word_of([line()], copy, tmp_path=tmp_path).headers == [copy.mark]


def test_an_office_may_put_a_template_of_its_own_in_place(tmp_path):
    own = docx.Document()
    own.add_paragraph("本局自用：{{ cover.title }}，{{ forms | length }} 件")
    own.save(tmp_path / "ledger.docx")
    assert word_of([line()], tmp_path=tmp_path).paragraphs == ["本局自用：泸州市示例局首问责任制，1 件"]


@pytest.mark.parametrize("has_heads", [False, True])
def test_a_template_of_an_office_cannot_lose_the_mark(tmp_path, has_heads):
    """Every kind of page of every section, and across it."""
    own = docx.Document()
    own.add_paragraph("{{ cover.title }}")
    second = own.add_section()
    if has_heads:
        own.settings.odd_and_even_pages_header_footer = True
        second.different_first_page_header_footer = True
        second.header.is_linked_to_previous = False
        second.header.paragraphs[0].text = "本局自己的页眉"
        second.first_page_header.is_linked_to_previous = False
    own.save(tmp_path / "ledger.docx")
    copy = full_copy("周九", "2026年11月29日 10:00", "配合<核查>", "吴十")
    made = docx.Document(io.BytesIO(word_bytes([line()], copy, tmp_path=tmp_path)))
    heads = [section.header for section in made.sections]
    if has_heads:
        heads += [made.sections[0].even_page_header, made.sections[1].first_page_header]
        assert "本局自己的页眉" in [p.text for p in made.sections[1].header.paragraphs]
    for head in heads:
        assert [p.text for p in head.paragraphs].count(copy.mark) == 1
        assert head._element.xml.count(f'string="{copy.stamp}"') == 1
    assert "导出" not in "".join(word_of([line()], tmp_path=tmp_path).headers)


def test_the_columns_of_the_form_are_as_wide_as_its_cells(tmp_path):
    table = docx.Document(io.BytesIO(word_bytes([line()], tmp_path=tmp_path))).tables[0]
    assert [column.width for column in table.columns] == [cell.width for cell in table.rows[0].cells]


@pytest.mark.parametrize(
    "words",
    [
        "{{ forms[0].nothing }}",
        "{% if %}",
        "{{ ''.__class__.__mro__ }}",
        "{{ cover.update({}) }}",
        "{{ cover.keys }}",
    ],
)
def test_a_template_that_cannot_be_filled_is_refused(words):
    own = docx.Document()
    own.add_paragraph(words)
    out = io.BytesIO()
    own.save(out)
    with pytest.raises(TemplateBroken):
        word_of([line()], template=out.getvalue())


def test_a_template_that_is_no_word_file_is_refused():
    with pytest.raises(TemplateBroken):
        word_of([], template=b"no archive at all")


def test_the_template_that_comes_along_is_the_one_its_script_writes(tmp_path):
    script = printing._BACKEND.parent / "tools" / "word_template.py"
    code = (
        "import runpy, sys, pathlib; made = runpy.run_path(sys.argv[1]);"
        "made['main'].__globals__['TARGET'] = pathlib.Path(sys.argv[2]); made['main']()"
    )
    subprocess.run([sys.executable, "-c", code, str(script), str(tmp_path / "new.docx")], check=True)
    shipped, new = (docx.Document(str(path)) for path in (printing._TEMPLATE, tmp_path / "new.docx"))
    assert shipped.element.xml == new.element.xml


def test_a_printing_process_that_ends_without_a_print_is_a_fault_of_ours(monkeypatch):
    monkeypatch.setattr(printing, "_BOOT", "raise SystemExit(3)")
    with pytest.raises(printing.PrintFailed):
        pdf_pages([])
    monkeypatch.setattr(printing, "_BOOT", "print('half an answer')")
    with pytest.raises(printing.PrintFailed):
        pdf_pages([])


def test_while_another_print_is_under_way_one_waits_and_is_then_told_to_come_again(monkeypatch):
    monkeypatch.setattr(printing, "_PATIENCE", 0.01)
    with printing.print_slot(), pytest.raises(printing.PrintBusy), printing.print_slot():
        pass
    with printing.print_slot():
        """The turn is free again."""


def test_a_print_that_takes_too_long_is_ended(monkeypatch):
    monkeypatch.setattr(printing, "_SECONDS", 0.2)
    monkeypatch.setattr(printing, "_BOOT", "import time; time.sleep(60)")
    with pytest.raises(printing.PrintBusy):
        pdf_pages([])


def test_pieces_come_out_as_they_went_in():
    pieces = [b"", b"one", b"\x00" * 300]
    assert list(unpacked(packed(pieces))) == pieces
    assert ANSWER.unpack(ANSWER.pack(MAGIC, False, 3, 4)) == (MAGIC, False, 3, 4)


def test_who_asks_for_a_print_loads_nothing_that_typesets():
    code = (
        "import sys; import backend.exports.printing, backend.exports.ledger_sheet, backend.exports.forms;"
        "print(sorted({'typst', 'docx', 'docxtpl', 'fontTools', 'lxml', 'pikepdf', 'PIL'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=printing._BACKEND.parent,
        env=os.environ | {"PYTHONPATH": str(printing._BACKEND.parent)},
    )  # fmt: skip
    assert done.stdout.strip() == "[]"


def test_forms_with_long_texts_are_set_a_few_at_a_time(monkeypatch):
    monkeypatch.setattr(printing, "CHARACTERS_AT_ONCE", 10)
    pages = pdf_pages(line(display_number=f"N{n}") for n in range(3))
    assert [re.findall(r"编号(N\d)", page) for page in pages] == [[], ["N0"], ["N1"], ["N2"]]
    assert [re.findall(r"第(\d+)页", page)[-1] for page in pages] == ["1", "2", "3", "4"]


def test_lines_are_read_only_as_far_as_a_part_needs(monkeypatch):
    monkeypatch.setattr(printing, "FORMS_AT_ONCE", 2)
    seen = []

    def lines():
        for n in range(4):
            seen.append(n)
            yield line()

    parts = []
    monkeypatch.setattr(
        printing, "_printed", lambda kind, pieces: parts.append((kind, len(seen))) or (1, b"%PDF")
    )
    printing.pdf_of(head_of(COVER, COPY), map(form_of, islice(lines(), 4)), MADE_AT)
    assert parts == [("pdf", 2), ("pdf", 4), ("join", 4)]
