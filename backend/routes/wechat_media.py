"""`/media/{token}`: WeChat fetches one photo to check it. The address is signed, good for half an hour, and says
nothing of anybody."""

from __future__ import annotations

from datetime import UTC, datetime

from apiflask import APIBlueprint
from flask import Response

from backend.clock import now
from backend.domain.actors import SYSTEM
from backend.domain.errors import NotFound
from backend.models import Attachment, Inquiry
from backend.queries.attachments import attachment_bytes
from backend.routes.files import file_store, serve
from backend.routes.pipeline import open_reading, tools
from backend.vault.tokens import read_media_token

bp = APIBlueprint("wechat_media", __name__, enable_openapi=False)


@bp.get("/media/<token>")
def fetch(token: str) -> Response:
    """The photo, inert and without its name. Raises NotFound, AttachmentErased, BlobMissing, SealBroken."""
    found = read_media_token(tools().tracking_key, token)
    if found is None or datetime.fromtimestamp(found[1], UTC) < now():
        raise NotFound()
    with open_reading(SYSTEM) as work:
        row = work.session.get(Attachment, found[0])
        if row is None:
            raise NotFound()
        inquiry = work.session.get_one(Inquiry, row.inquiry_id)
        row, data = attachment_bytes(work, inquiry, row.id, file_store())
    return serve(row, data, "file")
