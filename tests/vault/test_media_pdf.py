"""PDFs keep their pages, and nothing that acts, hides or tells who made them."""

from __future__ import annotations

import io
import zlib

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String
from PIL import Image

from backend.vault.media import MediaLimits, MediaRefused, clean_media
from tests.vault import media_samples as samples

CANARY = samples.CANARY.encode()


def cleaned(pdf, **limits):
    data = pdf if isinstance(pdf, bytes) else samples.saved(pdf)
    clean = clean_media(data, limits=MediaLimits(**limits))
    assert (clean.media_type, clean.extension) == ("application/pdf", "pdf")
    return pikepdf.open(io.BytesIO(clean.data))


def refusal(pdf, **limits):
    with pytest.raises(MediaRefused) as caught:
        cleaned(pdf, **limits)
    return caught.value.code


def everything(pdf):
    """All that is in a file, unpacked, as one text to search."""
    out = io.BytesIO()
    plain = pikepdf.StreamDecodeLevel.specialized
    packing = pikepdf.ObjectStreamMode.disable
    pdf.save(out, compress_streams=False, stream_decode_level=plain, object_stream_mode=packing)
    return out.getvalue()


def keys(pdf):
    found = set()
    for item in pdf.objects:
        if isinstance(item, (pikepdf.Dictionary, pikepdf.Stream)):
            found |= set(item.keys())
    return found


def test_pages_keep_their_number_size_text_and_fonts():
    with cleaned(samples.plain_pdf(pages=3)) as pdf:
        assert len(pdf.pages) == 3
        page = pdf.pages[2]
        assert [int(edge) for edge in page.mediabox] == [0, 0, 300, 200]
        assert b"(Hello) Tj" in page.Contents.read_bytes()
        assert page.Resources.Font.F1.BaseFont == Name.Helvetica


def test_nothing_but_page_content_is_left():
    dirty = samples.pdf_with_everything()
    assert everything(dirty).count(CANARY) > 30
    with cleaned(dirty) as pdf:
        assert CANARY not in everything(pdf)
        assert set(pdf.Root.keys()) == {"/Type", "/Pages"}
        assert not {"/Info", "/Encrypt"} & set(pdf.trailer.keys())
        unwanted = {
            "/JS",
            "/JavaScript",
            "/AA",
            "/OpenAction",
            "/Metadata",
            "/EF",
            "/AF",
            "/PieceInfo",
            "/Thumb",
        }
        assert not keys(pdf) & (
            unwanted | {"/A", "/URI", "/Launch", "/Annots", "/AcroForm", "/Names", "/Canary"}
        )
        assert b"/Photo Do" in everything(pdf)


@pytest.mark.parametrize("mode", list(pikepdf.ObjectStreamMode.__members__.values())[:3])
def test_the_canary_is_not_in_the_bytes_either_however_the_file_was_packed(mode):
    data = samples.saved(samples.pdf_with_everything(), object_stream_mode=mode)
    assert CANARY not in clean_media(data).data


def test_an_earlier_revision_is_gone():
    first = samples.saved(samples.plain_pdf(text=f"({samples.CANARY}) Tj"), compress_streams=False)
    assert CANARY in first
    with pikepdf.open(io.BytesIO(first)) as pdf:
        number = pdf.pages[0].Contents.objgen[0]
    start = int(first.rsplit(b"startxref", 1)[1].split()[0])
    body = b"%d 0 obj\n<</Length 2>>stream\nq \nendstream\nendobj\n" % number
    table = b"xref\n%d 1\n%010d 00000 n \n" % (number, len(first))
    with pikepdf.open(io.BytesIO(first)) as pdf:
        size, root = int(pdf.trailer.Size), pdf.Root.objgen[0]
    trailer = b"trailer\n<</Size %d/Root %d 0 R/Prev %d>>\n" % (size, root, start)
    updated = first + body + table + trailer + b"startxref\n%d\n%%%%EOF\n" % (len(first) + len(body))
    with cleaned(updated) as pdf:
        assert pdf.pages[0].Contents.read_bytes().strip() == b"q"
        assert CANARY not in everything(pdf)


def test_the_same_file_gives_the_same_bytes():
    data = samples.saved(samples.pdf_with_everything())
    assert clean_media(data).data == clean_media(data).data


def test_a_photo_inside_keeps_its_pixels_exactly_and_loses_its_place():
    photo = samples.jpeg_with_everything()
    pdf = samples.plain_pdf()
    samples.add_image(pdf, photo)
    with cleaned(pdf) as clean:
        after = clean.pages[0].Resources.XObject.Photo.read_raw_bytes()
    assert CANARY not in after
    assert b"Exif" not in after
    with Image.open(io.BytesIO(photo)) as one, Image.open(io.BytesIO(after)) as other:
        assert one.tobytes() == other.tobytes()
        assert not other.getexif()


