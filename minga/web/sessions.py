"""Who is signed in, and how that begins and ends."""

from __future__ import annotations

from django.contrib import auth
from django.db import transaction
from django.http import HttpRequest

from minga.store.journal import services as journal
from minga.store.people.actors import Actor
from minga.store.people.models import Person

BACKEND = "django.contrib.auth.backends.ModelBackend"
STANDS_FOR = "stands_for"


@transaction.atomic
def sign_in(request: HttpRequest, person: Person, *, way: str) -> None:
    """Begin a session of this person under a new key. `way` is "link" or "password"."""
    auth.login(request, person, backend=BACKEND)
    request.session[STANDS_FOR] = _standing(person)
    journal.record(
        "signed-in",
        by=Actor(organisation=person.organisation, person=person),
        subject=str(person.uuid),
        way=way,
    )
    request.__dict__.pop("_actor", None)


def sign_out(request: HttpRequest) -> None:
    """End the session at the server; its cookie is worth nothing from here on."""
    auth.logout(request)
    request.__dict__.pop("_actor", None)


def actor_of(request: HttpRequest) -> Actor | None:
    """Who is signed in, or None; looked up once a request.

    A session is over at once when its person is switched off or shut out, changes organisation or
    role, or when the organisation leaves. Django itself ends it when the password changes.
    """
    if "_actor" not in request.__dict__:
        request.__dict__["_actor"] = _look_up(request)
    found: Actor | None = request.__dict__["_actor"]
    return found


def _look_up(request: HttpRequest) -> Actor | None:
    person = getattr(request, "user", None)
    if not isinstance(person, Person) or request.session.get(STANDS_FOR) != _standing(person):
        return None
    if person.organisation.left_at is not None:
        return None
    return Actor(organisation=person.organisation, person=person)


def _standing(person: Person) -> str:
    return f"{person.organisation_id} {person.role} {person.times_shut_out}"
