"""Leaving the agreement: announced by the organisation itself, undone until its notice is over."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet

from minga.core import policy
from minga.core.agreement import Effects, Exit
from minga.core.problems import Conflict, Invalid
from minga.features.membership import queries
from minga.features.membership.models import Signature
from minga.features.membership.services.returning import note_holdings
from minga.store import world
from minga.store.audiences import seats
from minga.store.audiences.models import Circle
from minga.store.journal import services as journal
from minga.store.objects.keeping import hold
from minga.store.objects.models import Contribution
from minga.store.people.actors import Actor, Power
from minga.store.people.models import Departure, Organisation, SignInLink


@dataclass(frozen=True, slots=True)
class Consequences:
    """What the signed clauses say of leaving.

    `notice` is how long after its announcement it takes effect, `retention` how long after that
    what was received is returned or destroyed, and `fate` what becomes of what was shared.
    """

    notice: timedelta
    retention: timedelta
    fate: Exit


def consequences_of(
    organisation: Organisation, *, by: Actor, asks_anonymity: bool = False
) -> Consequences:
    """What leaving means for an organisation, by the clauses that it signed.

    Where they let its contributions stay it may ask that nobody is told any more whose they are.
    """
    signed = queries.adherence_of(organisation, reader=by.reader).terms.signed
    effects = [clause.effects for clause in signed]
    said = [each.contributions_after_exit for each in effects]
    fate = next((each for each in said if each is not None), Exit.STAY)
    return Consequences(
        notice=_days(effects, "notice_days"),
        retention=_days(effects, "retention_after_exit_days"),
        fate=Exit.ANONYMISE if asks_anonymity and fate is Exit.STAY else fate,
    )


@transaction.atomic
def announce_leaving(*, by: Actor, asks_anonymity: bool = False) -> Organisation:
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
    follows = consequences_of(leaving, by=by, asks_anonymity=asks_anonymity)
    leaving.leaves_at = world.now() + follows.notice
    leaving.save(update_fields=["leaves_at"])
    Departure.objects.create(
        organisation=leaving, asks_anonymity=asks_anonymity, fate=follows.fate.value
    )
    journal.record(
        "leaving-announced", by=by, subject=leaving.stix_id, days=follows.notice.days,
        fate=follows.fate.value,
    )  # fmt: skip
    return leaving if follows.notice else end_membership(leaving, by=by)


@transaction.atomic
def stay(*, by: Actor) -> Organisation:
    """Take the announcement back. Raises Forbidden as `announce_leaving`, Conflict without one."""
    by.require(Power.SIGN)
    staying = Organisation.objects.select_for_update().get(pk=by.organisation.pk)
    if staying.leaves_at is None:
        raise Conflict(f"{staying} has not announced that it leaves.")
    staying.leaves_at = None
    staying.save(update_fields=["leaves_at"])
    _open_departures(staying).update(taken_back_at=world.now())
    journal.record("leaving-taken-back", by=by, subject=staying.stix_id)
    return staying


@transaction.atomic
def leave_organisation(slug: str, *, by: Actor) -> Organisation:
    """End an organisation's membership: its seats, keys and links end with it, at once.

    What it shared meets the fate that its clauses say. Raises Forbidden unless `by` administers
    the hub, NotFound, and Invalid for the hub itself.
    """
    by.require(Power.ADMINISTER_HUB)
    leaving = queries.organisation(slug, reader=by.reader)
    if leaving.is_hub:
        raise Invalid("The hub cannot leave itself; name a member.", field="organisation")
    return end_membership(leaving, by=by)


@transaction.atomic
def end_membership(leaving: Organisation, *, by: Actor) -> Organisation:
    """What leaving is, whoever decided it: nothing of the organisation acts from here on.

    Whatever asks for its session, key or seat from the commit on finds none, in every process.
    What becomes of its contributions is worked off from here (`Departure.fate`). The hub becomes
    the steward of its circles, without a seat in them.
    """
    hold(leaving)  # what it is sharing right now is still shared; then nothing more is
    now = world.now()
    _depart(leaving, by=by)
    leaving.left_at = now
    leaving.granted, leaving.reads_up_to = "", policy.NOTHING
    leaving.save(update_fields=["left_at", "granted", "reads_up_to"])
    Signature.objects.filter(organisation=leaving, ended_at=None).update(ended_at=now)
    leaving.keys.filter(revoked_at=None).update(revoked_at=now)
    SignInLink.objects.filter(person__organisation=leaving).delete()
    hub = Organisation.objects.get(role=Organisation.Role.HUB)
    Circle.objects.filter(steward=leaving).update(steward=hub)
    seats.unseat(leaving)
    journal.record(
        "organisation-left", by=by, subject=leaving.stix_id, concerns=leaving, name=leaving.name
    )
    return leaving


def end_announced() -> int:
    """End the memberships whose notice is over; how many."""
    due = Organisation.objects.filter(leaves_at__lte=world.now(), left_at=None)
    for organisation in due:
        end_membership(organisation, by=Actor(organisation=organisation))
    return len(due)


def _depart(leaving: Organisation, *, by: Actor) -> None:
    """Write down what becomes of what it shared and of what it received."""
    departure = _open_departures(leaving).first() or Departure(organisation=leaving)
    follows = consequences_of(leaving, by=by, asks_anonymity=departure.asks_anonymity)
    shared = Contribution.objects.filter(producer=leaving).count()
    departure.left_at = world.now()
    departure.return_by = departure.left_at + follows.retention
    departure.fate, departure.shared = follows.fate.value, shared
    if follows.fate is Exit.STAY:
        departure.settled_at = departure.left_at
    departure.save()
    note_holdings(departure, by=by)


def _open_departures(organisation: Organisation) -> QuerySet[Departure]:
    return Departure.objects.filter(organisation=organisation, taken_back_at=None, left_at=None)


def _days(effects: Iterable[Effects], name: str) -> timedelta:
    said = (getattr(each, name) for each in effects)
    return timedelta(days=max((days for days in said if days is not None), default=0))
