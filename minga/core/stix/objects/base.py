"""What all types share: the common properties and the smaller structures inside them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, Literal, NamedTuple, TypeVar

from msgspec import UNSET, Meta, Struct, UnsetType

from minga.core.stix import forms
from minga.core.stix.forms import reference_except, reference_to, shaped

T = TypeVar("T")

Some = Annotated[tuple[T, ...], Meta(min_length=1)]
"""A list, which STIX never allows to be empty."""

Timestamp = Annotated[str, shaped(forms.TIMESTAMP)]
CreationTime = Annotated[str, shaped(forms.CREATION)]
Language = Annotated[str, shaped(forms.LANGUAGE)]
Selector = Annotated[str, shaped(forms.SELECTOR)]
Binary = Annotated[str, shaped(forms.BINARY)]
Hex = Annotated[str, shaped(forms.HEX)]
Percent = Annotated[int, Meta(ge=0, le=100)]
Count = Annotated[int, Meta(ge=0, le=999_999_999)]
SafeInt = Annotated[int, Meta(ge=-(2**53), le=2**53)]
Size = Annotated[int, Meta(ge=0, le=2**53)]

Dictionary = Annotated[dict[str, Any], Meta(min_length=1, extra={"keys": forms.DICTIONARY_KEY})]
Hashes = Annotated[
    dict[str, str], Meta(min_length=1, extra={"keys": forms.DICTIONARY_KEY, "values": forms.HASHES})
]
ExtensionKey = forms.Form(
    f"extension-definition--{forms.UUID}|{forms.TYPE_NAME}",
    "the identifier of an extension-definition or the name of a predefined extension",
)
Extensions = Annotated[dict[str, dict[str, Any]], Meta(min_length=1, extra={"keys": ExtensionKey})]

_OBSERVABLES = (
    "artifact",
    "autonomous-system",
    "directory",
    "domain-name",
    "email-addr",
    "email-message",
    "file",
    "ipv4-addr",
    "ipv6-addr",
    "mac-addr",
    "mutex",
    "network-traffic",
    "process",
    "software",
    "url",
    "user-account",
    "windows-registry-key",
    "x509-certificate",
)
_DOMAIN = (
    "attack-pattern",
    "campaign",
    "course-of-action",
    "grouping",
    "identity",
    "incident",
    "indicator",
    "infrastructure",
    "intrusion-set",
    "location",
    "malware",
    "malware-analysis",
    "note",
    "observed-data",
    "opinion",
    "report",
    "threat-actor",
    "tool",
    "vulnerability",
)
_RELATIONSHIPS = ("relationship", "sighting")
_META = ("bundle", "extension-definition", "language-content", "marking-definition")

IdentityRef = Annotated[str, shaped(reference_to("identity"))]
MarkingRef = Annotated[str, shaped(reference_to("marking-definition"))]
SoftwareRef = Annotated[str, shaped(reference_to("software"))]
ArtifactRef = Annotated[str, shaped(reference_to("artifact"))]
AnyRef = Annotated[
    str, shaped(reference_except("bundle", expected="the identifier of an object, not a bundle"))
]
EndRef = Annotated[
    str,
    shaped(
        reference_except(
            *_RELATIONSHIPS,
            *_META,
            expected="the identifier of a domain object or a cyber-observable",
        )
    ),
]
DomainRef = Annotated[
    str,
    shaped(
        reference_except(
            *_OBSERVABLES, *_RELATIONSHIPS, *_META, expected="the identifier of a domain object"
        )
    ),
]
ObservableRef = Annotated[
    str,
    shaped(
        reference_except(
            *_DOMAIN, *_RELATIONSHIPS, *_META, expected="the identifier of a cyber-observable"
        )
    ),
]
EvidenceRef = Annotated[
    str,
    shaped(
        reference_except(
            *_DOMAIN, *_META, expected="the identifier of a cyber-observable or a relationship"
        )
    ),
]
TranslatableRef = Annotated[
    str,
    shaped(
        reference_except(
            "bundle",
            "language-content",
            expected="the identifier of an object, neither a bundle nor a language-content",
        )
    ),
]


class Broken(NamedTuple):
    """A rule between properties that does not hold; `path` is relative to the object."""

    path: str
    found: str
    expected: str


class Order(NamedTuple):
    """Two timestamps that must not go backwards; `strict` when they may not be equal either."""

    first: str
    last: str
    strict: bool = False


class Part(Struct, frozen=True, gc=False, omit_defaults=True, kw_only=True):
    """A structure inside an object."""

    def broken_rules(self) -> Iterator[Broken]:
        """The rules between its properties that do not hold."""
        return iter(())


class ExternalReference(Part, kw_only=True):
    """Where more is told outside STIX (section 2.5)."""

    source_name: str
    description: str | UnsetType = UNSET
    url: str | UnsetType = UNSET
    hashes: Hashes | UnsetType = UNSET
    external_id: str | UnsetType = UNSET

    def broken_rules(self) -> Iterator[Broken]:
        if self.description is UNSET and self.url is UNSET and self.external_id is UNSET:
            yield Broken("", "only a source_name", "a description, url or external_id as well")


class KillChainPhase(Part, kw_only=True):
    """A phase of an attack (section 2.12)."""

    kill_chain_name: str
    phase_name: str


class GranularMarking(Part, kw_only=True):
    """A marking, or a language, of some properties only (section 7.2.3)."""

    selectors: Some[Selector]
    marking_ref: MarkingRef | UnsetType = UNSET
    lang: Language | UnsetType = UNSET

    def broken_rules(self) -> Iterator[Broken]:
        if (self.marking_ref is UNSET) is (self.lang is UNSET):
            found = "neither" if self.lang is UNSET else "both"
            yield Broken("", f"{found} of marking_ref and lang", "exactly one of them")


class StixObject(
    Struct, frozen=True, gc=False, omit_defaults=True, kw_only=True, tag_field="type", tag="object"
):
    """What every object has. Properties that are absent are `UNSET`, which is false."""

    orders: ClassVar[tuple[Order, ...]] = ()

    id: str
    object_marking_refs: Some[MarkingRef] | UnsetType = UNSET
    granular_markings: Some[GranularMarking] | UnsetType = UNSET
    extensions: Extensions | UnsetType = UNSET

    @property
    def type(self) -> str:
        tag = self.__struct_config__.tag
        return tag if isinstance(tag, str) else ""

    def broken_rules(self) -> Iterator[Broken]:
        """The rules between its properties that do not hold, besides `orders`.

        A property that is missing or has a fault of its own is `UNSET` here.
        """
        return iter(())


class VersionedObject(StixObject, kw_only=True):
    """What objects with versions share: domain objects, relationships and most meta objects."""

    spec_version: Literal["2.1"]
    created: CreationTime
    modified: CreationTime
    created_by_ref: IdentityRef | UnsetType = UNSET
    revoked: bool | UnsetType = UNSET
    labels: Some[str] | UnsetType = UNSET
    confidence: Percent | UnsetType = UNSET
    lang: Language | UnsetType = UNSET
    external_references: Some[ExternalReference] | UnsetType = UNSET


class Observable(StixObject, kw_only=True):
    """What cyber-observables share; they have no versions (section 6)."""

    spec_version: Literal["2.1"] | UnsetType = UNSET
    defanged: bool | UnsetType = UNSET
