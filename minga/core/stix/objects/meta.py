"""Objects about objects (STIX 2.1, section 7), and those that the standard does not know."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from msgspec import UNSET, Meta, UnsetType

from minga.core.stix import forms
from minga.core.stix.faults import quote
from minga.core.stix.forms import shaped
from minga.core.stix.objects.base import (
    Broken,
    CreationTime,
    ExtensionType,
    ExternalReference,
    IdentityRef,
    Language,
    Percent,
    Some,
    SpecVersion,
    StixObject,
    Timestamp,
    TranslatableRef,
    VersionedObject,
)
from minga.core.stix.tlp import declared_tlp, marking_tlp

TypeName = Annotated[str, shaped(forms.TYPE)]
Translations = Annotated[
    dict[str, dict[str, Any]], Meta(min_length=1, extra={"keys": forms.LANGUAGE})
]


class MarkingDefinition(StixObject, tag="marking-definition"):
    """A marking; it has no versions. TLP 2.0 is an extension and has no definition."""

    spec_version: SpecVersion
    created: Timestamp
    created_by_ref: IdentityRef | UnsetType = UNSET
    external_references: Some[ExternalReference] | UnsetType = UNSET
    name: str | UnsetType = UNSET
    definition_type: str | UnsetType = UNSET
    definition: dict[str, Any] | UnsetType = UNSET

    def broken_rules(self) -> Iterator[Broken]:
        for name in ("definition_type", "definition"):
            if getattr(self, name) is UNSET and self.extensions is UNSET:
                yield Broken(name, "nothing", "the marking itself, or an extension that holds it")
        if self.object_marking_refs and self.id in self.object_marking_refs:
            yield Broken("object_marking_refs", "the object itself", "other markings only")
        if self.definition_type == "statement" and isinstance(self.definition, dict):
            statement = self.definition.get("statement")
            if not isinstance(statement, str):
                yield Broken("definition.statement", "no text", "the text of the statement")
        known = marking_tlp(self.id or "")
        if known is not None:
            stated = declared_tlp(self.definition_type, self.definition, self.extensions)
            if stated is not known:
                found = stated.label if stated is not None else "another marking"
                yield Broken("", found, f"{known.label}, which is what this id stands for")


class ExtensionDefinition(VersionedObject, tag="extension-definition"):
    name: str
    schema: str
    version: str
    extension_types: Some[ExtensionType]
    description: str | UnsetType = UNSET
    extension_properties: Some[str] | UnsetType = UNSET

    def broken_rules(self) -> Iterator[Broken]:
        if self.created_by_ref is UNSET:
            yield Broken("created_by_ref", "nothing", "the identity that defines the extension")
        types = self.extension_types
        if self.extension_properties and types and "toplevel-property-extension" not in types:
            yield Broken(
                "extension_properties",
                "a list without toplevel-property-extension among the extension_types",
                "no extension_properties, or that type as well",
            )


class LanguageContent(VersionedObject, tag="language-content"):
    object_ref: TranslatableRef
    contents: Translations
    object_modified: Timestamp | UnsetType = UNSET


class Custom(StixObject, tag=False):
    """An object of a type that STIX does not define (section 11, or an extension).

    With `created` or `modified` it is versioned as a domain object is; with neither it is taken
    for a cyber-observable. Whatever else it holds is kept as received.
    """

    type: TypeName
    spec_version: SpecVersion | UnsetType = UNSET
    created: CreationTime | UnsetType = UNSET
    modified: CreationTime | UnsetType = UNSET
    created_by_ref: IdentityRef | UnsetType = UNSET
    revoked: bool | UnsetType = UNSET
    labels: Some[str] | UnsetType = UNSET
    confidence: Percent | UnsetType = UNSET
    lang: Language | UnsetType = UNSET
    external_references: Some[ExternalReference] | UnsetType = UNSET
    defanged: bool | UnsetType = UNSET

    def broken_rules(self) -> Iterator[Broken]:
        if self.id and self.type and not self.id.startswith(f"{self.type}--"):
            yield Broken("id", quote(self.id), f"an identifier that begins with {self.type}--")
        if self.created is UNSET and self.modified is UNSET:
            return
        for name in ("spec_version", "created", "modified"):
            if getattr(self, name) is UNSET:
                yield Broken(name, "nothing", "all of spec_version, created and modified")
