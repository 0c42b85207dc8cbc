"""Passwords and one-time codes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from backend.vault import passwords
from backend.vault.passwords import (
    DEFAULT_COST,
    PasswordCost,
    hash_password,
    new_totp_secret,
    verify_password,
    verify_totp,
    verify_unknown,
)

LIGHT = PasswordCost(passes=1, memory_kib=64, lanes=1)
# RFC 6238, appendix B: SHA-1, the last six of the eight digits.
RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
NOW = datetime(2026, 11, 24, 9, 30, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    "password", ["correct horse", "密码𠮷🙂", "", " lead and trail ", "\ud800", "x" * 4096]
)
def test_the_password_matches_and_its_neighbours_do_not(password):
    stored = hash_password(password, cost=LIGHT)
    assert verify_password(stored, password)
    assert not verify_password(stored, password + " ")
    assert not verify_password(stored, "other")


def test_the_stored_string_is_argon2id_with_salt_and_parameters():
    assert hash_password("x", cost=LIGHT).startswith("$argon2id$v=19$m=64,t=1,p=1$")
    assert hash_password("x", cost=LIGHT) != hash_password("x", cost=LIGHT)


def test_the_default_is_the_second_recommendation_of_rfc_9106():
    assert PasswordCost(passes=3, memory_kib=65536, lanes=4) == DEFAULT_COST
    assert verify_password(hash_password("x"), "x")


@pytest.mark.parametrize("stored", ["", "plain", "$argon2id$", "$2b$12$abcdefghijklmnopqrstuv", "密"])
def test_what_cannot_be_a_hash_matches_nothing(stored):
    assert not verify_password(stored, "plain")


def test_an_unknown_name_costs_one_real_check_and_never_matches(monkeypatch):
    checked = []
    real = verify_password
    monkeypatch.setattr(passwords, "verify_password", lambda *args: checked.append(args) or real(*args))
    assert verify_unknown("anything", cost=LIGHT) is False
    assert [stored.split("$")[3] for stored, _ in checked] == ["m=64,t=1,p=1"]


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (2000000000, "279037")],
)
def test_codes_are_those_of_the_standard(seconds, code):
    now = datetime.fromtimestamp(seconds, tz=UTC)
    assert verify_totp(RFC_SECRET, code, now) == seconds // 30


@pytest.mark.parametrize(("offset", "accepted"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_one_step_before_and_after_is_allowed_and_named(offset, accepted):
    code = pyotp.TOTP(RFC_SECRET).at(NOW + timedelta(seconds=30 * offset))
    step = int(NOW.timestamp()) // 30 + offset
    assert verify_totp(RFC_SECRET, code, NOW) == (step if accepted else None)


def test_a_code_seen_again_has_the_step_it_had_before():
    code = pyotp.TOTP(RFC_SECRET).at(NOW)
    assert verify_totp(RFC_SECRET, code, NOW) == verify_totp(RFC_SECRET, code, NOW + timedelta(seconds=25))


@pytest.mark.parametrize("code", ["", "28708", "2870820", "２８７０８２", "28708a", "287082\n", "-87082"])
def test_what_is_not_six_digits_is_no_code(code):
    assert verify_totp(RFC_SECRET, code, datetime.fromtimestamp(59, tz=UTC)) is None


def test_the_first_seconds_of_time_have_codes_too():
    assert verify_totp(RFC_SECRET, pyotp.TOTP(RFC_SECRET).at(0), datetime.fromtimestamp(0, tz=UTC)) == 0


def test_a_new_secret_is_160_bits_and_works():
    secrets = {new_totp_secret() for _ in range(20)}
    assert len(secrets) == 20
    secret = secrets.pop()
    assert len(secret) == 32
    assert verify_totp(secret, pyotp.TOTP(secret).at(NOW), NOW)
