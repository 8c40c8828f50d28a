"""What the command says: for eyes on a terminal, plain in a log, JSON for machines.

Answers go to standard output, everything else to standard error, so that a pipe carries only
what was asked for.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import click
from rich.console import Console as Screen
from rich.table import Table
from rich.text import Text

Fact: TypeAlias = str | int | bool | None
WIDE = 10_000
WORDS = {
    "sign_in_url": "Sign-in link", "return_url": "Link", "tlp": "TLP", "sha256": "SHA-256",
    "uuid": "Identifier",
}  # fmt: skip


class Console:
    """Prints one command's answer in the form that was asked for."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json
        self.out = _screen(stderr=False)
        self.log = _screen(stderr=True)

    def done(self, message: str, facts: Mapping[str, Fact] | None = None) -> None:
        """Say that something is done, and the facts worth keeping; JSON holds the facts alone."""
        if self.as_json:
            self.answer(dict(facts or {}))
            return
        self.out.print(Text(message, style="bold"))
        self.facts(facts or {})

    def facts(self, facts: Mapping[str, Fact]) -> None:
        """Names and values, one a line; what is empty is left out."""
        shown = {
            _words(name): str(value) for name, value in facts.items() if value not in ("", None)
        }
        width = max(map(len, shown), default=0)
        for name, value in shown.items():
            self.out.print(Text.assemble("  ", (name.ljust(width), "dim"), "  ", value))

    def rows(self, rows: Sequence[Mapping[str, Fact]], *, empty: str) -> None:
        """A table with the names of the first row as its head; `empty` is said when none is."""
        if self.as_json:
            self.answer(list(rows))
        elif not rows:
            self.say(empty)
        else:
            table = Table(box=None, pad_edge=False, header_style="dim")
            for name, value in rows[0].items():
                is_number = isinstance(value, int) and not isinstance(value, bool)
                table.add_column(_words(name), justify="right" if is_number else "left")
            for row in rows:
                table.add_row(*(Text(_shown(value)) for value in row.values()))
            self.out.print(table)

    def say(self, message: str) -> None:
        """A remark to who watches: on standard error, so that no pipe carries it."""
        if not self.as_json:
            self.log.print(Text(message))

    def complain(self, code: str, message: str) -> None:
        """What went wrong, on standard error."""
        if self.as_json:
            click.echo(json.dumps({"error": {"code": code, "message": message}}), err=True)
        else:
            self.log.print(Text.assemble(("minga: ", "bold red"), message))

    def answer(self, answer: object) -> None:
        """JSON on standard output."""
        click.echo(json.dumps(answer, ensure_ascii=False, indent=2))


class Command(click.Command):
    """A command that can answer in JSON and hands its console on as `console`."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.params.append(
            click.Option(["--json", "as_json"], is_flag=True, help="Answer in JSON.")
        )

    def invoke(self, ctx: click.Context) -> Any:
        """Run it with a console in the form that was asked for."""
        ctx.meta["json"] = as_json = ctx.params.pop("as_json")
        ctx.params["console"] = Console(as_json=as_json)
        return super().invoke(ctx)


command = functools.partial(click.command, cls=Command)


class Group(click.Group):
    """A command of commands, all of which can answer in JSON."""

    command_class = Command


def _screen(*, stderr: bool) -> Screen:
    screen = Screen(stderr=stderr, highlight=False, soft_wrap=True)
    return screen if screen.is_terminal else Screen(stderr=stderr, highlight=False, width=WIDE)


def _words(name: str) -> str:
    return WORDS.get(name, name.replace("_", " ").capitalize())


def _shown(value: Fact) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)
