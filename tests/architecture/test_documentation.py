"""The documentation names what is there."""

import importlib
import re
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs"
NAME = re.compile(r"`(minga(?:\.\w+)+)`")


def names() -> list[tuple[str, str]]:
    return [
        (page.name, name)
        for page in sorted(DOCS.rglob("*.md"))
        for name in sorted(set(NAME.findall(page.read_text())))
    ]


def resolve(name: str) -> object:
    """The module, or the name inside the longest module path."""
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        try:
            found: object = importlib.import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        for part in parts[length:]:
            found = getattr(found, part)
        return found
    raise ModuleNotFoundError(name)


@pytest.mark.parametrize(("page", "name"), names())
def test_every_name_in_the_documentation_exists(page, name):
    assert resolve(name) is not None, f"{page} speaks of {name}"
