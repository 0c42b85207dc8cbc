"""Every command explains itself in Chinese, and the manual for operators names each one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from backend.cli import shouwen

MANUAL = (Path(__file__).parents[2] / "docs" / "部署手册.md").read_text("utf-8")
CHINESE = re.compile("[\u4e00-\u9fff]")


def commands(group: click.Group, before: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    for name, command in sorted(group.commands.items()):
        if isinstance(command, click.Group):
            yield from commands(command, (*before, name))
        else:
            yield " ".join((*before, name)), command


ALL = dict(commands(shouwen))


def test_there_is_a_command_for_each_of_the_operators_tasks():
    assert {
        "unit list", "unit create", "unit close",
        "staff list", "staff create", "staff move", "staff disable", "staff restore", "staff reset-password", "staff grant",
        "staff revoke",
        "import organisation", "import ledger", "import template",
        "ledger verify", "ledger checkpoint",
        "calendar list", "calendar load", "calendar check", "calendar seed",
        "retention",
    } <= ALL.keys()  # fmt: skip


@pytest.mark.parametrize("name", ALL)
def test_a_command_and_each_of_its_options_is_explained_in_chinese(name):
    command = ALL[name]
    assert CHINESE.search(command.help or ""), name
    for option in command.params:
        if isinstance(option, click.Option) and option.name != "help":
            assert (option.is_flag and option.flag_value == "svg") or CHINESE.search(option.help or ""), (
                option.name
            )
        elif isinstance(option, click.Argument):
            assert option.metavar, f"{name}: {option.name}"


@pytest.mark.parametrize("name", ALL)
def test_the_manual_names_the_command(name):
    assert f"shouwen {name}" in MANUAL, name


@pytest.mark.parametrize(
    "group", [group for group in shouwen.commands.values() if isinstance(group, click.Group)]
)
def test_a_group_says_what_it_is_for(group):
    assert CHINESE.search(group.help or "")


@pytest.mark.parametrize("name", sorted({*ALL, *shouwen.commands, ""}))
def test_no_word_of_clicks_own_stands_in_a_help(name):
    """Headings, marks and the help option itself are Chinese as well."""
    command = shouwen
    for step in name.split():
        command = command.commands[step]
    told = command.get_help(click.Context(command, info_name=name or "shouwen"))
    assert told.startswith("用法：")
    assert re.findall(r"Usage|Options|Commands|OPTIONS|ARGS|Show this|required|default", told) == []
