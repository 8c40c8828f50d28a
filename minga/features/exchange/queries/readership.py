"""Who can read this, and why: counted by the same rule that grants it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from minga.core import policy
from minga.core.policy import Decision, Reader
from minga.store.audiences import seats
from minga.store.audiences.models import Circle
from minga.store.objects.models import Contribution
from minga.store.people.belonging import belonging
from minga.store.people.models import Organisation, Person


@dataclass(frozen=True, slots=True)
class Readership:
    """How many read a thing today, through what, and why this reader does.

    `circles` and `names` hold only what this reader may know: circles he sits in, and the
    organisations' names when he is the producer or the hub.
    """

    organisations: int
    people: int
    everyone: bool
    public: bool
    hub: bool
    circles: tuple[str, ...]
    names: tuple[str, ...]
    decision: Decision


def readership(
    audience: policy.Audience, *, reader: Reader, producer: int | None = None
) -> Readership:
    """Who may read by this audience now. `producer` is whose thing it is, if anybody's.

    What is public is read by who is invited, too: he is neither named nor counted to others.
    """
    readers, known = seats.readers_of(audience), belonging(reader=reader).values("pk")
    people = Person.objects.filter(
        Q(organisation__in=readers.organisations) | Q(pk__in=readers.people.values("pk")),
        is_active=True,
        organisation__in=known,
    )
    homes = Organisation.objects.filter(
        Q(pk__in=readers.organisations) | Q(people__in=readers.people), pk__in=known
    ).distinct()
    may_know_names = reader.is_hub or producer is None or reader.organisation == producer
    own_circles = Circle.objects.filter(pk__in=audience.circles & reader.circles)
    return Readership(
        organisations=homes.count(),
        people=people.count(),
        everyone=audience.everyone,
        public=audience.public,
        hub=audience.hub,
        circles=tuple(own_circles.order_by("name").values_list("name", flat=True)),
        names=tuple(homes.order_by("name").values_list("name", flat=True))
        if may_know_names
        else (),
        decision=policy.may_read(reader, audience),
    )


def readership_of(contribution: Contribution, *, reader: Reader) -> Readership:
    """Who may read a contribution now. The caller has read it by a query for this reader."""
    rule = seats.rule_of(contribution.audience)
    return readership(rule, reader=reader, producer=contribution.producer_id)
