"""What follows a version when its producer has left: a tombstone, or the same without his name."""

from __future__ import annotations

import hashlib
import hmac
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

import msgspec
from django.db.models import Max

from minga.core import policy
from minga.core.policy import Tlp
from minga.core.stix import read_envelope
from minga.core.stix.forms import microseconds
from minga.features.exchange.queries import parameters
from minga.features.exchange.services import drafts, placing
from minga.features.exchange.services.incoming import Incoming, author_number, prepare
from minga.features.exchange.services.placing import Shown
from minga.store import bulk, world
from minga.store.objects.keeping import keep
from minga.store.objects.models import Contribution, Publication, Version
from minga.store.people.actors import Actor
from minga.store.people.models import Organisation

Content: TypeAlias = dict[str, Any]
Following: TypeAlias = Callable[[Version, Content], Content | None]
"""From a version and its content to the content of what follows it, or None for nothing."""

LONGEST_ID = 160


class Successor(NamedTuple):
    """An object, the id of what follows it, and the row of the version that does."""

    of: str
    stix_id: str
    version: int


class Place(NamedTuple):
    """Where a version stands: an audience, and the kind of contribution it came in."""

    audience: int
    kind: int


def follow(
    versions: Sequence[int], *, content: Following, speaker: Organisation
) -> list[Successor]:
    """Put what follows these versions where each is the newest, in the order they were met.

    Of each object an audience gets what follows the newest version that it could read, and
    nothing that only others could. What stands in a late door stands in its origin too, so there
    it is put once. `speaker` brings what follows. The old versions stay as they are. Returns what
    follows what.
    """
    places = _newest_places(versions)
    made = _make(places.keys(), content=content, speaker=speaker)
    placing.place(
        [
            (Contribution(kind=place.kind), each, place.audience)
            for old, each in made
            for place in sorted(places[old.pk])
        ],
        producer=speaker,
    )
    return [Successor(old.stix_id, each.incoming.document.id, each.version) for old, each in made]


def tombstones(producer: Organisation) -> Following:
    """What says that an object is taken back, for good, by who brought it."""
    last: dict[str, int] = {}

    def content_of(version: Version, content: Content) -> Content | None:
        if version.revoked:
            return None
        newest = Version.objects.filter(producer=producer, stix_id=version.stix_id)
        before = last.get(version.stix_id) or newest.latest("modified_us").modified_us
        modified = drafts.modified_after(before)
        last[version.stix_id] = max(world.now_us(), before + 1_000)
        return content | {"modified": modified, "revoked": True}

    return content_of


def nameless(producer: Organisation, *, hub: Organisation, seal: bytes) -> Following:
    """The same in the hub's name: its identity in place of the producer's, and new ids.

    Nobody may version what another created, so each object becomes a new one of the hub; its id
    follows from the old one and the seal, so that objects go on referring to each other. Texts
    are kept to the letter. A sighting is not said anew: the hub saw nothing.
    """
    author = author_number(producer.stix_id)

    def renamed(stix_id: str) -> str:
        digest = hmac.digest(seal, stix_id.encode(), hashlib.sha256)
        return f"{stix_id.partition('--')[0]}--{uuid.UUID(bytes=digest[:16], version=4)}"

    def content_of(version: Version, content: Content) -> Content | None:
        if version.type == "sighting":
            return None
        said = {version.stix_id, *_identifiers(content)}
        own = Version.objects.filter(producer=producer, lineage=author)
        names = {
            stix_id: renamed(stix_id)
            for some in bulk.chunks(sorted(said))
            for stix_id in own.filter(stix_id__in=some).values_list("stix_id", flat=True)
        }
        anew: Content = _with_names(content, names, {str(producer.uuid): str(hub.uuid)})
        anew["created_by_ref"] = hub.stix_id
        for name in ("created", "modified"):
            if name in anew:
                anew[name] = world.stix_time(world.from_us(microseconds(anew[name])))
        return anew

    return content_of


def _newest_places(versions: Sequence[int]) -> dict[int, set[Place]]:
    """Where each version is the newest of its object, the versions in the order they were met."""
    standing = Publication.objects.filter(
        version__in=parameters.rows(versions), audience__origin=None
    )
    newest = standing.values_list("stix_id", "audience_id", "kind").annotate(Max("modified_us"))
    wanted = {(i, audience, kind): at for i, audience, kind, at in newest}
    places: dict[int, set[Place]] = defaultdict(set)
    for each in standing.order_by("added_at"):
        if wanted[each.stix_id, each.audience_id, each.kind] == each.modified_us:
            places[each.version_id].add(Place(each.audience_id, each.kind))
    return places


def _make(
    versions: Iterable[int], *, content: Following, speaker: Organisation
) -> list[tuple[Version, Shown]]:
    """What follows each version, put away; versions that nothing follows are left out."""
    rows = Version.objects.in_bulk(list(versions))
    ready: list[tuple[Version, Incoming]] = []
    for pk in versions:
        said = content(rows[pk], msgspec.json.decode(bytes(rows[pk].raw)))
        if said is not None:
            ready += [(rows[pk], each) for each in _incoming(said, rows[pk], speaker=speaker)]
    kept = keep([each.version for _, each in ready], producer=speaker)
    return [
        (old, Shown(each, row.pk, is_new=False))  # another contribution may have shown it
        for (old, each), row in zip(ready, kept, strict=True)
    ]


def _incoming(said: Content, old: Version, *, speaker: Organisation) -> list[Incoming]:
    reading = read_envelope(drafts.encode([said]))
    rule = policy.Audience(Tlp(old.tlp))
    accepted, _ = prepare(reading.documents, by=Actor(organisation=speaker), address=lambda _: rule)
    return [
        each._replace(version=msgspec.structs.replace(each.version, tlp=Tlp(old.tlp)))
        for each in accepted
    ]


def _identifiers(value: Any) -> Iterator[str]:
    """Every text that may be the id of an object."""
    if isinstance(value, str) and "--" in value and len(value) <= LONGEST_ID:
        yield value
    for inner in value.values() if isinstance(value, dict) else ():
        yield from _identifiers(inner)
    for inner in value if isinstance(value, list) else ():
        yield from _identifiers(inner)


def _with_names(value: Any, names: Mapping[str, str], inside: Mapping[str, str]) -> Any:
    """The same value with whole texts, and then parts of texts, said in other words."""
    if isinstance(value, dict):
        return {key: _with_names(inner, names, inside) for key, inner in value.items()}
    if isinstance(value, list):
        return [_with_names(inner, names, inside) for inner in value]
    if not isinstance(value, str):
        return value
    text = names.get(value, value)
    for old, new in inside.items():
        text = text.replace(old, new)
    return text
