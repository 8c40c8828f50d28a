"""Leaving the agreement: announced by the organisation itself, undone until its notice is over."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from minga.core.problems import Conflict, Invalid
from minga.features.membership import queries
from minga.features.membership.services.organisations import end_membership
from minga.store import world
from minga.store.journal import services as journal
from minga.store.people.actors import Actor, Power
from minga.store.people.models import Organisation


def notice_of(organisation: Organisation, *, by: Actor) -> timedelta:
    """How long after its announcement leaving takes effect, by the clause that it signed."""
    signed = queries.adherence_of(organisation, reader=by.reader).terms.signed
    days = [c.effects.notice_days for c in signed if c.effects.notice_days is not None]
    return timedelta(days=max(days, default=0))


@transaction.atomic
def announce_leaving(*, by: Actor) -> Organisation:
    """The actor's organisation leaves when its notice is over; at once when it owes none.

    Until then it keeps what it signed, and may change its mind (`stay`). Raises Forbidden unless
    the actor may sign, Invalid for the hub, Conflict when it is leaving already.
    """
    by.require(Power.SIGN)
    leaving = Organisation.objects.select_for_update().get(pk=by.organisation.pk)
    if leaving.is_hub:
        raise Invalid("The hub operates the agreement and cannot leave it.")
    if leaving.leaves_at is not None:
        raise Conflict(f"{leaving} is leaving already.")
    notice = notice_of(leaving, by=by)
    leaving.leaves_at = world.now() + notice
    leaving.save(update_fields=["leaves_at"])
    journal.record("leaving-announced", by=by, subject=leaving.stix_id, days=notice.days)
    return leaving if notice else end_membership(leaving, by=by)


@transaction.atomic
def stay(*, by: Actor) -> Organisation:
    """Take the announcement back. Raises Forbidden as `announce_leaving`, Conflict without one."""
    by.require(Power.SIGN)
    staying = Organisation.objects.select_for_update().get(pk=by.organisation.pk)
    if staying.leaves_at is None:
        raise Conflict(f"{staying} has not announced that it leaves.")
    staying.leaves_at = None
    staying.save(update_fields=["leaves_at"])
    journal.record("leaving-taken-back", by=by, subject=staying.stix_id)
    return staying


def end_announced() -> int:
    """End the memberships whose notice is over; how many."""
    due = Organisation.objects.filter(leaves_at__lte=world.now(), left_at=None)
    for organisation in due:
        end_membership(organisation, by=Actor(organisation=organisation))
    return len(due)
