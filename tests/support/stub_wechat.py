"""A stand-in for WeChat that only counts: `python -m tests.support.stub_wechat SECONDS` answers each message after so long.

Much quicker than the simulator and with none of its rules. Prints its port, ends when its standard input does.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections import Counter
from typing import Any

OK = b'{"errcode":0,"errmsg":"ok","msgid":"7"}'
TOKEN = b'{"access_token":"stub-token","expires_in":7200}'


class Counts:
    """What has come in so far."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        self.waiting: list[tuple[int, asyncio.Event]] = []
        self.received: Counter[str] = Counter()
        self.under_way: Counter[str] = Counter()
        self.most_at_once = 0
        self.first = self.last = 0.0

    def came(self, person: str, number: str) -> None:
        self.last = time.monotonic()
        self.first = self.first or self.last
        self.received[number] += 1
        self.under_way[person] += 1
        self.most_at_once = max(self.most_at_once, self.under_way[person])
        if self.waiting:
            for wanted, reached in self.waiting:
                if self.received.total() >= wanted:
                    reached.set()

    def as_json(self) -> bytes:
        return json.dumps(
            {
                "messages": len(self.received),
                "requests": self.received.total(),
                "seconds": self.last - self.first,
                "quiet_for": time.monotonic() - self.last,
                "most_at_once": self.most_at_once,
            }
        ).encode()


class Connection(asyncio.Protocol):
    """One kept-alive connection; requests come one after the other."""

    def __init__(self, counts: Counts, delay: float) -> None:
        self._counts, self._delay = counts, delay
        self._buffer = b""

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, mark, rest = self._buffer.partition(b"\r\n\r\n")
        if not mark:
            return
        length = next(
            (
                int(line.split(b":")[1])
                for line in head.split(b"\r\n")
                if line[:15].lower() == b"content-length:"
            ),
            0,
        )
        if len(rest) < length:
            return
        self._buffer = rest[length:]
        self._handle(head.split(b" ", 2)[1], rest[:length])

    def _handle(self, path: bytes, body: bytes) -> None:
        if path.startswith(b"/cgi-bin/message/subscribe/send"):
            message = json.loads(body)
            person, number = message["touser"], message["data"]["number1"]["value"]
            self._counts.came(person, number)
            if self._delay:
                asyncio.get_running_loop().call_later(self._delay, self._took, person)
            else:
                self._took(person)
        elif path == b"/counts":
            self._reply(self._counts.as_json())
        elif path.startswith(b"/reached/"):
            self._waiter = asyncio.ensure_future(self._reply_when(int(path.rsplit(b"/")[-1])))
        elif path == b"/clear":
            self._counts.clear()
            self._reply(b"{}")
        else:
            self._reply(TOKEN)

    def _took(self, person: str) -> None:
        self._counts.under_way[person] -= 1
        self._reply(OK)

    async def _reply_when(self, requests: int) -> None:
        reached = asyncio.Event()
        if self._counts.received.total() < requests:
            self._counts.waiting.append((requests, reached))
            await reached.wait()
        self._reply(b"{}")

    def _reply(self, body: bytes) -> None:
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        self._transport.write(head.encode() + body)


async def main(delay: float) -> None:
    counts = Counts()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(counts, delay), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(main(float(sys.argv[1])))
