"""The STIX objects that speak for organisations and for labels.

Every member reads the identity of each organisation and the nine markings of TLP, so that
whatever refers to them can be understood.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

import msgspec
from django.db import transaction

from minga.core import policy
from minga.core.policy import Tlp
from minga.core.stix import WELL_KNOWN_MARKINGS
from minga.core.stix.forms import microseconds
from minga.store import world
from minga.store.audiences import seats
from minga.store.objects import keeping, publishing
from minga.store.objects.keeping import NOBODYS, NewVersion
from minga.store.objects.publishing import Placement
from minga.store.people.models import Organisation

EVERY_MEMBER = policy.Audience(Tlp.GREEN, everyone=True)
NO_KIND = 0
"""The kind of what belongs to no contribution: it stands in the collection of everything only."""


@transaction.atomic
def publish_identity(organisation: Organisation, *, changed_at: datetime | None = None) -> None:
    """Show every member the identity of this organisation. Doing it again changes nothing.

    After a change `changed_at` says when it was: it makes a new version.
    """
    created = world.stix_time(organisation.created_at)
    modified = world.stix_time(changed_at) if changed_at else created
    properties: dict[str, object] = {
        "created": created,
        "id": organisation.stix_id,
        "identity_class": "organization",
        "modified": modified,
        "name": organisation.name,
        "spec_version": "2.1",
        "type": "identity",
    }
    if organisation.sector:
        properties["sectors"] = [organisation.sector]
    raw = msgspec.json.encode(properties, order="sorted")
    identity = _version(organisation.stix_id, "identity", modified, raw, name=organisation.name)
    _publish([identity], producer=organisation)


@transaction.atomic
def publish_markings(hub: Organisation) -> None:
    """Show every member the nine markings of TLP 1 and 2.0, brought by the hub. Repeatable."""
    versions = []
    for marking_id, raw in WELL_KNOWN_MARKINGS.items():
        said = msgspec.json.decode(raw)
        versions.append(
            _version(marking_id, "marking-definition", said["created"], raw, name=said["name"])
        )
    _publish(versions, producer=hub)


def _version(stix_id: str, kind: str, at: str, raw: bytes, *, name: str) -> NewVersion:
    return NewVersion(
        stix_id=stix_id,
        modified_us=microseconds(at),
        version=at,
        type=kind,
        raw=raw,
        digest=hashlib.blake2b(raw, digest_size=16).digest(),
        lineage=NOBODYS,
        tlp=EVERY_MEMBER.tlp,
        name=name,
    )


def _publish(versions: Sequence[NewVersion], *, producer: Organisation) -> None:
    keeping.hold(producer)
    audience = seats.intern(EVERY_MEMBER).pk
    kept = keeping.keep(versions, producer=producer)
    placements = [
        Placement(k.pk, audience, NO_KIND, v.stix_id, v.modified_us, v.lineage, v.type)
        for k, v in zip(kept, versions, strict=True)
    ]
    publishing.publish(publishing.missing(placements))
