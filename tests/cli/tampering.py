"""What somebody with the database's own password could do: past the triggers and the foreign keys."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import OperationalError

from backend.domain.ledger import canonical_json, entry_hash, entry_message, head_message
from backend.settings import Settings
from backend.vault.signing import Signer


@contextmanager
def unguarded(settings: Settings) -> Iterator[Connection]:
    """A connection that no trigger and no foreign key stands against; commits."""
    engine = create_engine(settings.database_url)
    try:
        with engine.begin() as connection:
            if settings.is_sqlite:
                triggers = connection.scalars(
                    text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
                ).all()
                for trigger in triggers:
                    connection.execute(text(f"DROP TRIGGER {trigger}"))
            else:
                connection.execute(text("SET LOCAL session_replication_role = replica"))
            yield connection
    finally:
        engine.dispose()


class Chain:
    """One unit's chain in the hands of a forger."""

    def __init__(self, connection: Connection, unit_id: str) -> None:
        self.connection = connection
        self.unit_id = unit_id

    def change(self, sequence: int, **values: Any) -> None:
        """Put other values into the columns of one entry."""
        sets = ", ".join(f"{name} = :{name}" for name in values)
        self._run(
            f"UPDATE ledger_entries SET {sets} WHERE unit_id = :unit AND sequence = :at",
            at=sequence,
            **values,
        )

    def value(self, sequence: int, column: str) -> Any:
        return self.connection.execute(
            text(f"SELECT {column} FROM ledger_entries WHERE unit_id = :unit AND sequence = :at"),
            {"unit": self.unit_id, "at": sequence},
        ).scalar_one()

    def length(self) -> int:
        return self.connection.execute(
            text("SELECT count(*) FROM ledger_entries WHERE unit_id = :unit"), {"unit": self.unit_id}
        ).scalar_one()

    def remove(self, *sequences: int) -> None:
        for sequence in sequences:
            self._run("DELETE FROM ledger_entries WHERE unit_id = :unit AND sequence = :at", at=sequence)

    def swap(self, one: int, other: int) -> None:
        for former, latter in ((one, 10**6), (other, one), (10**6, other)):
            self._run(
                "UPDATE ledger_entries SET sequence = :latter WHERE unit_id = :unit AND sequence = :former",
                former=former,
                latter=latter,
            )

    def rewrite_tail(self, first: int, signer: Signer | None) -> None:
        """Say something else in an entry and make every hash from there on, and the head, right again.

        Signed by `signer`; without one the old signatures stay.
        """
        prev = bytes(self.value(first, "prev_hash"))
        last = self.length()
        for sequence in range(first, last + 1):
            facts = json.loads(self.value(sequence, "body"))
            if sequence == first:
                facts["version"] += 1
            digest = entry_hash(prev, facts)
            self.change(sequence, body=canonical_json(facts).decode(), prev_hash=prev, hash=digest)
            if signer is not None:
                self.change(sequence, signature=signer.sign(entry_message(self.unit_id, sequence, digest)))
            prev = digest
        self.set_head(last, prev, signer)

    def set_head(self, sequence: int, digest: bytes, signer: Signer | None) -> None:
        self._run(
            "UPDATE ledger_heads SET sequence = :at, hash = :hash WHERE unit_id = :unit",
            at=sequence,
            hash=digest,
        )
        if signer is not None:
            signature = signer.sign(head_message(self.unit_id, sequence, digest))
            self._run(
                "UPDATE ledger_heads SET signature = :signature WHERE unit_id = :unit", signature=signature
            )

    def remove_head(self) -> None:
        self._run("DELETE FROM ledger_heads WHERE unit_id = :unit")

    def _run(self, statement: str, **values: Any) -> None:
        self.connection.execute(text(statement), {"unit": self.unit_id, **values})


def unreadable() -> NoReturn:
    """In the place of `reading`: the database does not answer."""
    raise OperationalError("SELECT 1", {}, Exception("disk I/O error"))
