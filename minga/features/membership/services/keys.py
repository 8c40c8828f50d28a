"""Keys of machines."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from django.db import transaction

from minga.core import networks
from minga.core.problems import Invalid
from minga.features.membership import queries
from minga.features.membership.services.names import read_name
from minga.features.membership.services.people import require_administration_of
from minga.store import world
from minga.store.journal import services as journal
from minga.store.people import credentials
from minga.store.people.actors import Actor, Power
from minga.store.people.credentials import READING, Scope
from minga.store.people.models import Key, Organisation

DAYS = 365
MOST_DAYS = 3_650


@transaction.atomic
def create_key(
    organisation: Organisation,
    *,
    by: Actor,
    name: str,
    scope: Scope = READING,
    days: int = DAYS,
) -> tuple[Key, str]:
    """A key for a machine of this organisation, and its secret, which is never shown again.

    Without a scope it reads, at every door and from anywhere, what its organisation reads. It
    lasts 365 days unless told otherwise, 3650 at most. Raises Forbidden when `by` may not
    administer the organisation or may not share himself, Invalid for a name, a number of days, a
    network or a choice of doors that cannot be.
    """
    require_administration_of(organisation, by=by)
    if scope.can_share:
        by.require(Power.SHARE)
    if not 1 <= days <= MOST_DAYS:
        raise Invalid(f"days is {days}; expected 1 to {MOST_DAYS}.", field="days")
    if not scope.doors:
        raise Invalid(f"No door; choose among {', '.join(Key.Door.values)}.", field="doors")
    scope = replace(scope, addresses=" ".join(map(str, networks.read_networks(scope.addresses))))
    key, secret = credentials.create_key(
        organisation,
        name=read_name(name, field="name"),
        scope=scope,
        expires_at=world.now() + timedelta(days=days),
        created_by=by.person,
    )
    journal.record(
        "key-created", by=by, subject=key.locator, concerns=organisation, can_share=key.can_share,
        doors=key.doors, tlp=scope.ceiling.label, addresses=key.addresses,
    )  # fmt: skip
    return key, secret


@transaction.atomic
def revoke_key(locator: str, *, by: Actor) -> Key:
    """End a key at once, on every worker; `locator` is the 16 characters that find it.

    Raises NotFound, and Forbidden when `by` may not administer its organisation.
    """
    key = queries.key(locator, reader=by.reader)
    require_administration_of(key.organisation, by=by)
    key.revoked_at = world.now()
    key.save(update_fields=["revoked_at"])
    journal.record("key-revoked", by=by, subject=key.locator, concerns=key.organisation)
    return key
