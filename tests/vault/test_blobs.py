"""The file store: whole or not at all, under its own names, never through a link."""

from __future__ import annotations

import errno
import os
import re
import stat
from pathlib import Path

import pytest

from backend.vault.blobs import BlobMissing, FileBlobStore, StorageFull, new_locator

LOCATOR = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def store(tmp_path):
    return FileBlobStore(tmp_path / "blobs")


def files(tmp_path):
    return sorted(str(path.relative_to(tmp_path / "blobs")) for path in tmp_path.rglob("*") if path.is_file())


@pytest.mark.parametrize("data", [b"", b"\0\xff", b"x" * 3_000_000])
def test_what_is_written_is_read(store, data):
    store.write(LOCATOR, data)
    assert store.exists(LOCATOR)
    assert store.read(LOCATOR) == data


def test_a_file_lies_in_two_levels_of_folders_for_its_owner_only(store, tmp_path):
    store.write(LOCATOR, b"sealed")
    assert files(tmp_path) == [f"01/23/{LOCATOR}"]
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "blobs").rglob("*")}
    assert modes == {0o700, 0o600}


def test_locators_are_random_and_of_the_form_the_store_takes():
    locators = {new_locator() for _ in range(100)}
    assert len(locators) == 100
    assert all(re.fullmatch(r"[0-9a-f]{32}", locator) for locator in locators)


@pytest.mark.parametrize(
    "locator",
    ["", "..", "../../etc/passwd", "/etc/passwd", LOCATOR[:-1], LOCATOR + "0", LOCATOR.upper(), LOCATOR + "\n",
     "01/23/" + LOCATOR, "." + LOCATOR[1:], "\0" * 32, "０" * 32],
)  # fmt: skip
def test_a_locator_of_another_form_is_refused_everywhere(store, locator):
    for act in (store.read, store.delete, store.exists, lambda name: store.write(name, b"")):
        with pytest.raises(ValueError, match="locator"):
            act(locator)


def test_a_missing_blob_is_missing(store):
    with pytest.raises(BlobMissing):
        store.read(LOCATOR)
    assert not store.exists(LOCATOR)


def test_deleting_removes_it_and_may_be_repeated(store, tmp_path):
    store.write(LOCATOR, b"sealed")
    store.delete(LOCATOR)
    store.delete(LOCATOR)
    assert not store.exists(LOCATOR)
    assert files(tmp_path) == []


def test_writing_again_replaces_the_whole(store, tmp_path):
    store.write(LOCATOR, b"a long first version")
    store.write(LOCATOR, b"second")
    assert store.read(LOCATOR) == b"second"
    assert len(files(tmp_path)) == 1


def test_a_link_in_the_place_of_a_blob_is_not_followed(store, tmp_path):
    outside = tmp_path / "outside"
    outside.write_bytes(b"secret")
    store.write(LOCATOR, b"sealed")
    path = tmp_path / "blobs" / "01" / "23" / LOCATOR
    path.unlink()
    path.symlink_to(outside)
    assert not store.exists(LOCATOR)
    with pytest.raises(BlobMissing):
        store.read(LOCATOR)
    store.write(LOCATOR, b"sealed")
    store.delete(LOCATOR)
    assert outside.read_bytes() == b"secret"


@pytest.mark.parametrize("level", ["01", "01/23"])
def test_a_link_in_the_place_of_a_folder_is_not_followed(store, tmp_path, level):
    outside = tmp_path / "outside"
    (outside / "23").mkdir(parents=True)
    for folder in (outside, outside / "23"):
        (folder / LOCATOR).write_bytes(b"secret")
    place = tmp_path / "blobs" / level
    place.parent.mkdir(exist_ok=True)
    place.symlink_to(outside)
    with pytest.raises(BlobMissing):
        store.read(LOCATOR)
    with pytest.raises(OSError, match=r"Not a directory|symbolic links"):
        store.write(LOCATOR, b"sealed")
    store.delete(LOCATOR)
    assert (outside / LOCATOR).read_bytes() == (outside / "23" / LOCATOR).read_bytes() == b"secret"


def test_a_folder_or_a_fifo_in_the_place_of_a_blob_is_missing(store, tmp_path):
    folder = tmp_path / "blobs" / "01" / "23"
    (folder / LOCATOR).mkdir(parents=True)
    with pytest.raises(BlobMissing):
        store.read(LOCATOR)
    (folder / LOCATOR).rmdir()
    os.mkfifo(folder / LOCATOR)
    with pytest.raises(BlobMissing):
        store.read(LOCATOR)


def test_the_folder_given_by_the_operator_may_be_a_link(tmp_path):
    (tmp_path / "volume").mkdir()
    (tmp_path / "blobs").symlink_to(tmp_path / "volume")
    store = FileBlobStore(tmp_path / "blobs")
    store.write(LOCATOR, b"sealed")
    assert (tmp_path / "volume" / "01" / "23" / LOCATOR).read_bytes() == b"sealed"


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
@pytest.mark.parametrize("step", ["fsync", "rename", "mkdir"])
def test_a_full_volume_is_told_and_leaves_nothing_behind(store, tmp_path, monkeypatch, number, step):
    def full(*args, **kwargs):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, step, full)
    with pytest.raises(StorageFull):
        store.write(LOCATOR, b"sealed")
    monkeypatch.undo()
    assert files(tmp_path) == []
    assert not store.exists(LOCATOR)
    store.write(LOCATOR, b"sealed")
    assert store.read(LOCATOR) == b"sealed"


def test_another_error_stays_what_it_is(store, monkeypatch):
    def broken(*args, **kwargs):
        raise OSError(errno.EIO, "broken disk")

    monkeypatch.setattr(os, "fsync", broken)
    with pytest.raises(OSError, match="broken disk"):
        store.write(LOCATOR, b"sealed")


def test_the_name_appears_only_after_the_content_is_on_disk(store, monkeypatch):
    steps = []
    for name in ("fsync", "rename"):
        real = getattr(os, name)
        monkeypatch.setattr(
            os,
            name,
            lambda *args, name=name, real=real, **kwargs: steps.append(name) or real(*args, **kwargs),
        )
    store.write(LOCATOR, b"sealed")
    assert steps[-3:] == ["fsync", "rename", "fsync"]


def test_no_descriptor_stays_open(store):
    before = len(list(Path("/proc/self/fd").iterdir()))
    store.write(LOCATOR, b"sealed")
    store.read(LOCATOR)
    store.exists(new_locator())
    with pytest.raises(BlobMissing):
        store.read(new_locator())
    store.delete(LOCATOR)
    assert len(list(Path("/proc/self/fd").iterdir())) == before
