"""Load for the outbox: many messages, a worker that sends them to the counting stub, and a process of it to kill.

`python -m tests.support.outbox_load URL FOLDER STUB LEASE CALL` is such a worker, until its standard input ends.
"""

from __future__ import annotations

import http.client
import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
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
TEMPLATE = "t" * 43
PAGE = "pages/inquiry/index?number=2026000000001"


@dataclass(frozen=True, slots=True)
class Plain:
    """A message that says nothing but its number."""

    item: Leased
    account_id: str
    openid: str
    data: dict[str, str]
    template_key: str = "progress"


Call = Callable[[str, Mapping[str, str]], str | None]
"""Sends one message to an openid and returns its number."""


@dataclass(frozen=True)
class PlainSender:
    """Sends by the call it is given, and asks no database whom or what."""

    call: Call = field(hash=False, compare=False)
    channel: str = "wechat"

    def prepare(
        self, _session: Session, items: Sequence[Leased], _now: datetime
    ) -> Sequence[Plain | NotSendable]:
        return [
            Plain(item, item.recipient_id, f"o{item.recipient_id}", {"number1": item.payload["n"]})
            for item in items
        ]

    def send(self, message: Plain) -> str | None:
        return self.call(message.openid, message.data)

    def settle(self, _session: Session, _sent: Any, _refused: Any, _now: datetime) -> None:
        """Costs nothing."""


def gateway_call(port: int, folder: Path) -> Call:
    """The real gateway, speaking to the stub."""
    keys = folder / "keys"
    if not keys.exists():
        Keyring.create(keys)
    wechat = WechatSettings("wx0123456789abcdef", "secret", api_url=f"http://127.0.0.1:{port}")
    store = FileTokenStore(folder, TokenSeal(Vault(Keyring.load(keys)), wechat.app_id))
    gateway = Gateway(wechat, store)
    return lambda openid, data: gateway.send_message(openid, TEMPLATE, data, PAGE)


def bare_call(port: int, _folder: Path) -> Call:
    """The same request by hand on a socket of each thread: as little as a call can cost, so that the rest shows."""
    own = threading.local()

    def call(openid: str, data: Mapping[str, str]) -> str | None:
        connection: socket.socket | None = getattr(own, "connection", None)
        if connection is None:
            connection = own.connection = socket.create_connection(("127.0.0.1", port))
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        fields = {key: {"value": value} for key, value in data.items()}
        body = json.dumps({"touser": openid, "template_id": TEMPLATE, "page": PAGE, "data": fields}).encode()
        head = f"POST /cgi-bin/message/subscribe/send HTTP/1.1\r\nHost: stub\r\nContent-Length: {len(body)}\r\n\r\n"
        connection.sendall(head.encode() + body)
        # The stub answers in one piece far smaller than this.
        return str(json.loads(connection.recv(65536).partition(b"\r\n\r\n")[2])["msgid"])

    return call


CALLS = {"gateway": gateway_call, "bare": bare_call}


def fill(count: int, lanes: int, now: datetime, first: int = 0) -> None:
    """Write so many messages, numbered from `first`, to so many people in turn. Within an application context."""
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
                for n in range(first, first + count)
            ],
        )


def left() -> int:
    """How many messages are not done."""
    with reading() as session:
        unfinished = select(func.count()).select_from(OutboxItem).where(OutboxItem.state != "done")
        return session.scalar(unfinished) or 0


def wait_until_done(seconds: float) -> None:
    """Wait until every message is done. Raises AssertionError when that takes longer."""
    until = time.monotonic() + seconds
    while (unfinished := left()) and time.monotonic() < until:
        threading.Event().wait(0.02)  # another process does it, and only the database tells
    assert not unfinished, f"{unfinished} messages not done after {seconds:.0f} s"


@dataclass(frozen=True)
class Stub:
    """A running stub."""

    port: int

    def counts(self) -> dict[str, Any]:
        return self._get("/counts")

    def clear(self) -> None:
        self._get("/clear")

    def wait_for(self, requests: int) -> None:
        """Wait until so many have come in all."""
        self._get(f"/reached/{requests}")

    def _get(self, path: str) -> dict[str, Any]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
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
    url: str, folder: Path, stub: Stub, lease_seconds: float, call: str = "gateway"
) -> Iterator[subprocess.Popen[str]]:
    """A worker that has begun to send."""
    arguments = (url, str(folder), str(stub.port), str(lease_seconds), call)
    with python("tests.support.outbox_load", *arguments) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "sending\n"
        yield process


@dataclass(frozen=True, slots=True)
class Kill:
    """What one `kill -9` did: messages sent twice, and seconds from the next worker's start until every message was sent."""

    twice: int
    seconds: float


def kill_workers(
    url: str, folder: Path, stub: Stub, *, rounds: int, messages: int, lease_seconds: float
) -> Iterator[Kill]:
    """Kill a worker in the middle of so many messages, start the next one at once, and so on.

    Within an application context. Raises AssertionError when a message is lost, or not sent within lease + 5 s
    of the next worker's start.
    """
    with ExitStack() as stack:
        worker = stack.enter_context(worker_process(url, folder, stub, lease_seconds))
        for number in range(rounds):
            before = stub.counts()
            fill(messages, messages // 2, datetime.now(UTC), first=number * messages)
            stub.wait_for(before["requests"] + messages // 8 * (1 + number % 6))
            worker.kill()
            worker.wait()
            caught = left()
            assert caught, "the kill hit nothing: the round shows nothing"
            worker = stack.enter_context(worker_process(url, folder, stub, lease_seconds))
            started = time.monotonic()
            wait_until_done(lease_seconds + 5)
            seconds = time.monotonic() - started
            after = stub.counts()
            assert after["messages"] == (number + 1) * messages
            yield Kill(after["requests"] - before["requests"] - messages, seconds)


@contextmanager
def outbox_app(url: str, folder: Path) -> Iterator[Flask]:
    """An application with a database and a clock."""
    with bare_app(url, folder) as app:
        app.extensions["shouwen_clock"] = SystemClock()
        yield app


def main(url: str, folder: str, port: str, lease_seconds: str, call: str) -> None:
    sender = PlainSender(CALLS[call](int(port), Path(folder)))
    with outbox_app(url, Path(folder)) as app:
        lease = timedelta(seconds=float(lease_seconds))
        pool = SenderPool(app, {"account": sender}, hands=SENDERS, lease=lease)
        with pool.running():
            print("sending", flush=True)
            sys.stdin.read()


if __name__ == "__main__":
    main(*sys.argv[1:])
