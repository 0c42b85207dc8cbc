"""检查点: the signed ends of all chains in a file kept elsewhere; whoever restores an older backup is found out by it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.domain.ledger import canonical_json, head_message
from backend.domain.times import local
from backend.models import LedgerEntry, LedgerHead, Unit
from backend.vault.signing import Signer, Verifier

FORMAT = "shouwen checkpoint 1"
_DOMAIN = b"shouwen checkpoint 1\n"


class CheckpointInvalid(ValueError):
    """No checkpoint of ours: damaged, changed, or of another installation. The text is one Chinese line."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A chain that does not hold what the checkpoint says it held."""

    unit_name: str
    sequence: int
    reason: str


def make_checkpoint(session: Session, signer: Signer, now: datetime) -> dict[str, Any]:
    """The signed head of every chain at this moment, the whole signed once more."""
    rows = session.execute(
        select(LedgerHead, Unit.name).join(Unit, Unit.id == LedgerHead.unit_id).order_by(LedgerHead.unit_id)
    )
    body: dict[str, Any] = {
        "format": FORMAT,
        "at": local(now).isoformat(),
        "heads": [
            {
                "unit_id": head.unit_id,
                "unit": name,
                "sequence": head.sequence,
                "hash": head.hash.hex(),
                "signature": head.signature.hex(),
            }
            for head, name in rows
        ],
    }
    return body | {"signature": signer.sign(_DOMAIN + canonical_json(body)).hex()}


def read_checkpoint(text: str, verifier: Verifier) -> dict[str, Any]:
    """A checkpoint that our key signed, as it was written. Raises CheckpointInvalid."""
    try:
        document: dict[str, Any] = json.loads(text)
        body = {name: value for name, value in document.items() if name != "signature"}
        signature = bytes.fromhex(document["signature"])
        is_ours = document["format"] == FORMAT and verifier.verify(_DOMAIN + canonical_json(body), signature)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise CheckpointInvalid("不是检查点文件，或者已经损坏") from None
    if not is_ours:
        raise CheckpointInvalid("检查点的签名不对：被改过，或者是另一套系统的")
    return body


def compare(
    session: Session, verifier: Verifier, checkpoint: Mapping[str, Any], only_unit_id: str | None = None
) -> list[Gap]:
    """Every chain that is shorter than it was, gone, or holds something else at that place.

    Raises CheckpointInvalid for a unit that the checkpoint says nothing of.
    """
    heads = [head for head in checkpoint["heads"] if only_unit_id in (None, head["unit_id"])]
    if only_unit_id is not None and not heads:
        raise CheckpointInvalid("检查点里没有这个单位")
    gaps = []
    for head in heads:
        unit_id, sequence, wanted = head["unit_id"], head["sequence"], bytes.fromhex(head["hash"])
        name = head["unit"]
        if not verifier.verify(head_message(unit_id, sequence, wanted), bytes.fromhex(head["signature"])):
            gaps.append(Gap(name, sequence, "检查点里的链尾签名无效"))
            continue
        if sequence == 0:
            if session.get(LedgerHead, unit_id) is None:
                gaps.append(Gap(name, 0, "整条台账链都不在了"))
            continue
        found = session.scalar(
            select(LedgerEntry.hash).where(LedgerEntry.unit_id == unit_id, LedgerEntry.sequence == sequence)
        )
        if found is None:
            gaps.append(Gap(name, sequence, "当时已有的这一条，现在没有了"))
        elif bytes(found) != wanted:
            gaps.append(Gap(name, sequence, "当时的这一条，现在是另外的内容"))
    return gaps
