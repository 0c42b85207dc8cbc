"""The printed ledger looked at as pictures: cover, 登记表, and a copy with names whose long reason stands on every page.

`PICTURES=folder` keeps them (the README's cover.png and form.png are the masked ones).
"""

from __future__ import annotations

import os
from pathlib import Path

import pypdfium2
import pytest

from backend.exports import printing
from backend.exports.copies import full_copy, masked_copy
from backend.exports.forms import form_of, head_of
from backend.schemas.exports import REASON_LIMIT
from tests.exports.lines import COVER, MADE_AT, line

POINTS_PER_MM = 72 / 25.4
WIDTH, HEIGHT = 210 * POINTS_PER_MM, 297 * POINTS_PER_MM
MARGIN = 20 * POINTS_PER_MM
LEAST_ABOVE = 10 * POINTS_PER_MM
"""Printers leave out the outermost millimetres of a sheet."""
PIXELS_PER_POINT = 1.5
REASON = ("配合区纪委核查三季度首问事项的办理质量和回访情况，" * 10)[:REASON_LIMIT]


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    folder = Path(os.environ.get("PICTURES") or tmp_path_factory.mktemp("pictures"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def book(copy):
    """The pages of a book of one line."""
    return list(pypdfium2.PdfDocument(printing.pdf_of(head_of(COVER, copy), [form_of(line())], MADE_AT)))


def boxes(page):
    """Where each character that shows stands: left, bottom, right, top, in points from below."""
    text = page.get_textpage()
    found = [text.get_charbox(place) for place in range(text.count_chars())]
    return [box for box in found if box[2] > box[0]]


def above_the_title(form):
    """The head of a form: what stands higher than its title."""
    text = form.get_textpage()
    place, _length = text.search("首问责任制登记表").get_next()
    title_top = text.get_charbox(place)[3]
    return [box for box in boxes(form) if box[1] > title_top]


def keep(page, folder, name):
    picture = page.render(scale=PIXELS_PER_POINT).to_pil()
    picture.save(folder / f"{name}.png", optimize=True)


@pytest.mark.parametrize(
    ("name", "copy"),
    [
        ("masked", masked_copy("周九", "2026年11月29日 10:00")),
        ("full", full_copy("周九", "2026年11月29日 10:00", "配合核查", "吴十")),
        ("full-long-reason", full_copy("周九", "2026年11月29日 10:00", REASON, "吴十")),
    ],
)
def test_everything_printed_stays_on_the_paper_and_the_head_inside_its_margins(pictures, name, copy):
    cover, form = book(copy)
    keep(cover, pictures, f"cover-{name}")
    keep(form, pictures, f"form-{name}")
    for page in (cover, form):
        assert [round(side) for side in page.get_size()] == [round(WIDTH), round(HEIGHT)]
        for left, bottom, right, top in boxes(page):
            assert left > 0
            assert right < WIDTH
            assert bottom > 0
            assert top < HEIGHT - LEAST_ABOVE
    if copy.mark is not None:
        head = above_the_title(form)
        assert len(head) >= len(copy.mark.replace(" ", "")), "some of it stands beside or under the title"
        assert min(left for left, *_ in head) > MARGIN - 1
        assert max(right for _left, _bottom, right, _top in head) < WIDTH - MARGIN + 1
