"""Seats that follow rules, and what comes later through each seat that is taken."""

from __future__ import annotations

from collections.abc import Iterable

from minga.features.membership import jobs
from minga.store.audiences import seats
from minga.store.audiences.models import Circle
from minga.store.audiences.seats import LateDoor, Moved
from minga.store.journal import services as journal
from minga.store.people.actors import Actor
from minga.store.people.models import Organisation


def take_seat(circle: Circle, organisation: Organisation) -> None:
    """Seat an organisation; what was there before comes to its pollers by a job."""
    bring(seats.seat_in_circle(circle, organisation))


def follow_rules(organisation: Organisation, *, by: Actor) -> None:
    """Seat an organisation in the circles whose rules admit it now, and in no other by rule.

    Call it in the transaction that changes what rules look at.
    """
    _tell(seats.follow_rules(organisation), by=by)


def follow_rule(circle: Circle, *, by: Actor) -> None:
    """Seat whom the rule of a circle admits now."""
    _tell(seats.follow_rule(circle), by=by)


def bring(doors: Iterable[LateDoor]) -> None:
    """Let a job bring what was there before through these doors."""
    for door in doors:
        jobs.bring_older.enqueue(
            origin=door.origin, audience=door.audience, before_us=door.before_us
        )


def _tell(moved: Iterable[Moved], *, by: Actor) -> None:
    for each in moved:
        bring(each.doors)
        journal.record(
            "circle-admitted" if each.is_in else "circle-expelled",
            by=by,
            subject=str(each.circle.uuid),
            concerns=each.organisation,
            organisation=each.organisation.stix_id,
            by_rule=True,
        )
