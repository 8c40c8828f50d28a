"""A full disk is told as a problem, whoever noticed it: the database or the file system.

Every connection to the database is watched, so that no door has to think of it: whatever statement
or commit finds no space raises `DiskFull`.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any

from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.db.utils import DatabaseErrorWrapper

from minga.core.problems import StorageFull

MESSAGE = (
    "The hub's disk is full. Nothing was stored and nothing was lost; tell the hub, and send it "
    "again later."
)
POSTGRESQL_DISK_FULL = "53100"
SQLITE_FULL = "SQLITE_FULL"
NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT})


class DiskFull(StorageFull, OperationalError):
    """A problem for whoever asked, and for Django an error that takes the transaction back."""


def watch_databases() -> None:
    """Watch every connection that is made from now on. Repeatable."""
    connection_created.connect(_watch, dispatch_uid="full disk")


@contextmanager
def told_as_problem() -> Iterator[None]:
    """Raise StorageFull where writing files inside fails for lack of space; other errors pass."""
    try:
        yield
    except OSError as error:
        if error.errno not in NO_SPACE:
            raise
        raise StorageFull(MESSAGE) from error


class _Watched(DatabaseErrorWrapper):
    """Translates the driver's errors as Django does, but for the one that says the disk is full."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Raise what went wrong inside, in our words or in Django's."""
        if error is not None and _is_lack_of_space(error):
            raise DiskFull(MESSAGE) from error
        super().__exit__(kind, error, traceback)


def _watch(connection: BaseDatabaseWrapper, **_signal: Any) -> None:
    connection.wrap_database_errors = _Watched(connection)


def _is_lack_of_space(error: BaseException) -> bool:
    return (
        getattr(error, "sqlite_errorname", "") == SQLITE_FULL
        or getattr(error, "sqlstate", "") == POSTGRESQL_DISK_FULL
    )
