"""How gunicorn serves `wsgi:app`: `gunicorn -c python:backend.gunicorn_conf wsgi:app`.

SQLite has one writer connection a process, so one process with threads; PostgreSQL takes several processes.
WEB_CONCURRENCY and THREADS override the numbers (WEB_CONCURRENCY not on SQLite).
"""

from __future__ import annotations

import os
import socket
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import structlog
from gunicorn.glogging import Logger
from gunicorn.workers.gthread import TConn, ThreadWorker

from backend.logs import configure_logging, redact_path
from backend.processes import die_with_parent
from backend.settings import Settings

_SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - gunicorn makes files of its own random names in it
_QUIET_PATHS = ("/healthz", "/readyz", "/static/")

_settings = Settings.from_env(os.environ)


class PatientWorker(ThreadWorker):
    """gthread with a time limit for request heads: eight dripping clients would otherwise hold all eight threads."""

    head_seconds = 15.0
    """A client that has not sent its whole request head by then is cut off, however slowly it drips."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._reading: dict[TConn, float] = {}

    def handle(self, conn: TConn) -> Any:
        self._reading[conn] = time.monotonic() + self.head_seconds
        try:
            return super().handle(conn)
        finally:
            self._reading.pop(conn, None)

    def handle_request(self, req: Any, conn: TConn) -> Any:
        self._reading.pop(conn, None)
        return super().handle_request(req, conn)

    def murder_pending(self) -> None:
        super().murder_pending()
        late = time.monotonic()
        for conn, limit in list(self._reading.items()):
            if limit < late and self._reading.pop(conn, None) is not None:
                try:
                    conn.sock.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue  # it went away by itself


class StructuredLogger(Logger):
    """gunicorn's own lines and one line a request, through the redaction of `backend.logs`."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        configure_logging(production=_settings.production)
        self.error_log.handlers.clear()
        self.error_log.propagate = True

    def access(self, resp: Any, req: Any, environ: dict[str, Any], request_time: timedelta) -> None:
        path = environ.get("PATH_INFO", "")
        if path.startswith(_QUIET_PATHS) and resp.status_code < 400:
            return
        headers = {str(name).lower(): value for name, value in resp.headers}
        structlog.get_logger("access").info(
            "request",
            method=environ.get("REQUEST_METHOD"),
            path=redact_path(path),
            status=resp.status_code,
            bytes=resp.sent,
            ms=round(request_time.total_seconds() * 1000, 1),
            request_id=headers.get("x-request-id"),
        )


def _number(name: str, default: int) -> int:
    return max(1, int(os.environ.get(name) or default))


bind = (
    f"[{_settings.host}]:{_settings.port}" if ":" in _settings.host else f"{_settings.host}:{_settings.port}"
)
worker_class = PatientWorker
workers = 1 if _settings.is_sqlite else _number("WEB_CONCURRENCY", 2)
threads = _number("THREADS", 8)
worker_connections = 1000
timeout = 30
graceful_timeout = 8  # the supervisor waits ten seconds in all
keepalive = 5
limit_request_line = 4094
limit_request_fields = 64
limit_request_field_size = 8190
# A proxy's headers are read by the application, for as many proxies as TRUSTED_PROXIES says; never by gunicorn.
forwarded_allow_ips = ""
secure_scheme_headers: dict[str, str] = {}
forwarder_headers = ""
header_map = "drop"
control_socket_disable = True
# The heartbeat file must not wait for a disk that is busy or full.
worker_tmp_dir = str(_SHARED_MEMORY) if os.access(_SHARED_MEMORY, os.W_OK) else None
accesslog = None
logger_class = StructuredLogger
proc_name = "shouwen-web"


def post_fork(server: Any, _worker: Any) -> None:
    """End a worker with its master, also when the master is killed."""
    die_with_parent(server.pid)
