"""What was there before an organisation took its seat comes to it through a door of its own."""

from __future__ import annotations

from django.db import transaction

from minga.store.objects import publishing, stamps
from minga.store.objects.models import Publication
from minga.store.objects.publishing import Placement

BATCH = 1_000


def bring_older(*, origin: int, audience: int, before_us: int) -> int:
    """Publish to `audience` all that `origin` was shown before a stamp; return how many.

    It goes in batches of 1000, each a transaction of its own, in the order in which the others
    met it. Stopped halfway and run again, it goes on where it stopped and publishes nothing
    twice. An organisation that left and returned gets all of it anew: what its door showed
    before this return, its new seat no longer sees.
    """
    after, brought = -1, 0
    while True:
        with transaction.atomic():
            stamps.hold()  # what is withdrawn meanwhile is not brought
            batch = list(
                Publication.objects.filter(
                    audience=origin, added_at__gt=after, added_at__lt=before_us
                ).order_by("added_at")[:BATCH]
            )
            if not batch:
                return brought
            after = batch[-1].added_at
            fresh = _not_brought_yet(batch, audience=audience, since_us=before_us)
            publishing.publish(fresh)
            brought += len(fresh)


def _not_brought_yet(batch: list[Publication], *, audience: int, since_us: int) -> list[Placement]:
    standing = set(
        Publication.objects.filter(
            audience=audience, added_at__gte=since_us, version__in=[p.version_id for p in batch]
        ).values_list("version_id", "kind")
    )
    return [
        Placement(p.version_id, audience, p.kind, p.stix_id, p.modified_us, p.lineage, p.type)
        for p in batch
        if (p.version_id, p.kind) not in standing
    ]
