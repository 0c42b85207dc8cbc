from __future__ import annotations

import hmac
import json
from collections.abc import Iterable
from dataclasses import replace
from enum import StrEnum
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.ledger import (
    GENESIS,
    BadEntry,
    ChainEntry,
    ChainHead,
    Fault,
    NotCanonical,
    canonical_json,
    commitment,
    entry_hash,
    entry_message,
    head_message,
    verify_chain,
)

UNIT, OTHER_UNIT = "a" * 32, "b" * 32
KEY, WRONG_KEY = b"key of the office", b"key of somebody else"


def sign(message: bytes, key: bytes = KEY) -> bytes:
    """Stands in for Ed25519: only whoever has the key can make it."""
    return hmac.digest(key, message, "sha256")


def verify(message: bytes, signature: bytes) -> bool:
    return hmac.compare_digest(sign(message), signature)


def facts(unit_id: str, sequence: int) -> dict[str, object]:
    return {
        "unit_id": unit_id,
        "sequence": sequence,
        "event": "filed" if sequence % 2 else "confirmed",
        "inquiry_id": f"{sequence:032x}",
        "content": commitment(b"s" * 16, f"内容 {sequence}"),
    }


def link(prev: bytes, body: dict[str, object], key: bytes = KEY) -> ChainEntry:
    unit_id, sequence = str(body["unit_id"]), int(str(body["sequence"]))
    hashed = entry_hash(prev, body)
    columns = {"event": body["event"], "inquiry_id": body["inquiry_id"]}
    signature = sign(entry_message(unit_id, sequence, hashed), key)
    return ChainEntry(sequence, canonical_json(body), prev, hashed, signature, columns)


def chain(unit_id: str = UNIT, length: int = 6, key: bytes = KEY) -> list[ChainEntry]:
    entries: list[ChainEntry] = []
    for sequence in range(1, length + 1):
        entries.append(link(entries[-1].hash if entries else GENESIS, facts(unit_id, sequence), key))
    return entries


def head_of(entries: list[ChainEntry], unit_id: str = UNIT, key: bytes = KEY) -> ChainHead:
    last = entries[-1] if entries else None
    sequence, hashed = (last.sequence, last.hash) if last else (0, GENESIS)
    return ChainHead(unit_id, sequence, hashed, sign(head_message(unit_id, sequence, hashed), key))


def check(entries: Iterable[ChainEntry], head: ChainHead | None) -> BadEntry | None:
    return verify_chain(UNIT, entries, head, verify)


WHOLE = chain()
HEAD = head_of(WHOLE)


def altered(place: int, **columns: object) -> list[ChainEntry]:
    """The whole chain with the entry number `place` changed in some columns."""
    return [replace(entry, **columns) if entry.sequence == place else entry for entry in WHOLE]


def flip(value: bytes, bit: int) -> bytes:
    changed = bytearray(value)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def test_a_whole_chain_holds():
    assert check(WHOLE, HEAD) is None


def test_a_chain_is_read_once_entry_by_entry():
    assert check(iter(WHOLE), HEAD) is None


def test_an_empty_chain_holds_with_and_without_its_head():
    assert check([], head_of([])) is None
    assert check([], None) is None


@pytest.mark.parametrize("column", ["body", "prev", "hash", "signature"])
def test_a_flipped_bit_in_any_column_is_found_at_its_place(column):
    for entry in WHOLE:
        value = getattr(entry, column)
        for bit in range(len(value) * 8):
            bad = check(altered(entry.sequence, **{column: flip(value, bit)}), HEAD)
            assert bad is not None, (entry.sequence, bit)
            assert bad.sequence == entry.sequence


def test_a_changed_sequence_is_found():
    for wrong in (2, 4, 7, 0, -3):
        assert check(altered(3, sequence=wrong), HEAD) == BadEntry(
            3, Fault.MISSING if wrong > 3 else Fault.ORDER
        )


@pytest.mark.parametrize("columns", [{"event": "closed"}, {"inquiry_id": None}, {"no_such_fact": 1}])
def test_a_column_that_disagrees_with_the_body_is_found(columns):
    bad = check(altered(3, columns={**WHOLE[2].columns, **columns}), HEAD)
    assert bad == BadEntry(3, Fault.COLUMN)


