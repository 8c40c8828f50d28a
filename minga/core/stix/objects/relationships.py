"""The two objects that connect others (STIX 2.1, section 5)."""

from __future__ import annotations

from typing import Annotated

from msgspec import UNSET, UnsetType

from minga.core.stix import forms
from minga.core.stix.forms import reference_to, shaped
from minga.core.stix.objects.base import (
    Count,
    DomainRef,
    EndRef,
    Order,
    Some,
    Timestamp,
    VersionedObject,
)

RelationshipType = Annotated[str, shaped(forms.RELATIONSHIP_TYPE)]
ObservedDataRef = Annotated[str, shaped(reference_to("observed-data"))]
WhereRef = Annotated[str, shaped(reference_to("identity", "location"))]


class Relationship(VersionedObject, tag="relationship"):
    """Which types may be joined by which words is advice of the standard, and not checked."""

    orders = (Order("start_time", "stop_time", strict=True),)

    relationship_type: RelationshipType
    source_ref: EndRef
    target_ref: EndRef
    description: str | UnsetType = UNSET
    start_time: Timestamp | UnsetType = UNSET
    stop_time: Timestamp | UnsetType = UNSET


class Sighting(VersionedObject, tag="sighting"):
    orders = (Order("first_seen", "last_seen"),)

    sighting_of_ref: DomainRef
    description: str | UnsetType = UNSET
    first_seen: Timestamp | UnsetType = UNSET
    last_seen: Timestamp | UnsetType = UNSET
    count: Count | UnsetType = UNSET
    observed_data_refs: Some[ObservedDataRef] | UnsetType = UNSET
    where_sighted_refs: Some[WhereRef] | UnsetType = UNSET
    summary: bool | UnsetType = UNSET
