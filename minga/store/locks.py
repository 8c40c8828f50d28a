"""Making writers queue where they must.

Whoever holds several locks takes them in this order, or two of them could wait for each other:
the versions of the agreement, an organisation's adherence (`membership.services`), a producer's
(`objects.keeping.hold`), the roll of members (`audiences.seats`, also to intern a new audience),
the rows of observables (`objects.keeping.keep`), the clock (`objects.stamps`), and last of all,
when the transaction commits already, the chain of the journal (`journal.chain`). Who keeps or
forgets the file of a submission holds nothing else.
"""

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
