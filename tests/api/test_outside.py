"""When the world fails: all or nothing, an honest 503, and the same key settles it."""

from __future__ import annotations

import errno
import io
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from backend.routes import pipeline
from backend.services import filing
from backend.vault import blobs
from tests.api.asking import rows
from tests.support.app import Office, new_key
from tests.vault.media_samples import encoded, picture

KEY = "the-key-of-a-broken-write"


def file(office: Office) -> Any:
    body = {
        "sign": office.org.window.sign.code,
        "category": "consult",
        "content": "问",
        "contact": {"name": "王"},
    }
    return office.anybody.post("/inquiries", body, key=KEY)


def break_down(*_args: Any, **_kwargs: Any) -> Any:
    raise RuntimeError("a canary of the inside: SELECT secret FROM texts")


HALF_WAY = [
    (filing, "start_clocks"),
    (filing, "record"),
    (filing, "message_staff"),
    (filing, "message_citizen"),
    (pipeline, "remember"),
]


def test_a_failure_half_way_leaves_nothing_and_the_retry_goes_through(office: Office, monkeypatch) -> None:
    office.app.testing = False
    before = rows(office)
    for module, name in HALF_WAY:
        with monkeypatch.context() as patch:
            patch.setattr(module, name, break_down)
            broken = file(office)
        assert (broken.status_code, broken.json["code"]) == (500, "internal_error"), name
        assert "canary" not in broken.get_data(as_text=True)
        assert rows(office) == before, name
    assert file(office).status_code == 201


def lost(original: Callable[[Session], None], *, stands: bool) -> Callable[[Session], None]:
    """A commit whose connection breaks: before it took effect, or after."""

    def commit(session: Session) -> None:
        if stands:
            original(session)
        raise OperationalError(
            "COMMIT", {}, Exception("server closed the connection"), connection_invalidated=True
        )

    return commit


@pytest.mark.parametrize("stands", [True, False])
def test_a_commit_of_unknown_outcome_is_never_a_made_up_201(office: Office, monkeypatch, stands) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Session, "commit", lost(Session.commit, stands=stands))
        unknown = file(office)
    assert (unknown.status_code, unknown.json["code"]) == (503, "outcome_unknown")
    assert unknown.headers["Retry-After"]
    again = file(office)
    assert again.status_code == 201
    assert ("Idempotent-Replayed" in again.headers) is stands
    assert rows(office)["inquiries"] == 1


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_locked_file_is_busy_and_says_when_to_come_back(office: Office, monkeypatch) -> None:
    path = office.settings.database_url.removeprefix("sqlite:///")
    with office.working() as work:
        work.session.connection().exec_driver_sql("PRAGMA busy_timeout = 50")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    busy = file(office)
    assert office.anybody.get(f"/signs/{office.org.window.sign.code}").status_code == 200
    other.rollback()
    other.close()
    assert (busy.status_code, busy.json["code"], busy.headers["Retry-After"]) == (503, "busy", "5")
    assert file(office).status_code == 201


@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_a_locked_chain_is_busy_and_says_when_to_come_back(office: Office) -> None:
    with office.working() as work:
        # The pool hands the same connection out again, with this short patience.
        work.session.connection().exec_driver_sql("SET lock_timeout = '50ms'")
    address = office.settings.database_url.replace("postgresql+psycopg://", "postgresql://")
    with psycopg.connect(address) as other:
        other.execute("SELECT * FROM ledger_heads FOR UPDATE")
        busy = file(office)
        other.rollback()
    assert (busy.status_code, busy.json["code"], busy.headers["Retry-After"]) == (503, "busy", "5")
    assert file(office).status_code == 201


def test_a_full_disk_refuses_the_photo_and_keeps_the_words(office: Office, monkeypatch) -> None:
    object.__setattr__(office.settings, "blob_store", "files")
    filed = office.file()
    before = rows(office)

    def no_room(*_args: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    def upload() -> Any:
        return office.anybody.client.post(
            f"/api/v1/inquiries/{filed['number']}/attachments",
            data={"file": (io.BytesIO(encoded(picture(), "PNG")), "a.png")},
            headers={"X-Tracking-Token": filed["tracking_token"], "Idempotency-Key": new_key()},
            content_type="multipart/form-data",
        )

    with monkeypatch.context() as patch:
        patch.setattr(blobs, "_write_whole", no_room)
        full = upload()
    assert (full.status_code, full.json["code"], full.headers["Retry-After"]) == (503, "storage_full", "5")
    assert rows(office) == before
    citizen = office.citizen(filed["tracking_token"])
    assert citizen.get(f"/inquiries/{filed['number']}").json["content"]
    assert upload().status_code == 201


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_sealed_file_that_was_changed_is_not_served(office: Office) -> None:
    filed = office.file()
    added = office.anybody.client.post(
        f"/api/v1/inquiries/{filed['number']}/attachments",
        data={"file": (io.BytesIO(encoded(picture(), "PNG")), "a.png")},
        headers={"X-Tracking-Token": filed["tracking_token"], "Idempotency-Key": new_key()},
        content_type="multipart/form-data",
    )
    [sealed] = [path for path in Path(office.settings.blobs_dir).rglob("*") if path.is_file()]
    data = bytearray(sealed.read_bytes())
    data[len(data) // 2] ^= 1
    sealed.chmod(0o600)
    sealed.write_bytes(bytes(data))
    office.app.testing = False
    broken = office.anybody.client.get(
        added.json["url"], headers={"X-Tracking-Token": filed["tracking_token"]}
    )
    assert (broken.status_code, broken.json["code"]) == (500, "internal_error")
