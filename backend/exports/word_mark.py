"""The mark of a copy with names and phones in a Word file: in every head and across every page, whatever the template is."""

from __future__ import annotations

import io

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.section import _Header
from docx.shared import Pt

_ACROSS = (
    '<w:r xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:v="urn:schemas-microsoft-com:vml">'
    '<w:pict><v:shape coordsize="21600,21600" path="m0,0 l21600,0 m0,21600 l21600,21600e" style="position:absolute;'
    "width:520pt;height:26pt;rotation:315;z-index:-251658752;mso-position-horizontal:center;"
    "mso-position-horizontal-relative:page;mso-position-vertical:center;mso-position-vertical-relative:page"
    '" fillcolor="#d8d8d8" stroked="f"><v:path textpathok="t"/><v:textpath on="t" fitshape="t" style="font-family:黑体" '
    'string="{{ stamp }}"/></v:shape></w:pict></w:r>'
)
"""A watermark as Word itself writes one: a text along a path, behind the words of the page."""


MARK, IN_OUR_TEMPLATE = "{{ mark }}", "{{ mark or '' }}"


def marked(template: bytes) -> bytes:
    """The template with the mark in the head of every kind of page of every section; where it is already, with the watermark."""
    document = docx.Document(io.BytesIO(template))
    for number, section in enumerate(document.sections):
        heads: list[_Header] = [section.header]
        if section.different_first_page_header_footer:
            heads.append(section.first_page_header)
        if document.settings.odd_and_even_pages_header_footer:
            heads.append(section.even_page_header)
        for head in heads:
            # A head that goes on from the section before shows what stands there; the first section's begins here.
            if number == 0 or not head.is_linked_to_previous:
                _mark(head)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _mark(head: _Header) -> None:
    there = [paragraph for paragraph in head.paragraphs if paragraph.text in {MARK, IN_OUR_TEMPLATE}]
    if not there:
        there = [head.paragraphs[0].insert_paragraph_before() if head.paragraphs else head.add_paragraph()]
        there[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
        there[0].add_run(MARK).font.size = Pt(8)
    there[0]._element.append(parse_xml(_ACROSS))
