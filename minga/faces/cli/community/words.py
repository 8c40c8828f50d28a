"""The words of the story: blanks filled in, lines joined to paragraphs."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from minga.faces.cli.community.calendar import SANTIAGO

_BLANK = re.compile(r"\{([a-z0-9]+)(?::([^{}\"\s]+))?\}")
_ITEM = re.compile(r"- |\d+\. ")
WRAPPED_FROM = 92
_MONTHS = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre",
    "octubre", "noviembre", "diciembre",
)  # fmt: skip
_DAYS = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
_HASHES = ("md5", "sha1", "sha256", "sha512")


def fill(text: str, *, at: datetime, blanks: Mapping[str, str] | None = None) -> str:
    """The text with its blanks filled in, as it reads on the day of `at`.

    `{fecha:3}` is the date three days before, `{dia:3}` its weekday, `{mes}` and `{aa}` the month
    and the year in two digits, `{sha256:x.exe}` a hash of the invented file of that name. Others
    come from `blanks`. Raises KeyError for a blank that nobody fills.
    """
    local = at.astimezone(SANTIAGO)

    def filled(found: re.Match[str]) -> str:
        name, of = found[1], found[2] or ""
        if name in _HASHES:
            return hash_of(of, name)
        if blanks is not None and found[0][1:-1] in blanks:
            return blanks[found[0][1:-1]]
        return _of_the_day(name, local - timedelta(days=int(of or 0)))

    return _BLANK.sub(filled, text)


def hash_of(file: str, algorithm: str) -> str:
    """The hash of an invented file: of its name, so that all four kinds are of one content."""
    return hashlib.new(algorithm, f"minga demo: {file}".encode(), usedforsecurity=False).hexdigest()


def unwrapped(text: str) -> str:
    """The text with the lines of a file joined to paragraphs.

    A line ended because the file is only so wide when the next word would not have fitted; any
    other end of a line, and an item of a list, are the author's own.
    """
    paragraphs = re.split(r"\n\s*\n", text.strip())
    return "\n\n".join(_joined(paragraph) for paragraph in paragraphs)


def _joined(paragraph: str) -> str:
    joined: list[str] = []
    width = 0
    for line in paragraph.splitlines():
        next_word = line.lstrip().partition(" ")[0]
        if joined and not _ITEM.match(line) and width + 1 + len(next_word) > WRAPPED_FROM:
            joined[-1] += f" {line.lstrip()}"
        else:
            joined.append(line)
        width = len(line)
    return "\n".join(joined)


def _of_the_day(name: str, day: datetime) -> str:
    words = {
        "fecha": f"{day.day} de {_MONTHS[day.month - 1]}",
        "dia": _DAYS[day.weekday()],
        "mes": _MONTHS[day.month - 1],
        "aa": f"{day:%y}",
        "anno": f"{day:%Y}",
        "semana": f"{day.isocalendar().week}",
    }
    return words[name]
