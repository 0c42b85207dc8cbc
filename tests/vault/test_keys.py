"""The keyring: made once, read only when nobody else could have, and silent about its bytes."""

from __future__ import annotations

import base64
import os
import pickle
import stat
import threading

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from backend.vault.keys import KeyMissing, Keyring, KeyUnreadable, add_master_key

FILES = {
    "master-1.key": "master 1",
    "blind-index.key": "blind index",
    "tracking.key": "tracking token",
    "flask-secret.key": "Flask secret",
    "ledger-signing.pem": "ledger signing",
}


def contents(keyring):
    masters = {i: keyring.master(i) for i in range(1, keyring.newest_master_id + 1)}
    return masters, keyring.blind_index, keyring.tracking, keyring.flask_secret, keyring.ledger_signing


def environment(**changes):
    values = {
        "SHOUWEN_MASTER_KEY": base64.b64encode(b"m" * 32).decode(),
        "SHOUWEN_BLIND_INDEX_KEY": base64.b64encode(b"b" * 32).decode(),
        "SHOUWEN_TRACKING_KEY": base64.b64encode(b"t" * 32).decode(),
        "SHOUWEN_SECRET_KEY": base64.b64encode(b"s" * 32).decode(),
        "SHOUWEN_LEDGER_SIGNING_KEY": base64.b64encode(b"l" * 32).decode(),
    }
    return {name: value for name, value in (values | changes).items() if value is not None}


@pytest.fixture
def directory(tmp_path):
    path = tmp_path / "data" / "keys"
    Keyring.create(path)
    return path


def test_every_key_is_made_for_its_owner_only(directory):
    assert {path.name for path in directory.iterdir()} == set(FILES)
    assert stat.S_IMODE(directory.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in directory.iterdir()} == {0o600}


def test_a_wide_umask_does_not_widen_the_modes(tmp_path):
    before = os.umask(0)
    try:
        Keyring.create(tmp_path / "keys")
    finally:
        os.umask(before)
    Keyring.load(tmp_path / "keys")


def test_creating_again_changes_nothing(directory):
    before = {path.name: path.read_bytes() for path in directory.iterdir()}
    assert contents(Keyring.create(directory)) == contents(Keyring.load(directory))
    assert {path.name: path.read_bytes() for path in directory.iterdir()} == before


def test_only_what_is_missing_is_made(directory):
    before = contents(Keyring.load(directory))
    (directory / "tracking.key").unlink()
    after = contents(Keyring.create(directory))
    assert after[2] != before[2]
    assert (*after[:2], *after[3:]) == (*before[:2], *before[3:])


def test_all_keys_differ(directory):
    masters, *others = contents(Keyring.load(directory))
    assert len({*masters.values(), *others}) == 5


def test_threads_that_create_at_once_agree(tmp_path):
    rings = []
    threads = [
        threading.Thread(target=lambda: rings.append(Keyring.create(tmp_path / "keys"))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(rings) == 8
    assert all(contents(ring) == contents(rings[0]) for ring in rings)


@pytest.mark.parametrize(("name", "role"), FILES.items())
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o700])
def test_a_key_file_with_a_wider_mode_is_refused_by_role(directory, name, role, mode):
    (directory / name).chmod(mode)
    with pytest.raises(KeyUnreadable, match=f"{role}.*mode {mode:04o}, expected 0600") as caught:
        Keyring.load(directory)
    assert caught.value.role == role


@pytest.mark.parametrize("mode", [0o750, 0o701, 0o1777])
def test_a_directory_with_a_wider_mode_is_refused(directory, mode):
    directory.chmod(mode)
    with pytest.raises(KeyUnreadable, match="expected 0700"):
        Keyring.load(directory)
    with pytest.raises(KeyUnreadable, match="expected 0700"):
        Keyring.create(directory)


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_named_by_role(directory, name):
    (directory / name).unlink()
    with pytest.raises(KeyMissing, match=FILES[name].removesuffix(" 1")):
        Keyring.load(directory)


def test_a_missing_directory_is_a_missing_key(tmp_path):
    with pytest.raises(KeyMissing, match="does not exist"):
        Keyring.load(tmp_path / "keys")


