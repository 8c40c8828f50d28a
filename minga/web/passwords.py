"""Trying and choosing passwords."""

from __future__ import annotations

import hashlib
import hmac
import threading
from typing import Any

from django.conf import settings
from django.contrib.auth import authenticate
from django.db import transaction
from django.http import HttpRequest

from minga.core.problems import Forbidden
from minga.store.journal import services as journal
from minga.store.people.actors import Actor
from minga.store.people.models import Organisation, Person
from minga.web import throttle
from minga.web.proofs import Way
from minga.web.sources import address_of

# Argon2 takes about 100 MB while it works; two at once keep a worker within its memory.
_ROOM = threading.BoundedSemaphore(2)
LONGEST_REASON = 100


class TooManyTries(Exception):
    """The password was tried too often; `throttle.WAIT_MINUTES` is how long to wait."""


def person_of(address: str, password: str, *, request: HttpRequest) -> Person | None:
    """Whose password this is, or None: nobody can tell an unknown address from a wrong password.

    Raises TooManyTries, for any address alike, after `throttle`'s limits.
    """
    source = address_of(request)
    if not throttle.take_a_try(address, source=source):
        raise TooManyTries(f"Too many tries; wait {throttle.WAIT_MINUTES} minutes.")
    with _ROOM:
        person = authenticate(request, username=address.strip(), password=password)
    if not isinstance(person, Person) or person.organisation.left_at is not None:
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
    """Write down that a sign-in failed: for the organisation of whom the address is, else the hub.

    Of an address that is nobody's the journal keeps 32 bits of a keyed hash: enough to see that it
    was tried again, too little to tell it, should somebody have typed his password there.
    """
    hub = Organisation.objects.filter(role=Organisation.Role.HUB).first()
    known = Person.objects.select_related("organisation").filter(email=address.strip().lower())
    person = known.first() if address else None
    organisation = person.organisation if person else hub
    if organisation is None:
        return
    details: dict[str, Any] = {"reason": reason[:LONGEST_REASON]} if reason else {}
    journal.record(
        "sign-in-failed",
        by=Actor(organisation=organisation),
        subject=str(person.uuid) if person else _hidden(address),
        way=way,
        **details,
    )


def _hidden(address: str) -> str:
    if not address:
        return "nobody"
    account = throttle.canonical_account(address)
    digest = hmac.digest(settings.NAMING_KEY, account.encode(), hashlib.sha256)
    return f"unknown-{digest[:4].hex()}"
