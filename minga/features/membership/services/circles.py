"""Circles and who sits in them."""

from __future__ import annotations

from django.db import transaction

from minga.core.problems import Conflict, Invalid
from minga.features.membership import jobs, queries
from minga.features.membership.services.names import read_name, read_slug
from minga.store.audiences import seats
from minga.store.audiences.models import Circle
from minga.store.journal import services as journal
from minga.store.people.actors import Actor, Power
from minga.store.people.models import Organisation


@transaction.atomic
def create_circle(
    name: str, *, by: Actor, slug: str = "", purpose: str = "", steward: Organisation | None = None
) -> Circle:
    """A circle with its steward in it; the steward is the actor's organisation unless named.

    The steward admits and expels. Raises Forbidden unless `by` administers the hub, Invalid for
    a name that cannot be, Conflict for a short name that is taken.
    """
    by.require(Power.ADMINISTER_HUB)
    name = read_name(name, field="name")
    slug = read_slug(slug, name=name)
    if Circle.objects.filter(slug=slug).exists():
        raise Conflict(f"The short name {slug!r} is taken; choose another.", field="slug")
    circle = Circle.objects.create(
        name=name, slug=slug, purpose=purpose.strip()[:300], steward=steward or by.organisation
    )
    seats.seat_in_circle(circle, circle.steward)
    journal.record("circle-created", by=by, subject=str(circle.uuid), name=circle.name)
    return circle


@transaction.atomic
def admit_to_circle(slug: str, *, by: Actor, organisation: Organisation) -> Circle:
    """Let an organisation into a circle: it reads from now on, and what was there before comes.

    Older things are brought by a job, so that its pollers find them as newly added. Admitting
    who is in already changes nothing. Raises NotFound, and Forbidden unless `by` administers
    the hub or the circle's steward.
    """
    circle = queries.circle(slug, reader=by.reader)
    require_stewardship(circle, by=by)
    for door in seats.seat_in_circle(circle, organisation):
        jobs.bring_older.enqueue(
            origin=door.origin, audience=door.audience, before_us=door.before_us
        )
    journal.record(
        "circle-admitted", by=by, subject=str(circle.uuid), organisation=organisation.stix_id
    )
    return circle


@transaction.atomic
def expel_from_circle(slug: str, *, by: Actor, organisation: Organisation) -> Circle:
    """Take an organisation out of a circle and of what it read only through it, at once.

    Raises NotFound, Forbidden as `admit_to_circle` does, and Invalid for the steward.
    """
    circle = queries.circle(slug, reader=by.reader)
    require_stewardship(circle, by=by)
    if organisation == circle.steward:
        raise Invalid(
            f"{organisation} is the steward of {circle}; a circle keeps its steward.",
            field="organisation",
        )
    seats.unseat_from_circle(circle, organisation)
    journal.record(
        "circle-expelled", by=by, subject=str(circle.uuid), organisation=organisation.stix_id
    )
    return circle


def may_admit_to(circle: Circle, *, by: Actor) -> bool:
    """Whether this actor lets organisations into and out of a circle: its steward, or the hub."""
    is_steward = circle.steward == by.organisation
    return (is_steward and Power.ADMINISTER_OWN in by.powers) or Power.ADMINISTER_HUB in by.powers


def require_stewardship(circle: Circle, *, by: Actor) -> None:
    """Raise Forbidden unless `by` administers the hub or the circle's steward."""
    if not may_admit_to(circle, by=by):
        by.require(Power.ADMINISTER_HUB)
