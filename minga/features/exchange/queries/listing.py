"""The list of contributions, page by page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from minga.core.policy import Reader
from minga.features.exchange.queries.contributions import ListFilters, contributions
from minga.store import world
from minga.store.objects import cursors
from minga.store.objects import queries as objects
from minga.store.objects.models import Contribution


@dataclass(frozen=True, slots=True)
class ContributionPage:
    """Contributions, the newest first. `next` is the cursor of the page that follows, or empty."""

    rows: list[Contribution]
    next: str


def contributions_page(
    filters: ListFilters, *, reader: Reader, limit: int, cursor: str = ""
) -> ContributionPage:
    """The next `limit` contributions that pass the filters.

    Those of the very same instant stay together, so a page may be longer than `limit`. Raises
    Malformed for a cursor that was altered or made for other filters.
    """
    place = f"contributions {filters}"
    found = contributions(filters, reader=reader)
    if cursor:
        position = cursors.unseal(cursor, reader=reader, place=place)
        found = found.filter(updated_at__lt=world.from_us(position))
    rows = list(found[: limit + 1])
    if len(rows) <= limit:
        return ContributionPage(rows, "")
    last = rows[limit - 1].updated_at
    rows = [row for row in rows if row.updated_at > last] + list(found.filter(updated_at=last))
    more = found.filter(updated_at__lt=last).exists()
    following = cursors.seal(world.to_us(last), reader=reader, place=place) if more else ""
    return ContributionPage(rows, following)


def contributions_by_kind(filters: ListFilters, *, reader: Reader) -> dict[int, int]:
    """How many contributions of each kind the reader may see."""
    counted = contributions(filters, reader=reader).order_by().values_list("kind")
    return dict(counted.annotate(count=Count("pk")))


def contributions_since(instant: datetime, *, reader: Reader) -> int:
    """How many contributions were shared or changed from this instant on."""
    return contributions(reader=reader).filter(updated_at__gte=instant).count()


def withdrawn_among(rows: Iterable[Contribution], *, reader: Reader) -> frozenset[int]:
    """The rows, by their keys, whose author has ended them as far as this reader may see."""
    rows = list(rows)
    back = {row.pk for row in rows if row.withdrawn_at is not None}
    roots = {(row.producer_id, row.root_id): row.pk for row in rows if row.root_id}
    ended = objects.readable(reader=reader).filter(
        revoked=True, stix_id__in=[root for _producer, root in roots]
    )
    found = set(ended.values_list("producer_id", "stix_id"))
    return frozenset(back | {pk for key, pk in roots.items() if key in found})
