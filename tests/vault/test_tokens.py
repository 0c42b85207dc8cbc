"""Tokens cannot be guessed, and what is stored of them cannot be used."""

from __future__ import annotations

import hashlib
import re

from backend.domain.numbers import ALPHABET
from backend.vault.tokens import (
    binding_code,
    media_token,
    new_token,
    read_media_token,
    request_fingerprint,
    survey_token,
    token_hash,
    tracking_token,
)

KEY = b"t" * 32


def test_tokens_are_256_bits_and_all_different():
    tokens = {new_token() for _ in range(200)}
    assert len(tokens) == 200
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{43}", token) for token in tokens)


def test_only_the_hash_is_stored():
    assert token_hash("abc") == hashlib.sha256(b"abc").hexdigest()


def test_a_hostile_token_has_a_hash_too():
    assert len(token_hash("\ud800\0")) == 64


def test_a_tracking_token_can_be_made_again():
    assert tracking_token(KEY, "7f3a", 1) == tracking_token(KEY, "7f3a", 1)
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", tracking_token(KEY, "7f3a", 1))


def test_inquiry_generation_and_key_all_count():
    tokens = {
        tracking_token(KEY, "7f3a", 1),
        tracking_token(KEY, "7f3a", 2),
        tracking_token(KEY, "7f3a1", 1),
        tracking_token(KEY, "7f3", 1),
        tracking_token(KEY, "7f3a\0\0\0\0\0\0\0\1", 1),
        tracking_token(b"u" * 32, "7f3a", 1),
    }
    assert len(tokens) == 6


def test_a_survey_token_is_that_of_one_follow_up_and_no_tracking_token():
    tokens = {
        survey_token(KEY, "7f3a"),
        survey_token(KEY, "7f3b"),
        survey_token(b"u" * 32, "7f3a"),
        tracking_token(KEY, "7f3a", 1),
    }
    assert len(tokens) == 4
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{43}", token) for token in tokens)
    assert survey_token(KEY, "7f3a") == survey_token(KEY, "7f3a")


def test_a_binding_code_is_eight_symbols_that_nobody_mixes_up():
    codes = {binding_code(KEY, f"{number:032x}") for number in range(500)}
    assert len(codes) == 500
    assert {symbol for code in codes for symbol in code} == set(ALPHABET)
    assert {len(code) for code in codes} == {8}
    assert binding_code(KEY, "7f3a") == binding_code(KEY, "7f3a") != binding_code(b"u" * 32, "7f3a")


def test_only_our_own_media_token_is_read_and_it_says_nothing_in_clear():
    attachment, until = "0123456789abcdef" * 2, 1763255400
    token = media_token(KEY, attachment, until)
    assert re.fullmatch(r"[A-Za-z0-9_-]{64}", token)
    assert read_media_token(KEY, token) == (attachment, until)
    assert read_media_token(b"u" * 32, token) is None
    changed = [token[:n] + ("A" if token[n] != "A" else "B") + token[n + 1 :] for n in range(64)]
    for wrong in (*changed, token[:-1], f"{token}A", "", "é" * 64, "=" * 64, "!" * 64, token.swapcase()):
        assert read_media_token(KEY, wrong) is None


def test_a_fingerprint_is_equal_for_equal_requests_only():
    prints = {
        request_fingerprint(KEY, "POST", "/api/v1/inquiries", b"{}"),
        request_fingerprint(KEY, "POST", "/api/v1/inquiries", b"{ }"),
        request_fingerprint(KEY, "POST", "/api/v1/inquiries{}", b""),
        request_fingerprint(KEY, "POST", "/api/v1/inquirie", b"s{}"),
        request_fingerprint(KEY, "PUT", "/api/v1/inquiries", b"{}"),
        request_fingerprint(b"u" * 32, "POST", "/api/v1/inquiries", b"{}"),
    }
    assert len(prints) == 6
    assert request_fingerprint(KEY, "post", "/api/v1/inquiries", b"{}") in prints


def test_a_fingerprint_is_keyed_so_that_a_short_body_cannot_be_guessed_from_it():
    fingerprint = request_fingerprint(KEY, "POST", "/", b"1")
    assert re.fullmatch(r"[0-9a-f]{64}", fingerprint)
    assert fingerprint != hashlib.sha256(b"POST/1").hexdigest()