@pytest.mark.parametrize(
    "options", [{"progressive": True}, {"mode": "CMYK"}, {"mode": "L"}, {"restart_marker_rows": 1}]
)
def test_photos_of_every_build_keep_their_pixels(options):
    mode = options.pop("mode", "RGB")
    photo = samples.encoded(samples.picture(300, 200, mode), "JPEG", comment=CANARY, **options)
    pdf = samples.plain_pdf()
    samples.add_image(pdf, photo + CANARY)
    with cleaned(pdf) as clean:
        after = clean.pages[0].Resources.XObject.Photo.read_raw_bytes()
    assert CANARY not in after
    with Image.open(io.BytesIO(photo)) as one, Image.open(io.BytesIO(after)) as other:
        assert (one.mode, one.tobytes()) == (other.mode, other.tobytes())


@pytest.mark.parametrize(
    "hidden",
    [
        b"\xff\xe1\x00\x02" + CANARY,
        b"\xff\x12\x00\x0f" + CANARY,
        b"\xff\xf3\x00\x0f" + CANARY,
        b"\xff\xee\x00\x1bAdobe\0d\0\0\0\0\1" + CANARY,
        b"\xff\xe0\x00\x1dJFIF\0\1\1\0\0\1\0\1\0\0" + CANARY,
    ],
    ids=["after a segment", "reserved", "extension", "in the colours", "in the density"],
)
def test_no_odd_segment_of_a_photo_carries_anything_along(hidden):
    photo = samples.encoded(samples.picture(), "JPEG")
    pdf = samples.plain_pdf()
    samples.add_image(pdf, photo[:20] + hidden + photo[20:])
    with cleaned(pdf) as clean:
        after = clean.pages[0].Resources.XObject.Photo.read_raw_bytes()
    assert CANARY not in after
    with Image.open(io.BytesIO(photo)) as one, Image.open(io.BytesIO(after)) as other:
        assert one.size == other.size


def test_a_photo_packed_twice_is_reached_too():
    pdf = samples.plain_pdf()
    packed = zlib.compress(samples.jpeg_with_everything())
    samples.add_image(pdf, packed, Filter=Array([Name.FlateDecode, Name.DCTDecode]))
    with cleaned(pdf) as clean:
        photo = clean.pages[0].Resources.XObject.Photo
        assert photo.Filter == Name.DCTDecode
        assert CANARY not in photo.read_raw_bytes()


def test_boxes_of_jpeg_2000_that_are_not_the_picture_are_dropped():
    def box(name, body):
        return (len(body) + 8).to_bytes(4) + name + body

    kept = [box(b"jP  ", b"\r\n\x87\n"), box(b"ftyp", b"jp2 "), box(b"jp2h", b"head"), box(b"jp2c", b"code")]
    dropped = [box(b"uuid", CANARY), box(b"xml ", CANARY)]
    pdf = samples.plain_pdf()
    samples.add_image(pdf, b"".join([*kept[:3], *dropped, kept[3]]), Filter=Name.JPXDecode)
    with cleaned(pdf) as clean:
        assert clean.pages[0].Resources.XObject.Photo.read_raw_bytes() == b"".join(kept)


def test_what_was_filled_into_a_form_stays_readable():
    pdf = samples.plain_pdf()
    look = pdf.make_stream(b"/Tx BMC q BT (FILLED IN) Tj ET Q EMC", Type=Name.XObject, Subtype=Name.Form)
    look.BBox = Array([0, 0, 100, 20])
    field = pdf.make_indirect(
        Dictionary(
            Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T=String("name"), V=String("FILLED IN"), F=4,
            Rect=Array([10, 10, 110, 30]), AP=Dictionary(N=look),
        )
    )  # fmt: skip
    pdf.pages[0].obj.Annots = Array([field])
    pdf.Root.AcroForm = Dictionary(Fields=Array([field]), DA=String("/F1 0 Tf"))
    with cleaned(pdf) as clean:
        assert b"FILLED IN" in everything(clean)
        assert not {"/Annots", "/AcroForm", "/V"} & keys(clean)


def test_a_hidden_layer_stays_hidden():
    pdf = samples.plain_pdf()
    layer = pdf.make_indirect(
        Dictionary(Type=Name.OCG, Name=String("layer"), Usage=Dictionary(Note=String(samples.CANARY)))
    )
    settings = Dictionary(
        OFF=Array([layer]), Order=Array([String(samples.CANARY), layer]), Creator=String(samples.CANARY)
    )
    pdf.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=settings)
    pdf.pages[0].obj.Resources.Properties = Dictionary(L1=layer)
    with cleaned(pdf) as clean:
        assert clean.Root.OCProperties.D.OFF[0].objgen == clean.pages[0].Resources.Properties.L1.objgen
        assert CANARY not in everything(clean)


