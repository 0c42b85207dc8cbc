"""Sealed texts open only with their key, in their place, unchanged."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.vault.cipher import SealBroken, UnknownKey, Vault
from backend.vault.keys import Keyring

CONTEXT = "inquiry:7f3a:content"


def ring(**masters):
    ids = {int(name[1:]): key for name, key in masters.items()} or {1: b"m" * 32}
    return Keyring(
        masters=ids,
        blind_index=b"b" * 32,
        tracking=b"t" * 32,
        flask_secret=b"s" * 32,
        ledger_signing=b"l" * 32,
    )


VAULT = Vault(ring())
KEY = VAULT.new_data_key()


@given(st.text(), st.text(st.characters(codec="utf-8"), max_size=40))
@settings(max_examples=60)
def test_a_text_comes_back_byte_for_byte(text, context):
    text = text.encode("utf-8", "ignore").decode()
    assert VAULT.unseal_text(KEY, VAULT.seal(KEY, text, context), context) == text


@pytest.mark.parametrize("text", ["", "张䶮 𠮷 🙂\r\n\u202e", "长" * 5000, b"\x00\xff" * 1000])
def test_rare_characters_long_texts_and_bytes_come_back(text):
    expected = text.encode() if isinstance(text, str) else text
    assert VAULT.unseal(KEY, VAULT.seal(KEY, text, CONTEXT), CONTEXT) == expected


def test_neither_the_text_nor_a_key_is_in_the_blob():
    blob = VAULT.seal(KEY, "金丝雀", CONTEXT)
    assert "金丝雀".encode() not in blob
    assert b"m" * 8 not in blob + KEY


def test_every_blob_carries_version_algorithm_and_key_id():
    vault = Vault(ring(k1=b"m" * 32, k258=b"n" * 32))
    wrapped = vault.new_data_key()
    assert wrapped[:6] == bytes((1, 1, 0, 0, 1, 2))
    first, second = (vault.seal(wrapped, text, CONTEXT) for text in ("a", "b"))
    assert first[:2] == bytes((1, 1))
    assert first[2:6] == second[2:6] != vault.seal(vault.new_data_key(), "a", CONTEXT)[2:6]


def test_the_same_text_is_sealed_differently_each_time():
    assert len({VAULT.seal(KEY, "同样", CONTEXT) for _ in range(50)}) == 50
    assert len({VAULT.new_data_key() for _ in range(50)}) == 50


def flips(blob):
    return [
        blob[:i] + bytes((blob[i] ^ 1 << bit,)) + blob[i + 1 :] for i in range(len(blob)) for bit in range(8)
    ]


def test_a_blob_with_any_bit_changed_does_not_open():
    for changed in flips(VAULT.seal(KEY, "首问", CONTEXT)):
        with pytest.raises(SealBroken):
            VAULT.unseal(KEY, changed, CONTEXT)


def test_a_wrapped_key_with_any_bit_changed_does_not_open():
    blob = VAULT.seal(KEY, "首问", CONTEXT)
    for changed in flips(KEY):
        with pytest.raises(SealBroken):
            VAULT.unseal(changed, blob, CONTEXT)


def test_a_cut_or_lengthened_blob_does_not_open():
    blob = VAULT.seal(KEY, "首问", CONTEXT)
    for changed in [*(blob[:length] for length in range(len(blob))), blob + b"\0", blob[1:]]:
        with pytest.raises(SealBroken):
            VAULT.unseal(KEY, changed, CONTEXT)


@pytest.mark.parametrize("other", ["inquiry:7f3a:reply", "inquiry:7f3b:content", "", CONTEXT + "\0"])
def test_a_blob_moved_to_another_place_does_not_open(other):
    with pytest.raises(SealBroken):
        VAULT.unseal(KEY, VAULT.seal(KEY, "首问", CONTEXT), other)


def test_another_data_key_does_not_open_it():
    with pytest.raises(SealBroken, match="another data key"):
        VAULT.unseal(VAULT.new_data_key(), VAULT.seal(KEY, "首问", CONTEXT), CONTEXT)


def test_another_master_key_of_the_same_id_does_not_open_it():
    with pytest.raises(SealBroken):
        Vault(ring(k1=b"x" * 32)).unseal(KEY, VAULT.seal(KEY, "首问", CONTEXT), CONTEXT)


def test_a_missing_master_key_is_told_apart_for_the_operator():
    with pytest.raises(UnknownKey, match="master 1"):
        Vault(ring(k2=b"n" * 32)).seal(KEY, "首问", CONTEXT)


def test_a_wrapped_key_is_not_a_text_and_a_text_is_not_a_key():
    blob = VAULT.seal(KEY, b"k" * 32, CONTEXT)
    with pytest.raises(SealBroken):
        VAULT.seal(blob, "首问", CONTEXT)
    with pytest.raises(SealBroken):
        VAULT.unseal(KEY, KEY, "shouwen data key")


def test_after_rewrapping_the_old_master_key_may_go():
    blob = VAULT.seal(KEY, "首问", CONTEXT)
    both = Vault(ring(k1=b"m" * 32, k2=b"n" * 32))
    rewrapped = both.rewrap(KEY)
    assert both.unseal_text(KEY, blob, CONTEXT) == "首问"
    assert Vault(ring(k2=b"n" * 32)).unseal_text(rewrapped, blob, CONTEXT) == "首问"
    assert (both.is_current(KEY), both.is_current(rewrapped)) == (False, True)


def test_errors_and_repr_show_neither_text_nor_key():
    blob = VAULT.seal(KEY, "金丝雀", CONTEXT)
    with pytest.raises(SealBroken) as caught:
        VAULT.unseal(KEY, blob, "elsewhere")
    assert caught.value.__cause__ is None
    assert "金丝雀" not in str(caught.value)
    assert repr(VAULT) == "<Vault <Keyring master ids [1]>>"
