"""The 台账's event log as a hash chain: what is hashed, what is signed, and how tampering shows.

Each unit has one chain. An entry is hashed over the hash before it, and both every entry's hash and the
chain's head are signed. Texts never stand in an entry, only salted commitments to them, so that erasing a
text leaves the chain whole.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from backend.domain.vocabulary import Word

GENESIS = bytes(32)
"""What stands before the first entry."""
LEAST_SALT = 16
"""Bytes; a shorter salt would let a short text be guessed from its commitment."""

_ENTRY_DOMAIN = b"shouwen ledger entry 1\n"
_HEAD_DOMAIN = b"shouwen ledger head 1\n"


class NotCanonical(ValueError):
    """No single canonical form: a float, a key that is no string, a lone surrogate, another type."""


class Fault(Word):
    """What is wrong with a place in a chain."""

    MISSING = "missing", "缺少这一条"
    ORDER = "order", "序号不连续或次序不对"
    BODY = "body", "正文不是规范的记录文本"
    UNIT = "unit", "记录属于另一个单位"
    COLUMN = "column", "登记栏与正文不一致"
    LINK = "link", "与上一条不衔接"
    HASH = "hash", "散列与正文不符"
    SIGNATURE = "signature", "签名无效"
    HEAD_MISSING = "head_missing", "缺少链尾"
    HEAD_UNIT = "head_unit", "链尾属于另一个单位"
    HEAD_SIGNATURE = "head_signature", "链尾签名无效"
    HEAD_HASH = "head_hash", "链尾与最后一条不符"
    BEYOND_HEAD = "beyond_head", "超出已签名的链尾"


@dataclass(frozen=True, slots=True)
class ChainEntry:
    """One stored entry. `body` is the canonical JSON exactly as hashed, with `unit_id` and `sequence` in it.

    `columns` are the other facts that the table repeats beside the body under the same names; each must agree
    with it.
    """

    sequence: int
    body: bytes
    prev: bytes
    hash: bytes
    signature: bytes
    columns: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ChainHead:
    """The signed end of a chain: its last sequence and that entry's hash (0 and GENESIS before the first)."""

    unit_id: str
    sequence: int
    hash: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class BadEntry:
    """The first place at which a chain cannot be vouched for."""

    sequence: int
    reason: Fault


def canonical_json(value: object) -> bytes:
    """`value` as the one JSON text it has: keys sorted by code point, no spaces, UTF-8, no needless escapes.

    Takes None, bool, int, str, lists, tuples and mappings with string keys. Raises NotCanonical for all else.
    """
    try:
        text = json.dumps(_plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return text.encode("utf-8")
    except NotCanonical:
        raise
    except (ValueError, RecursionError) as error:
        raise NotCanonical("a value that cannot be written as UTF-8 JSON") from error


def commitment(salt: bytes, text: str) -> str:
    """sha256(salt‖text) in hex: stands for `text` in an entry. Raises ValueError: a salt under 16 bytes."""
    if len(salt) < LEAST_SALT:
        raise ValueError("a commitment needs a salt of at least 16 bytes")
    return sha256(salt + text.encode("utf-8")).hexdigest()


def entry_hash(prev: bytes, entry: Mapping[str, Any]) -> bytes:
    """sha256(prev ‖ sha256(canonical JSON of `entry`)). Raises NotCanonical."""
    return _hash_body(prev, canonical_json(entry))


def entry_message(unit_id: str, sequence: int, hash: bytes) -> bytes:
    """The bytes to sign for an entry; never equal to those of a head or of anything else we sign."""
    return _ENTRY_DOMAIN + canonical_json({"hash": hash.hex(), "sequence": sequence, "unit_id": unit_id})


def head_message(unit_id: str, sequence: int, hash: bytes) -> bytes:
    """The bytes to sign for the head of a chain."""
    return _HEAD_DOMAIN + canonical_json({"hash": hash.hex(), "sequence": sequence, "unit_id": unit_id})


def verify_chain(
    unit_id: str,
    entries: Iterable[ChainEntry],
    head: ChainHead | None,
    verify: Callable[[bytes, bytes], bool],
) -> BadEntry | None:
    """The first place of a unit's chain that does not hold, or None.

    `entries` come in the order of their sequence column, which starts at 1, and are read once, one at a
    time. `verify(message, signature)` says whether our key signed the message. A place that is missing is
    reported by its own number; trouble with the head itself by the number of the last entry. A chain
    without entries and without head is whole: that all of it was removed shows only against a checkpoint
    kept elsewhere.
    """
    prev, last = GENESIS, 0
    at_head = GENESIS
    for entry in entries:
        fault = _fault_of(unit_id, last + 1, prev, entry, verify)
        if fault is not None:
            return BadEntry(last + 1, fault)
        prev, last = entry.hash, last + 1
        if head is not None and head.sequence == last:
            at_head = prev
    if head is None:
        return BadEntry(last, Fault.HEAD_MISSING) if last else None
    if head.unit_id != unit_id:
        return BadEntry(last, Fault.HEAD_UNIT)
    if not verify(head_message(unit_id, head.sequence, head.hash), head.signature):
        return BadEntry(last, Fault.HEAD_SIGNATURE)
    if head.sequence > last:
        return BadEntry(last + 1, Fault.MISSING)
    if head.hash != at_head:
        return BadEntry(head.sequence, Fault.HEAD_HASH)
    return BadEntry(head.sequence + 1, Fault.BEYOND_HEAD) if head.sequence < last else None


def _fault_of(
    unit_id: str, expected: int, prev: bytes, entry: ChainEntry, verify: Callable[[bytes, bytes], bool]
) -> Fault | None:
    if entry.sequence != expected:
        return Fault.MISSING if entry.sequence > expected else Fault.ORDER
    facts = _read_body(entry.body)
    if facts is None:
        return Fault.BODY
    if facts.get("unit_id") != unit_id:
        return Fault.UNIT
    columns = {**entry.columns, "sequence": expected}
    if any(name not in facts or not _same(facts[name], value) for name, value in columns.items()):
        return Fault.COLUMN
    if entry.prev != prev:
        return Fault.LINK
    if entry.hash != _hash_body(prev, entry.body):
        return Fault.HASH
    if not verify(entry_message(unit_id, expected, entry.hash), entry.signature):
        return Fault.SIGNATURE
    return None


def _read_body(body: bytes) -> dict[str, Any] | None:
    """The entry in `body`, or None when it is not the canonical text of a JSON object."""
    try:
        facts = json.loads(body)
        return facts if isinstance(facts, dict) and canonical_json(facts) == body else None
    except (ValueError, RecursionError):
        return None


def _same(left: object, right: object) -> bool:
    """Equality of JSON values: true is not 1."""
    return isinstance(left, bool) == isinstance(right, bool) and left == right


def _hash_body(prev: bytes, body: bytes) -> bytes:
    return sha256(prev + sha256(body).digest()).digest()


def _plain(value: object) -> object:
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        if not all(isinstance(key, str) for key in value):
            raise NotCanonical("a key that is not a string")
        return {key: _plain(item) for key, item in value.items()}
    raise NotCanonical(f"{type(value).__name__} has no canonical form")
