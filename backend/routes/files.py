"""Take files in, and give them out inert."""

from __future__ import annotations

from urllib.parse import quote

from flask import Response, request
from werkzeug.datastructures import FileStorage

from backend.domain.errors import FieldInvalid
from backend.domain.texts import TextRefused, clean_text
from backend.errors import RequestInvalid
from backend.models import Attachment, Inquiry, InquiryText
from backend.queries.attachments import attachment_bytes
from backend.routes.api import FILE_LIMIT_BYTES
from backend.routes.installation import settings
from backend.services.attaching import Upload
from backend.services.texts import read_text
from backend.services.work import Work
from backend.vault.blobs import BlobStore, FileBlobStore
from backend.vault.media import clean_media

NAME_LIMIT = 120
EXTENSIONS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "application/pdf": "pdf"}


def only_file() -> FileStorage | None:
    """The one file of a call. Raises FieldInvalid for a second one or another field: nothing is dropped unsaid."""
    parts = [*request.form.items(multi=True), *request.files.items(multi=True)]
    names = [name for name, _value in parts]
    for name in names:
        if name != "file":
            raise FieldInvalid(f"/{name[:NAME_LIMIT]}", "没有这个字段。", "unknown_field")
    if len(names) > 1:
        raise FieldInvalid("/file", "一次只传一个文件。", "value_invalid")
    return request.files.get("file")


def read_upload(file: FileStorage | None) -> tuple[bytes, str]:
    """The bytes and the cleaned name of one uploaded file. Raises FieldInvalid, RequestInvalid (too large)."""
    if file is None or not file.filename:
        raise FieldInvalid("/file", "请选择一个文件。", "required")
    data = file.stream.read(FILE_LIMIT_BYTES + 1)
    if len(data) > FILE_LIMIT_BYTES:
        raise RequestInvalid("content_too_large")
    if not data:
        raise FieldInvalid("/file", "文件是空的。", "required")
    return data, _clean_name(file.filename)


def clean_upload(data: bytes, name: str) -> Upload:
    """Decode and re-encode in a process of its own. Raises MediaRefused, MediaBusy."""
    return Upload(clean_media(data), name)


def file_store() -> FileBlobStore:
    """The folder of sealed files."""
    return FileBlobStore(settings().blobs_dir)


def writing_store() -> BlobStore | None:
    """Where new files go: the folder, or None for rows of the database."""
    return file_store() if settings().blob_store == "files" else None


def send_attachment(work: Work, inquiry: Inquiry, attachment_id: str) -> Response:
    """One attachment of an inquiry, inert. Raises NotFound, BlobMissing, SealBroken."""
    row, data = attachment_bytes(work, inquiry, attachment_id, file_store())
    name = work.session.get(InquiryText, row.file_name_text_id) if row.file_name_text_id else None
    return serve(row, data, read_text(work.tools, inquiry, name) if name else "附件")


def serve(row: Attachment, data: bytes, name: str) -> Response:
    """The file as a download that no browser runs, renders with scripts, or keeps."""
    response = Response(data, mimetype=row.media_type)
    shown = name if "." in name else f"{name}.{EXTENSIONS[row.media_type]}"
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(shown, safe='')}"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _clean_name(name: str) -> str:
    """The last part of a name, without what could harm a header or a path; 附件 when nothing is left."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(c for c in last if c.isprintable() and not "\ud800" <= c <= "\udfff").strip(" .")[
        -NAME_LIMIT:
    ]
    try:
        return clean_text(kept, limit=NAME_LIMIT, lines=False)
    except TextRefused:
        return "附件"
