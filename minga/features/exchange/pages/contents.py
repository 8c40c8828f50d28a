"""What a contribution carries, sorted into what a reader looks for."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec
from django.db.models import QuerySet

from minga.core.observables import Observable
from minga.core.policy import Reader
from minga.core.stix.patterns import PatternProblem, observables
from minga.features.exchange import queries
from minga.features.exchange.queries import NEVER_SEEN, SightingSummary
from minga.store import world
from minga.store.objects.models import Contribution, Version

MOST_INDICATORS = 100
MOST_OTHERS = 200
MOST_REFS = 10_000
SHOWN_TYPES = (
    "attack-pattern", "campaign", "course-of-action", "infrastructure", "intrusion-set", "malware",
    "threat-actor", "tool", "vulnerability",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator as a row: what it looks for, and what came back on it."""

    stix_id: str
    name: str
    observables: tuple[Observable, ...]
    pattern: str
    confidence: int | None
    until: datetime | None
    revoked: bool
    sightings: SightingSummary = NEVER_SEEN

    @property
    def is_over(self) -> bool:
        """Whether it has expired."""
        return self.until is not None and self.until <= world.now()

    @property
    def last_seen_at(self) -> datetime | None:
        """When somebody last saw it."""
        last = self.sightings.last_seen_us
        return world.from_us(last) if last else None


@dataclass(frozen=True, slots=True)
class Action:
    """Something to do, as a course of action says it."""

    name: str
    words: str


@dataclass(frozen=True, slots=True)
class Contents:
    """What a contribution carries; `more` indicators are there than are shown."""

    indicators: tuple[Indicator, ...] = ()
    more: int = 0
    actions: tuple[Action, ...] = ()
    named: dict[str, list[str]] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many indicators it carries, shown or not."""
        return len(self.indicators) + self.more

    @property
    def observables(self) -> tuple[Observable, ...]:
        """Every observable that its live indicators look for."""
        live = (i for i in self.indicators if not i.revoked)
        return tuple(dict.fromkeys(o for i in live for o in i.observables))


def contents_of(
    contribution: Contribution, *, reader: Reader, most: int = MOST_INDICATORS
) -> Contents:
    """What this reader may see of what a contribution carries, at most `most` indicators."""
    named = _named_by_root(contribution, reader=reader)
    objects = queries.objects_in(contribution, reader=reader)
    if named is not None:
        objects = objects.filter(stix_id__in=named)
    shown, more = _first(objects.filter(type="indicator"), most, named)
    others, _more = _first(objects.filter(type__in=SHOWN_TYPES), MOST_OTHERS, named)
    seen = queries.sightings_of([version.stix_id for version in shown], reader=reader)
    names: dict[str, list[str]] = {}
    for version in others:
        if version.type != "course-of-action" and not version.revoked:
            names.setdefault(version.type, []).append(_name(version))
    return Contents(
        indicators=tuple(_indicator(v, seen.get(v.stix_id, NEVER_SEEN)) for v in shown),
        more=more,
        actions=tuple(_action(v) for v in others if v.type == "course-of-action"),
        named=names,
    )


def _named_by_root(contribution: Contribution, *, reader: Reader) -> list[str] | None:
    """What its newest words name, in their order; None where nothing speaks for the whole.

    Of what it carried before, what these words no longer name is not shown.
    """
    if not contribution.root_id:
        return None
    root = queries.object_version(contribution.root_id, reader=reader)
    refs = read(root).get("object_refs")
    if not isinstance(refs, list) or len(refs) > MOST_REFS:
        return None
    return [str(ref) for ref in refs]


def _first(
    objects: QuerySet[Version], most: int, order: list[str] | None
) -> tuple[list[Version], int]:
    """The first of these, as the order has them, and how many more there are."""
    place = {stix_id: number for number, stix_id in enumerate(order or ())}
    ids = sorted(objects.values_list("pk", "stix_id"), key=lambda row: place.get(row[1], row[0]))
    wanted = [pk for pk, _stix_id in ids[:most]]
    found = objects.in_bulk(wanted)
    return [found[pk] for pk in wanted], len(ids) - len(wanted)


def _indicator(version: Version, sightings: SightingSummary) -> Indicator:
    content = read(version)
    pattern = str(content.get("pattern", ""))
    try:
        looks_for = observables(pattern) if content.get("pattern_type") == "stix" else ()
    except PatternProblem:
        looks_for = ()
    until = version.valid_until_us
    return Indicator(
        stix_id=version.stix_id,
        name=version.name,
        observables=looks_for,
        pattern=pattern,
        confidence=version.confidence,
        until=world.from_us(until) if until is not None else None,
        revoked=version.revoked,
        sightings=sightings,
    )


def _action(version: Version) -> Action:
    return Action(version.name, str(read(version).get("description", "")))


def _name(version: Version) -> str:
    """The name, with the code that the world knows it by."""
    references = read(version).get("external_references") or []
    codes = [str(r.get("external_id", "")) for r in references if isinstance(r, dict)]
    code = next((c for c in codes if c), "")
    return version.name if not code or code in version.name else f"{code} {version.name}"


def read(version: Version) -> dict[str, Any]:
    """The object as its producer wrote it."""
    content = msgspec.json.decode(bytes(version.raw))
    return content if isinstance(content, dict) else {}
