"""Circles and who sits in them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from minga.core.circles import CircleRule
from minga.core.problems import Conflict, Invalid
from minga.features.membership import queries
from minga.features.membership.models import Admission
from minga.features.membership.services import seating
from minga.features.membership.services.names import read_name, read_slug
from minga.store import locks
from minga.store.audiences import seats
from minga.store.audiences.models import Circle
from minga.store.journal import services as journal
from minga.store.people.actors import Actor, Power
from minga.store.people.models import Organisation

BY_STEWARD = Circle.Admission.STEWARD
PAUSE_DAYS, LONGEST_PAUSE_DAYS = 30, 365


@dataclass(frozen=True, slots=True)
class Joining:
    """How organisations come to sit in a circle: by its rule; or else as `admission` says.

    Of a circle that `is_listed` every member knows the name and may ask to join. After
    `pause_days`, 0 to 365, an organisation that was not let in is asked or proposed for again.
    """

    rule: CircleRule | None = None
    admission: str = BY_STEWARD
    is_listed: bool = False
    pause_days: int = PAUSE_DAYS

    def check(self) -> None:
        """Raise Invalid, naming the field, for what contradicts itself."""
        if self.admission not in Circle.Admission.values:
            known = ", ".join(Circle.Admission.values)
            raise Invalid(
                f"Admission is {self.admission!r}; expected one of {known}.", field="admission"
            )
        if not 0 <= self.pause_days <= LONGEST_PAUSE_DAYS:
            raise Invalid(
                f"The pause is {self.pause_days} days; expected 0 to {LONGEST_PAUSE_DAYS}.",
                field="pause_days",
            )
        if self.rule is None:
            return
        self.rule.check()
        if self.admission != BY_STEWARD or self.is_listed:
            raise Invalid(
                "A circle by rule admits nobody by hand; leave the rule or the admission out.",
                field="admission",
            )


BY_HAND = Joining()


@transaction.atomic
def create_circle(
    name: str,
    *,
    by: Actor,
    slug: str = "",
    purpose: str = "",
    steward: Organisation | None = None,
    joining: Joining = BY_HAND,
) -> Circle:
    """A circle with its steward in it; the steward is the actor's organisation unless named.

    Who else sits in it follows from `joining`. Raises Forbidden unless `by` administers the hub,
    Invalid for a name or a rule that cannot be, Conflict for a short name that is taken.
    """
    by.require(Power.ADMINISTER_HUB)
    joining.check()
    name = read_name(name, field="name")
    slug = read_slug(slug, name=name)
    if Circle.objects.filter(slug=slug).exists():
        raise Conflict(f"The short name {slug!r} is taken; choose another.", field="slug")
    circle = Circle.objects.create(
        name=name, slug=slug, purpose=purpose.strip()[:300], steward=steward or by.organisation,
        **_stored(joining),
    )  # fmt: skip
    seats.seat_in_circle(circle, circle.steward)
    journal.record("circle-created", by=by, subject=str(circle.uuid), name=circle.name)
    seating.follow_rule(circle, by=by)
    return circle


@transaction.atomic
def change_joining(slug: str, joining: Joining, *, by: Actor) -> Circle:
    """Say anew how organisations come to sit in a circle; seats follow a new rule at once.

    Who sits in it when a rule is taken away stays. Who waits for a seat by another way than the
    new one is declined, and may ask anew: nobody is let in by a way that nobody decided on.
    Raises Forbidden unless `by` administers the hub, NotFound, and Invalid as `create_circle`.
    """
    by.require(Power.ADMINISTER_HUB)
    circle = queries.circle(slug, reader=by.reader)
    joining.check()
    locks.hold(admitting(circle))
    if joining.rule is not None or joining.admission != circle.admission:
        _decline_who_waits(circle, by=by)
    for name, value in _stored(joining).items():
        setattr(circle, name, value)
    circle.save(update_fields=list(_stored(joining)))
    journal.record(
        "circle-joining-changed", by=by, subject=str(circle.uuid), admission=str(joining.admission),
        by_rule=joining.rule is not None, is_listed=joining.is_listed,
        pause_days=joining.pause_days,
    )  # fmt: skip
    seating.follow_rule(circle, by=by)
    return circle


@transaction.atomic
def admit_to_circle(slug: str, *, by: Actor, organisation: Organisation) -> Circle:
    """Let an organisation into a circle: it reads from now on, and what was there before comes.

    Older things are brought by a job, so that its pollers find them as newly added. Admitting
    who is in already changes nothing. Raises NotFound, Forbidden unless `by` administers the hub
    or the circle's steward, and Invalid for a circle that admits otherwise.
    """
    circle = queries.circle(slug, reader=by.reader)
    require_stewardship(circle, by=by)
    _require_by_hand(circle)
    if circle.admission != BY_STEWARD:
        raise Invalid(
            f"{circle} admits by {circle.admission}; propose the organisation instead.",
            field="organisation",
        )
    seating.take_seat(circle, organisation)
    journal.record(
        "circle-admitted",
        by=by,
        subject=str(circle.uuid),
        concerns=organisation,
        organisation=organisation.stix_id,
    )
    return circle


@transaction.atomic
def expel_from_circle(slug: str, *, by: Actor, organisation: Organisation) -> Circle:
    """Take an organisation out of a circle and of what it read only through it, at once.

    Raises NotFound, Forbidden as `admit_to_circle` does, and Invalid for the steward and for a
    circle by rule.
    """
    circle = queries.circle(slug, reader=by.reader)
    require_stewardship(circle, by=by)
    _require_by_hand(circle)
    if organisation == circle.steward:
        raise Invalid(
            f"{organisation} is the steward of {circle}; a circle keeps its steward.",
            field="organisation",
        )
    seats.unseat_from_circle(circle, organisation)
    journal.record(
        "circle-expelled",
        by=by,
        subject=str(circle.uuid),
        concerns=organisation,
        organisation=organisation.stix_id,
    )
    return circle


def may_admit_to(circle: Circle, *, by: Actor) -> bool:
    """Whether this actor lets organisations into and out of a circle: its steward, or the hub."""
    is_steward = circle.steward == by.organisation
    return (is_steward and Power.ADMINISTER_OWN in by.powers) or Power.ADMINISTER_HUB in by.powers


def require_stewardship(circle: Circle, *, by: Actor) -> None:
    """Raise Forbidden unless `by` administers the hub or the circle's steward."""
    if not may_admit_to(circle, by=by):
        by.require(Power.ADMINISTER_HUB)


def admitting(circle: Circle) -> str:
    """The name of the lock that is held while somebody begins to wait, or the way changes."""
    return f"admissions {circle.pk}"


def _decline_who_waits(circle: Circle, *, by: Actor) -> None:
    waiting = Admission.objects.select_for_update(of=("self",)).filter(
        circle=circle, state=Admission.State.OPEN
    )
    for each in waiting.select_related("candidate"):
        each.state = Admission.State.DECLINED
        each.save(update_fields=["state"])
        journal.record(
            "circle-declined", by=by, subject=str(circle.uuid),
            organisation=each.candidate.stix_id,
        )  # fmt: skip


def _require_by_hand(circle: Circle) -> None:
    if circle.stored_rule is not None:
        raise Invalid(
            f"{circle} is a circle by rule: its seats follow what organisations are. Change the "
            "rule instead.",
            field="organisation",
        )


def _stored(joining: Joining) -> dict[str, object]:
    rule = joining.rule
    return {
        "stored_rule": rule.as_stored() if rule else None,
        "admission": joining.admission,
        "is_listed": joining.is_listed,
        "pause_days": joining.pause_days,
    }
