"""Whether the hub may show the logo of a member to the public."""

from __future__ import annotations

from django.db import transaction

from minga.core.problems import Conflict
from minga.store.journal import services as journal
from minga.store.people.actors import Actor, Power
from minga.store.people.models import Organisation


@transaction.atomic
def allow_logo(*, by: Actor, allowed: bool) -> Organisation:
    """Say whether the hub may show the logo of the actor's own organisation in public.

    The organisation alone says so, for nobody else: not the hub for it either. By the model
    agreement, clause 12, its name follows from the clause and its logo from this permission, which
    holds until it is taken back or the clause is. Raises Forbidden unless `by` administers his
    organisation, and Conflict while no clause that it signed lets it be named.
    """
    by.require(Power.ADMINISTER_OWN)
    organisation = Organisation.objects.select_for_update().get(pk=by.organisation.pk)
    if allowed and not organisation.may_be_named:
        raise Conflict(
            f"{organisation} has signed no clause that lets it be named in public; sign it first."
        )
    if organisation.allows_logo == allowed:
        return organisation
    organisation.allows_logo = allowed
    organisation.save(update_fields=["allows_logo"])
    journal.record(
        "logo-allowed" if allowed else "logo-refused",
        by=by, subject=organisation.stix_id, concerns=organisation,
    )  # fmt: skip
    return organisation
