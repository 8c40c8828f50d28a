"""Reading what a reader may know of many observables at once.

Every statement is filtered for the reader before anything is counted, joined or cut. The list of
observables, long or empty, travels as one parameter, so the statements are always the same ones.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias

import msgspec
from msgspec import structs

from minga.core.policy import Reader, Tlp
from minga.features.exchange.queries import parameters
from minga.features.exchange.queries.answers.answer import Hit, Source
from minga.features.exchange.queries.given_back import Seen, SightingSummary, seen_by, summary_of
from minga.store.objects import lookup_index, queries

Key: TypeAlias = tuple[str, str]
"""Kind and value of an observable, as `keeping.match_key` spells them."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of one observable."""

    hits: tuple[Hit, ...]
    sightings: SightingSummary


def evidence_of(keys: Collection[Key], *, reader: Reader) -> dict[Key, Evidence]:
    """What this reader may know of each of these observables; those of which nothing are absent."""
    spoken = _spoken_of(keys, reader=reader)
    if not spoken:  # of what he may read; what is hidden runs no more and no fewer statements
        return {}
    objects = _objects(spoken, reader=reader)
    current = {key: _of_objects_that_still_say_so(spoken[key], objects) for key in spoken}
    kept = [each for versions in current.values() for each in versions]
    sources = _sources(kept, reader=reader)
    seen = seen_by({each.stix_id for each in kept}, reader=reader)
    return {
        key: _evidence(versions, objects, sources, seen, reader=reader)
        for key, versions in current.items()
        if versions
    }


class _Spoken(msgspec.Struct, frozen=True, gc=False):
    """A version that speaks of an observable."""

    version: int
    stix_id: str
    lineage: int
    modified_us: int


class _Object(msgspec.Struct, frozen=True):
    """An object as the reader meets it: by the author he met first, in that one's newest words."""

    lineage: int
    modified_us: int
    hit: Hit

    def has(self, version: _Spoken) -> bool:
        """Whether this is a version of it; somebody else may have used the same id."""
        return version.lineage == self.lineage

    def still_says(self, version: _Spoken) -> bool:
        """Whether this is its newest version."""
        return self.has(version) and version.modified_us == self.modified_us


def _spoken_of(keys: Collection[Key], *, reader: Reader) -> dict[Key, list[_Spoken]]:
    """The versions that speak of each observable."""
    wanted = frozenset(keys)
    perhaps = lookup_index.candidates([value for _, value in keys])
    versions = queries.readable(reader=reader).filter(
        mentions__observable__in=parameters.rows(perhaps)
    )
    rows: Iterable[tuple[str, str, int, str, int, int]] = versions.values_list(
        "mentions__observable__kind", "mentions__observable__value",
        "pk", "stix_id", "lineage", "modified_us",
    )  # fmt: skip
    found: dict[Key, list[_Spoken]] = defaultdict(list)
    for kind, value, pk, stix_id, lineage, modified_us in rows:
        if (kind, value) in wanted:  # else another observable with the same hash
            found[kind, value].append(_Spoken(pk, stix_id, lineage, modified_us))
    return found


def _objects(spoken: dict[Key, list[_Spoken]], *, reader: Reader) -> dict[str, _Object]:
    """The objects that speak, each as this reader meets it."""
    ids = sorted({each.stix_id for versions in spoken.values() for each in versions})
    shown = queries.publications(reader=reader).filter(stix_id__in=parameters.ids(ids))
    rows: Iterable[Any] = shown.order_by("added_at").values_list(
        "stix_id", "added_at", "lineage", "modified_us", "type", "version__name", "version__tlp",
        "version__confidence", "version__valid_from_us", "version__valid_until_us",
        "version__revoked",
    )  # fmt: skip
    objects: dict[str, _Object] = {}
    for stix_id, added_us, lineage, modified_us, *columns in rows:
        known = objects.get(stix_id)
        if known is None or (lineage == known.lineage and modified_us > known.modified_us):
            first_us = known.hit.added_us if known else added_us
            objects[stix_id] = _Object(lineage, modified_us, _hit(stix_id, first_us, *columns))
    return objects


def _hit(
    stix_id: str,
    added_us: int,
    type_: str,
    name: str,
    tlp: int,
    confidence: int | None,
    valid_from_us: int | None,
    valid_until_us: int | None,
    revoked: Any,
) -> Hit:
    return Hit(
        stix_id=stix_id,
        type=type_,
        name=name,
        tlp=Tlp(tlp),
        confidence=confidence,
        valid_from_us=valid_from_us,
        valid_until_us=valid_until_us,
        revoked=bool(revoked),
        added_us=added_us,
    )


def _of_objects_that_still_say_so(
    versions: list[_Spoken], objects: dict[str, _Object]
) -> list[_Spoken]:
    """All versions of the objects whose newest one still speaks of the observable."""
    saying = {
        v.stix_id for v in versions if v.stix_id in objects and objects[v.stix_id].still_says(v)
    }
    return [v for v in versions if v.stix_id in saying and objects[v.stix_id].has(v)]


def _sources(versions: Iterable[_Spoken], *, reader: Reader) -> dict[int, list[Source]]:
    """The contributions that carry each version, as far as the reader may see them."""
    wanted = sorted({each.version for each in versions})
    carrying = queries.contributions(reader=reader).filter(
        carried__version__in=parameters.rows(wanted)
    )
    found: dict[int, list[Source]] = defaultdict(list)
    for version, uuid, title in carrying.values_list("carried__version", "uuid", "title"):
        found[version].append(Source(str(uuid), title))
    return found


def _evidence(
    versions: list[_Spoken],
    objects: dict[str, _Object],
    sources: dict[int, list[Source]],
    seen: dict[str, dict[int, Seen]],
    *,
    reader: Reader,
) -> Evidence:
    carrying: dict[str, dict[Source, None]] = defaultdict(dict)
    for each in versions:
        carrying[each.stix_id].update(dict.fromkeys(sources.get(each.version, ())))
    hits = [
        structs.replace(objects[stix_id].hit, contributions=_by_title(found))
        for stix_id, found in carrying.items()
    ]
    hits.sort(key=lambda hit: (hit.added_us, hit.stix_id), reverse=True)
    sightings = summary_of([seen.get(hit.stix_id, {}) for hit in hits], reader=reader)
    return Evidence(tuple(hits), sightings)


def _by_title(sources: Iterable[Source]) -> tuple[Source, ...]:
    return tuple(sorted(sources, key=lambda source: (source.title, source.uuid)))
