"""What every test stands on."""

from __future__ import annotations

import contextlib
import importlib
from collections.abc import Iterator

import pytest


@contextlib.contextmanager
def journal_open_to_change() -> Iterator[None]:
    """The journal's tables without the triggers that refuse; they stand again afterwards.

    What an intruder with the rights of the database's owner could do, and what emptying the
    tables between two tests has to.
    """
    from django.db import connection

    migration = importlib.import_module("minga.store.journal.migrations.0001_entries")
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for table in migration.PROTECTED:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {table}_refuses")
        else:
            cursor.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'journal_%'"
            )
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                for table in migration.PROTECTED:
                    cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {table}_refuses")
            else:
                for statement in migration.SQLITE:
                    cursor.execute(statement)


@pytest.fixture(autouse=True, scope="session")
def _the_journal_is_emptied_between_tests() -> Iterator[None]:
    """Tests that really commit are followed by a flush, which the journal would refuse."""
    from django.test import TransactionTestCase

    empty = TransactionTestCase._fixture_teardown

    def empty_all(case: TransactionTestCase) -> None:
        with journal_open_to_change():
            empty(case)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", empty_all)
        yield
