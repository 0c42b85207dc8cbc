"""Pictures come out upright, of sensible size, and with nothing but their pixels."""

from __future__ import annotations

import io
import os
import zlib

import pytest
from PIL import Image

from backend.vault.media import MediaLimits, MediaRefused, clean_media
from tests.vault import media_samples as samples

KINDS = [("JPEG", "image/jpeg", "jpg"), ("PNG", "image/png", "png"), ("WEBP", "image/webp", "webp")]
UPPER_LEFT = {1: "red", 2: "green", 3: "blue", 4: "white", 5: "red", 6: "white", 7: "blue", 8: "green"}


def opened(clean):
    image = Image.open(io.BytesIO(clean.data))
    image.load()
    return image


def refusal(data, **limits):
    with pytest.raises(MediaRefused) as caught:
        clean_media(data, limits=MediaLimits(**limits))
    return caught.value.code


def colour_at(image, x, y):
    named = {"red": (255, 0, 0), "green": (0, 255, 0), "blue": (0, 0, 255), "white": (255, 255, 255)}
    pixel = image.convert("RGB").getpixel((x, y))
    return min(named, key=lambda name: sum(abs(a - b) for a, b in zip(named[name], pixel, strict=True)))


@pytest.mark.parametrize(("kind", "media_type", "extension"), KINDS)
def test_a_picture_keeps_its_kind_and_what_is_on_it(kind, media_type, extension):
    clean = clean_media(samples.encoded(samples.picture(), kind))
    assert (clean.media_type, clean.extension) == (media_type, extension)
    image = opened(clean)
    assert (image.format, image.size) == (kind, (120, 80))
    corners = [colour_at(image, *place) for place in [(9, 9), (110, 9), (110, 70), (9, 70)]]
    assert corners == ["red", "green", "blue", "white"]


@pytest.mark.parametrize(
    "sample", [samples.jpeg_with_everything, samples.png_with_everything, samples.webp_with_everything]
)
def test_place_names_comments_profiles_and_trailing_bytes_are_gone(sample):
    before = sample()
    assert samples.CANARY.encode() in before
    clean = clean_media(before)
    assert samples.CANARY.encode() not in clean.data
    for mark in (
        b"Exif",
        b"EXIF",
        b"eXIf",
        b"XMP ",
        b"xmpmeta",
        b"ICC",
        b"iCCP",
        b"tEXt",
        b"zTXt",
        b"iTXt",
        b"Photoshop",
    ):
        assert mark not in clean.data
    image = opened(clean)
    assert not image.getexif()
    assert not {"icc_profile", "exif", "xmp", "comment"} & set(image.info)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_turn_of_the_camera_is_carried_out(orientation):
    image = opened(clean_media(samples.jpeg_with_everything(orientation)))
    assert image.size == ((120, 80) if orientation < 5 else (80, 120))
    assert colour_at(image, 5, 5) == UPPER_LEFT[orientation]


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_other_formats_are_turned_too(kind):
    image = opened(clean_media(samples.encoded(samples.picture(), kind, exif=samples.exif(6))))
    assert (image.size, colour_at(image, 5, 5)) == ((80, 120), "white")


def test_broken_exif_costs_nobody_the_photo():
    data = samples.encoded(samples.picture(), "JPEG", exif=b"Exif\0\0MM\0*\xff\xff\xff\xff")
    assert opened(clean_media(data)).size == (120, 80)


@pytest.mark.parametrize(
    ("mode", "expected"),
    [("1", "L"), ("L", "L"), ("LA", "LA"), ("P", "RGB"), ("RGB", "RGB"), ("RGBA", "RGBA")],
)
def test_every_mode_of_png_comes_through(mode, expected):
    image = opened(clean_media(samples.encoded(samples.picture(mode=mode), "PNG")))
    assert image.mode == expected
    assert colour_at(image, 9, 70) == "white"


def test_sixteen_bits_keep_their_brightness():
    data = samples.encoded(Image.new("I;16", (20, 20), 40000), "PNG")
    image = opened(clean_media(data))
    assert (image.mode, image.getpixel((5, 5))) == ("L", 156)


