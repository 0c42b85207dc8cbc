"""Inside the media child: a PDF keeps its pages as they are seen, and loses all that is not page content."""

from __future__ import annotations

import io
import re
import zlib
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

from backend.vault.media_terms import (
    IMAGE_TOO_LARGE,
    MEDIA_DAMAGED,
    MEDIA_TOO_COMPLEX,
    PDF_ENCRYPTED,
    MediaLimits,
    MediaRefused,
)

# Plans are scanned at 600 dpi in black and white, so pictures inside a PDF may be larger than photos.
PDF_IMAGE_FACTOR = 4

CONTAINERS = (Array, Dictionary, Stream)

CATALOG_KEYS = {"/Type", "/Pages", "/OCProperties"}
TREE_KEYS = {"/Type", "/Kids", "/Count", "/Parent", "/Resources", "/MediaBox", "/CropBox", "/Rotate"}
PAGE_KEYS = {
    "/Type", "/Parent", "/Resources", "/Contents", "/Group", "/MediaBox", "/CropBox", "/BleedBox", "/TrimBox",
    "/ArtBox", "/Rotate", "/UserUnit",
}  # fmt: skip
STREAM_KEYS = {"/Length", "/Filter", "/DecodeParms"}
FORM_KEYS = STREAM_KEYS | {
    "/Type", "/Subtype", "/FormType", "/BBox", "/Matrix", "/Resources", "/Group", "/OC",
}  # fmt: skip
IMAGE_KEYS = STREAM_KEYS | {
    "/Type", "/Subtype", "/Width", "/Height", "/ColorSpace", "/BitsPerComponent", "/Intent", "/ImageMask",
    "/Mask", "/Decode", "/Interpolate", "/SMask", "/SMaskInData", "/Matte", "/OC",
}  # fmt: skip
# Dictionaries whose keys are names the author chose, so that none of them means anything.
NAMED = {
    "/Font",
    "/XObject",
    "/ExtGState",
    "/ColorSpace",
    "/Pattern",
    "/Shading",
    "/Properties",
    "/CharProcs",
}
# What stands in /Properties or /OC: a layer or a membership of layers, without notes on its use.
LAYER_KEYS = {"/Type", "/Name", "/Intent", "/OCGs", "/P", "/VE"}
ALLOWED = {
    "/Root": CATALOG_KEYS,
    "/Resources": {*NAMED, "/ProcSet"},
    "/OCProperties": {"/OCGs", "/D"},
    "/D": {"/BaseState", "/ON", "/OFF", "/Intent"},
    "Properties": LAYER_KEYS,
    "/OC": LAYER_KEYS,
    "/OCGs": LAYER_KEYS,
}
TREE_ROLES = {"/Pages", "/Kids", "/Parent"}
ROLES = {*ALLOWED, *NAMED, *TREE_ROLES, "XObject"}
# Nowhere else either: metadata, private data, scripts, actions, embedded and outside files.
UNWANTED = {
    "/Metadata", "/PieceInfo", "/AA", "/OpenAction", "/AF", "/EF", "/JS", "/JavaScript", "/Thumb",
    "/LastModified", "/OPI", "/Ref", "/Alternates",
}  # fmt: skip
OUTSIDE = {"/F", "/FFilter", "/FDecodeParms"}
FLATE = {"/FlateDecode", "/Fl"}
INFLATING = FLATE | {"/LZWDecode", "/LZW", "/RunLengthDecode", "/RL", "/BrotliDecode"}

FILTERS = INFLATING | {
    "/ASCII85Decode", "/A85", "/ASCIIHexDecode", "/AHx", "/CCITTFaxDecode", "/CCF", "/JBIG2Decode", "/DCTDecode",
    "/DCT", "/JPXDecode",
}  # fmt: skip


