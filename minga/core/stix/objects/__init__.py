"""The types of STIX 2.1 as msgspec structs: what each property is, and which rules bind them."""

from __future__ import annotations

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
from minga.core.stix.objects.domain import (
    AttackPattern,
    Campaign,
    CourseOfAction,
    Grouping,
    Identity,
    Incident,
    Indicator,
    Infrastructure,
    IntrusionSet,
    Location,
    Malware,
    MalwareAnalysis,
    Note,
    ObservedData,
    Opinion,
    Report,
    ThreatActor,
    Tool,
    Vulnerability,
)
from minga.core.stix.objects.meta import (
    Custom,
    ExtensionDefinition,
    LanguageContent,
    MarkingDefinition,
)
from minga.core.stix.objects.observables import (
    Artifact,
    AutonomousSystem,
    Directory,
    DomainName,
    EmailAddr,
    EmailMessage,
    File,
    Ipv4Addr,
    Ipv6Addr,
    MacAddr,
    Mutex,
    NetworkTraffic,
    Process,
    Software,
    Url,
    UserAccount,
    WindowsRegistryKey,
    X509Certificate,
)
from minga.core.stix.objects.relationships import Relationship, Sighting

DOMAIN_OBJECTS: tuple[type[VersionedObject], ...] = (
    AttackPattern,
    Campaign,
    CourseOfAction,
    Grouping,
    Identity,
    Incident,
    Indicator,
    Infrastructure,
    IntrusionSet,
    Location,
    Malware,
    MalwareAnalysis,
    Note,
    ObservedData,
    Opinion,
    Report,
    ThreatActor,
    Tool,
    Vulnerability,
)
RELATIONSHIPS: tuple[type[VersionedObject], ...] = (Relationship, Sighting)
OBSERVABLES: tuple[type[Observable], ...] = (
    Artifact,
    AutonomousSystem,
    Directory,
    DomainName,
    EmailAddr,
    EmailMessage,
    File,
    Ipv4Addr,
    Ipv6Addr,
    MacAddr,
    Mutex,
    NetworkTraffic,
    Process,
    Software,
    Url,
    UserAccount,
    WindowsRegistryKey,
    X509Certificate,
)
META_OBJECTS: tuple[type[StixObject], ...] = (
    ExtensionDefinition,
    LanguageContent,
    MarkingDefinition,
)

TYPES: dict[str, type[StixObject]] = {
    str(struct.__struct_config__.tag): struct
    for struct in (*DOMAIN_OBJECTS, *RELATIONSHIPS, *OBSERVABLES, *META_OBJECTS)
}
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
