"""Whom of an organisation others reach at any hour, named by it and confirmed every quarter."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from minga.core.problems import Invalid
from minga.features.membership import queries
from minga.features.membership.services.people import require_administration_of
from minga.features.membership.services.profiles import read_phone
from minga.store import world
from minga.store.journal import services as journal
from minga.store.people.actors import Actor
from minga.store.people.models import Organisation, Person


@dataclass(frozen=True, slots=True)
class Contacts:
    """The technical counterpart and the deputy, each with a telephone that answers at any hour.

    There may be no deputy yet; then both are empty.
    """

    counterpart: UUID
    phone: str
    deputy: UUID | None = None
    deputy_phone: str = ""


@transaction.atomic
def name_contacts(slug: str, contacts: Contacts, *, by: Actor) -> Organisation:
    """Say whom others reach; that confirms it too.

    Raises NotFound, Forbidden unless `by` administers the organisation or the hub, and Invalid
    for who does not act for it, for one person twice, and for a telephone that cannot be.
    """
    organisation = queries.organisation(slug, reader=by.reader)
    require_administration_of(organisation, by=by)
    if contacts.deputy == contacts.counterpart:
        raise Invalid("The deputy is somebody else than the counterpart.", field="deputy")
    first = _reachable(contacts.counterpart, contacts.phone, organisation, "counterpart", "phone")
    second = None
    if contacts.deputy is not None:
        second = _reachable(
            contacts.deputy, contacts.deputy_phone, organisation, "deputy", "deputy_phone"
        )
    organisation.counterpart, organisation.deputy = first, second
    organisation.contacts_confirmed_at = world.now()
    organisation.save(update_fields=["counterpart", "deputy", "contacts_confirmed_at"])
    journal.record("contacts-named", by=by, subject=organisation.stix_id, concerns=organisation)
    return organisation


@transaction.atomic
def confirm_contacts(slug: str, *, by: Actor) -> Organisation:
    """Say that the contacts still hold, for another quarter.

    Raises NotFound, Forbidden as `name_contacts`, and Invalid while nobody is named or who is
    named acts for it no more.
    """
    organisation = queries.organisation(slug, reader=by.reader)
    require_administration_of(organisation, by=by)
    named = organisation.counterpart
    if named is None or not named.is_active:
        raise Invalid("There is no counterpart to confirm; name one.", field="counterpart")
    organisation.contacts_confirmed_at = world.now()
    organisation.save(update_fields=["contacts_confirmed_at"])
    journal.record("contacts-confirmed", by=by, subject=organisation.stix_id, concerns=organisation)
    return organisation


def _reachable(
    uuid: UUID, phone: str, organisation: Organisation, field: str, phone_field: str
) -> Person:
    person = Person.objects.filter(uuid=uuid, organisation=organisation, is_active=True).first()
    if person is None:
        raise Invalid(f"{uuid} does not act for {organisation}; choose another.", field=field)
    person.phone = read_phone(phone, field=phone_field)
    person.save(update_fields=["phone"])
    return person
