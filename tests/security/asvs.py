"""OWASP ASVS: the file that says what holds each requirement, and the page that is made of it."""

from __future__ import annotations

import ast
import functools
import tomllib
from collections import Counter
from pathlib import Path

from tests.architecture.source import DOCS

FILE = DOCS / "security" / "asvs.toml"
TESTS = Path(__file__).parents[1]
HOW = {
    "test": "held by a test",
    "page": "written down",
    "built": "by how it is made",
    "none": "does not apply",
    "later": "not yet",
}
KEPT = "12"
"""The levels that are followed one by one."""


@functools.cache
def levels() -> dict[str, str]:
    """The level of each requirement, by its number: of all three levels."""
    sections: dict[str, str] = tomllib.loads(FILE.read_text("utf-8"))["levels"]
    return {
        f"{section}.{number}": level
        for section, each in sections.items()
        for number, level in enumerate(each, start=1)
    }


@functools.cache
def requirements() -> dict[str, list[str]]:
    """What each requirement of levels 1 and 2 is about, how it is held, and by what."""
    read: dict[str, list[str]] = tomllib.loads(FILE.read_text("utf-8"))["requirements"]
    return read


@functools.cache
def tests_in(path: str) -> frozenset[str]:
    """The names of the tests in a file below tests/; none when there is no such file."""
    file = TESTS / path
    if not file.is_file():
        return frozenset()
    body = ast.parse(file.read_text("utf-8")).body
    named = (each.name for each in body if isinstance(each, ast.FunctionDef))
    return frozenset(name for name in named if name.startswith("test_"))


def missing() -> list[str]:
    """What the file names and is not there: tests, and pages of the documentation."""
    gone = []
    for number, (_, how, *named) in requirements().items():
        for each in named:
            path, _, test = each.partition("::")
            if how == "test" and test not in tests_in(path):
                gone.append(f"{number}: tests/{each}")
            if how == "page" and not (DOCS / each).is_file():
                gone.append(f"{number}: docs/{each}")
    return gone


def page() -> str:
    """The count by level, and a line for each requirement."""
    held = Counter((levels()[number], how) for number, (_, how, *_rest) in requirements().items())
    head = ("Level", *(words.capitalize() for words in HOW.values()), "All")
    counts = [
        (f"L{level}", *(held[level, how] for how in HOW), sum(held[level, how] for how in HOW))
        for level in KEPT
    ]
    lines = [
        (number, f"L{levels()[number]}", about, HOW[how], "; ".join(map(_shown(how), named)))
        for number, (about, how, *named) in requirements().items()
    ]
    every = ("Number", "Level", "About", "How", "By what, or why not")
    return f"{_table(head, counts)}\n{_table(every, lines)}"


def _shown(how: str):
    return (lambda named: f"`{named}`") if how in {"test", "page"} else str


def _table(head: tuple, rows: list[tuple]) -> str:
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    return "\n".join([*lines, *(f"| {' | '.join(map(str, row))} |" for row in rows)]) + "\n"
