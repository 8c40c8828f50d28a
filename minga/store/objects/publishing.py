"""The order in which readers meet what was shared. Last step of every change that shows something.

Rule 6 of the house: stamps are given in commit order, strictly increasing, and the last of a
commit is rounded up to a whole millisecond, because some clients (OpenCTI) keep no more. As readers
of one commit may see different parts of it, so is the last for each audience and kind.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from django.db import models

from minga.store import bulk
from minga.store.objects import stamps
from minga.store.objects.models import Publication, Version

COLUMNS = (
    "added_at", "version_id", "audience_id", "kind", "stix_id", "modified_us", "lineage", "type",
)  # fmt: skip


class Placement(NamedTuple):
    """A version about to be shown to an audience, in contributions of one kind."""

    version: int
    audience: int
    kind: int
    stix_id: str
    modified_us: int
    lineage: int
    type: str

    @classmethod
    def of(cls, version: Version, *, audience: int, kind: int) -> Placement:
        """Show this stored version to that audience."""
        return cls(version.pk, audience, kind, version.stix_id, version.modified_us,
                   version.lineage, version.type)  # fmt: skip


def publish(placements: Sequence[Placement]) -> None:
    """Show these from the moment the transaction commits, each audience its part in this order.

    An audience's part stands together, so that no gap between two stamps tells its readers how
    much the same commit showed to others. Call it last: from here to the commit every other
    writer waits. A placement that stands already (same version, audience and kind) must not be
    passed again; see `missing`.
    """
    if not placements:
        return
    turn = {
        audience: at for at, audience in enumerate(dict.fromkeys(p.audience for p in placements))
    }
    placements = sorted(placements, key=lambda placement: turn[placement.audience])
    last = {(p.audience, p.kind): position for position, p in enumerate(placements)}
    order = stamps.take(len(placements), ends=set(last.values()))
    bulk.insert(
        Publication,
        COLUMNS,
        (
            (stamp, p.version, p.audience, p.kind, p.stix_id, p.modified_us, p.lineage, p.type)
            for stamp, p in zip(order, placements, strict=True)
        ),
    )


def missing(placements: Sequence[Placement]) -> list[Placement]:
    """Those of these placements that do not stand yet, without doubles, in order."""
    standing: set[tuple[int, int, int]] = set()
    for versions in bulk.chunks(list({p.version for p in placements})):
        rows = Publication.objects.filter(version__in=versions)
        standing.update(rows.values_list("version_id", "audience_id", "kind"))
    fresh = []
    for placement in placements:
        key = (placement.version, placement.audience, placement.kind)
        if key not in standing:
            standing.add(key)
            fresh.append(placement)
    return fresh


def withdraw(versions: models.QuerySet[Version]) -> int:
    """Take these versions from every reader. Their bytes stay, for the journal and the producer.

    Whoever is bringing them to somebody else right now goes before, so that none is left behind.
    """
    stamps.hold()
    count, _ = Publication.objects.filter(version__in=versions).delete()
    return count
