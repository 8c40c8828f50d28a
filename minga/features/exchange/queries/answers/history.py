"""One observable and its days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from minga.core.observables import Kind, Observable, canonical
from minga.core.policy import Reader
from minga.core.problems import Invalid, NotFound
from minga.features.exchange.queries import parameters
from minga.features.exchange.queries.answers.answer import Answer, Day, Dossier
from minga.features.exchange.queries.answers.lookup import answers_to
from minga.store import world
from minga.store.objects.models import Sighting

MOST_DAYS = 366


def observable(
    kind: str, value: str, *, reader: Reader, days: int = 30, zone: tzinfo = UTC
) -> Dossier:
    """What this reader may know of one observable, and its sightings day by day until today.

    `kind` is a value of `core.observables.Kind`; `value` may be defanged. Days are those of
    `zone`, 1 to 366 of them. An observable nobody shared with him has the verdict unknown.

    Raises NotFound for a kind that does not exist, and Invalid for a value that is not of it.
    """
    if kind not in list(Kind):
        raise NotFound(f"No kind {kind[:40]!r}; there are {', '.join(Kind)}.")
    if not 1 <= days <= MOST_DAYS:
        raise Invalid(f"days is {days}; expected 1 to {MOST_DAYS}.", field="days")
    found = Observable(Kind(kind), canonical(Kind(kind), value))
    (answer,) = answers_to([value], [found], reader=reader)
    last = world.now().astimezone(zone).date()
    span = [last - timedelta(days=ago) for ago in reversed(range(days))]
    return Dossier(answer, tuple(_counted(answer, span, zone)))


def _counted(answer: Answer, span: list[date], zone: tzinfo) -> Iterator[Day]:
    """Every day of the span, with the sightings of objects that the reader may see."""
    events: dict[date, int] = defaultdict(int)
    organisations: dict[date, set[int]] = defaultdict(set)
    begins = datetime.combine(span[0], time(), zone)
    ends = datetime.combine(span[-1] + timedelta(days=1), time(), zone)
    sightings = Sighting.objects.filter(
        stix_id__in=parameters.ids([hit.stix_id for hit in answer.hits]),
        last_seen_us__gte=world.to_us(begins),
        last_seen_us__lt=world.to_us(ends),
    )
    for last_us, count, who in sightings.values_list("last_seen_us", "count", "seen_by"):
        on = world.from_us(last_us).astimezone(zone).date()
        events[on] += count
        organisations[on].add(who)
    for on in span:
        yield Day(on, events[on], len(organisations[on]))
