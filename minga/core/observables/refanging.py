"""Reading defanged text: `hxxps[:]//evil[.]example`, `ana[arroba]evil(punto)example`."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

# What stands between brackets, and what it means; Spanish as well as English.
_MEANINGS = {
    ".": ".", "dot": ".", "punto": ".",
    ":": ":", "://": "://", "//": "//", "/": "/",
    "@": "@", "at": "@", "arroba": "@",
}  # fmt: skip


def _either_case(word: str) -> str:
    return "".join(f"[{c.lower()}{c.upper()}]" if c.isalpha() else re.escape(c) for c in word)


def _bracketed(words: Iterable[str]) -> str:
    inside = "[ ]?(?:" + "|".join(map(_either_case, words)) + ")[ ]?"
    return rf"\[{inside}\]|\({inside}\)|\{{{inside}\}}"


# Bounded alternatives, each led by a fixed character: the search is linear in the text. Blanks
# around a bracket are taken on both sides or not at all, and only where people write them:
# `evil [.] example`, but `192.0.2.7 [:][:]1`.
_SPACED = _bracketed(word for word, meaning in _MEANINGS.items() if meaning in ".@")
_FANG = re.compile(
    rf"[ ](?:{_SPACED})[ ]|{_bracketed(_MEANINGS)}"
    r"|\[\.[A-Za-z]{2,24}\]"
    r"|(?<![A-Za-z0-9])(?:[hH](?:[xX][xX]|[xX][tT]|[tT][xX]|\*\*)[pP]|[fF][xX][pP])"
    r"(?=[sS]?[ ]?[\[({]?[ ]?:)"
)


def _meaning(found: re.Match[str]) -> str:
    token = found[0].strip(" []{}()")
    first = token[0]
    if first in "hH":
        return "http"
    if first in "fF":
        return "ftp"
    return _MEANINGS.get(token.lower(), token)


def refang(text: str) -> str:
    """The text with its defanged signs written plainly; anything else is left alone.

    Reads `hxxp`, `hxtp`, `h**p`, `fxp`, and `.`, `:`, `/`, `//`, `://`, `@`, `dot`, `punto`, `at`,
    `arroba` between square, round or curly brackets, with or without spaces, in either case, and
    `[.com]`. One pass: what was defanged twice needs two.

        >>> refang("hxxps[:]//evil[.]example/a y ana (arroba) evil (punto) example")
        'https://evil.example/a y ana@evil.example'
    """
    return _FANG.sub(_meaning, text)


@dataclass(frozen=True, slots=True)
class Refanged:
    """A refanged text that remembers where each character stood in the original."""

    text: str
    _starts: list[int]  # of each replacement, in the refanged text
    _ends: list[int]
    _original: list[tuple[int, int]]

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """Where a non-empty stretch of the refanged text stands in the original.

        A replacement counts whole: `evil[.]example` starts and ends outside its brackets, and
        `[.com]` ends after the bracket.
        """
        if not self._starts:
            return start, end
        return self._place(start)[0], self._place(end - 1)[1]

    def _place(self, position: int) -> tuple[int, int]:
        """The original stretch behind one character of the refanged text."""
        before = bisect_right(self._starts, position) - 1
        if before < 0:
            return position, position + 1
        past_end = position - self._ends[before]
        if past_end < 0:
            return self._original[before]
        place = self._original[before][1] + past_end
        return place, place + 1


def refang_with_origins(text: str) -> Refanged:
    """`refang`, keeping positions."""
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    original: list[tuple[int, int]] = []
    done = length = 0
    for found in _FANG.finditer(text):
        meaning = _meaning(found)
        pieces += text[done : found.start()], meaning
        length += found.start() - done
        starts.append(length)
        length += len(meaning)
        ends.append(length)
        original.append(found.span())
        done = found.end()
    pieces.append(text[done:])
    return Refanged("".join(pieces), starts, ends, original)
