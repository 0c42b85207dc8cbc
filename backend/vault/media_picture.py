"""Inside the media child: one still picture is decoded and its pixels are encoded again, and nothing else."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import partial

# JPEG's EXIF is read by the TIFF plugin.
from PIL import Image, JpegImagePlugin, PngImagePlugin, TiffImagePlugin, WebPImagePlugin  # noqa: F401
from PIL.ImageFile import ImageFile

from backend.vault.media_terms import IMAGE_TOO_LARGE, TYPE_NOT_ALLOWED, MediaLimits, MediaRefused

JPEG_QUALITY = 88
WEBP_QUALITY = 88
EXIF_ORIENTATION = 0x0112


_DECODERS: dict[str, type[ImageFile]] = {
    "jpeg": JpegImagePlugin.JpegImageFile,
    "png": PngImagePlugin.PngImageFile,
    "webp": WebPImagePlugin.WebPImageFile,
}
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# save() would look for these on disk, when no file can be opened any more.
Image.preinit()


def picture_cleaner(kind: str) -> Callable[[bytes, MediaLimits], bytes]:
    """Return the cleaner of jpeg, png or webp files."""
    return partial(clean_picture, kind)


def clean_picture(kind: str, data: bytes, limits: MediaLimits) -> bytes:
    """Return a picture of the same kind, upright, at most ``max_edge`` long, without any metadata."""
    most = limits.max_webp_pixels if kind == "webp" else limits.max_pixels
    # Pillow raises at twice this number; WebP's check has to come before its canvas is allocated.
    Image.MAX_IMAGE_PIXELS = most // 2
    picture, orientation = decode(_DECODERS[kind], data, most, limits.max_edge)
    if max(picture.size) > limits.max_edge:
        picture.thumbnail((limits.max_edge, limits.max_edge), Image.Resampling.LANCZOS, reducing_gap=2.0)
    picture = picture.transpose(_TURNS[orientation]) if orientation in _TURNS else picture.copy()
    # Profile, comment, text, EXIF: all that the decoder noted would be offered to the encoder.
    picture.info = {}
    out = io.BytesIO()
    if kind == "jpeg":
        picture.save(out, "JPEG", quality=JPEG_QUALITY, optimize=True)
    elif kind == "png":
        picture.save(out, "PNG")
    else:
        picture.save(out, "WEBP", quality=WEBP_QUALITY)
    return out.getvalue()


def decode(decoder: type[ImageFile], data: bytes, most: int, edge: int) -> tuple[Image.Image, int]:
    """Return the picture in a mode that JPEG, PNG and WebP know, and its EXIF orientation (1 to 8)."""
    # The decoder is called directly: no other plugin gets to see the file, and of a phone's multi-picture JPEG the
    # first picture is taken.
    try:
        source = decoder(io.BytesIO(data))
    except Image.DecompressionBombError:
        raise MediaRefused(IMAGE_TOO_LARGE) from None
    with source:
        if source.width * source.height > most:
            raise MediaRefused(IMAGE_TOO_LARGE)
        if getattr(source, "n_frames", 1) > 1:
            raise MediaRefused(TYPE_NOT_ALLOWED)
        # A JPEG comes at half or a quarter of its size where that leaves most of the edge: less memory, less time.
        wanted = min(edge * 7 / 8 / max(source.size), 1)
        source.draft(None, (max(int(source.width * wanted), 1), max(int(source.height * wanted), 1)))
        source.load()
        try:
            orientation = int(source.getexif().get(EXIF_ORIENTATION, 1))
        except Exception:  # noqa: BLE001 - broken EXIF is dropped like any other: the picture itself is fine
            orientation = 1
        return plain_mode(source), orientation


def plain_mode(source: Image.Image) -> Image.Image:
    """Convert palettes, 16 bits, CMYK and named transparent colours to L, LA, RGB or RGBA."""
    if source.mode.startswith("I"):
        return source.point(lambda value: value * (1 / 256)).convert("L")
    if "transparency" in source.info:
        return source.convert("RGBA")
    if source.mode == "1":
        return source.convert("L")
    if source.mode not in ("L", "LA", "RGB", "RGBA"):
        return source.convert("RGB")
    return source
