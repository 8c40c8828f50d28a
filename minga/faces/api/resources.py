"""What is answered, as structs: their schema is the documentation, and bulk costs little."""

from __future__ import annotations

from typing import Any

import msgspec


class Party(msgspec.Struct, frozen=True):
    """An organisation."""

    id: str
    slug: str
    name: str
    role: str


class PersonResource(msgspec.Struct, frozen=True):
    """A person of your organisation."""

    id: str
    name: str
    email: str
    role: str


class WhoAmI(msgspec.Struct, frozen=True):
    """Who calls, and what he may do."""

    hub: str
    organisation: Party
    person: PersonResource | None
    key: str | None
    powers: tuple[str, ...]


class SignatureResource(msgspec.Struct, frozen=True):
    """By what a clause was signed. `level` is simple, advanced or paper."""

    version: int
    signed_at: str
    level: str
    signer: str


class ClauseResource(msgspec.Struct, frozen=True):
    """A clause in the reader's language. `signature` is your organisation's, if it signed."""

    number: int
    title: str
    text: str
    optional: bool
    powers: tuple[str, ...]
    reads_up_to: str | None
    signature: SignatureResource | None


class AgreementResource(msgspec.Struct, frozen=True):
    """The version in force and what your organisation signed, maybe of the version before."""

    version: int
    title: str
    signed_version: int | None
    powers: tuple[str, ...]
    reads_up_to: str | None
    clauses: tuple[ClauseResource, ...]


class CircleResource(msgspec.Struct, frozen=True):
    """A circle that you may know of. `seated` says whether you may address it."""

    id: str
    slug: str
    name: str
    purpose: str
    seated: bool


class CollectionResource(msgspec.Struct, frozen=True):
    """A list of objects, as TAXII has it too."""

    id: str
    alias: str
    title: str
    description: str
    can_read: bool
    can_write: bool


class CodeResource(msgspec.Struct, frozen=True):
    """The number that somebody else gave to the same thing."""

    scheme: str
    code: str


class ContributionItem(msgspec.Struct, frozen=True):
    """A contribution as lists show it. `organisation` is who speaks: the hub when it vouches."""

    id: str
    kind: str
    title: str
    tlp: str
    pap: str
    organisation: Party
    vouched: bool
    own: bool
    created_at: str
    updated_at: str


class ContributionResource(ContributionItem, frozen=True):
    """A contribution in full. `object_id` is the STIX object that says the same, if one does."""

    text: str
    codes: tuple[CodeResource, ...]
    object_id: str | None


class Readers(msgspec.Struct, frozen=True):
    """Who may read a contribution today: counts, and names where you may know them."""

    organisations: int
    people: int
    everyone: bool
    public: bool
    hub: bool
    circles: tuple[str, ...]
    names: tuple[str, ...]
    reason: str


class VersionResource(msgspec.Struct, frozen=True):
    """One version of an object."""

    id: str
    type: str
    name: str
    modified: str
    revoked: bool
    tlp: str


class Sightings(msgspec.Struct, frozen=True):
    """How often something was seen at work. `named` gave their names; the others only count."""

    events: int
    organisations: int
    first_seen_at: str | None
    last_seen_at: str | None
    named: tuple[str, ...]
    own: bool


class SightingResource(msgspec.Struct, frozen=True):
    """A sighting of yours; `id` is its STIX object."""

    id: str
    object_id: str
    count: int
    first_seen_at: str
    last_seen_at: str


class FeedbackNote(msgspec.Struct, frozen=True):
    """What one organisation says of an object of yours."""

    organisation: str
    verdict: str
    note: str
    at: str


class FeedbackResource(msgspec.Struct, frozen=True):
    """What came back on an object: how many said what; who and why for its producer alone."""

    counts: dict[str, int]
    own: tuple[str, ...]
    told: tuple[FeedbackNote, ...]


class SourceResource(msgspec.Struct, frozen=True):
    """A contribution in which something stands."""

    id: str
    title: str


class HitResource(msgspec.Struct, frozen=True):
    """An object that speaks of an observable."""

    id: str
    type: str
    name: str
    tlp: str
    confidence: int | None
    valid_from: str | None
    valid_until: str | None
    revoked: bool
    added_at: str
    contributions: tuple[SourceResource, ...]


class NearbyResource(msgspec.Struct, frozen=True):
    """Something known beside what was asked: a parent, the host, or a range that holds it."""

    relation: str
    kind: str
    value: str
    verdict: str
    hits: tuple[HitResource, ...]


class AnswerResource(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """What you may know of one value. Unknown does not mean harmless.

    Parts that have nothing to say are left out.
    """

    asked: str
    verdict: str
    kind: str | None = None
    value: str | None = None
    hits: tuple[HitResource, ...] = ()
    sightings: Sightings | None = None
    nearby: tuple[NearbyResource, ...] = ()


class DayResource(msgspec.Struct, frozen=True):
    """The sightings of one day, in UTC."""

    on: str
    events: int
    organisations: int


class DossierResource(msgspec.Struct, frozen=True):
    """One observable with its days, the oldest first."""

    answer: AnswerResource
    days: tuple[DayResource, ...]


class OutcomeResource(msgspec.Struct, frozen=True):
    """What became of one object of a bundle."""

    id: str
    version: str
    message: str


class Receipt(msgspec.Struct, frozen=True):
    """What became of a bundle. While it is pending, ask again."""

    id: str
    state: str
    received_at: str
    total: int
    successes: tuple[OutcomeResource, ...]
    failures: tuple[OutcomeResource, ...]


class Contributions(msgspec.Struct, frozen=True):
    """A page of contributions, the newest first; `next` is the cursor of the one that follows."""

    items: tuple[ContributionItem, ...]
    next: str | None


class Versions(msgspec.Struct, frozen=True):
    """A page of versions."""

    items: tuple[VersionResource, ...]
    next: str | None


class Parties(msgspec.Struct, frozen=True):
    """A page of organisations, by name."""

    items: tuple[Party, ...]
    next: str | None


class Circles(msgspec.Struct, frozen=True):
    """A page of circles, by name."""

    items: tuple[CircleResource, ...]
    next: str | None


class Collections(msgspec.Struct, frozen=True):
    """Every collection you may know of."""

    items: tuple[CollectionResource, ...]
    next: None = None


class Objects(msgspec.Struct, frozen=True):
    """A page of STIX objects as they were received, the oldest addition first."""

    items: tuple[dict[str, Any], ...]
    next: str | None


class Answers(msgspec.Struct, frozen=True):
    """An answer to each value, in the order of the questions."""

    items: tuple[AnswerResource, ...]
