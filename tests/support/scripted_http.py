"""A server on loopback that answers as told, down to the bytes: what a strict simulator never does."""

from __future__ import annotations

import json
import socket
import socketserver
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

Answer = Callable[[socket.socket], None]


@dataclass
class Asked:
    """One request that came in whole."""

    method: str
    path: str
    query: dict[str, str]
    body: Any


@dataclass
class Script:
    """What came in, and what goes out: each answer once, the last one for ever."""

    url: str
    answers: list[Answer]
    asked: list[Asked] = field(default_factory=list)

    def next(self) -> Answer:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def raw(body: bytes, *, status: str = "200 OK", content_type: str = "text/plain") -> Answer:
    """These bytes, whole."""
    head = f"HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n"
    return lambda client: client.sendall(head.encode() + body)


def says(status: str = "200 OK", /, **fields: Any) -> Answer:
    """A JSON object, labelled as WeChat labels it."""
    return raw(json.dumps(fields).encode(), status=status)


def silence(client: socket.socket) -> None:
    """Nothing, until the other side has had enough."""
    client.recv(1)


def reset(client: socket.socket) -> None:
    """RST in place of an answer."""
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()


def hang_up(client: socket.socket) -> None:
    """FIN in place of an answer."""
    client.shutdown(socket.SHUT_RDWR)


def cut_short(client: socket.socket) -> None:
    """Half of what was announced."""
    client.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"errcode":0,')
    client.shutdown(socket.SHUT_RDWR)


def dripping(seconds: float) -> Answer:
    """A byte every so often, each in time, the whole never."""

    def answer(client: socket.socket) -> None:
        client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        pause = threading.Event()
        while not pause.wait(seconds):
            client.sendall(b" ")

    return answer


@contextmanager
def scripted(*answers: Answer) -> Iterator[Script]:
    """Serve until the block ends."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            try:
                while asked := _read(self.rfile):
                    script.asked.append(asked)
                    script.next()(self.connection)
            except OSError:
                pass  # the other side had enough, or we reset it

        def finish(self) -> None:
            self.rfile.close()

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        block_on_close = False
        request_queue_size = 64

    with Server(("127.0.0.1", 0), Handler) as server:
        script = Script(f"http://127.0.0.1:{server.server_address[1]}", list(answers))
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield script
        finally:
            server.shutdown()


def _read(stream: Any) -> Asked | None:
    first = stream.readline().decode()
    if not first.strip():
        return None
    length = 0
    while (line := stream.readline().decode().strip()) != "":
        name, _, value = line.partition(":")
        if name.lower() == "content-length":
            length = int(value)
    body = stream.read(length)
    method, target, _ = first.split(" ")
    parts = urlsplit(target)
    query = {name: values[0] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
    return Asked(method, parts.path, query, json.loads(body) if body else None)
