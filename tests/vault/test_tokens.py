"""Tokens cannot be guessed, and what is stored of them cannot be used."""

from __future__ import annotations

import hashlib
import re

from backend.vault.tokens import new_token, request_fingerprint, token_hash, tracking_token

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
