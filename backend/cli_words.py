"""Groups and commands whose help is Chinese throughout: the headings and marks that click itself writes."""

from __future__ import annotations

import re
from typing import Any

import click
from flask.cli import AppGroup

_MARK = re.compile(r"\[[^\[]*\]\Z")
"""What click adds to an option's words: whether it must be given, what it is by default."""


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
        options = [param for param in self.get_params(ctx) if isinstance(param, click.Option)]
        records = filter(None, (option.get_help_record(ctx) for option in options))
        rows = [(name, _MARK.sub(_in_chinese, words)) for name, words in records]
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


def _in_chinese(mark: re.Match[str]) -> str:
    return mark[0].replace("required", "必填").replace("default: ", "默认：").replace("; ", "；")
