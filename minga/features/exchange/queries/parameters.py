"""Lists as parameters: one each, however long, so that a statement is the same for any."""

from __future__ import annotations

import json
from collections.abc import Sequence

from django.db import connection
from django.db.models.expressions import RawSQL


def rows(numbers: Sequence[int]) -> RawSQL:
    """These numbers as a table of one column, to stand after IN.

    PostgreSQL gets them as text, because its driver would name another type for larger numbers.
    """
    if connection.vendor == "postgresql":
        return RawSQL("SELECT unnest(%s::bigint[])", [f"{{{','.join(map(str, numbers))}}}"])
    return RawSQL("SELECT value FROM json_each(%s)", [json.dumps(numbers)])


def ids(texts: Sequence[str]) -> RawSQL:
    """These identifiers as a table of one column, to stand after IN."""
    if connection.vendor == "postgresql":
        return RawSQL("SELECT unnest(%s::text[])", [list(texts)])
    return RawSQL("SELECT value FROM json_each(%s)", [json.dumps(texts)])
