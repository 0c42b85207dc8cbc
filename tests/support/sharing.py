"""What every application of a test process makes alike is made once: addresses, compiled templates, compiled SQL."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import event
from werkzeug.routing import Rule

from backend.database import db


class _Templates(BytecodeCache):
    """Templates compiled in this process."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.kept:
            bucket.bytecode_from_string(self.kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[bucket.key] = bucket.bytecode_to_string()


class _Statements(dict[Any, Any]):
    """SQL compiled in this process.

    Every engine has a dialect of its own, and its identity begins the keys; the engines of one kind of database are
    configured alike, so its name stands for it.
    """

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get((key[0].name, *key[1:]), default)

    def __setitem__(self, key: Any, compiled: Any) -> None:
        super().__setitem__((key[0].name, *key[1:]), compiled)


_TEMPLATES = _Templates()
_STATEMENTS = _Statements()


def share(app: Flask) -> None:
    """Give a new application what others of the process have compiled, and spare its SQLite file the fsyncs.

    Nothing of a test outlives a power cut; PostgreSQL does without for the tests as well.
    """
    app.jinja_env.bytecode_cache = _TEMPLATES
    with app.app_context():
        for engine in db.engines.values():
            engine.update_execution_options(compiled_cache=_STATEMENTS)
            if engine.dialect.name == "sqlite":
                event.listen(engine, "connect", _do_without_fsync)


def _do_without_fsync(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA synchronous=OFF")


def share_builders(patch: pytest.MonkeyPatch) -> None:
    """Werkzeug writes two functions for each of the addresses of each application, from the rule's text alone."""
    builders: dict[Any, Any] = {}
    write = Rule._compile_builder

    def written_once(rule: Rule, append_unknown: bool = True) -> Any:
        key = (*rule._trace, repr(rule.defaults), append_unknown)
        if key not in builders:
            builders[key] = write(rule, append_unknown)
        return builders[key]

    patch.setattr(Rule, "_compile_builder", written_once)
