"""The Markdown of an agreement, taken apart: paragraphs, lists, and bold; numbers, in groups."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

Runs: TypeAlias = tuple[tuple[bool, str], ...]
"""The pieces of a line, each bold or not."""
BOLD = re.compile(r"\*\*(.+?)\*\*")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph of one line, or a list of several."""

    is_list: bool
    lines: tuple[Runs, ...]


def blocks(text: str) -> list[Block]:
    """The paragraphs and lists of a text; anything that is neither stays as it was written."""
    return [_block(each) for each in re.split(r"\n\s*\n", text.strip())]


def without_marks(text: str) -> str:
    """A text in plain words."""
    return BOLD.sub(r"\1", text).strip()


def in_groups(digest: str) -> str:
    """Hexadecimal in groups of eight, so that lines break between them."""
    return " ".join(digest[place : place + 8] for place in range(0, len(digest), 8))


def in_ranges(numbers: Iterable[int]) -> str:
    """Numbers in order, those that follow each other as a range: `1–12, 14`."""
    ranges: list[tuple[int, int]] = []
    for number in sorted(set(numbers)):
        if ranges and ranges[-1][1] == number - 1:
            ranges[-1] = (ranges[-1][0], number)
        else:
            ranges.append((number, number))
    return ", ".join(str(a) if a == b else f"{a}–{b}" for a, b in ranges)


def _block(text: str) -> Block:
    lines = text.splitlines()
    if all(line.startswith("- ") for line in lines):
        return Block(is_list=True, lines=tuple(_runs(line[2:]) for line in lines))
    return Block(is_list=False, lines=(_runs(" ".join(lines)),))


def _runs(line: str) -> Runs:
    pieces = BOLD.split(line)
    return tuple((bool(place % 2), piece) for place, piece in enumerate(pieces) if piece)