def clean_pdf(data: bytes, limits: MediaLimits) -> bytes:
    """Keep the pages as they are seen; drop all that is not page content, and every earlier revision."""
    try:
        pdf = Pdf.open(io.BytesIO(data), suppress_warnings=True)
    except pikepdf.PasswordError:
        raise MediaRefused(PDF_ENCRYPTED) from None
    with pdf:
        if pdf.is_encrypted:
            raise MediaRefused(PDF_ENCRYPTED)
        pages = len(pdf.pages)
        if pages > limits.max_pages:
            raise MediaRefused(MEDIA_TOO_COMPLEX)
        if not pages:
            raise MediaRefused(MEDIA_DAMAGED)
        # Filled-in fields and stamps become part of the page before fields and annotations go.
        if "/AcroForm" in pdf.Root:
            pdf.generate_appearance_streams()
        pdf.flatten_annotations("screen")
        keep_only(pdf.trailer, {"/Root"})
        # Written anew on saving, but only where there was one: a recovered file may have none.
        pdf.trailer.Size = 1
        Scrubber(pdf, limits).scrub()
        out = io.BytesIO()
        pdf.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    # What was written is read back, without repairing: a damaged file must not become a broken one of ours.
    with Pdf.open(out, attempt_recovery=False, suppress_warnings=True) as written:
        if len(written.pages) != pages:
            raise MediaRefused(MEDIA_DAMAGED)
    return out.getvalue()


def open_random_source() -> None:
    """Let qpdf open the system's random source, which it keeps and needs to look into an encrypted file."""
    pdf = pikepdf.new()
    pdf.add_blank_page()
    pdf.save(io.BytesIO(), encryption=pikepdf.Encryption(owner="unused"))


# While the module is loaded files can still be opened.
open_random_source()


def keep_only(holder: Object, keys: set[str]) -> None:
    """Delete every other key of a dictionary or stream."""
    for key in set(holder.keys()) - keys:
        del holder[key]


class Scrubber:
    """Walks what the pages reach and leaves each object only what drawing needs."""

    def __init__(self, pdf: Pdf, limits: MediaLimits) -> None:
        self._pdf = pdf
        self._inflated_left: int = limits.max_inflated_bytes
        self._most_pixels: int = limits.max_pixels * PDF_IMAGE_FACTOR

    def scrub(self) -> None:
        """Clean the document in place, from its catalog on. A role is the key an object was found under."""
        seen: set[tuple[tuple[int, int], str]] = set()
        streams: set[tuple[int, int]] = set()
        todo: list[tuple[Object, str]] = [(self._pdf.Root, "/Root")]
        while todo:
            holder, role = todo.pop()
            if holder.is_indirect:
                if (holder.objgen, role) in seen:
                    continue
                seen.add((holder.objgen, role))
            if isinstance(holder, Array):
                todo.extend((item, role) for item in listed(holder) if isinstance(item, CONTAINERS))
                continue
            if role not in NAMED:
                self._reduce(holder, role)
            if isinstance(holder, Stream) and holder.objgen not in streams:
                streams.add(holder.objgen)
                self._lighten(holder)
            for key in list(holder.keys()):
                value = holder[key]
                if isinstance(value, CONTAINERS):
                    inner = role[1:] if role in NAMED else key
                    todo.append((value, inner if inner in ROLES else ""))

    def _reduce(self, holder: Object, role: str) -> None:
        if role in ALLOWED:
            keep_only(holder, ALLOWED[role])
        elif role in TREE_ROLES:
            keep_only(holder, TREE_KEYS if "/Kids" in holder else PAGE_KEYS)
        elif not isinstance(holder, Stream):
            keep_only(holder, set(holder.keys()) - UNWANTED)
        elif (subtype := str(holder.get("/Subtype"))) == "/Form":
            keep_only(holder, FORM_KEYS)
        elif subtype == "/Image":
            keep_only(holder, IMAGE_KEYS)
            width, height = holder.get("/Width"), holder.get("/Height")
            if not (isinstance(width, int) and isinstance(height, int)):
                raise MediaRefused(MEDIA_DAMAGED)
            if width * height > self._most_pixels:
                raise MediaRefused(IMAGE_TOO_LARGE)
        elif role == "XObject":
            # PostScript for printers: neither seen on a screen nor to be run.
            keep_only(holder, {"/Length"})
            holder.write(b"")
        else:
            keep_only(holder, set(holder.keys()) - UNWANTED - OUTSIDE)

    def _lighten(self, stream: Stream) -> None:
        """Refuse a stream that swells without measure, and take the metadata out of a JPEG or JPEG 2000."""
        filters = [str(item) for item in listed(stream.get("/Filter"))]
        if not FILTERS.issuperset(filters):
            # No viewer shows it, and what it hides cannot be cleaned.
            raise MediaRefused(MEDIA_DAMAGED)
        inflating = [index for index, name in enumerate(filters) if name in INFLATING]
        if len(inflating) > 1:
            raise MediaRefused(MEDIA_TOO_COMPLEX)
        for index in inflating:
            self._inflated_left -= self._swollen(stream, filters, index)
            if self._inflated_left < 0:
                raise MediaRefused(MEDIA_TOO_COMPLEX)
        strip = {"/DCTDecode": strip_jpeg, "/DCT": strip_jpeg, "/JPXDecode": strip_jpeg_2000}.get(
            filters[-1] if filters else ""
        )
        if strip:
            picture = strip(self._peel(stream, len(filters) - 1))
            parameters = listed(stream.get("/DecodeParms"))
            last = parameters[-1] if len(parameters) == len(filters) else None
            stream.write(picture, filter=Name(filters[-1]), decode_parms=last)

    def _swollen(self, stream: Stream, filters: list[str], index: int) -> int:
        if filters[index] not in FLATE:
            return len(self._peel(stream, index + 1))
        inflater, size = zlib.decompressobj(), 0
        rest = self._peel(stream, index)
        while rest and size <= self._inflated_left:
            size += len(inflater.decompress(rest, 1 << 20))
            rest = inflater.unconsumed_tail
        return size

    def _peel(self, stream: Stream, count: int) -> bytes:
        """Return the content with its first ``count`` filters undone."""
        raw = stream.read_raw_bytes()
        if not count:
            return raw
        inner = self._pdf.make_stream(raw)
        for key in ("/Filter", "/DecodeParms"):
            if values := listed(stream.get(key))[:count]:
                inner[key] = Array(values)
        return inner.read_bytes()


