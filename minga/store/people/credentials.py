"""Secrets: how they are made, kept as hashes only, and turned into an actor."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, transaction
from django.db.models import Q, QuerySet

from minga.core import networks
from minga.core.policy import Tlp
from minga.core.problems import StorageFull
from minga.store import world
from minga.store.people.actors import Actor
from minga.store.people.models import Key, Organisation, Person, SignInLink

PREFIX = "minga_"
USE_IS_NOTED_EVERY = timedelta(minutes=1)
LINK_LASTS = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Scope:
    """How far a key reaches: the doors it opens, what it reads at most, and where from.

    `ceiling` holds for everything, also for what names the key's organisation. `addresses` are
    networks with spaces between, as `core.networks` reads them; none is anywhere.
    """

    can_share: bool = False
    doors: frozenset[Key.Door] = frozenset(Key.Door)
    ceiling: Tlp = Tlp.RED
    addresses: str = ""


READING = Scope()
"""All that its organisation reads, at every door and from anywhere; it shares nothing."""


def create_key(
    organisation: Organisation,
    *,
    name: str,
    scope: Scope,
    expires_at: datetime | None = None,
    created_by: Person | None = None,
) -> tuple[Key, str]:
    """A new key and its secret, which is never shown again.

    The secret is `minga_`, 16 characters that find the key, 43 that prove it (256 bits) and a
    CRC-32 in 8, so that secret scanners recognise one that leaked.
    """
    locator = base64.b32encode(world.random_bytes(10)).decode().lower()
    proof = base64.urlsafe_b64encode(world.random_bytes(32)).decode().rstrip("=")
    body = f"{PREFIX}{locator}{proof}"
    secret = f"{body}{zlib.crc32(body.encode()):08x}"
    key = Key.objects.create(
        organisation=organisation,
        name=name,
        locator=locator,
        digest=_digest(secret),
        can_share=scope.can_share,
        doors=" ".join(sorted(scope.doors)),
        ceiling=scope.ceiling,
        addresses=scope.addresses,
        expires_at=expires_at,
        created_by=created_by,
    )
    return key, secret


def actor_of_key(secret: str, *, door: Key.Door, address: str) -> Actor | None:
    """Who presents this secret at a door, calling from an address.

    None when it is unknown, ended or revoked, does not open this door, or not from there: who
    finds a key cannot learn where it would work.
    """
    if not _looks_like_a_key(secret):
        return None
    now = world.now()
    locator = secret[len(PREFIX) : len(PREFIX) + 16]
    with connection.cursor() as cursor:
        cursor.execute(_LIVE_KEY, [_as_stored(now - USE_IS_NOTED_EVERY), locator, _as_stored(now)])
        found = cursor.fetchone()
    if found is None or not hmac.compare_digest(bytes(found[0]), _digest(secret)):
        return None
    _, use_is_due, doors, addresses, *values = found
    if door not in doors.split() or (addresses and not networks.is_from(address, addresses)):
        return None
    key = Key.from_db(DEFAULT_DB_ALIAS, _OF_KEY, values[: len(_OF_KEY)])
    key.organisation = Organisation.from_db(
        DEFAULT_DB_ALIAS, _OF_ORGANISATION, values[len(_OF_KEY) :]
    )
    if use_is_due:
        _note_use(key, now)
    return Actor(organisation=key.organisation, key=key)


# Every request of a machine asks this: by hand 0.05 ms, with the ORM 0.5 ms. What is not named
# here is loaded when somebody looks at it. The order is that of the models' fields.
_OF_KEY = ("id", "organisation_id", "name", "can_share", "ceiling")
_OF_ORGANISATION = ("id", "slug", "name", "role", "sector", "granted", "reads_up_to")
_LIVE_KEY = (
    "SELECT k.digest, k.last_used_at IS NULL OR k.last_used_at < %s, k.doors, k.addresses, "
    + ", ".join([*(f"k.{name}" for name in _OF_KEY), *(f"o.{name}" for name in _OF_ORGANISATION)])
    + " FROM people_key k JOIN people_organisation o ON o.id = k.organisation_id"
    " WHERE k.locator = %s AND k.revoked_at IS NULL AND o.left_at IS NULL"
    " AND (k.expires_at IS NULL OR k.expires_at > %s)"
)


def _as_stored(instant: datetime) -> Any:
    """An instant as this database's columns hold it, so that the two compare."""
    return connection.ops.adapt_datetimefield_value(instant)


def _note_use(key: Key, now: datetime) -> None:
    """Remember when a key was last used; a full disk does not keep its owner from reading."""
    with contextlib.suppress(StorageFull), transaction.atomic():
        Key.objects.filter(pk=key.pk).update(last_used_at=now)


def create_link(
    person: Person, *, may_be_reused: bool = False, lasts: timedelta = LINK_LASTS
) -> str:
    """A token that signs this person in; only its hash is kept."""
    token = base64.urlsafe_b64encode(world.random_bytes(32)).decode().rstrip("=")
    SignInLink.objects.create(
        person=person,
        digest=_digest(token),
        expires_at=world.now() + lasts,
        may_be_reused=may_be_reused,
    )
    return token


def person_of_link(token: str) -> Person | None:
    """Whom this token may sign in now, without using it up."""
    link = _live_links().select_related("person").filter(digest=_digest(token)).first()
    return link.person if link else None


def is_reusable(token: str) -> bool:
    """Whether this token signs in as often as its person likes; only links of a demo do."""
    return _live_links().filter(digest=_digest(token), may_be_reused=True).exists()


def use_link(token: str) -> Person | None:
    """Sign in by a token and use it up; None when it is unknown, used or too old."""
    link = _live_links().select_related("person").filter(digest=_digest(token)).first()
    if link is None:
        return None
    used = _live_links().filter(pk=link.pk).update(used_at=world.now())
    return link.person if used else None


def _live_links() -> QuerySet[SignInLink]:
    return SignInLink.objects.filter(
        Q(used_at=None) | Q(may_be_reused=True),
        expires_at__gt=world.now(),
        person__is_active=True,
        person__organisation__left_at=None,
    )


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def _looks_like_a_key(secret: str) -> bool:
    if not secret.startswith(PREFIX) or len(secret) != len(PREFIX) + 16 + 43 + 8:
        return False
    return secret.isascii() and f"{zlib.crc32(secret[:-8].encode()):08x}" == secret[-8:]
