"""How often somebody may try: passwords, codes, recovery codes, passkeys.

Guessing from one place is stopped after a few tries without closing the account to its owner
elsewhere. Guessing from many places closes the password, not the account: passkeys and sign-in
links open it still. Counts stand in a table, so every worker counts the same ones, and the span of
a count runs by the database's clock: no worker's wrong clock ends it early.

A try is counted before anything is looked at, in a statement of its own. When it cannot be counted
the error travels on, and nothing was tried. A limit that is passed ends the counting: who is
stopped himself neither uses up the tries of others nor makes the hub keep more rows.
"""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import connection

from minga.store import database_clock
from minga.store.people.models import Person, Tries
from minga.web.sources import network_of


@dataclass(frozen=True, slots=True)
class Limit:
    """So many tries within so many seconds."""

    tries: int
    seconds: int


QUARTER, DAY = 15 * 60, 24 * 60 * 60
OF_ACCOUNT_AND_SOURCE = Limit(tries=5, seconds=QUARTER)
OF_SOURCE = Limit(tries=30, seconds=QUARTER)
OF_ACCOUNT = Limit(tries=50, seconds=60 * 60)
OF_CODES = Limit(tries=5, seconds=QUARTER)
OF_CODES_A_DAY = Limit(tries=20, seconds=DAY)
OF_PASSKEYS = Limit(tries=100, seconds=QUARTER)
OF_PROVIDERS = Limit(tries=100, seconds=QUARTER)
WAIT_MINUTES = QUARTER // 60


def canonical_account(address: str) -> str:
    """One spelling for an e-mail address, so that case and look-alike forms share a count."""
    folded = unicodedata.normalize("NFKC", address).strip().casefold()
    return unicodedata.normalize("NFKC", folded)


def take_a_try(address: str, *, source: str) -> bool:
    """Count one more try of a password from this source; false when there were too many."""
    account, place = canonical_account(address), network_of(source)
    return (
        _count(OF_SOURCE, "password", place)
        and _count(OF_ACCOUNT_AND_SOURCE, "password", account, place)
        and _count(OF_ACCOUNT, "password", account)
    )


def take_a_code(person: Person, *, kind: str, source: str) -> bool:
    """Count one more code that this person types, of an app or a recovery code (`kind`).

    By account whatever the source: only who has passed the first factor gets to try.
    """
    return (
        _count(OF_CODES, kind, str(person.uuid))
        and _count(OF_SOURCE, kind, network_of(source))
        and _count(OF_CODES_A_DAY, kind, str(person.uuid))
    )


def take_a_passkey(*, source: str) -> bool:
    """Count one more answer of a passkey. By source alone: nobody closes another's passkey."""
    return _count(OF_PASSKEYS, "passkey", network_of(source))


def take_a_challenge(*, source: str) -> bool:
    """Count one more challenge given out: each is a row that a stranger makes the hub keep."""
    return _count(OF_PASSKEYS, "challenge", network_of(source))


def take_an_answer(*, source: str) -> bool:
    """Count one more return from an identity provider: each may be a line of the journal and two
    calls to another server, and needs no more than an address to be asked for.
    """
    return _count(OF_PROVIDERS, "provider", network_of(source))


def is_first(name: str, *, within: timedelta) -> bool:
    """Whether this name was never given before in this span: of two at once one is the first."""
    return _count(Limit(tries=1, seconds=int(within.total_seconds())), "once", name)


def forgive(address: str, *, source: str) -> None:
    """Forget the tries of somebody who turned out to know the password."""
    name = _name(OF_ACCOUNT_AND_SOURCE, "password", canonical_account(address), network_of(source))
    Tries.objects.filter(pk=name).delete()


def forgive_codes(person: Person, *, kind: str) -> None:
    """Forget the tries of somebody whose code was right, but for those of the whole day."""
    Tries.objects.filter(pk=_name(OF_CODES, kind, str(person.uuid))).delete()


def forget_old() -> int:
    """Sweep counts whose span is over; how many."""
    now = database_clock.seconds()
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM people_tries WHERE ends_at <= {now}", [])
        return int(cursor.rowcount)


def _count(limit: Limit, *parts: str) -> bool:
    """Count one more, in one statement, so that tries at the same moment count too."""
    now = database_clock.seconds()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO people_tries (name, count, ends_at)"
            f" VALUES (%s, 1, {now} + %s) ON CONFLICT (name) DO UPDATE SET"
            f" count = CASE WHEN people_tries.ends_at <= {now}"
            " THEN 1 ELSE people_tries.count + 1 END,"
            f" ends_at = CASE WHEN people_tries.ends_at <= {now}"
            " THEN excluded.ends_at ELSE people_tries.ends_at END"
            " RETURNING count",
            [_name(limit, *parts), limit.seconds],
        )
        (count,) = cursor.fetchone()
    return int(count) <= limit.tries


def _name(limit: Limit, *parts: str) -> str:
    named = "\0".join((str(limit.seconds), *parts))
    return hmac.digest(settings.NAMING_KEY, named.encode(), hashlib.sha256)[:16].hex()
