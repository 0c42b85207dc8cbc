"""How a command says that it cannot go on."""

from __future__ import annotations

from typing import Any

import click


class Refusal(click.ClickException):
    """A command that cannot go on: one Chinese line on standard error, exit status 1."""

    def show(self, file: Any = None) -> None:
        click.echo(self.message, file=file, err=file is None)
