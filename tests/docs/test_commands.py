"""Every `flask shouwen …` that a page shows is a command line that click takes."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from backend.cli import shouwen

ROOT = Path(__file__).parents[2]
SHOWN = re.compile(r"flask --app wsgi shouwen ((?:(?!\s{2,}#)[^`\n。，；（）])+)")
PAGES = [ROOT / "README.md", ROOT / "docs" / "部署手册.md"]


def shown(page):
    """The command lines of a page, each with the number of its line."""
    for number, line in enumerate(page.read_text("utf-8").splitlines(), start=1):
        for found in SHOWN.finditer(line):
            yield number, found[1].split(" #")[0].strip()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_command_line_of_a_page_has_every_argument_and_option_it_needs(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    wrong = []
    for number, words in shown(page):
        if words.startswith("…"):
            continue
        try:
            taken(shouwen, shlex.split(words))
        except click.UsageError as error:
            wrong.append(f"{page.name}:{number} {words}: {error.format_message()}")
    assert wrong == []


def taken(command: click.Command, words: list[str]) -> None:
    """What click makes of the words, without running anything. Raises click.UsageError."""
    while isinstance(command, click.Group):
        _name, command, words = command.resolve_command(click.Context(command), list(words))
    for word in words:  # files that a command reads are there
        if Path(word).suffix:
            Path(word).touch()
    words = [word.partition("|")[0] for word in words]
    command.make_context(command.name, words)


def test_lines_of_both_pages_were_found():
    assert all(len(list(shown(page))) >= 3 for page in PAGES)
