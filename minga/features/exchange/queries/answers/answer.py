"""The words in which a lookup is answered.

`Answer` and `Hit` are msgspec structs: ten thousand frozen dataclasses take 17 ms to make, these 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import msgspec

from minga.core.observables import Observable
from minga.core.policy import Tlp
from minga.features.exchange.queries.given_back import NEVER_SEEN, SightingSummary


class Verdict(StrEnum):
    """What is known of a value: a word, never a score.

    `UNKNOWN` does not mean harmless: nobody whom the reader can hear has shared it. `EXPIRED` and
    `REVOKED` say that it was shared and that no indicator of it is alive any more.
    """

    UNREADABLE = "unreadable"
    UNKNOWN = "unknown"
    KNOWN = "known"
    EXPIRED = "expired"
    REVOKED = "revoked"


class Relation(StrEnum):
    """How an observable that was not asked for stands to the one that was."""

    PARENT = "parent"
    HOST = "host"
    RANGE = "range"


@dataclass(frozen=True, slots=True)
class Source:
    """A contribution in which a hit stands."""

    uuid: str
    title: str


class Hit(msgspec.Struct, frozen=True):
    """An object that speaks of the observable, in the newest version that the reader may see.

    Times are microseconds since 1970; `added_us` is when he could first see it.
    """

    stix_id: str
    type: str
    name: str
    tlp: Tlp
    confidence: int | None
    valid_from_us: int | None
    valid_until_us: int | None
    revoked: bool
    added_us: int
    contributions: tuple[Source, ...] = ()

    def is_over_at(self, instant_us: int) -> bool:
        """Whether it is no longer valid. STIX 2.1, section 4.7: from `valid_until` on."""
        return self.valid_until_us is not None and self.valid_until_us <= instant_us


@dataclass(frozen=True, slots=True)
class Nearby:
    """Something that is known beside what was asked: a parent of the domain, the host of the URL
    or of the address, or a range that holds the address.
    """

    relation: Relation
    observable: Observable
    verdict: Verdict
    hits: tuple[Hit, ...]


class Answer(msgspec.Struct, frozen=True, gc=False):
    """What the reader may know of one value. `asked` is as he wrote it.

    `observable` is None when the value is unreadable. `sightings` are of all the hits together.
    """

    asked: str
    observable: Observable | None
    verdict: Verdict
    hits: tuple[Hit, ...] = ()
    sightings: SightingSummary = NEVER_SEEN
    nearby: tuple[Nearby, ...] = ()

    @property
    def last_seen_us(self) -> int:
        """When it was last seen at work, in microseconds since 1970; 0 when never."""
        return self.sightings.last_seen_us


@dataclass(frozen=True, slots=True)
class Day:
    """The sightings whose last event was on this day: events, and organisations that saw them."""

    on: date
    events: int
    organisations: int


@dataclass(frozen=True, slots=True)
class Dossier:
    """One observable with its history: every day of the time asked for, the oldest first."""

    answer: Answer
    days: tuple[Day, ...]
