"""CSV as machines read it (RFC 4180), and as spreadsheets may open it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

MEDIA_TYPE = "text/csv; charset=utf-8; header=present"
CALCULATED = ("=", "+", "-", "@", "\t", "\r")
"""What a cell begins with that spreadsheets take for a formula (OWASP, CSV injection)."""


def table(
    header: Sequence[str], rows: Iterable[Sequence[object]], *, for_spreadsheet: bool
) -> bytes:
    """A table with its header. None is an empty cell, and a truth is true or false.

    A machine gets every value as it is. For a spreadsheet, a cell that would be calculated begins
    with an apostrophe.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(header)
    for row in rows:
        cells = [_text(cell) for cell in row]
        writer.writerow([_disarmed(cell) for cell in cells] if for_spreadsheet else cells)
    return text.getvalue().encode()


def _text(cell: object) -> str:
    if isinstance(cell, bool):
        return str(cell).lower()
    return "" if cell is None else str(cell)


def _disarmed(cell: str) -> str:
    return f"'{cell}" if cell.startswith(CALCULATED) else cell
