"""When a guard refuses: conditions over the old and the new row, in the SQL that both databases read."""

from __future__ import annotations

from collections.abc import Callable, Sequence


def changed(columns: Sequence[str]) -> str:
    """One of these columns changes."""
    return " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in columns)


def any_but(*free: str) -> Callable[[Sequence[str]], str]:
    """Anything but these columns changes; a column added later is guarded with the rest."""
    return lambda columns: changed([column for column in columns if column not in free])


def any_of(*fixed: str) -> Callable[[Sequence[str]], str]:
    """One of these columns changes."""
    return lambda columns: changed([column for column in columns if column in fixed])


def rewritten(*once: str) -> Callable[[Sequence[str]], str]:
    """One of these columns changes although it had a value already."""
    return lambda _columns: " OR ".join(
        f"(OLD.{c} IS NOT NULL AND OLD.{c} IS DISTINCT FROM NEW.{c})" for c in once
    )


def refilled(*erasable: str) -> Callable[[Sequence[str]], str]:
    """One of these columns changes to anything but NULL."""
    return lambda _columns: " OR ".join(
        f"(NEW.{c} IS NOT NULL AND OLD.{c} IS DISTINCT FROM NEW.{c})" for c in erasable
    )


def unset(*flags: str) -> Callable[[Sequence[str]], str]:
    """A flag that was set is taken back."""
    return lambda _columns: " OR ".join(f"(OLD.{flag} AND NOT NEW.{flag})" for flag in flags)