def test_a_link_in_the_place_of_a_key_is_refused(directory, tmp_path):
    (directory / "tracking.key").rename(tmp_path / "elsewhere")
    (directory / "tracking.key").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(KeyUnreadable, match=r"tracking token.*symbolic link"):
        Keyring.load(directory)


def test_a_fifo_in_the_place_of_a_key_is_refused_and_not_waited_for(directory):
    (directory / "tracking.key").unlink()
    os.mkfifo(directory / "tracking.key", 0o600)
    with pytest.raises(KeyUnreadable, match="not a regular file"):
        Keyring.load(directory)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("master-1.key", b"not base64 at all !!"),
        ("master-1.key", b""),
        ("blind-index.key", base64.b64encode(b"short")),
        ("flask-secret.key", base64.b64encode(b"x" * 33)),
        ("ledger-signing.pem", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"),
        ("ledger-signing.pem", b"\xff\xfe"),
    ],
)
def test_a_damaged_file_is_unreadable_and_its_bytes_are_not_shown(directory, name, content):
    (directory / name).write_bytes(content)
    with pytest.raises(KeyUnreadable, match=FILES[name]) as caught:
        Keyring.load(directory)
    assert caught.value.__cause__ is None
    assert "short" not in str(caught.value)


def test_a_key_of_another_kind_does_not_sign(directory):
    other = X25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (directory / "ledger-signing.pem").write_bytes(other)
    with pytest.raises(KeyUnreadable, match="not an Ed25519 key"):
        Keyring.load(directory)


def test_a_new_master_key_encrypts_and_the_old_one_stays(directory):
    old = Keyring.load(directory)
    assert add_master_key(directory) == 2
    new = Keyring.load(directory)
    assert (old.newest_master_id, new.newest_master_id) == (1, 2)
    assert new.master(1) == old.master(1)
    assert new.master(2) != old.master(1)


def test_the_tenth_master_key_is_newer_than_the_ninth(directory):
    for expected in range(2, 11):
        assert add_master_key(directory) == expected
    assert Keyring.load(directory).newest_master_id == 10


def test_an_unknown_master_id_is_missing(directory):
    with pytest.raises(KeyMissing, match="master 7"):
        Keyring.load(directory).master(7)


def test_the_environment_gives_the_same_as_files():
    ring = Keyring.from_environment(environment())
    assert contents(ring) == ({1: b"m" * 32}, b"b" * 32, b"t" * 32, b"s" * 32, b"l" * 32)


def test_the_environment_may_hold_several_master_keys_and_a_pem():
    private = Ed25519PrivateKey.generate()
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    keys = f"2:{base64.b64encode(b'n' * 32).decode()}, 1:{base64.b64encode(b'm' * 32).decode()}"
    ring = Keyring.from_environment(environment(SHOUWEN_MASTER_KEY=keys, SHOUWEN_LEDGER_SIGNING_KEY=pem))
    assert ring.newest_master_id == 2
    assert (ring.master(1), ring.master(2)) == (b"m" * 32, b"n" * 32)
    assert ring.ledger_signing == private.private_bytes_raw()


@pytest.mark.parametrize("name", environment())
@pytest.mark.parametrize("value", [None, " "])
def test_an_unset_variable_is_named(name, value):
    with pytest.raises(KeyMissing, match=name):
        Keyring.from_environment(environment(**{name: value}))


GOOD = base64.b64encode(b"m" * 32).decode()


@pytest.mark.parametrize(
    "value", ["x:" + GOOD, "0:" + GOOD, "4294967296:" + GOOD, f"1:{GOOD},1:{GOOD}", "1:", "1:Zm9v", "é"]
)
def test_a_malformed_master_variable_is_unreadable(value):
    with pytest.raises(KeyUnreadable, match="master"):
        Keyring.from_environment(environment(SHOUWEN_MASTER_KEY=value))


def test_neither_repr_nor_pickle_shows_a_key(directory):
    ring = Keyring.load(directory)
    assert repr(ring) == "<Keyring master ids [1]>"
    with pytest.raises(TypeError):
        pickle.dumps(ring)
