"""The tables of the reference, as the code has them.

`python -m tests.architecture.reference` writes them into docs/reference; a test compares.
"""

from __future__ import annotations

import importlib
import inspect
import os
import pkgutil
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import click

from tests.architecture.source import DOCS

NOT_FOR_IMPORT = ("__main__", "config.serving")
FRESH = {"": "", "always": "shown anew", "to change": "shown anew to change"}
TABLE = re.compile(r"(?<=<!-- from the code -->\n).*?(?=<!-- end -->)", re.DOTALL)


def settings() -> str:
    """Every setting of the operator's."""
    from minga.config.environment import SETTINGS

    return _table(
        ("Variable", "Default", "What it does"),
        ((f"`{s.name}`", f"`{s.default}`" if s.default else "", s.says) for s in SETTINGS),
    )


def problems() -> str:
    """Every code of a problem."""
    rows = {kind.code: (kind.__doc__ or "").split("\n\n")[0] for kind in problem_kinds()}
    return _table(
        ("Code", "What it means"), ((f"`{c}`", _line(d)) for c, d in sorted(rows.items()))
    )


def exit_codes() -> str:
    """Every code with which the command ends."""
    from minga.faces.cli.exits import SAYS, Exit

    return _table(("Code", "What it means"), ((f"{code:d}", SAYS[code]) for code in Exit))


def commands() -> str:
    """Every command with its arguments and options."""
    return "\n".join(_commands())


def access() -> str:
    """Every address with its methods, who may enter and who gets what; then the rules."""
    from tests.architecture.addresses import addresses
    from tests.security.doors.table import lines, rules

    rows = (
        (
            f"`{a.route}`".replace("|", "\\|"),
            "any" if not a.methods else ", ".join(line.methods),
            ", ".join(filter(None, [a.entrance or "nobody", FRESH[a.fresh]])),
            line.rule,
            line.thing,
        )
        for a in addresses()
        for line in lines()
        if line.route == a.route
    )
    conditions = ((rule, "; ".join(said)) for rule, said in sorted(rules().items()))
    return (
        _table(("Address", "Methods", "Open to", "Who gets what", "Of what"), rows)
        + "\n## The rules\n\n"
        + _table(("Rule", "The first that holds"), conditions)
    )


def asvs() -> str:
    """What holds each requirement of OWASP ASVS."""
    from tests.security.asvs import page as whole

    return whole()


PAGES: dict[str, Callable[[], str]] = {
    "settings": settings,
    "problems": problems,
    "exit-codes": exit_codes,
    "commands": commands,
    "access": access,
    "asvs": asvs,
}


def problem_kinds() -> set[type]:
    """Every kind of problem that the program knows."""
    import minga
    from minga.core.problems import Problem

    for module in pkgutil.walk_packages(minga.__path__, "minga."):
        if not module.name.endswith(NOT_FOR_IMPORT) and "migrations" not in module.name:
            importlib.import_module(module.name)

    def below(kind: type) -> Iterator[type]:
        yield kind
        for each in kind.__subclasses__():
            yield from below(each)

    return {kind for kind in below(Problem) if kind is not Problem and "code" in vars(kind)}


def place(name: str) -> Path:
    """Where a page stands: in the reference, but for what is of security alone."""
    return DOCS / ("security" if name == "asvs" else "reference") / f"{name}.md"


def page(name: str) -> str:
    """A page of the reference as it should be."""
    text = place(name).read_text("utf-8")
    return TABLE.sub(lambda _: PAGES[name](), text)


def _commands() -> Iterator[str]:
    from minga.faces.cli.main import COMMANDS, commands

    for name in COMMANDS:
        command = commands.get_command(click.Context(commands), name)
        assert command is not None
        if isinstance(command, click.Group):
            for inner in command.commands.values():
                yield from _command(inner, f"minga {name} {inner.name}")
        else:
            yield from _command(command, f"minga {name}")


def _command(command: click.Command, path: str) -> Iterator[str]:
    arguments = [p.make_metavar(click.Context(command)) for p in command.params
                 if isinstance(p, click.Argument)]  # fmt: skip
    yield f"### {path}\n"
    yield f"`{' '.join([path, *arguments])}`\n"
    yield f"{inspect.cleandoc(command.help or '')}\n"
    options = [p for p in command.params if isinstance(p, click.Option) and p.name != "as_json"]
    for option in options:
        yield f"- `{', '.join([*option.opts, *option.secondary_opts])}`{_help(option)}"
    if options:
        yield ""


def _help(option: click.Option) -> str:
    words = [option.help] if option.help else []
    if isinstance(option.type, click.Choice):
        words.append(f"One of {', '.join(option.type.choices)}.")
    return f": {' '.join(words)}" if words else ""


def _table(head: tuple[str, ...], rows: object) -> str:
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    lines += [f"| {' | '.join(map(str, row))} |" for row in rows]  # type: ignore[attr-defined]
    return "\n".join(lines) + "\n"


def _line(text: str) -> str:
    return " ".join(text.split())


def main() -> None:
    """Bring the reference up to date."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "minga.config.settings")
    django.setup()
    for name in PAGES:
        place(name).write_text(page(name), encoding="utf-8")


if __name__ == "__main__":
    main()
