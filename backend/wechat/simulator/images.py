"""`/wxa/getwxacodeunlimit`: a real picture with a code that can be read, or the reason why not."""

from __future__ import annotations

import io
import re
from functools import lru_cache

from backend.wechat.simulator.calls import Call, Reply
from backend.wechat.simulator.state import Refused

_SCENE = re.compile(r"[0-9A-Za-z!#$&'()*+,/:;=?@\-._~]+")
NARROWEST, WIDEST = 280, 1280
RELEASES = frozenset({"release", "trial", "develop"})


def mini_code(call: Call) -> Reply:
    body = call.body
    scene, page = call.text("scene"), call.text("page")
    if not 0 < len(scene) <= 32:
        raise Refused(40169, "invalid length for scene, or the data is not json string")
    if "scancode_time" in scene or "scancode_time" in page:
        raise Refused(85096, "not allow include scancode_time field")
    if not _SCENE.fullmatch(scene):
        raise Refused(40129, "invalid scene")
    width = body.get("width", 430)
    if isinstance(width, bool) or not isinstance(width, int) or not NARROWEST <= width <= WIDEST:
        raise Refused(40097, "invalid args")
    release = body.get("env_version", "release")
    if release not in RELEASES or not isinstance(body.get("check_path", True), bool):
        raise Refused(40097, "invalid args")
    pages = call.app.options.pages
    if page.startswith("/") or "?" in page or (body.get("check_path", True) and page and page not in pages):
        raise Refused(41030, "invalid page")
    shown = f"wxacode:{call.app.app_id}/{page or next(iter(pages))}?scene={scene}&env={release}"
    is_clear = body.get("is_hyaline") is True
    kind = "png" if is_clear else "jpeg"
    return Reply(_picture(shown, width, kind), content_type=f"image/{kind}")


@lru_cache(maxsize=64)
def _picture(text: str, width: int, kind: str) -> bytes:
    import qrcode
    from PIL import Image

    symbol = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_Q, border=4)
    symbol.add_data(text)
    symbol.make(fit=True)
    rows = symbol.get_matrix()
    pixels = bytes(0 if dark else 255 for row in rows for dark in row)
    image = Image.frombytes("L", (len(rows), len(rows)), pixels)
    image = image.resize((width, width), Image.Resampling.NEAREST)
    out = io.BytesIO()
    image.convert("RGB").save(out, kind.upper())
    return out.getvalue()
