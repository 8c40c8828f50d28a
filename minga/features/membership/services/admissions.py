"""Coming to sit in a circle that admits by vote or by a sponsor.

By vote: each organisation that sits there has one vote for VOTE_DAYS and may change it; more than
half of all who sit admit. By sponsor: one of them answers for the candidate, and when the steward
has kept silent for SILENT_DAYS it is admitted, if its sponsor sits there still. The candidate
learns what was decided, and never who said what. Who was not let in comes up again only after the
circle's pause, so that nobody is proposed until those inside tire of objecting.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from minga.core import votes
from minga.core.problems import Conflict, Forbidden, Invalid, NotFound
from minga.features.membership import queries
from minga.features.membership.models import Admission, Ballot
from minga.features.membership.services import seating
from minga.features.membership.services.circles import admitting, require_stewardship
from minga.store import locks, world
from minga.store.audiences.models import Circle, CircleSeat
from minga.store.journal import services as journal
from minga.store.people.actors import Actor, Power
from minga.store.people.models import Organisation

VOTE_DAYS, SILENT_DAYS = 7, 3
By = Circle.Admission
State = Admission.State


class TooSoon(Conflict):
    """An organisation was not let into a circle lately; from `until` it may come up again."""

    def __init__(self, candidate: Organisation, circle: Circle, until: datetime) -> None:
        super().__init__(
            f"{candidate} was not let into {circle} lately; it may come up again from "
            f"{until:%Y-%m-%d %H:%M} UTC.",
            field="organisation",
        )
        self.candidate, self.circle, self.until = candidate, circle, until


@transaction.atomic
def ask_to_join(slug: str, *, by: Actor) -> Admission:
    """The actor's organisation asks for a seat in a listed circle.

    Raises Forbidden unless he administers his organisation, NotFound for a circle that is not
    listed for him, Conflict when it sits there or has asked already, TooSoon when it was declined
    and the circle's pause is not over.
    """
    by.require(Power.ADMINISTER_OWN)
    circle = queries.listed_circle(slug, reader=by.reader)
    return _open(circle, by.organisation, by=by, sponsor=None)


@transaction.atomic
def propose_to_circle(slug: str, *, by: Actor, organisation: Organisation) -> Admission:
    """Who sits in a circle proposes an organisation, and so answers for it as its sponsor.

    Raises NotFound, Forbidden unless `by` administers an organisation that sits there, Invalid
    for a circle that admits otherwise, Conflict when it sits there or waits already, TooSoon when
    it was declined and the circle's pause is not over.
    """
    circle = _circle_of(slug, by=by)
    return _open(circle, organisation, by=by, sponsor=by.organisation)


@transaction.atomic
def sponsor_admission(uuid: UUID, *, by: Actor) -> Admission:
    """Who sits in a circle answers for a candidate that asked by itself.

    Raises NotFound, Forbidden and TooSoon as `propose_to_circle`, and Conflict when somebody does
    already.
    """
    admission = _waiting(uuid, by=by)
    if admission.circle.admission != By.SPONSOR or admission.sponsor is not None:
        raise Conflict("It needs no sponsor, or has one already.")
    _refuse_soon(_refused(admission.circle, admission.candidate))
    admission.sponsor = by.organisation
    admission.decides_at = world.now() + timedelta(days=SILENT_DAYS)
    admission.save(update_fields=["sponsor", "decides_at"])
    journal.record("circle-sponsored", **_about(admission, by=by))
    return admission


@transaction.atomic
def vote(uuid: UUID, *, by: Actor, in_favour: bool) -> Admission:
    """The vote of an organisation that sits in the circle; the last one counts.

    It decides at once when no other vote could change the outcome. Raises NotFound, Forbidden as
    `propose_to_circle`, and Invalid for a circle that does not vote.
    """
    admission = _waiting(uuid, by=by)
    if admission.circle.admission != By.VOTE:
        raise Invalid(f"{admission.circle} does not vote; it admits by a sponsor.")
    Ballot.objects.update_or_create(
        admission=admission,
        organisation=by.organisation,
        defaults={"in_favour": in_favour, "cast_at": world.now()},
    )
    journal.record("circle-voted", by=by, subject=str(admission.uuid))
    return _decide(admission, by=by)


@transaction.atomic
def object_to_admission(uuid: UUID, *, by: Actor) -> Admission:
    """The steward, or the hub, declines a candidate that comes by a sponsor.

    Raises NotFound, Forbidden unless `by` administers the steward or the hub, and Invalid for a
    circle that votes.
    """
    admission = _open_in_sight(uuid, by=by)
    require_stewardship(admission.circle, by=by)
    if admission.circle.admission != By.SPONSOR:
        raise Invalid(f"{admission.circle} votes; cast your vote instead.")
    return _close(admission, State.DECLINED, by=by)


def decide_due() -> int:
    """Decide what silence or time has decided by now; how many."""
    due = Admission.objects.filter(state=State.OPEN, decides_at__lte=world.now())
    hub = Actor(organisation=Organisation.objects.get(role=Organisation.Role.HUB))
    return sum(_decide_one(pk, by=hub) for pk in due.values_list("pk", flat=True))


@transaction.atomic
def _decide_one(pk: int, *, by: Actor) -> bool:
    found = Admission.objects.select_for_update().filter(pk=pk, state=State.OPEN)
    admission = found.select_related("circle", "candidate").first()
    return admission is not None and _decide(admission, by=by).state != State.OPEN


def _open(
    circle: Circle, candidate: Organisation, *, by: Actor, sponsor: Organisation | None
) -> Admission:
    _require_adherence(candidate)
    locks.hold(admitting(circle))
    circle.refresh_from_db()  # how it admits may have changed meanwhile
    if circle.stored_rule is not None or circle.admission == By.STEWARD:
        raise Invalid(f"{circle} does not admit by vote or sponsor.", field="organisation")
    if CircleSeat.objects.filter(circle=circle, organisation=candidate).exists():
        raise Conflict(f"{candidate} sits in {circle} already.", field="organisation")
    if Admission.objects.filter(circle=circle, candidate=candidate, state=State.OPEN).exists():
        raise Conflict(f"{candidate} waits for {circle} already.", field="organisation")
    refused = _refused(circle, candidate)
    # A candidate that asks is told of its own asking alone: not that others proposed it before.
    _refuse_soon(refused if sponsor else refused.filter(sponsor=None))
    days = VOTE_DAYS if circle.admission == By.VOTE else SILENT_DAYS
    waits = circle.admission == By.SPONSOR and sponsor is None
    admission = Admission.objects.create(
        circle=circle, candidate=candidate, sponsor=sponsor,
        decides_at=None if waits else world.now() + timedelta(days=days),
    )  # fmt: skip
    journal.record("circle-proposed" if sponsor else "circle-asked", **_about(admission, by=by))
    return admission


def _decide(admission: Admission, *, by: Actor) -> Admission:
    """Close an admission when it is decided: by votes, or by a sponsor and silence."""
    is_over = admission.decides_at is not None and admission.decides_at <= world.now()
    sitting = _sitting(admission.circle)
    if admission.circle.admission != By.VOTE:
        if not is_over:
            return admission
        answers_still = sitting.filter(organisation=admission.sponsor_id or 0).exists()
        return _close(admission, State.ADMITTED if answers_still else State.DECLINED, by=by)
    cast = Ballot.objects.filter(
        admission=admission, organisation__in=sitting.values("organisation")
    )
    in_favour = cast.filter(in_favour=True).count()
    found = votes.outcome(
        sitting=sitting.count(), in_favour=in_favour, against=cast.count() - in_favour,
        is_over=is_over,
    )  # fmt: skip
    if found is votes.Outcome.OPEN:
        return admission
    hub = Actor(organisation=Organisation.objects.get(role=Organisation.Role.HUB))
    return _close(admission, State(found.value), by=hub)  # nobody is told whose vote decided


def _close(admission: Admission, state: Admission.State, *, by: Actor) -> Admission:
    if admission.candidate.left_at is not None:
        state = State.DECLINED
    admission.state, admission.decided_at = state, world.now()
    admission.save(update_fields=["state", "decided_at"])
    if state == State.ADMITTED:
        seating.take_seat(admission.circle, admission.candidate)
        journal.record("circle-admitted", concerns=admission.candidate, **_about(admission, by=by))
    else:
        journal.record("circle-declined", **_about(admission, by=by))
    return admission


def _refused(circle: Circle, candidate: Organisation) -> QuerySet[Admission]:
    """The cases of a candidate that were decided against it within the circle's pause."""
    since = world.now() - timedelta(days=circle.pause_days)
    return Admission.objects.filter(
        circle=circle, candidate=candidate, state=State.DECLINED, decided_at__gt=since
    ).select_related("circle", "candidate")


