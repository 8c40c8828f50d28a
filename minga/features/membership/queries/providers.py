"""The identity provider of an organisation, for those who administer it."""

from __future__ import annotations

from minga.core.policy import Reader
from minga.store.people.models import IdentityProvider, Organisation, Person


def provider_of(organisation: Organisation, *, reader: Reader) -> IdentityProvider | None:
    """Where an organisation's people may sign in; known to itself and to the hub."""
    if not _may_know(organisation, reader):
        return None
    return IdentityProvider.objects.filter(organisation=organisation).first()


def connected_people(organisation: Organisation, *, reader: Reader) -> int:
    """How many of an organisation's people are connected with its provider."""
    if not _may_know(organisation, reader):
        return 0
    return Person.objects.filter(organisation=organisation, identity__isnull=False).count()


def _may_know(organisation: Organisation, reader: Reader) -> bool:
    return reader.is_hub or reader.organisation == organisation.pk
