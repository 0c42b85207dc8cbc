"""Append to a unit's chain. One entry per transition, in the transaction of the transition."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.domain.ledger import GENESIS, canonical_json, entry_hash, entry_message, head_message
from backend.domain.times import local
from backend.models import Holding, Inquiry, LedgerEntry, LedgerHead
from backend.models.types import new_id
from backend.services.closed_lists import keep_closed_lists
from backend.services.ledger_rows import project
from backend.services.texts import index_summary_again
from backend.services.work import Tools, Work

MOVES = frozenset({"accepted", "assigned", "dispute_decided", "reclassified", "reopened"})
"""Entries after which another unit may hold the inquiry."""


def open_chain(session: Session, tools: Tools, unit_id: str) -> None:
    """Give a new unit its empty, signed chain."""
    session.add(
        LedgerHead(
            unit_id=unit_id,
            sequence=0,
            hash=GENESIS,
            signature=tools.signer.sign(head_message(unit_id, 0, GENESIS)),
        )
    )


def lock_chains(session: Session, unit_ids: Iterable[str]) -> None:
    """Take the chains that several entries in a row will go to, in id order, before the first of them."""
    for unit_id in sorted(set(unit_ids)):
        session.scalar(select(LedgerHead.unit_id).where(LedgerHead.unit_id == unit_id).with_for_update())


def record(
    work: Work,
    event: str,
    inquiry: Inquiry,
    *,
    unit_id: str,
    facts: Mapping[str, Any] | None = None,
    texts: Mapping[str, tuple[str, str]] | None = None,
    holding: Holding | None = None,
    mirror_unit_ids: Iterable[str] = (),
) -> LedgerEntry:
    """Write one event to the chain of `unit_id`, and the same fact to each mirror unit's chain.

    `facts` are ids, enums and times only; `texts` maps a role (reason, reply, …) to (text id, commitment).
    Chains are locked in id order, so that two hand-offs crossing each other cannot wait for one another.
    The ledger's lines and the lists of closed inquiries follow in the same transaction. Returns the entry in the chain of `unit_id`.
    """
    body: dict[str, Any] = {
        "event": event,
        "inquiry": inquiry.id,
        "number": inquiry.number,
        "round": inquiry.round,
        "status": inquiry.status.value,
        "version": inquiry.version,
        "at": local(work.now).isoformat(),
        "actor": {"kind": work.actor.kind, "id": work.actor.id},
    }
    if facts:
        body["facts"] = dict(facts)
    if texts:
        body["texts"] = {role: {"id": text_id, "sha256": digest} for role, (text_id, digest) in texts.items()}
    if holding is not None:
        body["holder"] = {
            "unit": holding.unit_id,
            "section": holding.section_id,
            "post": holding.post_id,
            "staff": holding.staff_id,
        }
    written: dict[str, LedgerEntry] = {}
    for chain_unit in sorted({unit_id, *mirror_unit_ids}):
        written[chain_unit] = _append(work, chain_unit, body, inquiry, is_mirror=chain_unit != unit_id)
    work.session.flush()
    project(work.session, body)
    keep_closed_lists(work.session, inquiry, event)
    if event in MOVES and inquiry.unit_id != inquiry.first_unit_id:
        index_summary_again(work, inquiry)
    return written[unit_id]


def record_of_unit(work: Work, event: str, unit_id: str, facts: Mapping[str, Any]) -> LedgerEntry:
    """Write an event of the unit itself, about no single inquiry, to its chain. `facts` as for `record`."""
    body = {
        "event": event,
        "inquiry": None,
        "at": local(work.now).isoformat(),
        "actor": {"kind": work.actor.kind, "id": work.actor.id},
        "facts": dict(facts),
    }
    return _append(work, unit_id, body, None, is_mirror=False)


def _append(
    work: Work, unit_id: str, body: Mapping[str, Any], inquiry: Inquiry | None, *, is_mirror: bool
) -> LedgerEntry:
    session, signer = work.session, work.tools.signer
    head = session.scalars(
        select(LedgerHead)
        .where(LedgerHead.unit_id == unit_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    sequence = head.sequence + 1
    full = {**body, "unit_id": unit_id, "sequence": sequence, "is_mirror": is_mirror}
    digest = entry_hash(head.hash, full)
    entry = LedgerEntry(
        id=new_id(),
        unit_id=unit_id,
        sequence=sequence,
        inquiry_id=inquiry.id if inquiry is not None else None,
        event=str(body["event"]),
        body=canonical_json(full).decode("utf-8"),
        prev_hash=head.hash,
        hash=digest,
        signature=signer.sign(entry_message(unit_id, sequence, digest)),
        recorded_at=work.now,
        is_mirror=is_mirror,
    )
    session.add(entry)
    head.sequence = sequence
    head.hash = digest
    head.signature = signer.sign(head_message(unit_id, sequence, digest))
    session.flush()
    return entry
