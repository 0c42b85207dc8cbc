"""QR codes are read back with a real decoder, whole, damaged and turned."""

from __future__ import annotations

import io
import re
from xml.etree import ElementTree as ET

import pytest
import zxingcpp
from PIL import Image

from backend.portal.qr import QUIET_ZONE, qr_png, qr_svg

URL = "https://shouwen.example.gov.cn/s/7KQ29D4MXH0TVB3E"
SVG = "{http://www.w3.org/2000/svg}"


def rasterise(svg, module_px=8):
    """Paint the runs of the path, which are all the SVG consists of."""
    root = ET.fromstring(svg)
    size = int(root.get("viewBox").split()[2])
    image = Image.new("L", (size, size), 255)
    path = root.find(f"{SVG}path").get("d")
    runs = re.findall(r"M(\d+) (\d+)h(\d+)v1h-(\d+)z", path)
    assert "".join(f"M{x} {y}h{n}v1h-{m}z" for x, y, n, m in runs) == path
    for x, y, length, back in runs:
        assert length == back
        image.paste(0, (int(x), int(y), int(x) + int(length), int(y) + 1))
    return image.resize((size * module_px, size * module_px), Image.Resampling.NEAREST)


def read(image):
    found = zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormat.QRCode)
    return [(code.text, code.ec_level) for code in found]


def from_svg(url=URL):
    return rasterise(qr_svg(url))


def from_png(url=URL):
    return Image.open(io.BytesIO(qr_png(url))).convert("L")


@pytest.mark.parametrize("render", [from_svg, from_png])
@pytest.mark.parametrize(
    "url", [URL, "http://127.0.0.1:8000/s/0000000000000000", URL + "?单位=" + "首问" * 60]
)
def test_a_decoder_reads_the_address_back_at_level_q(render, url):
    assert read(render(url)) == [(url, "Q")]


@pytest.mark.parametrize("render", [from_svg, from_png])
@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_turned_code_is_read(render, turn):
    assert read(render().rotate(turn, expand=True)) == [(URL, "Q")]


@pytest.mark.parametrize("render", [from_svg, from_png])
def test_a_code_with_a_scratched_patch_is_read(render):
    image = render()
    side = image.width
    # A fifth of the width by a fifth of the height, in the lower right where no finder pattern stands.
    image.paste(255, (side * 55 // 100, side * 55 // 100, side * 75 // 100, side * 75 // 100))
    assert read(image) == [(URL, "Q")]


def test_the_decoder_does_not_read_a_code_that_is_half_gone():
    image = from_svg()
    image.paste(255, (0, image.height // 3, image.width, image.height))
    assert read(image) == []


@pytest.mark.parametrize("render", [from_svg, from_png])
def test_the_quiet_zone_is_four_modules_wide_and_white(render):
    image = render()
    modules = int(ET.fromstring(qr_svg(URL)).get("viewBox").split()[2])
    border = QUIET_ZONE * image.width // modules
    dark = image.point(lambda value: 255 - value).getbbox()
    assert QUIET_ZONE == 4
    assert dark == (border, border, image.width - border, image.height - border)


def test_the_svg_is_inert_and_named_in_chinese():
    root = ET.fromstring(qr_svg(URL))
    assert [element.tag.removeprefix(SVG) for element in root.iter()] == ["svg", "title", "rect", "path"]
    assert root.get("role") == "img"
    assert re.fullmatch(r"[\u4e00-\u9fff，]+", root.find(f"{SVG}title").text)
    names = {name for element in root.iter() for name in element.attrib}
    assert names <= {"viewBox", "role", "shape-rendering", "width", "height", "fill", "d"}


def test_hostile_text_is_encoded_and_never_written_into_the_svg():
    url = 'https://x/"><script>alert(1)</script>'
    svg = qr_svg(url)
    assert "script" not in svg
    assert read(rasterise(svg)) == [(url, "Q")]


def test_the_png_has_the_asked_size_and_no_metadata():
    with Image.open(io.BytesIO(qr_png(URL, module_px=3))) as image:
        assert image.mode == "1"
        assert image.info == {}
        modules = int(ET.fromstring(qr_svg(URL)).get("viewBox").split()[2])
        assert image.size == (modules * 3, modules * 3)


@pytest.mark.parametrize("render", [qr_svg, qr_png])
@pytest.mark.parametrize("text", ["", "x" * 3000])
def test_what_no_code_can_hold_is_a_value_error(render, text):
    with pytest.raises(ValueError, match=r"."):
        render(text)


def test_a_module_without_pixels_is_a_value_error():
    with pytest.raises(ValueError, match="pixel"):
        qr_png(URL, module_px=0)
