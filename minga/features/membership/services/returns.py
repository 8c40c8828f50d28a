"""People who change organisation, come back, or have not come for long."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from minga.core.problems import Conflict, Invalid
from minga.features.membership import queries
from minga.features.membership.services.people import (
    NewPerson,
    create_sign_in_link,
    end_access,
    invite_person,
    keep_somebody_besides,
    require_administration_of,
    require_dominance,
    take_factors,
)
from minga.store import world
from minga.store.audiences import seats
from minga.store.journal import services as journal
from minga.store.people.actors import Actor, Power
from minga.store.people.models import Organisation, Person

DORMANT_DAYS = 180
"""Who has not signed in for so long is closed out."""
MOVED = "moved.invalid"


@transaction.atomic
def transfer_person(
    named: str, *, by: Actor, organisation: Organisation, role: str
) -> tuple[Person, str]:
    """Move a person to another organisation, and the token of the link that lets him in there.

    He begins there with a new account under his address. The old one is closed: its sessions,
    links and what it was named for end at once, and what he did, and the keys he made, stay with
    the old organisation, which reads that he left and not where to. Raises NotFound, Forbidden
    unless `by` administers the hub and has every power of the old and the new role, Invalid for a
    role that cannot be or the same organisation, and when the hub would have no administrator left.
    """
    by.require(Power.ADMINISTER_HUB)
    person = queries.person(named, reader=by.reader)
    require_dominance(person, by=by)
    if person == by.person:
        raise Invalid("You cannot move yourself; ask another administrator.", field="person")
    if organisation == person.organisation:
        raise Invalid(f"{person.name} acts for {organisation} already.", field="organisation")
    keep_somebody_besides(person, by=by)
    address, language = person.email, person.language
    end_access(person)
    take_factors(person)
    person.email = f"{person.uuid}@{MOVED}"
    person.save(update_fields=["email", "password"])
    draft = NewPerson(person.name, address, role=role, language=language)
    moved, token = invite_person(draft, by=by, organisation=organisation)
    person.moved_to = moved
    person.save(update_fields=["moved_to"])
    left = person.organisation
    journal.record("person-left", by=by, subject=str(person.uuid), concerns=left)
    journal.record(
        "person-transferred", by=by, subject=str(person.uuid), to=str(moved.uuid),
        organisation=organisation.stix_id,
    )  # fmt: skip
    return moved, token


@transaction.atomic
def let_back_in(uuid: UUID, *, by: Actor) -> tuple[Person, str]:
    """Let a person who was closed out come back, and the token of the link that lets him in.

    He has the role he had, and no factor: he sets up others. Raises NotFound, Forbidden as
    `deactivate_person` does, and Conflict for who moved to another organisation.
    """
    person = queries.closed_out_person(uuid, reader=by.reader)
    require_administration_of(person.organisation, by=by)
    require_dominance(person, by=by)
    if person.moved_to_id is not None:
        raise Conflict(f"{person.name} acts for another organisation now.", field="person")
    take_factors(person)
    person.is_active, person.expected_since = True, world.now()
    person.save(update_fields=["is_active", "expected_since", "password"])
    seats.seat_again(person)
    journal.record(
        "person-let-back", by=by, subject=str(person.uuid), concerns=person.organisation,
        role=person.role,
    )  # fmt: skip
    return person, create_sign_in_link(str(person.uuid), by=by)


def close_dormant(*, days: int = DORMANT_DAYS) -> int:
    """Close out who has not signed in for so many days; how many.

    The last administrator of the hub who may enter never is: nobody could let him back in.
    """
    hub = Actor(organisation=Organisation.objects.get(role=Organisation.Role.HUB))
    return sum(_close(pk, days, by=hub) for pk in _dormant(days).values_list("pk", flat=True))


@transaction.atomic
def _close(pk: int, days: int, *, by: Actor) -> bool:
    person = _dormant(days).select_for_update(of=("self",)).filter(pk=pk).first()
    if person is None or _is_last_administrator(person):
        return False
    end_access(person)
    journal.record(
        "person-dormant", by=by, subject=str(person.uuid), concerns=person.organisation, days=days
    )
    return True


def _dormant(days: int) -> QuerySet[Person]:
    before = world.now() - timedelta(days=days)
    unseen = Q(last_login=None) | Q(last_login__lt=before)
    found = Person.objects.filter(unseen, is_active=True, expected_since__lt=before)
    return found.filter(organisation__left_at=None).select_related("organisation").order_by("pk")


def _is_last_administrator(person: Person) -> bool:
    if not person.organisation.is_hub or person.role != Person.Role.ADMINISTRATOR:
        return False
    others = person.organisation.people.filter(role=person.role, is_active=True)
    return not others.exclude(pk=person.pk).exists()
