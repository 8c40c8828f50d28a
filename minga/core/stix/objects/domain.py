"""The nineteen domain objects (STIX 2.1, section 4)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, UnsetType

from minga.core.stix.forms import reference_to, shaped
from minga.core.stix.objects.base import (
    AnyRef,
    Broken,
    EvidenceRef,
    KillChainPhase,
    ObservableRef,
    OneOf,
    Order,
    SoftwareRef,
    Some,
    Timestamp,
    VersionedObject,
)

SampleRef = Annotated[str, shaped(reference_to("artifact", "file"))]
AnalysedRef = Annotated[str, shaped(reference_to("artifact", "file", "network-traffic"))]
Observed = Annotated[int, Meta(ge=1, le=999_999_999)]
Latitude = Annotated[float, Meta(ge=-90, le=90)]
Longitude = Annotated[float, Meta(ge=-180, le=180)]
Metres = Annotated[float, Meta(ge=0)]

SEEN = Order("first_seen", "last_seen")


class AttackPattern(VersionedObject, tag="attack-pattern"):
    name: str
    description: str | UnsetType = UNSET
    aliases: Some[str] | UnsetType = UNSET
    kill_chain_phases: Some[KillChainPhase] | UnsetType = UNSET


class Campaign(VersionedObject, tag="campaign"):
    orders = (SEEN,)

    name: str
    description: str | UnsetType = UNSET
    aliases: Some[str] | UnsetType = UNSET
    first_seen: Timestamp | UnsetType = UNSET
    last_seen: Timestamp | UnsetType = UNSET
    objective: str | UnsetType = UNSET


class CourseOfAction(VersionedObject, tag="course-of-action"):
    name: str
    description: str | UnsetType = UNSET


class Grouping(VersionedObject, tag="grouping"):
    context: str
    object_refs: Some[AnyRef]
    name: str | UnsetType = UNSET
    description: str | UnsetType = UNSET


class Identity(VersionedObject, tag="identity"):
    name: str
    description: str | UnsetType = UNSET
    roles: Some[str] | UnsetType = UNSET
    identity_class: str | UnsetType = UNSET
    sectors: Some[str] | UnsetType = UNSET
    contact_information: str | UnsetType = UNSET


class Incident(VersionedObject, tag="incident"):
    name: str
    description: str | UnsetType = UNSET


class Indicator(VersionedObject, tag="indicator"):
    """Whether `pattern` follows its grammar is for `core.stix.patterns` to say."""

    orders = (Order("valid_from", "valid_until", strict=True),)

    pattern: str
    pattern_type: str
    valid_from: Timestamp
    name: str | UnsetType = UNSET
    description: str | UnsetType = UNSET
    indicator_types: Some[str] | UnsetType = UNSET
    pattern_version: str | UnsetType = UNSET
    valid_until: Timestamp | UnsetType = UNSET
    kill_chain_phases: Some[KillChainPhase] | UnsetType = UNSET


class Infrastructure(VersionedObject, tag="infrastructure"):
    orders = (SEEN,)

    name: str
    description: str | UnsetType = UNSET
    infrastructure_types: Some[str] | UnsetType = UNSET
    aliases: Some[str] | UnsetType = UNSET
    kill_chain_phases: Some[KillChainPhase] | UnsetType = UNSET
    first_seen: Timestamp | UnsetType = UNSET
    last_seen: Timestamp | UnsetType = UNSET


class IntrusionSet(VersionedObject, tag="intrusion-set"):
    orders = (SEEN,)

    name: str
    description: str | UnsetType = UNSET
    aliases: Some[str] | UnsetType = UNSET
    first_seen: Timestamp | UnsetType = UNSET
    last_seen: Timestamp | UnsetType = UNSET
    goals: Some[str] | UnsetType = UNSET
    resource_level: str | UnsetType = UNSET
    primary_motivation: str | UnsetType = UNSET
    secondary_motivations: Some[str] | UnsetType = UNSET


class Location(VersionedObject, tag="location"):
    name: str | UnsetType = UNSET
    description: str | UnsetType = UNSET
    latitude: Latitude | UnsetType = UNSET
    longitude: Longitude | UnsetType = UNSET
    precision: Metres | UnsetType = UNSET
    region: str | UnsetType = UNSET
    country: str | UnsetType = UNSET
    administrative_area: str | UnsetType = UNSET
    city: str | UnsetType = UNSET
    street_address: str | UnsetType = UNSET
    postal_code: str | UnsetType = UNSET

    def broken_rules(self) -> Iterator[Broken]:
        if (self.latitude is UNSET) is not (self.longitude is UNSET):
            absent = "latitude" if self.latitude is UNSET else "longitude"
            yield Broken(absent, "nothing", "latitude and longitude together")
        elif self.latitude is UNSET and self.region is UNSET and self.country is UNSET:
            yield Broken("", "no place", "a region, a country, or latitude and longitude")
        if self.precision is not UNSET and self.latitude is UNSET:
            yield Broken("precision", "no coordinates beside it", "latitude and longitude as well")


class Malware(VersionedObject, tag="malware"):
    orders = (SEEN,)

    is_family: bool
    name: str | UnsetType = UNSET
    description: str | UnsetType = UNSET
    malware_types: Some[str] | UnsetType = UNSET
    aliases: Some[str] | UnsetType = UNSET
    kill_chain_phases: Some[KillChainPhase] | UnsetType = UNSET
    first_seen: Timestamp | UnsetType = UNSET
    last_seen: Timestamp | UnsetType = UNSET
    operating_system_refs: Some[SoftwareRef] | UnsetType = UNSET
    architecture_execution_envs: Some[str] | UnsetType = UNSET
    implementation_languages: Some[str] | UnsetType = UNSET
    capabilities: Some[str] | UnsetType = UNSET
    sample_refs: Some[SampleRef] | UnsetType = UNSET

    def broken_rules(self) -> Iterator[Broken]:
        if self.is_family is True and self.name is UNSET:
            yield Broken("name", "nothing", "the family's name, because is_family is true")


class MalwareAnalysis(VersionedObject, tag="malware-analysis"):
    presence = (OneOf(("result", "analysis_sco_refs"), "a result or analysis_sco_refs"),)

    product: str
    version: str | UnsetType = UNSET
    host_vm_ref: SoftwareRef | UnsetType = UNSET
    operating_system_ref: SoftwareRef | UnsetType = UNSET
    installed_software_refs: Some[SoftwareRef] | UnsetType = UNSET
    configuration_version: str | UnsetType = UNSET
    modules: Some[str] | UnsetType = UNSET
    analysis_engine_version: str | UnsetType = UNSET
    analysis_definition_version: str | UnsetType = UNSET
    submitted: Timestamp | UnsetType = UNSET
    analysis_started: Timestamp | UnsetType = UNSET
    analysis_ended: Timestamp | UnsetType = UNSET
    result_name: str | UnsetType = UNSET
    result: str | UnsetType = UNSET
    analysis_sco_refs: Some[ObservableRef] | UnsetType = UNSET
    sample_ref: AnalysedRef | UnsetType = UNSET


class Note(VersionedObject, tag="note"):
    content: str
    object_refs: Some[AnyRef]
    abstract: str | UnsetType = UNSET
    authors: Some[str] | UnsetType = UNSET


class ObservedData(VersionedObject, tag="observed-data"):
    """`objects` is the deprecated container of STIX 2.0; its content is kept as received."""

    orders = (Order("first_observed", "last_observed"),)
    presence = (OneOf(("object_refs", "objects"), "object_refs", exclusive=True),)

    first_observed: Timestamp
    last_observed: Timestamp
    number_observed: Observed
    objects: Annotated[dict[str, dict[str, Any]], Meta(min_length=1)] | UnsetType = UNSET
    object_refs: Some[EvidenceRef] | UnsetType = UNSET


class Opinion(VersionedObject, tag="opinion"):
    opinion: Literal["strongly-disagree", "disagree", "neutral", "agree", "strongly-agree"]
    object_refs: Some[AnyRef]
    explanation: str | UnsetType = UNSET
    authors: Some[str] | UnsetType = UNSET


class Report(VersionedObject, tag="report"):
    name: str
    published: Timestamp
    object_refs: Some[AnyRef]
    description: str | UnsetType = UNSET
    report_types: Some[str] | UnsetType = UNSET


class ThreatActor(VersionedObject, tag="threat-actor"):
    orders = (SEEN,)

    name: str
    description: str | UnsetType = UNSET
    threat_actor_types: Some[str] | UnsetType = UNSET
    aliases: Some[str] | UnsetType = UNSET
    first_seen: Timestamp | UnsetType = UNSET
    last_seen: Timestamp | UnsetType = UNSET
    roles: Some[str] | UnsetType = UNSET
    goals: Some[str] | UnsetType = UNSET
    sophistication: str | UnsetType = UNSET
    resource_level: str | UnsetType = UNSET
    primary_motivation: str | UnsetType = UNSET
    secondary_motivations: Some[str] | UnsetType = UNSET
    personal_motivations: Some[str] | UnsetType = UNSET


class Tool(VersionedObject, tag="tool"):
    name: str
    description: str | UnsetType = UNSET
    tool_types: Some[str] | UnsetType = UNSET
    aliases: Some[str] | UnsetType = UNSET
    kill_chain_phases: Some[KillChainPhase] | UnsetType = UNSET
    tool_version: str | UnsetType = UNSET


class Vulnerability(VersionedObject, tag="vulnerability"):
    name: str
    description: str | UnsetType = UNSET