def _refuse_soon(refused: QuerySet[Admission]) -> None:
    last = refused.order_by("-decided_at").first()
    if last is not None and last.decided_at is not None:
        until = last.decided_at + timedelta(days=last.circle.pause_days)
        raise TooSoon(last.candidate, last.circle, until)


def _circle_of(slug: str, *, by: Actor) -> Circle:
    circle = queries.circle(slug, reader=by.reader)
    _require_seat(circle, by=by)
    return circle


def _waiting(uuid: UUID, *, by: Actor) -> Admission:
    """An open admission to a circle in which the actor speaks for a seat."""
    admission = _open_in_sight(uuid, by=by)
    _require_seat(admission.circle, by=by)
    return admission


def _open_in_sight(uuid: UUID, *, by: Actor) -> Admission:
    known = queries.admissions(reader=by.reader).filter(uuid=uuid).values("pk")
    found = Admission.objects.select_for_update(of=("self",)).filter(pk__in=known)
    admission = found.filter(state=State.OPEN).select_related("circle", "candidate").first()
    if admission is None:
        raise NotFound(f"No admission {uuid} waits in a circle of yours.")
    return admission


def _require_seat(circle: Circle, *, by: Actor) -> None:
    by.require(Power.ADMINISTER_OWN)
    if circle.pk not in by.reader.circles:
        raise Forbidden("Only who sits in this circle proposes and votes.")


def _require_adherence(candidate: Organisation) -> None:
    if not candidate.granted and candidate.reads_up_to < 0:
        raise Invalid(
            f"{candidate} has not signed the agreement; it signs first.", field="organisation"
        )


def _sitting(circle: Circle) -> QuerySet[CircleSeat]:
    return CircleSeat.objects.filter(circle=circle, organisation__left_at=None)


def _about(admission: Admission, *, by: Actor) -> dict[str, Any]:
    return {
        "by": by,
        "subject": str(admission.circle.uuid),
        "organisation": admission.candidate.stix_id,
    }
