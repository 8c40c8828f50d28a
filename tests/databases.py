"""Further databases beside the one that pytest-django makes, for tests with hubs of their own."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from urllib.parse import urlsplit, urlunsplit


@contextlib.contextmanager
def another_database(name: str, *, like: str = "template1") -> Iterator[str]:
    """A value of MINGA_DATABASE for a database of the kind that the tests run on.

    It is empty, or a copy of the one `like` names, which nobody may be connected to. For SQLite
    the value is empty: each state folder has a database of its own.
    """
    url = os.environ.get("MINGA_DATABASE", "")
    if not url:
        yield ""
        return
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}"')
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{like}"')
        try:
            yield urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
        finally:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
