"""Putting versions away: their bytes as they came, and the columns that are read from them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

import msgspec

from minga.core.observables import Observable
from minga.core.policy import Tlp
from minga.store import bulk, locks, world
from minga.store.objects import models
from minga.store.people.models import Organisation

LONGEST_KEY = 600
NOBODYS = 0
"""The lineage of what no author owns: observables, markings and identities without a creator."""

COLUMNS = (
    "id", "producer_id", "stix_id", "modified_us", "version", "type", "raw", "digest", "lineage",
    "created_by_ref", "name", "revoked", "confidence", "valid_from_us", "valid_until_us", "tlp",
    "received_us",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SeenAtWork:
    """What a STIX sighting says; times in microseconds since 1970, `count` in events."""

    of: str
    count: int
    first_seen_us: int
    last_seen_us: int


class NewVersion(msgspec.Struct, frozen=True):
    """A version to put away. Times are microseconds since 1970; `digest` is of `raw`.

    A struct, because a bundle makes thousands of them.
    """

    stix_id: str
    modified_us: int
    version: str
    type: str
    raw: bytes
    digest: bytes
    lineage: int
    tlp: Tlp
    created_by_ref: str = ""
    name: str = ""
    revoked: bool = False
    confidence: int | None = None
    valid_from_us: int | None = None
    valid_until_us: int | None = None
    mentions: tuple[Observable, ...] = ()
    sighting: SeenAtWork | None = None

    @property
    def triple(self) -> tuple[str, int]:
        """What tells a producer's versions apart: id and modified."""
        return self.stix_id, self.modified_us


class Fate(Enum):
    """What became of a version that was to be put away."""

    NEW = "new"
    ALREADY = "already"
    CONFLICT = "conflict"


class Kept(NamedTuple):
    """A version's row and whether it is new. On conflict `pk` is that of the first one."""

    pk: int
    fate: Fate


def hold(producer: Organisation) -> None:
    """Let no other change of what this producer shares pass, until our transaction ends.

    Hold it before reading what the change depends on, and before any other lock (`store.locks`).
    """
    locks.hold(f"producer {producer.pk}")


def keep(versions: Sequence[NewVersion], *, producer: Organisation) -> list[Kept]:
    """Put these versions of one producer away, and say of each what became of it, in order.

    The same triple with the same bytes is there already; with other bytes it is a conflict and
    the first one stays. Must run in a transaction; two of one producer go one after the other.
    """
    hold(producer)
    known = _known(versions, producer)
    fresh: list[tuple[int, NewVersion]] = []
    kept = []
    numbers = iter(bulk.reserve(models.Version, sum(v.triple not in known for v in versions)))
    for version in versions:
        pk, digest = known.get(version.triple, (0, b""))
        if not pk:
            pk = next(numbers)
            known[version.triple] = (pk, version.digest)
            fresh.append((pk, version))
            kept.append(Kept(pk, Fate.NEW))
        else:
            kept.append(Kept(pk, Fate.ALREADY if digest == version.digest else Fate.CONFLICT))
    _insert(fresh, producer)
    return kept


def _known(
    versions: Sequence[NewVersion], producer: Organisation
) -> dict[tuple[str, int], tuple[int, bytes]]:
    """Row and digest of each triple that this producer sent before."""
    known = {}
    for ids in bulk.chunks(list({v.stix_id for v in versions})):
        rows = models.Version.objects.filter(stix_id__in=ids, producer=producer).values_list(
            "stix_id", "modified_us", "pk", "digest"
        )
        known.update({(i, m): (pk, bytes(digest)) for i, m, pk, digest in rows})
    return known


def _insert(fresh: Sequence[tuple[int, NewVersion]], producer: Organisation) -> None:
    now = world.now_us()
    bulk.insert(
        models.Version,
        COLUMNS,
        [
            (
                pk, producer.pk, v.stix_id, v.modified_us, v.version, v.type, v.raw, v.digest,
                v.lineage, v.created_by_ref, v.name, v.revoked, v.confidence, v.valid_from_us,
                v.valid_until_us, int(v.tlp), now,
            )
            for pk, v in fresh
        ],
    )  # fmt: skip
    _insert_mentions(fresh)
    bulk.insert(
        models.Sighting,
        ("stix_id", "seen_by_id", "version_id", "count", "first_seen_us", "last_seen_us"),
        [
            (s.of, producer.pk, pk, s.count, s.first_seen_us, s.last_seen_us)
            for pk, v in fresh
            if (s := v.sighting) is not None
        ],
    )


def _insert_mentions(fresh: Sequence[tuple[int, NewVersion]]) -> None:
    pairs = [(match_key(o), pk) for pk, v in fresh for o in v.mentions]
    if not pairs:
        return
    keys = sorted({key for key, _ in pairs})  # in one order, so that writers never cross
    bulk.insert(models.Observable, ("kind", "value"), keys, on_conflict="DO NOTHING")
    numbers: dict[tuple[str, str], int] = {}
    for some in bulk.chunks(keys):
        rows = models.Observable.objects.filter(value__in={value for _, value in some})
        numbers.update({(k, v): pk for k, v, pk in rows.values_list("kind", "value", "pk")})
    bulk.insert(
        models.Mention,
        ("observable_id", "version_id"),
        sorted({(numbers[key], pk) for key, pk in pairs}),
    )


def match_key(observable: Observable) -> tuple[str, str]:
    """Kind and value as they are stored and matched: without case where case means nothing.

    A value too long for an index of PostgreSQL (2,700 bytes) stands for itself by its hash.
    """
    key = observable.key
    if len(key) > LONGEST_KEY:
        key = f"sha256:{hashlib.sha256(key.encode()).hexdigest()}"
    return observable.kind.value, key
