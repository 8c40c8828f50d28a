"""Databases of their own for benchmarks."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from urllib.parse import urlsplit


@contextlib.contextmanager
def fresh_database(address: str) -> Iterator[str]:
    """A database beside the one at this address, dropped afterwards; empty stays empty."""
    if not address:
        yield ""
        return
    import psycopg

    name = f"minga_bench_{os.getpid()}"
    with psycopg.connect(address, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        try:
            yield urlsplit(address)._replace(path=f"/{name}").geturl()
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")
