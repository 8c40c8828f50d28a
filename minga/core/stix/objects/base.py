"""What all types share: the common properties and the smaller structures inside them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import (
    Annotated,
    Any,
    ClassVar,
    Literal,
    NamedTuple,
    TypeVar,
    dataclass_transform,
    get_args,
)

from msgspec import UNSET, Meta, Struct, StructMeta, UnsetType

from minga.core.stix import forms
from minga.core.stix.faults import quote
from minga.core.stix.forms import reference_except, reference_to, shaped

T = TypeVar("T")


class Broken(NamedTuple):
    """A rule between properties that does not hold; `path` is relative to the object."""

    path: str
    found: str
    expected: str


Some = Annotated[tuple[T, ...], Meta(min_length=1)]
"""A list, which STIX never allows to be empty."""

Timestamp = Annotated[str, shaped(forms.TIMESTAMP)]
CreationTime = Annotated[str, shaped(forms.CREATION)]
Language = Annotated[str, shaped(forms.LANGUAGE)]
Selector = Annotated[str, shaped(forms.SELECTOR)]
Binary = Annotated[str, shaped(forms.BINARY)]
Hex = Annotated[str, shaped(forms.HEX)]
SpecVersion = Annotated[
    Literal["2.1"],
    Meta(extra={"expected": '"2.1" (an object without it is STIX 2.0: convert it first)'}),
]
Percent = Annotated[int, Meta(ge=0, le=100)]
Count = Annotated[int, Meta(ge=0, le=999_999_999)]
SafeInt = Annotated[int, Meta(ge=-(2**53), le=2**53)]
Size = Annotated[int, Meta(ge=0, le=2**53)]

Dictionary = Annotated[dict[str, Any], Meta(min_length=1, extra={"keys": forms.DICTIONARY_KEY})]
Hashes = Annotated[
    dict[str, str], Meta(min_length=1, extra={"keys": forms.DICTIONARY_KEY, "forms": forms.HASHES})
]
ExtensionType = Literal[
    "new-sdo", "new-sco", "new-sro", "property-extension", "toplevel-property-extension"
]
_EXTENSION_KEY = forms.Form(
    f"extension-definition--{forms.UUID}|{forms.TYPE.pattern}",
    "the identifier of an extension-definition or the name of a predefined extension",
)


def _untyped_extension(key: str, content: dict[str, Any]) -> Broken | None:
    """Section 7.3: what an extension-definition describes says which kind it is."""
    found = content.get("extension_type")
    if not key.startswith("extension-definition--") or found in get_args(ExtensionType):
        return None
    listed = ", ".join(get_args(ExtensionType))
    words = "nothing" if found is None else quote(found)
    return Broken("extension_type", words, f"one of {listed}")


Extensions = Annotated[
    dict[str, dict[str, Any]],
    Meta(min_length=1, extra={"keys": _EXTENSION_KEY, "rule": _untyped_extension}),
]

# The names of the types, which references need before the types themselves are declared.
OBSERVABLES = (
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
DOMAIN = (
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
RELATIONSHIPS = ("relationship", "sighting")
META = ("bundle", "extension-definition", "language-content", "marking-definition")

IdentityRef = Annotated[str, shaped(reference_to("identity", recurs=True))]
MarkingRef = Annotated[str, shaped(reference_to("marking-definition", recurs=True))]
SoftwareRef = Annotated[str, shaped(reference_to("software"))]
ArtifactRef = Annotated[str, shaped(reference_to("artifact"))]
AnyRef = Annotated[
    str, shaped(reference_except("bundle", expected="the identifier of an object, not a bundle"))
]
EndRef = Annotated[
    str,
    shaped(
        reference_except(
            *RELATIONSHIPS,
            *META,
            expected="the identifier of a domain object or a cyber-observable",
        )
    ),
]
DomainRef = Annotated[
    str,
    shaped(
        reference_except(
            *OBSERVABLES, *RELATIONSHIPS, *META, expected="the identifier of a domain object"
        )
    ),
]
ObservableRef = Annotated[
    str,
    shaped(
        reference_except(
            *DOMAIN, *RELATIONSHIPS, *META, expected="the identifier of a cyber-observable"
        )
    ),
]
EvidenceRef = Annotated[
    str,
    shaped(
        reference_except(
            *DOMAIN, *META, expected="the identifier of a cyber-observable or a relationship"
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


class Order(NamedTuple):
    """Two timestamps that must not go backwards; `strict` when they may not be equal either."""

    first: str
    last: str
    strict: bool = False


class OneOf(NamedTuple):
    """Properties of which at least one, or exactly one, must be there.

    No names stand for the properties that the type does not share with all others.
    """

    names: tuple[str, ...]
    expected: str
    exclusive: bool = False


ANY_OF_ITS_OWN = OneOf((), "at least one property of its own")


class Declared(StructMeta):
    """The settings of every struct here: frozen, and without the cost of cycle collection.

    What JSON decodes to is a tree, so the collector would look at it in vain. Absent properties
    are not written, which lets a reader compare what was kept with what was received.
    """

    def __new__(
        cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any], **config: Any
    ) -> Declared:
        settings = {"frozen": True, "kw_only": True, "gc": False, "omit_defaults": True}
        return super().__new__(cls, name, bases, namespace, **settings | config)


@dataclass_transform(frozen_default=True, kw_only_default=True)
class Part(Struct, metaclass=Declared, frozen=True, kw_only=True):
    """A structure inside an object."""

    presence: ClassVar[tuple[OneOf, ...]] = ()

    def broken_rules(self) -> Iterator[Broken]:
        """The rules between its properties that do not hold."""
        return iter(())


class ExternalReference(Part):
    """Where more is told outside STIX (section 2.5)."""

    presence = (OneOf(("description", "url", "external_id"), "a description, url or external_id"),)

    source_name: str
    description: str | UnsetType = UNSET
    url: str | UnsetType = UNSET
    hashes: Hashes | UnsetType = UNSET
    external_id: str | UnsetType = UNSET


class KillChainPhase(Part):
    """A phase of an attack (section 2.12)."""

    kill_chain_name: str
    phase_name: str


class GranularMarking(Part):
    """A marking, or a language, of some properties only (section 7.2.3)."""

    presence = (OneOf(("marking_ref", "lang"), "marking_ref or lang", exclusive=True),)

    selectors: Some[Selector]
    marking_ref: MarkingRef | UnsetType = UNSET
    lang: Language | UnsetType = UNSET


@dataclass_transform(frozen_default=True, kw_only_default=True)
class StixObject(
    Struct, metaclass=Declared, frozen=True, kw_only=True, tag_field="type", tag="object"
):
    """What every object has. Properties that are absent are `UNSET`, which is false."""

    orders: ClassVar[tuple[Order, ...]] = ()
    presence: ClassVar[tuple[OneOf, ...]] = ()

    id: str
    object_marking_refs: Some[MarkingRef] | UnsetType = UNSET
    granular_markings: Some[GranularMarking] | UnsetType = UNSET
    extensions: Extensions | UnsetType = UNSET

    @property
    def type(self) -> str:
        tag = self.__struct_config__.tag
        return tag if isinstance(tag, str) else ""

    def broken_rules(self) -> Iterator[Broken]:
        """The rules between its properties that do not hold, besides `orders` and `presence`.

        While faults are collected, a property that has one of its own is an empty text here, so
        a rule must not trust the type of what is false.
        """
        return iter(())


class VersionedObject(StixObject):
    """What objects with versions share: domain objects, relationships and most meta objects."""

    spec_version: SpecVersion
    created: CreationTime
    modified: CreationTime
    created_by_ref: IdentityRef | UnsetType = UNSET
    revoked: bool | UnsetType = UNSET
    labels: Some[str] | UnsetType = UNSET
    confidence: Percent | UnsetType = UNSET
    lang: Language | UnsetType = UNSET
    external_references: Some[ExternalReference] | UnsetType = UNSET


class Observable(StixObject):
    """What cyber-observables share; they have no versions (section 6)."""

    spec_version: SpecVersion | UnsetType = UNSET
    defanged: bool | UnsetType = UNSET