def test_a_true_does_not_pass_for_a_one():
    body = {**facts(UNIT, 1), "sequence": True}
    forged = replace(link(GENESIS, facts(UNIT, 1)), body=canonical_json(body))
    assert check([forged], head_of([forged])) == BadEntry(1, Fault.COLUMN)


@pytest.mark.parametrize("place", [1, 3, 5])
def test_a_removed_row_is_found(place):
    assert check([e for e in WHOLE if e.sequence != place], HEAD) == BadEntry(place, Fault.MISSING)


def test_a_removed_row_with_its_successors_renumbered_is_found():
    renumbered = [replace(e, sequence=e.sequence - (e.sequence > 3)) for e in WHOLE if e.sequence != 3]
    assert check(renumbered, HEAD) == BadEntry(3, Fault.COLUMN)


@pytest.mark.parametrize("kept", [0, 3, 5])
def test_a_removed_tail_is_found_against_the_signed_head(kept):
    assert check(WHOLE[:kept], HEAD) == BadEntry(kept + 1, Fault.MISSING)


def test_swapped_rows_are_found():
    swapped = [*WHOLE[:2], WHOLE[3], WHOLE[2], *WHOLE[4:]]
    assert check(swapped, HEAD) == BadEntry(3, Fault.MISSING)
    renumbered = [replace(entry, sequence=place) for place, entry in enumerate(swapped, 1)]
    assert check(renumbered, HEAD) == BadEntry(3, Fault.COLUMN)


def test_a_repeated_row_is_found():
    assert check([*WHOLE[:3], WHOLE[2], *WHOLE[3:]], HEAD) == BadEntry(4, Fault.ORDER)


def test_a_tail_rewritten_with_valid_hashes_but_without_the_key_is_found():
    rewritten = WHOLE[:3]
    for sequence in range(4, 7):
        changed = {**facts(UNIT, sequence), "event": "closed"}
        rewritten = [*rewritten, link(rewritten[-1].hash, changed, WRONG_KEY)]
    assert check(rewritten, head_of(rewritten, key=WRONG_KEY)) == BadEntry(4, Fault.SIGNATURE)


def test_a_tail_rewritten_with_the_old_signatures_is_found():
    changed = link(WHOLE[4].hash, {**facts(UNIT, 6), "event": "closed"})
    rewritten = [*WHOLE[:5], replace(changed, signature=WHOLE[5].signature)]
    assert check(rewritten, HEAD) == BadEntry(6, Fault.SIGNATURE)


def test_an_entry_moved_from_another_unit_is_found():
    foreign = chain(OTHER_UNIT)
    assert check([*WHOLE[:2], foreign[2], *WHOLE[3:]], HEAD) == BadEntry(3, Fault.UNIT)


def test_a_whole_chain_of_another_unit_is_found():
    assert check(chain(OTHER_UNIT), head_of(chain(OTHER_UNIT), OTHER_UNIT)) == BadEntry(1, Fault.UNIT)


def test_a_missing_head_is_found():
    assert check(WHOLE, None) == BadEntry(6, Fault.HEAD_MISSING)


@pytest.mark.parametrize(
    ("head", "bad"),
    [
        pytest.param(replace(HEAD, signature=b""), BadEntry(6, Fault.HEAD_SIGNATURE), id="not signed"),
        pytest.param(
            replace(HEAD, signature=WHOLE[5].signature),
            BadEntry(6, Fault.HEAD_SIGNATURE),
            id="an entry's signature does not sign a head",
        ),
        pytest.param(
            head_of(WHOLE, key=WRONG_KEY), BadEntry(6, Fault.HEAD_SIGNATURE), id="signed by somebody else"
        ),
        pytest.param(replace(HEAD, sequence=5), BadEntry(6, Fault.HEAD_SIGNATURE), id="sequence changed"),
        pytest.param(replace(HEAD, hash=GENESIS), BadEntry(6, Fault.HEAD_SIGNATURE), id="hash changed"),
        pytest.param(head_of(WHOLE, OTHER_UNIT), BadEntry(6, Fault.HEAD_UNIT), id="another unit's"),
        pytest.param(head_of(WHOLE[:4]), BadEntry(5, Fault.BEYOND_HEAD), id="older than the entries"),
        pytest.param(head_of([]), BadEntry(1, Fault.BEYOND_HEAD), id="from before the first entry"),
    ],
)
def test_a_head_that_does_not_vouch_for_the_chain_is_found(head, bad):
    assert check(WHOLE, head) == bad


