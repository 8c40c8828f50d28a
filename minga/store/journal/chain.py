"""The chain that holds the journal's lines together, so that an altered one shows.

The **content** of a line is the SHA-256 of its eleven values as canonical JSON (RFC 8785), and its
**digest** the SHA-256 of the digest of the line before it (64 zeros for the first) followed by its
own content, both as 64 lower-case hexadecimal digits. docs/journal.md tells third parties.

Lines stand in the order of commits. SQLite has one writer at a time, so there `record` adds the
link at once. On PostgreSQL a deferred trigger (see the migration) adds it when the transaction
commits, behind a lock that is taken after every other: nobody waits for a change that is still
under way, and no change that fails leaves a gap.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime

from django.db import connection

from minga.store.journal.models import DIGITS, Entry

BEFORE_THE_FIRST = "0" * DIGITS
_LAST = "SELECT sequence, digest FROM journal_link ORDER BY sequence DESC LIMIT 1"
_ADD = "INSERT INTO journal_link (sequence, entry_id, previous, digest) VALUES (%s, %s, %s, %s)"


def values_of(entry: Entry) -> dict[str, object]:
    """What a line says, in identifiers that mean something outside the hub.

    Names are left out: they may change, and the line does not.
    """
    return {
        "action": entry.action,
        "at": instant(entry.at),
        "concerns": entry.concerns.stix_id if entry.concerns else None,
        "details": entry.details,
        "door": entry.door,
        "key": entry.key.locator if entry.key else None,
        "organisation": entry.organisation.stix_id,
        "person": str(entry.person.uuid) if entry.person else None,
        "source": entry.source,
        "subject": entry.subject,
        "why": entry.why,
    }


def instant(at: datetime) -> str:
    """An aware instant in UTC with its six digits of microseconds."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def content_of(values: Mapping[str, object]) -> str:
    """The content of a line, 64 hexadecimal digits.

    Keys are ASCII and numbers whole, so that Python's JSON, sorted and without spaces, is that of
    RFC 8785.
    """
    text = json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def digest_of(previous: str, content: str) -> str:
    """The digest of a line, from that of the line before and its own content."""
    return hashlib.sha256(f"{previous}{content}".encode("ascii")).hexdigest()


def add(entry: Entry) -> None:
    """Make this entry the last line, unless the database does so when the transaction commits."""
    if connection.vendor == "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(_LAST)
        sequence, previous = cursor.fetchone() or (0, BEFORE_THE_FIRST)
        digest = digest_of(previous, entry.content)
        cursor.execute(_ADD, [sequence + 1, entry.pk, previous, digest])
