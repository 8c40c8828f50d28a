"""Organisations, people, keys and circles in one line; what a test does not name is filled in."""

from __future__ import annotations

import itertools

from minga.core import policy
from minga.store.audiences import seats
from minga.store.audiences.models import Circle
from minga.store.people import credentials
from minga.store.people.actors import Actor
from minga.store.people.models import Key, Organisation, Person

_numbers = itertools.count(1)


def organisation(name: str = "", *, role: str = "member", **fields) -> Organisation:
    """A member that signed every clause, or the hub."""
    number = next(_numbers)
    made = Organisation.objects.create(
        name=name or f"Organisation {number}",
        slug=fields.pop("slug", f"org-{number}"),
        role=role,
        granted=fields.pop("granted", " ".join(sorted(policy.OF_CLAUSES))),
        reads_up_to=fields.pop("reads_up_to", policy.Tlp.RED),
        **fields,
    )
    seats.welcome(made)
    return made


def hub(**fields) -> Organisation:
    return Organisation.objects.filter(role="hub").first() or organisation(
        "CSIRT", role="hub", **fields
    )


def person(organisation_: Organisation | None = None, *, role: str = "analyst", **fields) -> Person:
    number = next(_numbers)
    return Person.objects.create(
        organisation=organisation_ or organisation(),
        email=fields.pop("email", f"person{number}@example.com"),
        name=fields.pop("name", f"Person {number}"),
        role=role,
        **fields,
    )


def member(organisation_: Organisation | None = None, **fields) -> Actor:
    """An analyst of a member organisation, as an actor."""
    who = person(organisation_, **fields)
    return Actor(organisation=who.organisation, person=who)


def key_of(
    organisation_: Organisation | None = None, *, can_share: bool = True, **scope
) -> tuple[Actor, str]:
    """A key of an organisation as an actor, and its secret."""
    owner = organisation_ or organisation()
    within = credentials.Scope(can_share=can_share, **scope)
    key, secret = credentials.create_key(owner, name="test", scope=within)
    return Actor(organisation=owner, key=key), secret


def enter(
    secret: str, *, door: Key.Door = Key.Door.API, address: str = "198.51.100.1"
) -> Actor | None:
    """Who presents this secret, at a door and from an address that most keys may come from."""
    return credentials.actor_of_key(secret, door=door, address=address)


def circle(*members: Organisation, name: str = "") -> Circle:
    number = next(_numbers)
    made = Circle.objects.create(
        name=name or f"Circle {number}",
        slug=f"circle-{number}",
        steward=members[0] if members else hub(),
    )
    for each in members:
        seats.seat_in_circle(made, each)
    return made
