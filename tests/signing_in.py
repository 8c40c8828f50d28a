"""Browsers in which somebody is signed in: fully and just now, unless a test says otherwise."""

from __future__ import annotations

from importlib import import_module

from django.conf import settings
from django.http import HttpRequest
from django.test import Client

from minga.store.journal import origins
from minga.store.people.models import Person
from minga.web import sessions
from minga.web.proofs import Way

BOTH = frozenset({Way.PASSKEY})


def enter(client: Client, person: Person, *, ways=BOTH) -> Client:
    """Let this person arrive in a browser by these ways; a passkey is both factors at once."""
    request = HttpRequest()
    request.META |= {"REMOTE_ADDR": "127.0.0.1", "HTTP_USER_AGENT": "Firefox/128.0 (X11; Linux)"}
    cookie = client.cookies.get(settings.SESSION_COOKIE_NAME)
    engine = import_module(settings.SESSION_ENGINE)
    request.session = engine.SessionStore(cookie.value if cookie else None)
    with origins.coming_from(origins.PAGE, "127.0.0.1"):
        sessions.arrive(request, Person.objects.get(pk=person.pk), ways=ways)
    request.session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = request.session.session_key
    return client


def signed_in(person: Person, *, ways=BOTH, **options) -> Client:
    """A new browser in which this person has arrived."""
    return enter(Client(**options), person, ways=ways)
