"""Load for the outbox: many messages, a worker that sends them to the counting stub, and a process of it to kill.

`python -m tests.support.outbox_load URL FOLDER STUB LEASE` is such a worker, until its standard input ends.
"""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from backend.clock import SystemClock
from backend.database import reading, unit_of_work
from backend.delivery.composing import NotSendable
from backend.delivery.leases import Leased
from backend.delivery.sending import SenderPool
from backend.models import OutboxItem
from backend.settings import WechatSettings
from backend.vault.cipher import Vault
from backend.vault.keys import Keyring
from backend.wechat.gateway import Gateway
from backend.wechat.gateway.token_stores import FileTokenStore, TokenSeal
from tests.support.databases import bare_app

ROOT = Path(__file__).parents[2]
SENDERS = 20


@dataclass(frozen=True, slots=True)
class Plain:
    """A message that says nothing but its number."""

    item: Leased
    account_id: str
    openid: str
    data: dict[str, str]
    template_key: str = "progress"


@dataclass(frozen=True)
class PlainSender:
    """Sends by the real gateway, and asks no database whom or what."""

    gateway: Gateway = field(hash=False, compare=False)
    channel: str = "wechat"

    def prepare(
        self, _session: Session, items: Sequence[Leased], _now: datetime
    ) -> Sequence[Plain | NotSendable]:
        return [
            Plain(item, item.recipient_id, f"o{item.recipient_id}", {"number1": item.payload["n"]})
            for item in items
        ]

    def send(self, message: Plain) -> str | None:
        return send(self.gateway, message.openid, message.data)

    def settle(self, _session: Session, _sent: Any, _refused: Any, _now: datetime) -> None:
        """Costs nothing."""


def send(gateway: Gateway, openid: str, data: dict[str, str]) -> str | None:
    """One message as all sides of the benchmark send it."""
    return gateway.send_message(openid, "t" * 43, data, "pages/inquiry/index?number=2026000000001")


def stub_gateway(port: int, folder: Path) -> Gateway:
    """The real gateway, speaking to the stub."""
    keys = folder / "keys"
    if not keys.exists():
        Keyring.create(keys)
    wechat = WechatSettings("wx0123456789abcdef", "secret", api_url=f"http://127.0.0.1:{port}")
    return Gateway(wechat, FileTokenStore(folder, TokenSeal(Vault(Keyring.load(keys)), wechat.app_id)))


def fill(count: int, lanes: int, now: datetime) -> None:
    """Write so many messages, to so many people in turn. Within an application context."""
    people = [f"{n:032x}" for n in range(lanes)]
    with unit_of_work() as session:
        session.execute(
            insert(OutboxItem),
            [
                {
                    "kind": "message",
                    "topic": "confirmed",
                    "recipient_kind": "account",
                    "recipient_id": people[n % lanes],
                    "lane": f"account:{people[n % lanes]}",
                    "payload": {"n": str(n)},
                    "available_at": now,
                    "created_at": now,
                }
                for n in range(count)
            ],
        )


def left() -> int:
    """How many messages are not done."""
    with reading() as session:
        unfinished = select(func.count()).select_from(OutboxItem).where(OutboxItem.state != "done")
        return session.scalar(unfinished) or 0


@dataclass(frozen=True)
class Stub:
    """A running stub."""

    port: int

    def counts(self) -> dict[str, Any]:
        return self._get("/counts")

    def clear(self) -> None:
        self._get("/clear")

    def _get(self, path: str) -> dict[str, Any]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", path)
            answer: dict[str, Any] = json.loads(connection.getresponse().read())
            return answer
        finally:
            connection.close()


@contextmanager
def running_stub(seconds: float) -> Iterator[Stub]:
    """A stub that answers each message after so many seconds."""
    with python("tests.support.stub_wechat", str(seconds)) as process:
        assert process.stdout is not None
        yield Stub(int(process.stdout.readline()))


@contextmanager
def python(module: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """A module as a process, which is gone at the end."""
    with subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


@contextmanager
def worker_process(
    url: str, folder: Path, stub: Stub, lease_seconds: float
) -> Iterator[subprocess.Popen[str]]:
    """A worker that has begun to send."""
    with python("tests.support.outbox_load", url, str(folder), str(stub.port), str(lease_seconds)) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "sending\n"
        yield process


@contextmanager
def outbox_app(url: str, folder: Path) -> Iterator[Flask]:
    """An application with a database and a clock."""
    with bare_app(url, folder) as app:
        app.extensions["shouwen_clock"] = SystemClock()
        yield app


def main(url: str, folder: str, port: str, lease_seconds: str) -> None:
    gateway = stub_gateway(int(port), Path(folder))
    sender = PlainSender(gateway)
    with outbox_app(url, Path(folder)) as app:
        lease = timedelta(seconds=float(lease_seconds))
        pool = SenderPool(app, {"account": sender}, hands=SENDERS, lease=lease)
        with pool.running():
            print("sending", flush=True)
            sys.stdin.read()


if __name__ == "__main__":
    main(*sys.argv[1:])
