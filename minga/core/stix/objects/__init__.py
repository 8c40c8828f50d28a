"""The types of STIX 2.1 as msgspec structs: what each property is, and which rules bind them."""

from __future__ import annotations

from types import ModuleType

from minga.core.stix.objects import domain, meta, observables, relationships
from minga.core.stix.objects.base import (
    Broken,
    ExternalReference,
    GranularMarking,
    KillChainPhase,
    Observable,
    OneOf,
    Order,
    Part,
    StixObject,
    VersionedObject,
)
from minga.core.stix.objects.meta import Custom


def _types_in(module: ModuleType) -> dict[str, type[StixObject]]:
    """The object types that a module defines, by the name that the standard gives them."""
    structs = [value for value in vars(module).values() if isinstance(value, type)]
    return {
        str(struct.__struct_config__.tag): struct
        for struct in structs
        if issubclass(struct, StixObject) and struct.__module__ == module.__name__
        if struct.__struct_config__.tag
    }


DOMAIN_OBJECTS = _types_in(domain)
RELATIONSHIPS = _types_in(relationships)
OBSERVABLES = _types_in(observables)
META_OBJECTS = _types_in(meta)

TYPES = DOMAIN_OBJECTS | RELATIONSHIPS | OBSERVABLES | META_OBJECTS
"""The struct of every type that the standard defines, by its name."""

__all__ = [
    "DOMAIN_OBJECTS",
    "META_OBJECTS",
    "OBSERVABLES",
    "RELATIONSHIPS",
    "TYPES",
    "Broken",
    "Custom",
    "ExternalReference",
    "GranularMarking",
    "KillChainPhase",
    "Observable",
    "OneOf",
    "Order",
    "Part",
    "StixObject",
    "VersionedObject",
]
