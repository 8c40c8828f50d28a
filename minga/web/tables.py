"""CSV as machines read it (RFC 4180), and as spreadsheets may open it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence

MEDIA_TYPE = "text/csv; charset=utf-8; header=present"
CALCULATED = re.compile(r"(?:\A|(?<=[;\t\r\n\"|]))(?= {0,8}[=+\-@＝＋－＠])|\A(?=[\t\r\n])")
"""Where a cell begins that spreadsheets take for a formula (OWASP, CSV injection).

Where the comma separates decimals, as in Chile, spreadsheets separate cells at semicolons: a
formula inside a text stands at the beginning of a cell there.
"""


def table(
    header: Sequence[str], rows: Iterable[Sequence[object]], *, for_spreadsheet: bool
) -> bytes:
    """A table with its header. None is an empty cell, and a truth is true or false.

    A machine gets every value as it is. For a spreadsheet, what would be calculated begins with an
    apostrophe.
    """
    return b"".join(lines(header, rows, for_spreadsheet=for_spreadsheet))


def lines(
    header: Sequence[str], rows: Iterable[Sequence[object]], *, for_spreadsheet: bool
) -> Iterator[bytes]:
    """The same line by line, for a table that is longer than memory should be."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(header)
    for row in rows:
        yield _taken(text)
        cells = [_text(cell) for cell in row]
        writer.writerow([_disarmed(cell) for cell in cells] if for_spreadsheet else cells)
    yield _taken(text)


def _taken(text: io.StringIO) -> bytes:
    """What was written, and the room for more."""
    line = text.getvalue().encode()
    text.seek(0)
    text.truncate()
    return line


def _text(cell: object) -> str:
    if isinstance(cell, bool):
        return str(cell).lower()
    return "" if cell is None else str(cell)


def _disarmed(cell: str) -> str:
    return CALCULATED.sub("'", cell)
