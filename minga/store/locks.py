"""Making writers queue where they must."""

from __future__ import annotations

import zlib

from django.db import connection


def hold(name: str) -> None:
    """Let only one transaction at a time pass here, until it ends.

    SQLite has one writer anyway: its transactions begin IMMEDIATE.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [zlib.crc32(name.encode())])
