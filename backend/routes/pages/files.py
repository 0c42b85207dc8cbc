"""Several files of one form: each in a write of its own, after the words; what is refused is named by its place."""

from __future__ import annotations

import hashlib

from flask import request
from werkzeug.datastructures import FileStorage

from backend.codes import CODES
from backend.domain.errors import FieldInvalid
from backend.routes import operations
from backend.routes.access import Access
from backend.routes.api import checked_key, fingerprint
from backend.routes.files import clean_upload, read_upload, writing_store
from backend.routes.loading import by_capability
from backend.routes.pages.refusals import problem_in_page
from backend.routes.pipeline import Submission, carry_out
from backend.services.attaching import AT_MOST

EMPTY = "file_empty"
WORDS = {
    EMPTY: "文件是空的。",
    "content_too_large": "超过 10 MB，请缩小以后再传。",
    "busy": "系统正忙，请稍后再传。",
    "outcome_unknown": "还不能确定有没有保存，请看看附件里有没有它。",
    "internal_error": "系统出错了，请稍后再传。",
    "storage_full": "存储空间不足，请稍后再传。",
    "illegal_transition": "这件事已经办结，不能再加附件。",
}
SAID_ANYWAY = "文字已经收下，不受影响。"

Refused = dict[int, str]
"""Place in the form, from 1, and the code of the reason."""


def chosen_files() -> dict[int, FileStorage]:
    """The files somebody chose, by their place in the form."""
    files = enumerate(request.files.getlist("photos"), 1)
    return dict([(place, file) for place, file in files if file.filename][:AT_MOST])


def attach_all(access: Access, key: str) -> Refused:
    """Attach each chosen file under a key derived from the form's, so that sending the form twice adds none twice."""
    refused = {}
    for place, file in chosen_files().items():
        try:
            _attach(access, checked_key(f"{key}.photo{place}"), file)
        except FieldInvalid:
            refused[place] = EMPTY
        except Exception as error:  # noqa: BLE001 - the words stand, whatever becomes of a file
            refused[place] = problem_in_page(error).kind.code
    return refused


def note(refused: Refused) -> list[str]:
    """A sentence for each file that was not taken. Codes nobody gives are left out: they come from an address."""
    return [
        f"第 {place} 个文件没有收下：{_reason(code)}"
        for place, code in refused.items()
        if code in WORDS or code in CODES
    ]


def as_arguments(refused: Refused) -> dict[str, str]:
    """The same for the address that follows: fixed words only."""
    return {f"file{place}": code for place, code in refused.items()}


def from_arguments() -> Refused:
    """Read those back."""
    found = {place: request.args.get(f"file{place}") for place in range(1, AT_MOST + 1)}
    return {place: code for place, code in found.items() if code}


def _reason(code: str) -> str:
    return WORDS.get(code) or CODES[code].detail.removesuffix(SAID_ANYWAY)


def _attach(access: Access, key: str, file: FileStorage) -> None:
    data, name = read_upload(file)
    mark = fingerprint(hashlib.sha256(data).digest() + name.encode())
    operation = operations.attachment(by_capability(None, access), clean_upload(data, name), writing_store())
    carry_out(operation, Submission(access, key, mark, {}))