@pytest.mark.parametrize("mode", ["RGB", "L", "P"])
def test_a_named_transparent_colour_stays_transparent(mode):
    picture = samples.picture(mode=mode)
    data = samples.encoded(picture, "PNG", transparency=picture.getpixel((5, 5)))
    image = opened(clean_media(data))
    assert [image.getpixel(place)[3] for place in [(5, 5), (110, 5)]] == [0, 255]


def test_cmyk_becomes_rgb():
    image = opened(clean_media(samples.encoded(samples.picture(mode="CMYK"), "JPEG")))
    assert (image.mode, colour_at(image, 5, 5)) == ("RGB", "red")


@pytest.mark.parametrize(
    ("kind", "size"),
    [("JPEG", (1600, 800)), ("JPEG", (500, 2000)), ("PNG", (1600, 4)), ("WEBP", (1000, 500))],
)
def test_a_long_edge_is_shortened_and_the_shape_kept(kind, size):
    clean = clean_media(samples.encoded(samples.picture(*size), kind), limits=MediaLimits(max_edge=400))
    width, height = opened(clean).size
    assert 350 <= max(width, height) <= 400
    assert abs(width / height - size[0] / size[1]) <= 0.02 * size[0] / size[1]


def test_a_phones_multi_picture_file_gives_its_first_picture():
    second = samples.encoded(samples.picture().rotate(180), "JPEG", comment=samples.CANARY.encode())
    clean = clean_media(samples.encoded(samples.picture(), "JPEG") + second)
    assert colour_at(opened(clean), 5, 5) == "red"
    assert samples.CANARY.encode() not in clean.data


@pytest.mark.parametrize(
    "data",
    [
        samples.png_claiming(50_000, 50_000),
        samples.jpeg_claiming(50_000, 50_000),
        samples.webp_claiming(16_000, 16_000),
    ],
    ids=["png", "jpeg", "webp"],
)
def test_a_picture_of_too_many_pixels_is_refused_by_its_header(data):
    assert refusal(data) == "image_too_large"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_the_limit_is_the_number_of_pixels(kind):
    data = samples.encoded(samples.picture(100, 100), kind)
    just = {"max_pixels": 10_000, "max_webp_pixels": 10_000}
    assert opened(clean_media(data, limits=MediaLimits(**just))).size == (100, 100)
    assert refusal(data, max_pixels=9_999, max_webp_pixels=9_999) == "image_too_large"


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_moving_pictures_are_refused(kind):
    assert refusal(samples.animated(kind)) == "type_not_allowed"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("part", [0.05, 0.5, 0.9])
def test_a_cut_off_picture_is_refused(kind, part):
    noise = Image.frombytes("RGB", (64, 64), os.urandom(64 * 64 * 3))
    data = samples.encoded(noise, kind)
    assert refusal(data[: int(len(data) * part)]) == "media_damaged"


def test_a_png_with_a_wrong_check_sum_is_refused():
    data = samples.encoded(samples.picture(), "PNG")
    at = data.index(b"IDAT") + 10
    assert refusal(data[:at] + bytes((data[at] ^ 1,)) + data[at + 1 :]) == "media_damaged"


def test_what_a_small_png_unpacks_beyond_its_size_is_never_kept():
    clean = clean_media(samples.png_claiming(10, 10, b"\0" * 30_000_000))
    assert len(clean.data) < 200


def test_a_note_that_unpacks_without_end_is_refused():
    bomb = samples.png_chunk(b"zTXt", b"x\0\0" + zlib.compress(b"\0" * 80_000_000))
    good = samples.encoded(samples.picture(), "PNG")
    assert refusal(good[:33] + bomb + good[33:]) == "media_damaged"


def test_a_picture_that_grows_over_the_limit_is_refused():
    noise = Image.frombytes("RGB", (64, 64), os.urandom(64 * 64 * 3))
    assert refusal(samples.encoded(noise, "PNG"), max_output_bytes=5_000) == "media_too_complex"
