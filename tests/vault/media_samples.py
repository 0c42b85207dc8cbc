"""Pictures and PDFs for the tests of the cleaner: honest ones, and such as a hostile hand would make."""

from __future__ import annotations

import io
import struct
import zlib

import pikepdf
from pikepdf import Array, Dictionary, Name, String
from PIL import Image, PngImagePlugin

CANARY = "JINSIQUE-8848"
PLACE = ((31.0, 44.0, 21.5), (119.0, 34.0, 8.25))


def picture(width=120, height=80, mode="RGB"):
    """A picture whose four corners differ: red, green, blue, white clockwise from the upper left."""
    image = Image.new("RGB", (width, height), (128, 128, 128))
    corners = [(0, 0, (255, 0, 0)), (1, 0, (0, 255, 0)), (1, 1, (0, 0, 255)), (0, 1, (255, 255, 255))]
    for right, low, colour in corners:
        left, top = right * width // 2, low * height // 2
        image.paste(colour, (left, top, left + width // 2, top + height // 2))
    return image.convert(mode)


def encoded(image, kind, **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def exif(orientation=1):
    """EXIF with a place, a camera owner and a thumbnail-sized maker note, each carrying the canary."""
    data = Image.Exif()
    data[0x0112] = orientation
    data[0x010F] = CANARY
    data[0x013B] = CANARY
    data[0x9286] = b"ASCII\0\0\0" + CANARY.encode()
    place = data.get_ifd(0x8825)
    place[1], place[3] = "N", "E"
    place[2], place[4] = PLACE
    place[29] = CANARY
    return data


def jpeg_with_everything(orientation=1):
    data = encoded(
        picture(),
        "JPEG",
        exif=exif(orientation),
        comment=CANARY.encode(),
        icc_profile=b"\0" * 128 + CANARY.encode(),
        xmp=f"<x:xmpmeta>{CANARY}</x:xmpmeta>".encode(),
        quality=95,
    )
    photoshop = b"Photoshop 3.0\0" + CANARY.encode()
    segment = b"\xff\xed" + struct.pack(">H", len(photoshop) + 2) + photoshop
    return data[:2] + segment + data[2:] + CANARY.encode()


def png_with_everything():
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", CANARY)
    notes.add_text("Author", CANARY, zip=True)
    notes.add_itxt("XML:com.adobe.xmp", CANARY)
    notes.add(b"prVt", CANARY.encode())
    data = encoded(
        picture(),
        "PNG",
        pnginfo=notes,
        exif=exif(),
        icc_profile=b"\0" * 128 + CANARY.encode(),
        dpi=(300, 300),
    )
    return data + CANARY.encode()


def webp_with_everything():
    return encoded(
        picture(),
        "WEBP",
        exif=exif(),
        xmp=CANARY.encode(),
        icc_profile=b"\0" * 128 + CANARY.encode(),
        lossless=True,
    )


def png_chunk(name, body):
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png_claiming(width, height, body=b""):
    """A PNG whose header promises a size its data does not have."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = png_chunk(b"IDAT", zlib.compress(body))
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", header) + pixels + png_chunk(b"IEND", b"")


def webp_claiming(width, height):
    extended = struct.pack("<I", 0) + struct.pack("<I", width - 1)[:3] + struct.pack("<I", height - 1)[:3]
    body = b"WEBP" + b"VP8X" + struct.pack("<I", len(extended)) + extended
    return b"RIFF" + struct.pack("<I", len(body)) + body


def jpeg_claiming(width, height):
    data = bytearray(encoded(picture(), "JPEG"))
    at = data.index(b"\xff\xc0") + 5
    data[at : at + 4] = struct.pack(">HH", height, width)
    return bytes(data)


def jpeg_with_many_scans(scans):
    """A progressive picture whose last refinement is sent again and again: small to send, long to decode."""
    data = encoded(picture(3000, 3000), "JPEG", progressive=True)
    last = data.rindex(b"\xff\xda")
    return data[:last] + data[last:-2] * scans + data[-2:]


def gif_with_frames(frames):
    screen = b"GIF89a" + struct.pack("<HH", 1, 1) + b"\x80\0\0\0\0\0\xff\xff\xff"
    frame = b"\x2c" + struct.pack("<HHHH", 0, 0, 1, 1) + b"\0\x02\x02\x44\x01\0"
    return screen + frame * frames + b"\x3b"


def animated(kind):
    frames = [picture(mode="RGB"), picture(mode="RGB").rotate(90)]
    return encoded(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)


def saved(pdf, **options):
    out = io.BytesIO()
    pdf.save(out, **options)
    return out.getvalue()


def plain_pdf(pages=1, text="(Hello) Tj"):
    pdf = pikepdf.new()
    for _ in range(pages):
        page = pdf.add_blank_page(page_size=(300, 200))
        page.obj.Resources = Dictionary(
            Font=Dictionary(F1=Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
        )
        page.obj.Contents = pdf.make_stream(f"BT /F1 24 Tf 20 100 Td {text} ET".encode())
    return pdf


def add_image(pdf, data, name="/Photo", **more):
    """Put an image on the first page; ``more`` overrides the entries of its dictionary."""
    entries = {
        "Type": Name.XObject,
        "Subtype": Name.Image,
        "Width": 120,
        "Height": 80,
        "ColorSpace": Name.DeviceRGB,
        "BitsPerComponent": 8,
        "Filter": Name.DCTDecode,
    }
    stream = pdf.make_stream(data, **(entries | more))
    resources = pdf.pages[0].obj.Resources
    if "/XObject" not in resources:
        resources.XObject = Dictionary()
    resources.XObject[name] = stream
    return stream


def pdf_with_everything():
    """The canary in every place of a PDF that is not page content."""
    pdf = plain_pdf()
    page, root = pdf.pages[0].obj, pdf.Root
    script = Dictionary(S=Name.JavaScript, JS=String(f"app.alert('{CANARY}')"))
    launch = Dictionary(S=Name.Launch, F=String(CANARY), Next=script)

    def note(**more):
        return pdf.make_stream(CANARY.encode(), **more)

    def private():
        return Dictionary(Acme=Dictionary(LastModified=String("D:2026"), Private=note()))

    with pdf.open_metadata() as metadata:
        metadata["dc:creator"] = [CANARY]
    pdf.docinfo["/Author"] = CANARY
    pdf.docinfo["/Producer"] = CANARY
    pdf.attachments["secret.txt"] = CANARY.encode()
    pdf.trailer.ID = Array([String(CANARY.ljust(16)), String(CANARY.ljust(16))])
    pdf.trailer.Canary = String(CANARY)
    root.OpenAction = script
    root.AA = Dictionary(WC=script)
    root.Names.JavaScript = Dictionary(Names=Array([String("x"), script]))
    root.URI = Dictionary(Base=String(CANARY))
    root.PieceInfo = private()
    root.Lang = String(CANARY)
    root.StructTreeRoot = Dictionary(Type=Name.StructTreeRoot, Alt=String(CANARY))
    root.Outlines = pdf.make_indirect(Dictionary(Title=String(CANARY), A=launch))
    root.PageLabels = Dictionary(Nums=Array([0, Dictionary(P=String(CANARY))]))
    root.Pages.Canary = String(CANARY)
    page.AA = Dictionary(O=launch)
    page.Metadata = note()
    page.PieceInfo = private()
    page.Thumb = note(Width=1, Height=1)
    page.LastModified = String(CANARY)
    page.AF = Array([Dictionary(Type=Name.Filespec, EF=Dictionary(F=note()))])
    page.Annots = Array(
        [
            pdf.make_indirect(
                Dictionary(Type=Name.Annot, Subtype=Name(kind), Rect=Array([0, 0, 9, 9]), **more)
            )
            for kind, more in [
                ("/Link", {"A": Dictionary(S=Name.URI, URI=String(f"http://{CANARY}"))}),
                ("/Text", {"Contents": String(CANARY), "T": String(CANARY)}),
                ("/FileAttachment", {"FS": Dictionary(F=String("x"), EF=Dictionary(F=note()))}),
                (
                    "/Widget",
                    {"AA": Dictionary(K=script), "FT": Name.Tx, "T": String("t"), "TU": String(CANARY)},
                ),
                ("/RichMedia", {"RichMediaContent": Dictionary(Assets=note())}),
            ]
        ]
    )
    root.AcroForm = Dictionary(Fields=Array([page.Annots[3]]), XFA=note(), CO=Array([script]))
    page.Resources.Canary = note()
    page.Resources.Properties = Dictionary(MC0=Dictionary(Metadata=note(), Note=String(CANARY)))
    page.Resources.Font.F1.FontDescriptor = Dictionary(Type=Name.FontDescriptor, Metadata=note())
    photo = add_image(pdf, jpeg_with_everything(), Metadata=note(), Alternates=Array([note()]))
    photo.PieceInfo = private()
    photo["/PTEX.FileName"] = String(CANARY)
    page.Resources.XObject.Form = note(
        Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 1, 1]), PieceInfo=private(), Metadata=note()
    )
    page.Resources.XObject.Form.write(b"0 0 1 1 re f")
    page.Resources.XObject.Old = note(Type=Name.XObject, Subtype=Name.PS, Level1=note())
    page.Contents = Array([page.Contents, pdf.make_stream(b"/Photo Do", F=String(CANARY))])
    return pdf
