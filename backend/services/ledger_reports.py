"""A section submits its 回访 results to the general post, which seals a dated summary of the unit (泸 二（二）4, 附件1-15)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from backend.domain.errors import FieldInvalid, RoleRequired
from backend.domain.identity import Identity
from backend.domain.ledger import canonical_json, commitment
from backend.domain.ledger_periods import Period
from backend.domain.vocabulary import PostKind, Role
from backend.domain.vocabulary_ledger import LedgerReportKind
from backend.models import LedgerReport, Post, PostDeputy, Section
from backend.models.types import new_id
from backend.services.ledger import lock_chains, record_of_unit
from backend.services.work import Work

SALT_BYTES = 16
NO_LINES = {"counted": 0, "closed": 0, "followed_up": 0}
EVENTS = {
    LedgerReportKind.SUBMISSION: "follow_ups_submitted",
    LedgerReportKind.SUMMARY: "ledger_summed_up",
}


@dataclass(frozen=True, slots=True)
class Figures:
    """What the ledger says over the period: how many lines, one hash over them, and their totals."""

    row_count: int
    rows_hash: str
    counts: dict[str, Any]
    """Of everything but complaints."""
    complaints: list[dict[str, Any]]
    """Of each complaint what it counts for, for those who may know of it (design 4)."""
    by_section: dict[str, dict[str, int]]
    """Of each section that has lines of its own: as in `NO_LINES`."""

    @property
    def kept(self) -> dict[str, Any]:
        """The totals as a report keeps them."""
        return {"lines": self.counts, "complaints": self.complaints}


def new_salt() -> bytes:
    """Mixed into the hash: grades are few, and could be tried out against it."""
    return secrets.token_bytes(SALT_BYTES)


def submitting_sections(session: Session, identity: Identity) -> frozenset[str]:
    """Sections whose post this person keeps or stands in for (AB岗), or which they head."""
    kept = _kept(session, identity, PostKind.SECTION)
    sections = {post.section_id for post in kept if post.section_id is not None}
    return identity.sections_with(Role.POST_HOLDER, Role.SECTION_HEAD) | sections


def summing_units(session: Session, identity: Identity) -> frozenset[str]:
    """Units whose general post this person keeps or stands in for."""
    kept = _kept(session, identity, PostKind.GENERAL)
    return identity.units_with(Role.GENERAL_POST) | {post.unit_id for post in kept}


def section_to_submit(work: Work, identity: Identity, section_id: str | None) -> Section:
    """The section meant: the one named, the own one, or the only one. Raises RoleRequired, FieldInvalid."""
    sections = submitting_sections(work.session, identity)
    if not sections:
        raise RoleRequired("回访情况由科室的首问责任岗上报。")
    if section_id is None:
        if identity.section_id not in sections and len(sections) > 1:
            raise FieldInvalid("/section", "请选择科室。", "conditionally_required")
        section_id = identity.section_id if identity.section_id in sections else min(sections)
    if section_id not in sections:
        raise FieldInvalid("/section", "您不是这个科室的首问责任岗。", "section_unknown")
    return work.session.get_one(Section, section_id)


def unit_to_sum_up(work: Work, identity: Identity) -> str:
    """The unit whose ledger is this person's to sum up. Raises RoleRequired."""
    units = summing_units(work.session, identity)
    if not units:
        raise RoleRequired("台账汇总由首问责任总岗作出。")
    return identity.unit_id if identity.unit_id in units else min(units)


def submit_follow_ups(
    work: Work, identity: Identity, section: Section, period: Period, figures: Figures, salt: bytes
) -> LedgerReport:
    """报首问责任总岗: what the section's ledger says now. A later one for the same period stands beside it."""
    return _keep(
        work, identity, LedgerReportKind.SUBMISSION, section.unit_id, section.id, period, figures, salt, []
    )


def sum_up(
    work: Work, identity: Identity, unit_id: str, period: Period, figures: Figures, salt: bytes
) -> LedgerReport:
    """Seal what the unit's ledger says now, with each section's submission; a section without one is missing."""
    lock_chains(work.session, [unit_id])
    sections = parts_of(work.session, unit_id, period, figures)
    return _keep(work, identity, LedgerReportKind.SUMMARY, unit_id, None, period, figures, salt, sections)


def parts_of(session: Session, unit_id: str, period: Period, figures: Figures) -> list[dict[str, Any]]:
    """Of a summary: every section that keeps a ledger, or has lines or a submission of the period, with its figures.

    A section that was closed meanwhile answers for the part in which it was open.
    """
    submitted = _latest_submissions(session, unit_id, period)
    concerned = {*figures.by_section, *submitted}
    sections = session.scalars(
        select(Section.id)
        .where(Section.unit_id == unit_id, or_(Section.is_active, Section.id.in_(concerned)))
        .order_by(Section.name, Section.id)
    )
    return [
        {"section": one, "submission": submitted.get(one), **figures.by_section.get(one, NO_LINES)}
        for one in sections
    ]


def figures_seal(salt: bytes, counts: object, sections: object) -> str:
    """What an entry says of a report's figures: salted, as they hold grades of single complaints.

    Raises NotCanonical.
    """
    figures = canonical_json({"counts": counts, "sections": sections})
    return commitment(salt, figures.decode("utf-8"))


def _keep(
    work: Work,
    identity: Identity,
    kind: LedgerReportKind,
    unit_id: str,
    section_id: str | None,
    period: Period,
    figures: Figures,
    salt: bytes,
    sections: list[dict[str, Any]],
) -> LedgerReport:
    report_id = new_id()
    entry = record_of_unit(
        work,
        EVENTS[kind],
        unit_id,
        {
            "report": report_id,
            "section": section_id,
            "period": period.name,
            "rows": figures.row_count,
            "rows_sha256": figures.rows_hash,
            "figures_sha256": figures_seal(salt, figures.kept, sections),
            "missing": [part["section"] for part in sections if part["submission"] is None],
        },
    )
    report = LedgerReport(
        id=report_id,
        kind=kind,
        unit_id=unit_id,
        section_id=section_id,
        period=period.name,
        starts_on=period.starts_on,
        ends_on=period.ends_on,
        at=work.now,
        staff_id=identity.staff_id,
        row_count=figures.row_count,
        rows_hash=figures.rows_hash,
        salt=salt,
        counts=figures.kept,
        sections=sections,
        entry_id=entry.id,
    )
    work.session.add(report)
    work.session.flush()
    return report


def _latest_submissions(session: Session, unit_id: str, period: Period) -> dict[str, str]:
    rows = session.execute(
        select(LedgerReport.section_id, LedgerReport.id)
        .where(
            LedgerReport.unit_id == unit_id,
            LedgerReport.kind == LedgerReportKind.SUBMISSION,
            LedgerReport.period == period.name,
        )
        .order_by(LedgerReport.at, LedgerReport.id)
    )
    return {str(section_id): report_id for section_id, report_id in rows}


def _kept(session: Session, identity: Identity, kind: PostKind) -> list[Post]:
    deputised = select(PostDeputy.post_id).where(PostDeputy.staff_id == identity.staff_id)
    mine = or_(Post.holder_id == identity.staff_id, Post.id.in_(deputised))
    return list(session.scalars(select(Post).where(Post.is_active, Post.kind == kind, mine)))
