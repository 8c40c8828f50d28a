"""Whom a member may address what he shares to."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q

from minga.core import policy
from minga.core.policy import Reader
from minga.core.problems import Forbidden
from minga.store.audiences import seats
from minga.store.audiences.models import Circle
from minga.store.objects.models import Contribution
from minga.store.people.belonging import belonging
from minga.store.people.models import Organisation


@dataclass(frozen=True, slots=True)
class Addressee:
    """A circle or an organisation. `pk` is for rules; what leaves the hub is the uuid."""

    pk: int
    uuid: UUID
    name: str
    organisations: int = 1


@dataclass(frozen=True, slots=True)
class Addressees:
    """Everybody who can be chosen, by name: the reader's circles, and the other organisations.

    `everyone` is how many organisations "every member" is today, the hub and his own included.
    """

    circles: tuple[Addressee, ...]
    organisations: tuple[Addressee, ...]
    everyone: int


def addressees(*, reader: Reader) -> Addressees:
    """Whom this reader may address. Circles he does not sit in are not there for him."""
    known = belonging(reader=reader)
    active = Count("seats", filter=Q(seats__organisation__left_at=None))
    circles = (
        Circle.objects.filter(pk__in=reader.circles).annotate(size=active).order_by("name", "uuid")
    )
    others = (
        known.filter(role=Organisation.Role.MEMBER)
        .exclude(pk__in=[reader.organisation])
        .order_by("name", "uuid")
    )
    return Addressees(
        tuple(Addressee(c.pk, c.uuid, c.name, c.size) for c in circles),
        tuple(Addressee(o.pk, o.uuid, o.name) for o in others),
        known.count(),
    )


def audience_of(contribution: Contribution, *, reader: Reader) -> policy.Audience:
    """The audience of a contribution in the words of the rule, for its producer alone.

    Raises Forbidden for others: whom somebody else addressed is not theirs to know.
    """
    if reader.organisation != contribution.producer_id:
        raise Forbidden("Only the organisation that shared this sees whom it is addressed to.")
    return seats.rule_of(contribution.audience)
