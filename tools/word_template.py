"""Writes backend/exports/templates/ledger.docx, the Word template of the ledger: `python tools/word_template.py`.

An office edits a copy of it in Word: fonts, margins, its own head. What stands between braces is filled in.
"""

from __future__ import annotations

import sys
from pathlib import Path

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import _Cell
from docx.text.paragraph import Paragraph

TARGET = Path(__file__).parents[1] / "backend" / "exports" / "templates" / "ledger.docx"
WIDTHS = (Mm(30), Mm(55), Mm(30), Mm(55))
HEAD, BODY = "黑体", "仿宋_GB2312"
CENTRED = WD_ALIGN_PARAGRAPH.CENTER

ROWS = (
    # label, value of the left half; label, value of the right half; or one value over both
    (("受理时间", "{{ form.received_at }}"), ("首问责任人", "{{ form.first_responder }}")),
    (("服务对象", "{{ form.citizen }}"), ("联系方式", "{{ form.contact }}")),
    (("首问方式", "{{ form.channel | join('　') }}"),),
    (("首问类别", "{{ form.category | join('　') }}"),),
    (("首问内容", "{{ form.content }}"),),
    (("办理情况", "{{ form.disposition | join('　') }}"),),
    (("", "具体办理情况：\n{{ form.handling }}"),),
    (("办结时间", "{{ form.closed_at }}"), ("回访时间", "{{ form.followed_up_at }}")),
    (("群众满意度", "{{ form.grade | join('　') }}"),),
    (
        ("科室负责人意见", "{{ form.section_head_opinion }}"),
        ("分管领导意见", "{{ form.deputy_leader_opinion }}"),
    ),
    (("备注", "{{ remark_hint }}\n{{ form.remark }}"),),
)
HEIGHTS = {"首问内容": Mm(28), "": Mm(40), "科室负责人意见": Mm(26), "备注": Mm(18)}


def main() -> None:
    """Write the template; the same words make the same file."""
    document = docx.Document()
    section = document.sections[0]
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(20)
    section.top_margin, section.bottom_margin = Mm(22), Mm(20)
    style = document.styles["Normal"]
    style.font.name, style.font.size = BODY, Pt(12)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), BODY)
    style.paragraph_format.space_after = Pt(0)
    write(section.header.paragraphs[0], "{{ mark or '' }}", size=8, align=CENTRED, font=HEAD)
    number_pages(section.footer.paragraphs[0])
    cover(document)
    forms(document)
    document.core_properties.author = document.core_properties.title = ""
    document.core_properties.comments = ""
    TARGET.parent.mkdir(exist_ok=True)
    document.save(str(TARGET))


def cover(document: Document) -> None:
    """附件2's cover."""
    for text, size, before in (
        ("{{ cover.title }}", 26, 120),
        ("{{ cover.book }}", 36, 20),
        ("{{ cover.section }}", 18, 110),
        ("{{ cover.post or '' }}", 18, 14),
        ("{{ cover.year }}", 18, 14),
        ("{{ cover.volume or '' }}", 14, 14),
        ("{{ cover.provided or '' }}", 10, 120),
        ("{{ cover.copy }}", 10, 0),
    ):
        paragraph = document.add_paragraph()
        paragraph.paragraph_format.space_before = Pt(before)
        write(paragraph, text, size=size, align=CENTRED, font=HEAD if size > 20 else BODY)
    document.add_paragraph("{%p if not forms %}")
    write(document.add_paragraph(), "{{ nothing }}", align=CENTRED)
    document.add_paragraph("{%p endif %}")


def forms(document: Document) -> None:
    """One 登记表 on a page of its own for each line."""
    document.add_paragraph("{%p for form in forms %}")
    title = document.add_paragraph()
    title.paragraph_format.page_break_before = True
    write(title, "{{ form_title }}", size=18, align=CENTRED, font=HEAD)
    write(document.add_paragraph(), "{{ form.aside }}", size=9, align=CENTRED)
    table = document.add_table(rows=0, cols=4)
    table.style = "Table Grid"
    table.autofit = False
    for column, width in zip(table.columns, WIDTHS, strict=True):
        column.width = width
    for halves in ROWS:
        row = table.add_row()
        height = HEIGHTS.get(halves[0][0])
        if height is not None:
            row.height = height
        cells = row.cells
        for cell, width in zip(cells, WIDTHS, strict=True):
            cell.width = width
        if len(halves) == 1:
            cells[1].merge(cells[3])
        for position, (label, value) in enumerate(halves):
            name(cells[2 * position], label)
            for number, text in enumerate(value.split("\n")):
                cell = cells[2 * position + 1]
                paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
                write(paragraph, text, size=9 if "remark_hint" in text else 12)
    labels = [row.cells[0] for row in table.rows]
    position = [halves[0][0] for halves in ROWS].index("办理情况")
    merged = labels[position].merge(labels[position + 1])
    for empty in merged.paragraphs[1:]:
        empty._element.getparent().remove(empty._element)
    document.add_paragraph("{%p endfor %}")


def name(cell: _Cell, label: str) -> None:
    """A label of the form."""
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    write(cell.paragraphs[0], label, align=CENTRED, font=HEAD)


def write(
    paragraph: Paragraph,
    text: str,
    *,
    size: int = 12,
    align: WD_ALIGN_PARAGRAPH | None = None,
    font: str | None = None,
) -> None:
    """One run of text."""
    paragraph.alignment = align
    run = paragraph.add_run(text)
    run.font.size = Pt(size)
    if font is not None:
        run.font.name = font
        run._element.rPr.rFonts.set(qn("w:eastAsia"), font)


def number_pages(paragraph: Paragraph) -> None:
    """第 1 页, as a field that Word counts itself."""
    paragraph.alignment = CENTRED
    paragraph.add_run("第 ")
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._element.append(field)
    paragraph.add_run(" 页")


if __name__ == "__main__":
    sys.exit(main())
