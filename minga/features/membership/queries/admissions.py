"""Who waits for a seat in a circle, and what happened in a circle, for those who sit in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from minga.core.policy import NOTHING, Reader
from minga.core.problems import NotFound
from minga.features.membership.models import Admission, Ballot
from minga.features.membership.queries.members import circles
from minga.store.audiences.models import Circle, CircleSeat
from minga.store.journal.models import Entry
from minga.store.people.models import Organisation

TOLD = (
    "circle-created", "circle-joining-changed", "circle-asked", "circle-proposed",
    "circle-sponsored", "circle-admitted", "circle-declined", "circle-expelled",
)  # fmt: skip
MOST_TOLD = 100


@dataclass(frozen=True, slots=True)
class Waiting:
    """A candidate and how its case stands, for who sits in the circle. Votes are only counted."""

    admission: Admission
    in_favour: int
    against: int
    sitting: int
    own_vote: bool | None


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of a circle's history: when, what, and which organisation it was about."""

    at: datetime
    action: str
    organisation: str
    by_rule: bool


def listed_circles(*, reader: Reader) -> QuerySet[Circle]:
    """The circles that the reader's organisation may ask to join; none before it signed."""
    if reader.organisation is None or reader.is_hub or reader.reads_up_to == NOTHING:
        return Circle.objects.none()
    seated = CircleSeat.objects.filter(organisation=reader.organisation).values("circle")
    listed = Circle.objects.filter(is_listed=True, stored_rule__isnull=True).exclude(pk__in=seated)
    open_ = listed.exclude(admission=Circle.Admission.STEWARD)
    return open_.select_related("steward").order_by("name", "pk")


def listed_circle(slug: str, *, reader: Reader) -> Circle:
    """One of them. Raises NotFound when there is none or it is not listed for the reader."""
    found = listed_circles(reader=reader).filter(slug=slug).first()
    if found is None:
        raise NotFound(f"No circle {slug!r} is listed for you.", field="circle")
    return found


def asked_for(*, reader: Reader) -> dict[int, Admission]:
    """What the reader's own organisation asked for, the last for each circle; never any votes."""
    own = Admission.objects.filter(candidate=reader.organisation or 0, sponsor=None)
    return {each.circle_id: each for each in own.order_by("asked_at", "pk")}


def admissions(*, reader: Reader) -> QuerySet[Admission]:
    """The cases of the circles that the reader may know, the latest first."""
    known = Admission.objects.filter(circle__in=circles(reader=reader).order_by().values("pk"))
    return known.select_related("circle", "candidate", "sponsor").order_by("-asked_at", "-pk")


def waiting_for(circle: Circle, *, reader: Reader) -> list[Waiting]:
    """Who waits for a seat in a circle, for those who may know the circle."""
    sitting = CircleSeat.objects.filter(circle=circle, organisation__left_at=None)
    inside = sitting.values("organisation")
    found = []
    for each in admissions(reader=reader).filter(circle=circle, state=Admission.State.OPEN):
        cast = Ballot.objects.filter(admission=each, organisation__in=inside)
        own = cast.filter(organisation=reader.organisation or 0).first()
        in_favour = cast.filter(in_favour=True).count()
        found.append(
            Waiting(
                each, in_favour, cast.count() - in_favour, sitting.count(),
                own.in_favour if own else None,
            )
        )  # fmt: skip
    return found


def history_of(circle: Circle, *, reader: Reader) -> list[Happening]:
    """What happened in a circle, the latest first, for those who may know it.

    Which organisations it was about, never which person did it, and never who voted what.
    """
    if not circles(reader=reader).filter(pk=circle.pk).exists():
        return []
    entries = Entry.objects.filter(Q(subject=str(circle.uuid)), action__in=TOLD)
    lines = list(entries.order_by("-at", "-pk")[:MOST_TOLD])
    named = {each.details.get("organisation", "") for each in lines}
    uuids = [identity.removeprefix("identity--") for identity in named if identity]
    names = {
        f"identity--{uuid}": name
        for uuid, name in Organisation.objects.filter(uuid__in=uuids).values_list("uuid", "name")
    }
    return [
        Happening(
            each.at, each.action, names.get(each.details.get("organisation", ""), ""),
            bool(each.details.get("by_rule")),
        )
        for each in lines
    ]  # fmt: skip
