"""Who belongs, as far as the reader may know.

Members know each other's names. People and keys are known to their own organisation and to the
hub, a circle to those who sit in it, to its steward and to the hub.
"""

from __future__ import annotations

from uuid import UUID

from django.db.models import Count, Q, QuerySet

from minga.core.policy import Reader
from minga.core.problems import Conflict, NotFound
from minga.store.audiences.models import Circle
from minga.store.people.belonging import belonging
from minga.store.people.models import Key, Organisation, Person


def organisations(*, reader: Reader) -> QuerySet[Organisation]:
    """The organisations that the reader knows to belong today, the hub first."""
    return belonging(reader=reader)


def organisation(slug: str, *, reader: Reader) -> Organisation:
    """One organisation by its short name. Raises NotFound when there is none."""
    found = organisations(reader=reader).filter(slug=slug).first()
    if found is None:
        raise NotFound(
            f"No organisation {slug!r} belongs here; `minga org list` shows the short names.",
            field="organisation",
        )
    return found


def people(*, reader: Reader) -> QuerySet[Person]:
    """The active people of the reader's organisation; the hub sees everybody's."""
    everybody = Person.objects.select_related("organisation").filter(
        is_active=True, organisation__left_at=None
    )
    return everybody.filter(_own(reader)).order_by("organisation__name", "name", "pk")


def person(named: str, *, reader: Reader) -> Person:
    """One person by identifier or e-mail address.

    Raises NotFound when there is none or he is out of sight, and Conflict when the reader sees
    several of this address: somebody may act for two organisations, and only the hub knows.
    """
    text = named.strip().lower()
    by_uuid, everybody = _uuid(text), people(reader=reader)
    found = list(everybody.filter(uuid=by_uuid) if by_uuid else everybody.filter(email=text))
    if not found:
        raise NotFound(
            f"No person {named!r} is visible to you; `minga person list` shows who is.",
            field="person",
        )
    if len(found) > 1:
        several = ", ".join(f"{each.uuid} of {each.organisation}" for each in found)
        raise Conflict(
            f"{len(found)} people have the address {named!r}; name one by identifier: {several}.",
            field="person",
        )
    return found[0]


def of_the_same_address(person: Person, *, reader: Reader) -> QuerySet[Person]:
    """Accounts under this person's address at other organisations, for the hub; else none."""
    if not reader.is_hub:
        return Person.objects.none()
    return people(reader=reader).filter(email=person.email).exclude(pk=person.pk)


def keys(*, reader: Reader) -> QuerySet[Key]:
    """The keys of the reader's organisation that are not revoked; the hub sees everybody's."""
    live = Key.objects.select_related("organisation", "created_by").filter(
        revoked_at=None, organisation__left_at=None
    )
    return live.filter(_own(reader)).order_by("organisation__name", "name", "pk")


def keys_of(organisation: Organisation, *, reader: Reader) -> QuerySet[Key]:
    """The keys of one organisation that are not revoked, as far as the reader may know."""
    return keys(reader=reader).filter(organisation=organisation)


def key(locator: str, *, reader: Reader) -> Key:
    """One key by the 16 characters that find it. Raises NotFound like the others."""
    found = keys(reader=reader).filter(locator=locator).first()
    if found is None:
        raise NotFound(
            f"No key {locator!r} is visible to you; `minga key list` shows their identifiers.",
            field="key",
        )
    return found


def circles(*, reader: Reader) -> QuerySet[Circle]:
    """The circles the reader's organisation sits in or is steward of; the hub sees all."""
    if reader.organisation is None:
        return Circle.objects.none()
    known = Q(seats__organisation=reader.organisation) | Q(steward=reader.organisation)
    everything = Circle.objects.select_related("steward")
    mine = everything if reader.is_hub else everything.filter(known)
    return mine.distinct().order_by("name", "pk")


def circle(slug: str, *, reader: Reader) -> Circle:
    """One circle by its short name. Raises NotFound when there is none or it is out of sight."""
    found = circles(reader=reader).filter(slug=slug).first()
    if found is None:
        raise NotFound(
            f"No circle {slug!r} is visible to you; `minga circle list` shows those that are.",
            field="circle",
        )
    return found


def person_with(uuid: UUID, *, reader: Reader) -> Person:
    """One person by identifier. Raises NotFound like `person`."""
    found = people(reader=reader).filter(uuid=uuid).first()
    if found is None:
        raise NotFound(f"No person {uuid} is visible to you.", field="person")
    return found


def people_of(organisation: Organisation, *, reader: Reader) -> QuerySet[Person]:
    """The active people of one organisation, for itself and for the hub; nobody for others."""
    return people(reader=reader).filter(organisation=organisation)


def closed_out(*, reader: Reader) -> QuerySet[Person]:
    """The people of the reader's own organisation who may no longer enter."""
    closed = Person.objects.filter(
        organisation=reader.organisation or 0, is_active=False, moved_to=None
    )
    return closed.order_by("name", "pk")


def closed_out_of(organisation: Organisation, *, reader: Reader) -> QuerySet[Person]:
    """Who of an organisation may no longer enter and could be let back in, for it and the hub."""
    closed = Person.objects.filter(_own(reader), organisation=organisation, is_active=False)
    return closed.filter(moved_to=None, organisation__left_at=None).order_by("name", "pk")


def everybody_closed_out(*, reader: Reader) -> QuerySet[Person]:
    """Who may no longer enter and could be let back in, of one's own; for the hub, of all."""
    closed = Person.objects.filter(_own(reader), is_active=False, moved_to=None)
    return closed.filter(organisation__left_at=None).select_related("organisation").order_by("name")


def closed_out_person(uuid: UUID, *, reader: Reader) -> Person:
    """Somebody who may no longer enter. Raises NotFound when there is none in sight."""
    closed = Person.objects.filter(_own(reader), is_active=False, organisation__left_at=None)
    if not reader.is_hub:  # who moved is gone: only the hub knows that he is somewhere else
        closed = closed.filter(moved_to=None)
    found = closed.filter(uuid=uuid).select_related("organisation").first()
    if found is None:
        raise NotFound(f"Nobody {uuid} that you may see is closed out.", field="person")
    return found


def circle_lines(*, reader: Reader) -> list[tuple[Circle, int]]:
    """The circles the reader may know, each with how many organisations sit in it."""
    seated = Count("seats", filter=Q(seats__organisation__left_at=None), distinct=True)
    known = circles(reader=reader).order_by().values("pk")
    counted = Circle.objects.filter(pk__in=known).select_related("steward").annotate(held=seated)
    return [(each, each.held) for each in counted.order_by("name", "pk")]


def members_of(circle: Circle, *, reader: Reader) -> QuerySet[Organisation]:
    """Who sits in a circle, for those who may know the circle."""
    seated = Q(seats_in_circles__circle__in=circles(reader=reader).filter(pk=circle.pk))
    return organisations(reader=reader).filter(seated)


def _own(reader: Reader) -> Q:
    if reader.is_hub:
        return Q()
    return Q(organisation=reader.organisation or 0)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
