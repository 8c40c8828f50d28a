"""Trying and choosing passwords."""

from __future__ import annotations

import threading

from django.contrib.auth import authenticate
from django.db import transaction
from django.http import HttpRequest

from minga.core.problems import Forbidden
from minga.store.journal import services as journal
from minga.store.people.actors import Actor
from minga.store.people.models import Person
from minga.web import throttle

# Argon2 takes about 100 MB while it works; two at once keep a worker within its memory.
_ROOM = threading.BoundedSemaphore(2)


class TooManyTries(Exception):
    """The password was tried too often; `throttle.WAIT_MINUTES` is how long to wait."""


def person_of(address: str, password: str, *, request: HttpRequest) -> Person | None:
    """Whose password this is, or None: nobody can tell an unknown address from a wrong password.

    Raises TooManyTries, for any address alike, after `throttle`'s limits.
    """
    source = request.META.get("REMOTE_ADDR", "")
    if not throttle.take_a_try(address, source=source):
        raise TooManyTries(f"Too many tries; wait {throttle.WAIT_MINUTES} minutes.")
    with _ROOM:
        person = authenticate(request, username=address.strip(), password=password)
    if not isinstance(person, Person) or person.organisation.left_at is not None:
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
