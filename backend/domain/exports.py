"""Files made of the ledger: who may take names and phones along, by whose leave, how often and for how long."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol

from backend.domain.errors import DomainError
from backend.domain.identity import Identity
from backend.domain.times import local
from backend.domain.vocabulary import Role, Word


class ExportFormat(Word):
    """What a copy of the ledger is made as."""

    XLSX = "xlsx", "Excel 表格"
    DOCX = "docx", "Word 文档"
    PDF = "pdf", "PDF"


class ExportState(Word):
    """How far a file is. A copy with names waits for somebody else's leave first."""

    WAITING = "waiting", "等待批准"
    REFUSED = "refused", "没有批准"
    MAKING = "making", "正在生成"
    READY = "ready", "可以下载"
    DOWNLOADED = "downloaded", "已经下载"
    EXPIRED = "expired", "已经过期"
    FAILED = "failed", "没有生成"


class ExportDecision(Word):
    """What a second person says to a copy with names and phones."""

    APPROVED = "approved", "批准"
    REFUSED = "refused", "不批准"


FULL_ROLES = (Role.GENERAL_POST, Role.DISCIPLINE, Role.PRINCIPAL_LEADER)
"""Who may ask for a copy with names and phones, and who may allow another one's."""
A_DAY = 3
"""So many requests one person makes on one day."""
WAITS_FOR = timedelta(days=3)
"""A request that nobody decided lapses."""
FULL_KEPT_FOR = timedelta(minutes=10)
PRINT_KEPT_FOR = timedelta(hours=24)
MAKING_FOR = timedelta(hours=24)
"""What is not made by then will not be."""
DIRECT_FORMS = 2_000
"""Forms set while somebody waits; more are made by a job."""
DIRECT_BYTES = 6_000_000
"""The same of the texts they hold, as they are kept: some 2 million characters, 1,000 a form."""
VOLUME_FORMS = 1_000
"""Forms of one file of a job: a book so thick is bound in volumes."""
FULL_ROWS = 20_000
"""Lines one copy with names and phones may hold."""
OPEN_STATES = (ExportState.WAITING, ExportState.MAKING, ExportState.READY)


class ExportDecided(DomainError):
    """Somebody has allowed or refused this copy, or the time for it is over."""

    code = "export_decided"


class ExportNotReady(DomainError):
    """Nothing to take yet: it waits for leave, is being made, or could not be made."""

    code = "export_not_ready"


class ExportTaken(DomainError):
    """One copy is taken once."""

    code = "export_taken"


class ExportExpired(DomainError):
    """The time to take it is over; what was made of it is destroyed."""

    code = "export_expired"


class Dated(Protocol):
    """What of an export says how it stands."""

    state: Any
    expires_at: Any


def may_take_full(identity: Identity, unit_id: str) -> bool:
    """Whether this person's post lets them ask for names and phones of this unit's ledgers, or allow it."""
    return unit_id in identity.units_with(*FULL_ROLES)


def standing(export: Dated, now: datetime) -> ExportState:
    """How it stands at this moment; what ran out is over before anything is swept up."""
    state: ExportState = export.state
    if state in OPEN_STATES and export.expires_at is not None and export.expires_at <= now:
        return ExportState.FAILED if state is ExportState.MAKING else ExportState.EXPIRED
    return state


def is_job(form: ExportFormat, rows: int, size: int = 0) -> bool:
    """Whether the file is made by a job: forms for Word and PDF, where there are many or their texts are long."""
    return form is not ExportFormat.XLSX and (rows > DIRECT_FORMS or size > DIRECT_BYTES)


def volumes_of(rows: int) -> int:
    """How many files a job makes."""
    return max(1, -(-rows // VOLUME_FORMS))


def day_began(now: datetime) -> datetime:
    """The beginning of Beijing's day."""
    return local(now).replace(hour=0, minute=0, second=0, microsecond=0)


def file_name(cover: Mapping[str, Any], form: ExportFormat, *, is_full: bool) -> str:
    """What the file is called: the book, the section, the year, and what of people is in it."""
    section = cover["section"]["name"] if cover["section"] else cover["scope_label"]
    parts = [cover["title"], section, f"{cover['year']}年", "含姓名电话" if is_full else "已遮盖"]
    return "-".join(
        "".join("_" if c in _NO_NAMES or not c.isprintable() else c for c in p)[:40] for p in parts
    ) + (f".{form.value}")


_NO_NAMES = '\\/:*?"<>|'
"""What a file of an office PC cannot be called."""
