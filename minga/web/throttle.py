"""How often a password may be tried.

Guessing from one place is stopped after a few tries without closing the account to its owner
elsewhere. Guessing from many places closes the password, not the account: a sign-in link opens it
still. Each worker counts for itself, so that so many workers allow so many times the tries.
"""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass

from django.core.cache.backends.locmem import LocMemCache


@dataclass(frozen=True, slots=True)
class Limit:
    """So many tries within so many seconds."""

    tries: int
    seconds: int


OF_ACCOUNT_AND_SOURCE = Limit(tries=5, seconds=15 * 60)
OF_SOURCE = Limit(tries=30, seconds=15 * 60)
OF_ACCOUNT = Limit(tries=50, seconds=60 * 60)
WAIT_MINUTES = OF_ACCOUNT_AND_SOURCE.seconds // 60
# A store of its own, and large: the least recent counts go first when it is full, and nobody can
# push out a count of his by trying other names before his source is stopped.
counts = LocMemCache("tries of passwords", {"OPTIONS": {"MAX_ENTRIES": 100_000}})


def canonical_account(address: str) -> str:
    """One spelling for an e-mail address, so that case and look-alike forms share a count."""
    return unicodedata.normalize("NFKC", address).strip().casefold()


def take_a_try(address: str, *, source: str) -> bool:
    """Count one more try for this account from this source; false when there were too many.

    Counting comes before the password is looked at, so that tries at the same moment count too.
    """
    account = canonical_account(address)
    within = [
        _count(OF_ACCOUNT_AND_SOURCE, account, source),
        _count(OF_SOURCE, "", source),
        _count(OF_ACCOUNT, account, ""),
    ]
    return all(within)


def forgive(address: str, *, source: str) -> None:
    """Forget the tries of somebody who turned out to know the password."""
    counts.delete(_key(OF_ACCOUNT_AND_SOURCE, canonical_account(address), source))


def _count(limit: Limit, account: str, source: str) -> bool:
    key = _key(limit, account, source)
    counts.add(key, 0, timeout=limit.seconds)
    try:
        return int(counts.incr(key)) <= limit.tries
    except ValueError:  # it expired between the two lines
        counts.set(key, 1, timeout=limit.seconds)
        return True


def _key(limit: Limit, account: str, source: str) -> str:
    named = f"{limit.seconds}|{account}|{source}"
    return "sign-in:" + hashlib.blake2b(named.encode(), digest_size=16).hexdigest()
