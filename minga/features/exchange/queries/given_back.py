"""What came back on an object: sightings as counts, and feedback for its producer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Max, Min, Q, Sum

from minga.core.policy import Reader
from minga.store.objects import queries
from minga.store.objects.models import Feedback, Sighting, Version


@dataclass(frozen=True, slots=True)
class SightingSummary:
    """How often an object was seen. Times are microseconds since 1970, 0 when never.

    `events` and `organisations` count every sighting, also those whose sender this reader may
    not know: this is the one number the rule lets out. `named` are senders he may know.
    """

    events: int = 0
    organisations: int = 0
    first_seen_us: int = 0
    last_seen_us: int = 0
    named: tuple[str, ...] = ()
    own: bool = False


NEVER_SEEN = SightingSummary()


def sightings_of(stix_ids: Iterable[str], *, reader: Reader) -> dict[str, SightingSummary]:
    """What is known of each object that this reader may see and that was seen at work."""
    visible = set(
        queries.readable(reader=reader)
        .filter(stix_id__in=stix_ids)
        .values_list("stix_id", flat=True)
    )
    sightings = Sighting.objects.filter(stix_id__in=visible)
    named: dict[str, list[str]] = {}
    told = sightings.filter(version__in=queries.readable(reader=reader))
    for stix_id, name in told.order_by("seen_by__name").values_list("stix_id", "seen_by__name"):
        if name not in named.setdefault(stix_id, []):
            named[stix_id].append(name)
    counted = sightings.values("stix_id").annotate(
        events=Sum("count"),
        organisations=Count("seen_by", distinct=True),
        first=Min("first_seen_us"),
        last=Max("last_seen_us"),
        own=Count("pk", filter=Q(seen_by=reader.organisation)),
    )
    return {
        row["stix_id"]: SightingSummary(
            events=row["events"],
            organisations=row["organisations"],
            first_seen_us=row["first"],
            last_seen_us=row["last"],
            named=tuple(named.get(row["stix_id"], ())),
            own=bool(row["own"]),
        )
        for row in counted
    }


@dataclass(frozen=True, slots=True)
class FeedbackSummary:
    """How many organisations gave each verdict; who and why only for the object's producer."""

    counts: dict[str, int]
    own: tuple[str, ...]
    told: tuple[Feedback, ...]


def feedback_on(stix_id: str, *, reader: Reader) -> FeedbackSummary:
    """What came back on an object. Raises NotFound when it is out of sight."""
    newest = queries.newest(stix_id, reader=reader)
    given = Feedback.objects.filter(stix_id=stix_id)
    counts = given.values_list("verdict").annotate(count=Count("pk")).order_by("verdict")
    mine = given.filter(said_by=reader.organisation).values_list("verdict", flat=True)
    is_producer = Version.objects.filter(
        stix_id=stix_id, lineage=newest.lineage, producer=reader.organisation
    ).exists()
    told = given.select_related("said_by").order_by("-at") if is_producer else ()
    return FeedbackSummary(dict(counts), tuple(mine), tuple(told))
