"""Groups and commands whose help is Chinese throughout: the headings and marks that click itself writes."""

from __future__ import annotations

from typing import Any

import click
from flask.cli import AppGroup

_MARKS = (("[required]", "[必填]"), ("[default: ", "[默认："))


class _ChineseHelp(click.Command):
    """What of a help page is click's own, in our words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("options_metavar", "[选项]")
        super().__init__(*args, **kwargs)

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), prefix="用法：")

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "显示这段说明。"
        return option

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        records = [param.get_help_record(ctx) for param in self.get_params(ctx)]
        rows = [(name, _marked(words)) for name, words in filter(None, records)]
        with formatter.section("选项"):
            formatter.write_dl(rows)


class ChineseCommand(_ChineseHelp):
    """A command."""


class ChineseGroup(AppGroup, _ChineseHelp):
    """A group of commands, each in the context of the application."""

    command_class = ChineseCommand

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("subcommand_metavar", "命令 [参数]…")
        super().__init__(*args, **kwargs)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        _ChineseHelp.format_options(self, ctx, formatter)
        commands = [(name, command) for name, command in sorted(self.commands.items()) if not command.hidden]
        with formatter.section("命令"):
            formatter.write_dl([(name, command.get_short_help_str(60)) for name, command in commands])


def _marked(words: str) -> str:
    for theirs, ours in _MARKS:
        words = words.replace(theirs, ours)
    return words
