"""What a checked ledger makes, kept with its file: from the first row on nothing that changes meanwhile can refuse the rest."""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from backend.domain.vocabulary import Category, Channel, Disposition, Grade, Word
from backend.domain.vocabulary_contact import FollowUpState
from backend.models import ImportFile
from backend.services.checking_ledger import LedgerLine
from backend.services.work import Tools

_WORDS: dict[str, type[Word]] = {
    "channel": Channel,
    "category": Category,
    "disposition": Disposition,
    "result": FollowUpState,
    "grade": Grade,
}
_MOMENTS = ("received_at", "closed_at", "called_at")


def hold_plan(tools: Tools, file: ImportFile, lines: Sequence[LedgerLine]) -> None:
    """Seal the lines beside the file."""
    if file.wrapped_key is None:
        raise ValueError("the file is destroyed")
    said = json.dumps([_told(line) for line in lines], ensure_ascii=False).encode("utf-8")
    file.planned = tools.vault.seal(file.wrapped_key, zlib.compress(said), _context(file))


def held_plan(tools: Tools, file: ImportFile) -> list[LedgerLine] | None:
    """The same lines back; None before they were held."""
    if file.wrapped_key is None or file.planned is None:
        return None
    said = zlib.decompress(tools.vault.unseal(file.wrapped_key, file.planned, _context(file)))
    return [_read(told) for told in json.loads(said)]


def _context(file: ImportFile) -> str:
    return f"import:{file.id}:plan"


def _told(line: LedgerLine) -> dict[str, Any]:
    told = asdict(line)
    for name in _WORDS:
        told[name] = told[name].value if told[name] is not None else None
    for name in _MOMENTS:
        told[name] = told[name].isoformat() if told[name] is not None else None
    return told


def _read(told: dict[str, Any]) -> LedgerLine:
    for name, words in _WORDS.items():
        told[name] = words(told[name]) if told[name] is not None else None
    for name in _MOMENTS:
        told[name] = datetime.fromisoformat(told[name]) if told[name] is not None else None
    return LedgerLine(**told)
