"""The clock that all workers share, on whatever machine they run: the database's own."""

from __future__ import annotations

from django.db import connection


def seconds() -> str:
    """Whole seconds since 1970 at this statement, as SQL."""
    if connection.vendor == "postgresql":
        return "CAST(extract(epoch FROM clock_timestamp()) AS bigint)"
    return "CAST(strftime('%%s', 'now') AS integer)"
