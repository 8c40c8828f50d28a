"""Setting up, taking away and renewing one's own factors.

Whatever changes here ends every other session of the person, and is in the journal.
"""

from __future__ import annotations

from typing import TypedDict

from django.db import transaction
from django.http import HttpRequest

from minga.core.problems import Invalid
from minga.store.journal import services as journal
from minga.store.people.actors import Actor
from minga.store.people.models import CodeApp, Passkey, Person
from minga.web import codes, passkeys, proofs, sessions
from minga.web.proofs import Way

LONGEST_NAME = 60


class _About(TypedDict):
    by: Actor
    subject: str


@transaction.atomic
def add_passkey(request: HttpRequest, person: Person, *, answer: str, name: str) -> list[str]:
    """Keep a new passkey; recovery codes to be shown once, when there were none.

    Raises passkeys.Refused.
    """
    passkey = passkeys.add(request, person, answer=answer, name=name[:LONGEST_NAME])
    journal.record("passkey-added", **_about(person), name=passkey.name)
    return _after_adding(request, person, by_way=Way.PASSKEY)


@transaction.atomic
def add_app(request: HttpRequest, person: Person, *, sealed: bytes, code: str) -> list[str] | None:
    """Keep an app's secret when this is its code; recovery codes as above, or None when it is not.

    It takes the place of an app he had.
    """
    if not codes.set_up(person, sealed, code=code):
        return None
    journal.record("app-added", **_about(person))
    return _after_adding(request, person, by_way=Way.CODE)


@transaction.atomic
def remove_passkey(request: HttpRequest, passkey: Passkey, *, by: Actor) -> None:
    """Take a passkey away. Raises Invalid when nothing strong enough would be left."""
    person = passkey.person
    passkey.delete()
    _require_enough(person)
    journal.record("passkey-removed", **_about(person), name=passkey.name)
    sessions.end_others(request, by=by)


@transaction.atomic
def remove_app(request: HttpRequest, person: Person, *, by: Actor) -> None:
    """Take the app away. Raises Invalid when nothing strong enough would be left."""
    CodeApp.objects.filter(person=person).delete()
    _require_enough(person)
    journal.record("app-removed", **_about(person))
    sessions.end_others(request, by=by)


@transaction.atomic
def renew_recovery_codes(request: HttpRequest, person: Person, *, by: Actor) -> list[str]:
    """Ten new codes; those before are worth nothing."""
    made = codes.new_recovery_codes(person)
    journal.record("recovery-codes-made", **_about(person))
    sessions.end_others(request, by=by)
    return made


def _after_adding(request: HttpRequest, person: Person, *, by_way: Way) -> list[str]:
    """Who was arriving is inside now; who was inside stays, alone. New codes if he has none."""
    made: list[str] = []
    if not codes.recovery_codes_left(person):
        made = codes.new_recovery_codes(person)
        journal.record("recovery-codes-made", **_about(person))
    if sessions.arrival_of(request) is not None:
        sessions.end_all_of(person)
        sessions.arrive(request, person, ways={by_way})
    else:
        sessions.end_others(request, by=Actor(person.organisation, person=person))
    return made


def _require_enough(person: Person) -> None:
    factors = proofs.factors_of(person)
    if factors.has_passkey or (factors.has_app and not person.organisation.is_hub):
        return
    raise Invalid("It is the last one; set up another first.", field="factor")


def _about(person: Person) -> _About:
    by = Actor(organisation=person.organisation, person=person)
    return {"by": by, "subject": str(person.uuid)}
