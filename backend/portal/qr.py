"""The QR code of a sign, as SVG for pages and as PNG for files: error correction Q, quiet zone of four modules.

Level Q still reads with a quarter of its words lost: signs are scratched, and hang in the sun.
"""

from __future__ import annotations

import io
from functools import lru_cache

QUIET_ZONE = 4
TITLE = "首问码二维码，用手机扫一扫打开办事页面"

_DARK, _LIGHT = 0, 255


def qr_svg(url: str) -> str:
    """Return an SVG document of one path, one unit a module. It holds no script, link or style.

    Raises ``ValueError`` for an empty text or one that no QR code can hold.
    """
    rows = _modules(url)
    size = len(rows)
    path = "".join(
        f"M{start} {y}h{length}v1h-{length}z" for y, row in enumerate(rows) for start, length in _runs(row)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" role="img"'
        f' shape-rendering="crispEdges"><title>{TITLE}</title>'
        f'<rect width="{size}" height="{size}" fill="#fff"/><path fill="#000" d="{path}"/></svg>'
    )


def qr_png(url: str, *, module_px: int = 12) -> bytes:
    """Return a black and white PNG, ``module_px`` pixels a module. Raises ``ValueError`` as ``qr_svg`` does."""
    if module_px < 1:
        raise ValueError("a module has at least one pixel")
    from PIL import Image

    rows = _modules(url)
    size = len(rows)
    pixels = bytes(_DARK if dark else _LIGHT for row in rows for dark in row)
    image = Image.frombytes("L", (size, size), pixels)
    image = image.resize((size * module_px, size * module_px), Image.Resampling.NEAREST).convert("1")
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


@lru_cache(maxsize=256)
def _modules(url: str) -> tuple[tuple[bool, ...], ...]:
    """Return the symbol row by row, True for dark, with its quiet zone."""
    if not url:
        raise ValueError("nothing to encode")
    # The library loads Pillow when it is there: not before a code is asked for.
    import qrcode

    symbol = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_Q, border=QUIET_ZONE)
    symbol.add_data(url)
    symbol.make(fit=True)
    return tuple(tuple(map(bool, row)) for row in symbol.get_matrix())


def _runs(row: tuple[bool, ...]) -> list[tuple[int, int]]:
    """Return start and length of each run of dark modules."""
    runs: list[tuple[int, int]] = []
    for x, dark in enumerate(row):
        if not dark:
            continue
        if runs and sum(runs[-1]) == x:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((x, 1))
    return runs
