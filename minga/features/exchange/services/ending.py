"""Ending what was shared: revoked for everybody to see, or taken out of a collection."""

from __future__ import annotations

from typing import Any

import msgspec
from django.db import transaction
from django.db.models import Exists, OuterRef

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
from minga.store.objects.words import searchable
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
    queries.newest(stix_id, reader=by.reader)
    newest = _newest_shown(stix_id, by=by)
    if newest is None:
        raise Forbidden(f"{stix_id} was shared by another organisation; only that one revokes it.")
    if by.reader.has_ceiling and not queries.readable(reader=by.reader).contains(newest):
        raise queries.no_object(stix_id)  # the answer would carry words from above it
    if newest.revoked:
        return newest
    if not newest.version:
        raise Invalid(f"{stix_id} has no versions, so it cannot be revoked; delete it instead.")
    content: dict[str, Any] = msgspec.json.decode(bytes(newest.raw))
    last = Version.objects.filter(producer=by.organisation, stix_id=stix_id).latest("modified_us")
    content |= {"modified": drafts.modified_after(last.modified_us), "revoked": True}
    return _publish_after(newest, content, by=by)


@transaction.atomic
def delete(stix_id: str, *, by: Actor, selection: Selection) -> int:
    """Take versions of an object that the actor's organisation shared out of everybody's reach.

    `selection` says which, as in TAXII 2.1, section 5.7. The bytes and the journal stay. A
    contribution whose words they were says what the newest version left says, and ends when none
    is. Returns how many versions were taken out. Raises NotFound when he cannot see any such
    version, and Forbidden when they are another's.
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
    _take_words_back(stix_id, by=by)
    return count


def _newest_shown(stix_id: str, *, by: Actor) -> Version | None:
    """The newest version by the actor's organisation that anybody reads; deleted ones are not."""
    shown = Exists(Publication.objects.filter(version=OuterRef("pk")))
    own = Version.objects.filter(shown, producer=by.organisation, stix_id=stix_id)
    return own.order_by("-modified_us").first()


def _take_words_back(stix_id: str, *, by: Actor) -> None:
    """Let no list or page go on saying what the deleted versions said."""
    spoken_for = Contribution.objects.filter(producer=by.organisation, root_id=stix_id)
    newest = _newest_shown(stix_id, by=by)
    if newest is None:
        spoken_for.delete()
        return
    content: dict[str, Any] = msgspec.json.decode(bytes(newest.raw))
    title, text = newest.name or stix_id, str(content.get("description", ""))
    for contribution in spoken_for:
        codes = (code for _, code in contribution.codes)
        contribution.title, contribution.text = title, text
        contribution.found_by = searchable(title, text, *codes)
        contribution.updated_at = world.now()
        contribution.save(update_fields=["title", "text", "found_by", "updated_at"])


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