def test_names_chosen_by_the_author_may_look_like_ours():
    pdf = samples.plain_pdf(text="/JS gs")
    resources = pdf.pages[0].obj.Resources
    resources.Font.AA = resources.Font.F1
    resources.ExtGState = Dictionary(JS=Dictionary(Type=Name.ExtGState, CA=1))
    resources.XObject = Dictionary()
    resources.XObject.Metadata = pdf.make_stream(
        b"", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 1, 1])
    )
    with cleaned(pdf) as clean:
        after = clean.pages[0].Resources
        assert ("/AA" in after.Font, "/JS" in after.ExtGState, "/Metadata" in after.XObject) == (
            True,
            True,
            True,
        )


@pytest.mark.parametrize("passwords", [{"user": "secret", "owner": "owner"}, {"user": "", "owner": "owner"}])
def test_an_encrypted_file_is_refused(passwords):
    data = samples.saved(samples.plain_pdf(), encryption=pikepdf.Encryption(**passwords))
    assert refusal(data) == "pdf_encrypted"


def test_the_limit_is_the_number_of_pages():
    with cleaned(samples.plain_pdf(pages=200)) as pdf:
        assert len(pdf.pages) == 200
    assert refusal(samples.plain_pdf(pages=201)) == "media_too_complex"


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7\n",
        b"%PDF-1.7\n" + b"\0" * 1000,
        b"%PDF-<html><script>alert(1)</script></html>",
        samples.saved(pikepdf.new()),
    ],
    ids=["header", "zeros", "html", "no-pages"],
)
def test_what_only_begins_like_a_pdf_is_refused(data):
    assert refusal(data) == "media_damaged"


@pytest.mark.parametrize("part", [0.6, 0.95])
def test_a_file_cut_at_its_end_is_repaired(part):
    data = samples.saved(samples.plain_pdf(pages=2), object_stream_mode=pikepdf.ObjectStreamMode.disable)
    with cleaned(data[: int(len(data) * part)]) as pdf:
        assert len(pdf.pages) == 2


def test_a_file_cut_before_its_pages_is_refused():
    data = samples.saved(samples.plain_pdf(pages=2))
    assert refusal(data[: int(len(data) * 0.3)]) == "media_damaged"


def bomb(size, *filters):
    pdf = samples.plain_pdf()
    data = b"\0" * size
    for _ in filters:
        data = zlib.compress(data)
    pdf.pages[0].obj.Contents = pdf.make_stream(data, Filter=Array([Name(name) for name in filters]))
    return samples.saved(pdf, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)


def test_a_stream_that_swells_without_measure_is_refused():
    data = bomb(20_000_000, "/FlateDecode")
    assert len(data) < 30_000
    assert refusal(data, max_inflated_bytes=19_000_000) == "media_too_complex"
    with cleaned(data, max_inflated_bytes=21_000_000) as pdf:
        assert len(pdf.pages) == 1


def test_the_measure_is_that_of_the_whole_file():
    pdf = samples.plain_pdf()
    for number in range(5):
        raw = zlib.compress(b"\0" * 5_000_000 + bytes((number,)))
        samples.add_image(pdf, raw, f"/I{number}", Filter=Name.FlateDecode)
    assert refusal(pdf, max_inflated_bytes=24_000_000) == "media_too_complex"


def test_a_stream_packed_several_times_over_is_refused():
    assert refusal(bomb(1000, "/FlateDecode", "/FlateDecode")) == "media_too_complex"


def test_a_picture_of_monstrous_size_inside_is_refused():
    pdf = samples.plain_pdf()
    samples.add_image(pdf, b"\0", Filter=Name.CCITTFaxDecode, Width=50_000, Height=50_000)
    assert refusal(pdf) == "image_too_large"


@pytest.mark.parametrize("width", [String("wide"), pikepdf.Object.parse(b"1.5"), Array([])])
def test_a_picture_without_a_size_is_refused(width):
    pdf = samples.plain_pdf()
    samples.add_image(pdf, b"\0", Filter=Name.CCITTFaxDecode, Width=width)
    assert refusal(pdf) == "media_damaged"


@pytest.mark.parametrize("packing", [Name("/DCTDecode9"), Array([Dictionary()])], ids=["name", "no name"])
def test_a_stream_packed_in_an_unknown_way_is_refused(packing):
    pdf = samples.plain_pdf()
    samples.add_image(pdf, samples.jpeg_with_everything(), Filter=packing)
    assert refusal(pdf) == "media_damaged"


def test_a_loop_of_objects_ends():
    pdf = samples.plain_pdf()
    form = samples.add_image(pdf, b"", Subtype=Name.Form, Filter=Array([]))
    form.Resources = Dictionary(XObject=Dictionary(Again=form))
    with cleaned(pdf) as clean:
        assert len(clean.pages) == 1


def test_a_page_tree_that_doubles_without_end_is_refused():
    pdf = samples.plain_pdf()
    node = pdf.Root.Pages
    for _ in range(40):
        node = pdf.make_indirect(Dictionary(Type=Name.Pages, Kids=Array([node, node]), Count=2))
    pdf.Root.Pages = node
    out = io.BytesIO()
    pdf.save(out, fix_metadata_version=False)
    assert refusal(out.getvalue()) in {"media_damaged", "media_too_complex"}
