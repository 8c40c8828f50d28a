"""Ending what was shared: revoked for everybody to see, or taken out of a collection."""

from __future__ import annotations

from typing import Any

import msgspec
from django.db import transaction

from minga.core.problems import Forbidden, Invalid
from minga.core.stix import read_envelope
from minga.features.exchange.services import drafts, placing
from minga.features.exchange.services.incoming import prepare
from minga.store import world
from minga.store.audiences import seats
from minga.store.audiences.models import Audience
from minga.store.journal import services as journal
from minga.store.objects import publishing, queries
from minga.store.objects.keeping import hold, keep
from minga.store.objects.models import Contribution, Publication, Version
from minga.store.objects.publishing import Placement
from minga.store.objects.reading import Selection, read_page
from minga.store.people.actors import Actor, Power


@transaction.atomic
def revoke(stix_id: str, *, by: Actor) -> Version:
    """Publish a last version of an object that says it is revoked; for good, as STIX has it.

    Everybody who reads the object gets it. Revoking again is success. Raises NotFound when it is
    out of sight, Forbidden when it is another's, and Invalid for an object that can have no
    later version.

    Source: STIX 2.1, section 3.2, `revoked`.
    """
    by.require(Power.SHARE)
    hold(by.organisation)
    newest = _own_newest(stix_id, by=by)
    if newest.revoked:
        return newest
    if not newest.version:
        raise Invalid(f"{stix_id} has no versions, so it cannot be revoked; delete it instead.")
    content: dict[str, Any] = msgspec.json.decode(bytes(newest.raw))
    content |= {"modified": drafts.modified_after(newest.modified_us), "revoked": True}
    return _publish_after(newest, content, by=by)


@transaction.atomic
def delete(stix_id: str, *, by: Actor, selection: Selection) -> int:
    """Take versions of an object that the actor's organisation shared out of everybody's reach.

    `selection` says which, as in TAXII 2.1, section 5.7. The bytes and the journal stay. Returns
    how many versions were taken out. Raises NotFound when he cannot see any such version, and
    Forbidden when they are another's.
    """
    by.require(Power.SHARE)
    hold(by.organisation)
    rows = read_page(selection, reader=by.reader, limit=10_000, with_bytes=False).rows
    if not rows:
        raise queries.no_object(stix_id)
    wanted = [row.modified_us for row in rows]
    own = Version.objects.filter(producer=by.organisation, stix_id=stix_id, modified_us__in=wanted)
    if not own.exists():
        raise Forbidden(f"{stix_id} was shared by another organisation; only that one deletes it.")
    count = own.count()
    journal.record("object-deleted", by=by, subject=stix_id, versions=count)
    publishing.withdraw(own)
    return count


def _own_newest(stix_id: str, *, by: Actor) -> Version:
    queries.newest(stix_id, reader=by.reader)
    own = Version.objects.filter(producer=by.organisation, stix_id=stix_id)
    newest = own.order_by("-modified_us").first()
    if newest is None:
        raise Forbidden(f"{stix_id} was shared by another organisation; only that one revokes it.")
    return newest


def _publish_after(newest: Version, content: dict[str, Any], *, by: Actor) -> Version:
    """Put the next version where the one before it stands."""
    reading = read_envelope(drafts.encode([content]))
    for refused in reading.refused:
        raise Invalid(refused.message)
    rule = seats.rule_of(_audience_of(newest))
    incoming, _ = prepare(reading.documents, by=by, address=lambda _: rule)
    kept = keep([each.version for each in incoming], producer=by.organisation)
    made = Version.objects.get(pk=kept[0].pk)
    standing = Publication.objects.filter(version=newest).values_list("audience_id", "kind")
    for contribution in Contribution.objects.filter(carried__version=newest):
        placing.carry(contribution, [made.pk])
    Contribution.objects.filter(carried__version=newest).update(updated_at=world.now())
    journal.record("object-revoked", by=by, subject=newest.stix_id)
    publishing.publish(
        publishing.missing(
            [Placement.of(made, audience=to, kind=kind) for to, kind in standing.distinct()]
        )
    )
    return made


def _audience_of(version: Version) -> Audience:
    return Audience.objects.filter(
        pk__in=Publication.objects.filter(version=version).values("audience")
    ).order_by("pk")[0]
