"""Many rows at once, at the speed of the database rather than of the ORM."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models


def insert(
    model: type[models.Model],
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    on_conflict: str = "",
) -> None:
    """Insert rows of plain values into `columns` (database names) of the model's table.

    `on_conflict` is what stands after ON CONFLICT, in words both databases understand, such as
    "DO NOTHING". Nothing else of the ORM happens: no defaults, no signals.
    """
    names = ", ".join(connection.ops.quote_name(column) for column in columns)
    marks = ", ".join(["%s"] * len(columns))
    conflict = f" ON CONFLICT {on_conflict}" if on_conflict else ""
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks}){conflict}", list(rows))  # noqa: S608 - names come from our models
