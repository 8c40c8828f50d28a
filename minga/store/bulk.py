"""Many rows at once, at the speed of the database rather than of the ORM."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

from django.db import connection, models

Item = TypeVar("Item")
AT_ONCE = 500


def chunks(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    """These items, as many at once as one statement carries well."""
    for start in range(0, len(items), AT_ONCE):
        yield items[start : start + AT_ONCE]


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


def reserve(model: type[models.Model], count: int) -> range | list[int]:
    """That many primary keys of the model, for rows inserted in this transaction."""
    if not count:
        return range(0)
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
                [table, count],
            )
            return [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        row = cursor.fetchone()
    first = (row[0] if row else 0) + 1
    return range(first, first + count)
