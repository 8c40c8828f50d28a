"""What came back on an object: sightings as counts, and feedback for its producer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, Max, Min, OuterRef, Sum

from minga.core.policy import Reader
from minga.features.exchange.queries import parameters
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


@dataclass(frozen=True, slots=True)
class Seen:
    """The sightings of one object by one organisation; its name where the reader may know it."""

    events: int
    first_us: int
    last_us: int
    name: str


def sightings_of(stix_ids: Iterable[str], *, reader: Reader) -> dict[str, SightingSummary]:
    """What is known of each object that this reader may see and that was seen at work."""
    visible = queries.readable(reader=reader).filter(stix_id__in=stix_ids)
    seen = seen_by(set(visible.values_list("stix_id", flat=True)), reader=reader)
    return {stix_id: summary_of([by], reader=reader) for stix_id, by in seen.items()}


def seen_by(stix_ids: Collection[str], *, reader: Reader) -> dict[str, dict[int, Seen]]:
    """Who saw each object: by its id, then by the row of the organisation.

    The ids must be of objects that the reader may see. That they were seen is counted for him, and
    who saw them stays hidden but where he may read the sighting itself.
    """
    sightings = Sighting.objects.filter(stix_id__in=parameters.ids(sorted(stix_ids)))
    counted = sightings.values_list("stix_id", "seen_by").annotate(
        Sum("count"), Min("first_seen_us"), Max("last_seen_us")
    )
    readable = queries.readable(reader=reader).filter(pk=OuterRef("version"))
    told = sightings.filter(Exists(readable)).values_list("stix_id", "seen_by", "seen_by__name")
    names = {(stix_id, organisation): name for stix_id, organisation, name in told}
    found: dict[str, dict[int, Seen]] = defaultdict(dict)
    for stix_id, organisation, events, first_us, last_us in counted:
        name = names.get((stix_id, organisation), "")
        found[stix_id][organisation] = Seen(events, first_us, last_us, name)
    return found


def summary_of(seen: Iterable[dict[int, Seen]], *, reader: Reader) -> SightingSummary:
    """The sightings of several objects together, each organisation counted once."""
    every = [(organisation, each) for by in seen for organisation, each in by.items()]
    if not every:
        return NEVER_SEEN
    organisations = {organisation for organisation, _ in every}
    return SightingSummary(
        events=sum(each.events for _, each in every),
        organisations=len(organisations),
        first_seen_us=min(each.first_us for _, each in every),
        last_seen_us=max(each.last_us for _, each in every),
        named=tuple(sorted({each.name for _, each in every if each.name})),
        own=any(who == reader.organisation and _may_know(each, reader) for who, each in every),
    )


def _may_know(own: Seen, reader: Reader) -> bool:
    """Whether a reader may know what his own organisation saw; below a ceiling, by reading it."""
    return bool(own.name) or not reader.has_ceiling


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
    named = given.filter(is_nameless=False).select_related("said_by").order_by("-at")
    told = named if is_producer else ()
    return FeedbackSummary(dict(counts), tuple(mine), tuple(told))
