"""Taking turns at what costs much: so many at a time, among all workers.

A turn is a row in the table of tries, taken in one statement and given back in another, so that no
transaction stays open meanwhile. It ends by the database's clock too: a worker that died with it
holds nobody up for longer than that.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from minga.core.problems import Problem
from minga.store import database_clock


class Busy(Problem):
    """Too much of the same is being done at this moment; the message says when to try again."""

    code = "busy"


@contextmanager
def turn(name: str, *, seconds: int, most: int = 1, field: str = "") -> Iterator[None]:
    """Do what is inside while at most `most` do what has this name, each for `seconds` at most.

    Whoever may take longer loses his turn and goes on. Raises Busy when all turns are taken, and
    RuntimeError inside a transaction, where no other worker would see that it is.
    """
    taken = next(_taken(name, seconds=seconds, most=most), None)
    if taken is None:
        raise Busy(
            f"The hub is doing as much of this as it does at once; try again in {seconds} seconds.",
            field=field,
        )
    row, ends_at = taken
    try:
        yield
    finally:
        _give_back(row, ends_at)


def _taken(name: str, *, seconds: int, most: int) -> Iterator[tuple[str, int]]:
    for number in range(most):
        row = hashlib.sha256(f"turn {number} of {name}".encode()).hexdigest()[:32]
        ends_at = _take(row, seconds)
        if ends_at is not None:
            yield row, ends_at


def _take(row: str, seconds: int) -> int | None:
    """When this turn ends, or None while somebody else has it. No two of a row end together."""
    now = database_clock.seconds()
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO people_tries (name, count, ends_at) VALUES (%s, 1, {now} + %s)"
            f" ON CONFLICT (name) DO UPDATE SET ends_at = excluded.ends_at"
            f" WHERE people_tries.ends_at <= {now} RETURNING ends_at",
            [row, seconds],
        )
        found = cursor.fetchone()
    return int(found[0]) if found else None


def _give_back(row: str, ends_at: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM people_tries WHERE name = %s AND ends_at = %s", [row, ends_at])
