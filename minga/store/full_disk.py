"""A full disk is told as a problem, whoever noticed it: the database or the file system."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError

from minga.core.problems import StorageFull

POSTGRESQL_DISK_FULL = "53100"
SQLITE_FULL = "SQLITE_FULL"
NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT})


@contextmanager
def told_as_problem() -> Iterator[None]:
    """Raise StorageFull where the work inside fails for lack of space; other errors pass.

    Wrap it around whole transactions: SQLite may notice only when it commits.
    """
    try:
        yield
    except (DatabaseError, OSError) as error:
        if not _is_lack_of_space(error):
            raise
        raise StorageFull(
            "The hub's disk is full. Nothing was stored and nothing was lost; tell the hub, and "
            "send it again later."
        ) from error


def _is_lack_of_space(error: BaseException | None) -> bool:
    """Whether an error, or what caused it, says that no space is left."""
    if error is None:
        return False
    return (
        (isinstance(error, OSError) and error.errno in NO_SPACE)
        or getattr(error, "sqlite_errorname", "") == SQLITE_FULL
        or getattr(error, "sqlstate", "") == POSTGRESQL_DISK_FULL
        or _is_lack_of_space(error.__cause__)
    )
