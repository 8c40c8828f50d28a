"""What a person shares on a page, and the STIX it is."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from minga.core import observables, policy
from minga.core.observables import Kind as ObservableKind
from minga.core.observables import Observable
from minga.core.policy import Pap, Tlp
from minga.core.problems import Invalid
from minga.core.stix import TLP_MARKING_IDS, sco_id
from minga.features.exchange.services.grouping import KIND_LABEL
from minga.store import world
from minga.store.objects.models import Contribution

TITLE_LENGTH = 300
TEXT_LENGTH = 100_000
MOST_OBSERVABLES = 5_000
Properties = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Draft:
    """A contribution as a person writes it.

    `codes` are (scheme, code) pairs, such as other numberings of the same alert. `confidence` is
    0 to 100 as in STIX. `request_key` makes sharing it twice the same contribution.
    """

    title: str
    text: str
    kind: Contribution.Kind
    audience: policy.Audience
    pap: Pap = Pap.CLEAR
    attribution: Contribution.Attribution = Contribution.Attribution.OWN
    observables: tuple[Observable, ...] = ()
    codes: tuple[tuple[str, str], ...] = ()
    confidence: int | None = None
    request_key: str = ""

    def check(self) -> None:
        """Raise Invalid, naming the field, for what no contribution can be."""
        if not self.title.strip():
            raise Invalid("The title is empty; say in one line what happens.", field="title")
        if len(self.title) > TITLE_LENGTH:
            found = len(self.title)
            raise Invalid(
                f"The title has {found} characters; at most {TITLE_LENGTH}.", field="title"
            )
        if len(self.text) > TEXT_LENGTH:
            found = len(self.text)
            raise Invalid(f"The text has {found} characters; at most {TEXT_LENGTH}.", field="text")
        if len(self.observables) > MOST_OBSERVABLES:
            found = len(self.observables)
            raise Invalid(
                f"There are {found} observables; at most {MOST_OBSERVABLES}, or send a bundle.",
                field="observables",
            )
        if self.confidence is not None and not 0 <= self.confidence <= 100:
            raise Invalid(
                f"confidence is {self.confidence}; expected 0 to 100.", field="confidence"
            )
        if "\x00" in self.title + self.text:
            raise Invalid("The text holds a NUL character; take it out.", field="text")
        policy.check(self.audience)


@dataclass(frozen=True, slots=True)
class Author:
    """Whose identity speaks, when, and under which label.

    `root` is the id of what speaks for all, from which the ids of its parts follow: what a
    revision names again is the same object. `ended` are ids that were revoked, for good, so
    whoever names the same thing again makes a new object.
    """

    identity: str
    at: datetime
    tlp: Tlp
    confidence: int | None = None
    root: str = ""
    ended: frozenset[str] = frozenset()

    def part_id(self, type_: str, words: str) -> str:
        """The id of the part that these words tell apart from the others."""
        number = uuid.uuid5(uuid.UUID(self.root.partition("--")[2]), words)
        if f"{type_}--{number}" in self.ended:
            number = uuid.uuid5(number, world.stix_time(self.at))
        return f"{type_}--{number}"

    def sdo(self, type_: str, stix_id: str = "", **properties: Any) -> Properties:
        """A domain object or relationship with the common properties."""
        now = world.stix_time(self.at)
        made = {
            "type": type_,
            "spec_version": "2.1",
            "id": stix_id or f"{type_}--{world.random_uuid()}",
            "created_by_ref": self.identity,
            "created": now,
            "modified": now,
            **properties,
            "object_marking_refs": [TLP_MARKING_IDS[self.tlp]],
        }
        if self.confidence is not None:
            made["confidence"] = self.confidence
        return made

    def sco(self, properties: Properties, words: str) -> Properties:
        """An observable with its deterministic id, and no label.

        It has no versions, so it must be the same bytes in every contribution that names it;
        how far it may go, the indicator says. One for which STIX wants a random id, a process,
        gets one that follows from the root's and these words.
        """

        def following() -> uuid.UUID:
            part = self.part_id(properties["type"], words)
            return uuid.UUID(bytes=uuid.UUID(part.partition("--")[2]).bytes, version=4)

        stix_id = sco_id(properties["type"], properties, at_random=following)
        return {**properties, "spec_version": "2.1", "id": stix_id}


def write(draft: Draft, author: Author) -> list[Properties]:
    """The STIX objects of a draft, the one that speaks for all first.

    Every observable becomes what STIX has for it: an indicator with the thing it points at, a
    vulnerability, or a technique.
    """
    parts: list[Properties] = []
    for observable in dict.fromkeys(draft.observables):
        parts += _objects_of(observable, author)
    parts = list({part["id"]: part for part in parts}.values())
    root = _root(draft, author, [part["id"] for part in parts])
    links = [
        _related(part["id"], root["id"], author)
        for part in parts
        if root["type"] == "incident" and part["type"] != "relationship"
    ]
    return [root, *parts, *links]


def new_root(kind: Contribution.Kind) -> str:
    """The id of what will speak for a contribution of this kind."""
    return f"{_ROOT_TYPE.get(kind, 'report')}--{world.random_uuid()}"


_ROOT_TYPE = {Contribution.Kind.INCIDENT: "incident", Contribution.Kind.INDICATORS: "grouping"}


def encode(objects: list[Properties]) -> bytes:
    """The objects as an envelope."""
    return msgspec.json.encode({"objects": objects})


def modified_after(before_us: int) -> str:
    """`modified` of the version after one of this instant: now, or a millisecond later than it.

    Raises Invalid at the end of the year 9999, after which nothing can be said any more.
    """
    later = max(world.now_us(), before_us + 1_000)
    if later > world.LAST_US:
        raise Invalid("Its `modified` is the last there is; no version can follow. Delete it.")
    return world.stix_time(world.from_us(later))


def _root(draft: Draft, author: Author, parts: list[str]) -> Properties:
    labels = [f"{KIND_LABEL}{draft.kind.label}"]
    if draft.pap:
        labels.append(draft.pap.label)
    words: Properties = {"name": draft.title.strip(), "labels": labels}
    if draft.text.strip():
        words["description"] = draft.text.strip()
    if draft.codes:
        words["external_references"] = [
            {"source_name": scheme, "external_id": code} for scheme, code in draft.codes
        ]
    type_ = author.root.partition("--")[0]
    if type_ == "incident":
        return author.sdo("incident", author.root, **words)
    words["object_refs"] = parts or [author.identity]
    if type_ == "grouping":
        return author.sdo("grouping", author.root, context="suspicious-activity", **words)
    return author.sdo("report", author.root, published=world.stix_time(author.at), **words)


def _objects_of(observable: Observable, author: Author) -> list[Properties]:
    words = f"{observable.kind.value} {observable.value}"
    special = _SPECIAL.get(observable.kind)
    if special:
        type_, source = special
        reference = {"source_name": source, "external_id": observable.value}
        stix_id = author.part_id(type_, words)
        return [author.sdo(type_, stix_id, name=observable.value, external_references=[reference])]
    indicator = author.sdo(
        "indicator",
        author.part_id("indicator", words),
        name=f"{observable.kind.value}: {observable.value}"[:TITLE_LENGTH],
        indicator_types=["malicious-activity"],
        pattern=observables.to_pattern(observable),
        pattern_type="stix",
        valid_from=world.stix_time(author.at),
    )
    thing = observables.to_sco(observable)
    if thing is None:
        return [indicator]
    seen = author.sco(thing, words)
    return [indicator, seen, _related(indicator["id"], seen["id"], author)]


def _related(source: str, target: str, author: Author) -> Properties:
    return author.sdo(
        "relationship",
        author.part_id("relationship", f"{source} {target}"),
        relationship_type="related-to",
        source_ref=source,
        target_ref=target,
    )


_SPECIAL = {
    ObservableKind.CVE: ("vulnerability", "cve"),
    ObservableKind.TECHNIQUE: ("attack-pattern", "mitre-attack"),
}
"""What has a type of its own in STIX instead of a pattern, and whose numbering names it."""


def new_request_key() -> str:
    """A key for one request, to be sent again with every repetition of it."""
    return str(uuid.UUID(bytes=world.random_bytes(16), version=4))
