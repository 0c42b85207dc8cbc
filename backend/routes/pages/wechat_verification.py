"""The file by which WeChat sees that the addresses in QR codes are ours: beside the signs, and at the root of the site.

WeChat looks again from time to time, so it stays. Which files there are is a setting (WECHAT_VERIFICATION).
"""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import Response

from backend.domain.errors import NotFound
from backend.routes.installation import settings

bp = APIBlueprint("wechat_verification", __name__, enable_openapi=False)


@bp.get("/s/<name>.txt")
@bp.get("/<name>.txt")
def verification(name: str) -> Response:
    """The text as WeChat gave it, to the letter. Raises NotFound."""
    text = settings().wechat_verification.get(f"{name}.txt")
    if text is None:
        raise NotFound()
    return Response(text, mimetype="text/plain")