def test_a_signed_head_of_another_history_is_found():
    fork = [*WHOLE[:5], link(WHOLE[4].hash, {**facts(UNIT, 6), "event": "closed"})]
    assert check(WHOLE, head_of(fork)) == BadEntry(6, Fault.HEAD_HASH)


def test_the_first_of_several_faults_is_reported():
    assert check([e for e in altered(2, signature=b"") if e.sequence != 5], None) == BadEntry(
        2, Fault.SIGNATURE
    )


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        b"\xff\xfe",
        b'{"a":NaN}',
        json.dumps(facts(UNIT, 1)).encode(),  # the same facts, with spaces
        b"[" * 100_000,
        b'{"n":' + b"9" * 5000 + b"}",
    ],
)
def test_a_body_that_is_not_canonical_json_is_found(body):
    forged = replace(WHOLE[0], body=body)
    assert check([forged, *WHOLE[1:]], HEAD) == BadEntry(1, Fault.BODY)


def test_every_fault_has_words():
    assert all(fault.label for fault in Fault)


class Word(StrEnum):
    FILED = "filed"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"b": 1, "a": [True, None, "首问"]}, '{"a":[true,null,"首问"],"b":1}'),
        ({"z": {}, "é": (), "𠮷": -1}, '{"z":{},"é":[],"𠮷":-1}'),
        ({"event": Word.FILED}, '{"event":"filed"}'),
        ('\u2028\n"\\', '"\u2028\\n\\"\\\\"'),
    ],
)
def test_canonical_json_is_sorted_tight_and_utf8(value, text):
    assert canonical_json(value) == text.encode()


@pytest.mark.parametrize(
    "value",
    [
        1.0,
        float("nan"),
        {1: "a"},
        {None: "a"},
        {"a": {"b": [0.5]}},
        b"bytes",
        {"a", "b"},
        "\ud800",
        {"\udfff": 1},
    ],
)
def test_values_without_one_form_are_refused(value):
    with pytest.raises(NotCanonical):
        canonical_json(value)


def test_endless_and_enormous_values_are_refused():
    endless: list[object] = []
    endless.append(endless)
    for value in (endless, 10**5000):
        with pytest.raises(NotCanonical):
            canonical_json(value)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner),
    max_leaves=20,
)


@given(JSON)
def test_canonical_json_survives_reading(value):
    assert canonical_json(json.loads(canonical_json(value))) == canonical_json(value)


def test_a_commitment_is_the_hash_of_salt_and_text():
    salt = bytes(range(16))
    assert commitment(salt, "内容") == sha256(salt + "内容".encode()).hexdigest()
    assert commitment(salt, "内容") != commitment(salt[::-1], "内容")


def test_a_short_salt_is_refused():
    with pytest.raises(ValueError, match="16 bytes"):
        commitment(b"s" * 15, "内容")


def test_an_entry_hash_covers_the_hash_before_and_the_whole_entry():
    body = facts(UNIT, 1)
    assert entry_hash(GENESIS, body) == sha256(GENESIS + sha256(canonical_json(body)).digest()).digest()
    assert len(GENESIS) == 32


def test_messages_to_sign_differ_by_kind_unit_sequence_and_hash():
    messages = {
        make(unit, sequence, hashed)
        for make in (entry_message, head_message)
        for unit in (UNIT, OTHER_UNIT)
        for sequence in (1, 11)
        for hashed in (GENESIS, b"\x01" * 32)
    }
    assert len(messages) == 16
