"""Trying and choosing passwords."""

from __future__ import annotations

import hashlib
import hmac
import threading
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.http import HttpRequest

from minga.core.problems import Forbidden
from minga.store.journal import services as journal
from minga.store.people.actors import Actor
from minga.store.people.models import Organisation, Person
from minga.web import throttle
from minga.web.proofs import Way
from minga.web.sources import address_of

TOGETHER = 2
"""How many accounts of one address a password is tried at, and how often it is hashed, always."""
# Argon2 takes about 100 MB while it works; two at once keep a worker within its memory.
_ROOM = threading.BoundedSemaphore(2)
LONGEST_REASON = 100


class TooManyTries(Exception):
    """The password was tried too often; `throttle.WAIT_MINUTES` is how long to wait."""


def person_of(address: str, password: str, *, request: HttpRequest) -> Person | None:
    """Whose password this is, or None: nobody can tell an unknown address from a wrong password.

    Nor, from how long it takes, whether somebody has an account under it at another organisation.
    Raises TooManyTries, for any address alike, after `throttle`'s limits.
    """
    source = address_of(request)
    if not throttle.take_a_try(address, source=source):
        raise TooManyTries(f"Too many tries; wait {throttle.WAIT_MINUTES} minutes.")
    with _ROOM:
        person = _known_by(address, password)
    if person is None:
        note_failure(address, way=Way.PASSWORD)
        return None
    throttle.forgive(address, source=source)
    return person


@transaction.atomic
def choose(password: str, *, by: Actor) -> None:
    """Set the actor's own password; every other session of his ends. Validate it before.

    Raises Forbidden when a key acts.
    """
    person = by.person
    if person is None:
        raise Forbidden("A key has no password; sign in as a person.")
    with _ROOM:
        person.set_password(password)
    person.save(update_fields=["password"])
    journal.record("password-chosen", by=by, subject=str(person.uuid))


def note_failure(address: str, *, way: Way, reason: str = "") -> None:
    """Write down that a sign-in failed: for each organisation of whose person the address is.

    It has to be a person with a password, else only the hub reads of it: who invites an address
    that is in use elsewhere would read when its owner mistypes.

    Of an address that is nobody's the journal keeps 32 bits of a keyed hash: enough to see that it
    was tried again, too little to tell it, should somebody have typed his password there.
    """
    hub = Organisation.objects.filter(role=Organisation.Role.HUB).first()
    details: dict[str, Any] = {"reason": reason[:LONGEST_REASON]} if reason else {}
    concerned = [(each.organisation, str(each.uuid)) for each in _holders(address)]
    if not concerned and hub is not None:
        concerned = [(hub, _subject(address))]
    for organisation, subject in concerned:
        by = Actor(organisation=organisation)
        journal.record("sign-in-failed", by=by, subject=subject, way=way, **details)


def _known_by(address: str, password: str) -> Person | None:
    """Who is known by this address and this password: the oldest account of those that are."""
    holders = _holders(address)[:TOGETHER]
    found = [each for each in holders if each.check_password(password)]
    for _ in range(TOGETHER - len(holders)):
        make_password(password)  # takes as long as a look
    return found[0] if found else None


def _holders(address: str) -> list[Person]:
    """Those who may enter by this address and a password, the oldest account first."""
    live = Person.objects.filter(is_active=True, organisation__left_at=None).order_by("pk")
    found = live.filter(email=address.strip().lower()).select_related("organisation")
    return [each for each in found if each.has_usable_password()]


def _subject(address: str) -> str:
    """Whose account it was, for the hub to read, when nobody has a password there."""
    known = Person.objects.filter(email=address.strip().lower()).order_by("pk").first()
    if known is not None:
        return str(known.uuid)
    return _hidden(address) if address else "nobody"


def _hidden(address: str) -> str:
    account = throttle.canonical_account(address)
    digest = hmac.digest(settings.NAMING_KEY, account.encode(), hashlib.sha256)
    return f"unknown-{digest[:4].hex()}"