def listed(value: Any) -> list[Any]:
    """Return the items of an array, a single value as one item, and nothing for none."""
    if value is None:
        return []
    return list(value) if isinstance(value, Array) else [value]


# --- metadata inside pictures inside a PDF (they stay as they are otherwise: no second loss of quality)


MARKER = re.compile(rb"\xff+([^\x00\xff\xd0-\xd7])")
JFIF, ADOBE, SCAN, END = 0xE0, 0xEE, 0xDA, 0xD9
# Frames, Huffman and arithmetic tables, scans, quantisation, lines, restart, hierarchy: what decoding needs.
DRAWING = {*range(0xC0, 0xD0), *range(SCAN, JFIF)}


def strip_jpeg(data: bytes) -> bytes:
    """Keep what decoding needs and the two application segments that tell the colours; nothing after the end."""
    if not data.startswith(b"\xff\xd8"):
        raise MediaRefused(MEDIA_DAMAGED)
    kept, position, in_scan = [b"\xff\xd8"], 2, False
    while match := MARKER.search(data, position):
        if in_scan:
            kept.append(data[position : match.start()])
        marker, position = match[1][0], match.end()
        if marker == END:
            position = len(data)
            break
        if marker < 0xC0 or marker == 0xD8:
            # Without a length of its own: what follows up to the next marker goes too.
            in_scan = False
            continue
        end = position + int.from_bytes(data[position : position + 2])
        segment, position, in_scan = data[position:end], end, marker == SCAN
        if marker in DRAWING:
            kept.append(bytes((0xFF, marker)) + segment)
        elif marker == JFIF and segment[2:7] == b"JFIF\0":
            # Without its thumbnail.
            kept.append(b"\xff\xe0\x00\x10" + segment[2:14] + b"\0\0")
        elif marker == ADOBE and segment[2:7] == b"Adobe":
            kept.append(b"\xff\xee\x00\x0e" + segment[2:14])
    # Without an end marker viewers show it all the same: it is kept, and closed properly.
    return b"".join([*kept, data[position:] if in_scan else b"", b"\xff\xd9"])


def strip_jpeg_2000(data: bytes) -> bytes:
    """Keep signature, type, header and code stream of a JP2 file; a bare code stream stays."""
    if data.startswith(b"\xff\x4f"):
        return data
    kept, position = [], 0
    while position + 8 <= len(data):
        length, name = int.from_bytes(data[position : position + 4]), data[position + 4 : position + 8]
        if length == 1:
            length = int.from_bytes(data[position + 8 : position + 16])
        end = position + length if length else len(data)
        if end < position + 8:
            raise MediaRefused(MEDIA_DAMAGED)
        if name in (b"jP  ", b"ftyp", b"jp2h", b"jp2c"):
            kept.append(data[position:end])
        position = end
    return b"".join(kept)
