"""The program's own text, for tests that read it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "minga"
DOCS = ROOT / "docs"


@dataclass(frozen=True)
class Function:
    """A function or method where it stands."""

    path: Path
    name: str
    first: int
    last: int

    @property
    def lines(self) -> int:
        return self.last - self.first + 1

    def __str__(self) -> str:
        return f"{self.path.relative_to(ROOT)}:{self.first} {self.name} has {self.lines} lines"


def modules() -> list[Path]:
    """Every module of the program but its migrations, which Django writes."""
    return sorted(p for p in PACKAGE.rglob("*.py") if "migrations" not in p.parts)


def functions(path: Path) -> Iterator[Function]:
    """Every function of a module, from `def` to its end."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield Function(path, node.name, node.lineno, node.end_lineno or node.lineno)


def rooms() -> list[str]:
    """The folders of the program."""
    return sorted(p.name for p in PACKAGE.iterdir() if (p / "__init__.py").is_file())
