"""STIX objects: their bytes, their versions, and their end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import msgspec
from django.http import HttpResponse
from ninja import Path, Query, Router

from minga.core.problems import Forbidden
from minga.faces.api import answering, bodies, schemas, translation
from minga.faces.api import resources as r
from minga.faces.api.described import gives
from minga.faces.api.door import ActorRequest, listed_at
from minga.features.exchange import queries, services
from minga.features.exchange.queries import FeedPage, Filters

router = Router(tags=["objects"])
StixId = Annotated[schemas.StixId, Path()]
HEADER = ("id", "type", "modified", "added_at", "name", "pattern", "valid_from", "valid_until")


class Gist(msgspec.Struct):
    """What a table shows of an object. In custom types these properties may be anything."""

    type: str
    name: object = None
    value: object = None
    pattern: object = None
    valid_from: object = None
    valid_until: object = None


@listed_at(router, "objects", summary="List objects", **gives(r.Objects, csv=True))
def objects(request: ActorRequest, asked: Query[schemas.ObjectsAsked]) -> HttpResponse:
    """STIX objects as they were received, the oldest addition first.

    To follow a collection, go on with `next`, or ask again with the `added_after` of a moment
    before your last page: an object is added once.
    """
    reader = request.actor.reader
    collection = queries.collection(asked.collection, reader=reader)
    if not collection.can_read:
        raise Forbidden(f"{collection.title} cannot be read; read everything instead.")
    filters = Filters(
        added_after=-1 if asked.added_after is None else asked.added_after,
        types=(asked.type,) if asked.type else (),
        versions=() if asked.every_version else ("last",),
    )
    page = queries.page(collection, filters, reader=reader, limit=asked.limit, cursor=asked.cursor)
    return answering.listing(
        request,
        lambda: _envelope(page),
        HEADER,
        lambda: _table(page),
        next_=page.next,
        for_spreadsheet=asked.spreadsheet,
    )


@router.get("objects/{stix_id}", summary="Read an object", **gives(None))
def object_(request: ActorRequest, stix_id: StixId) -> HttpResponse:
    """The newest version of an object that you may see, byte for byte."""
    found = queries.object_version(stix_id, reader=request.actor.reader)
    return answering.raw(bytes(found.raw), media_type=bodies.STIX)


@listed_at(
    router,
    "objects/{stix_id}/versions",
    summary="List versions",
    **gives(r.Versions, csv=True),
)
def versions(request: ActorRequest, stix_id: StixId, asked: Query[schemas.Paging]) -> HttpResponse:
    """The versions of an object that you may see, the newest first."""
    reader = request.actor.reader
    found = queries.versions_of(stix_id, reader=reader)
    place = f"versions of {stix_id}"
    return answering.versions(request, found, asked, reader=reader, place=place)


@router.post("objects/{stix_id}/revoke", summary="Revoke an object", **gives(None))
def revoke(request: ActorRequest, stix_id: StixId) -> HttpResponse:
    """Publish a last version that says it is revoked. Revoking again is success."""
    revoked = services.revoke(stix_id, by=request.actor)
    return answering.raw(bytes(revoked.raw), media_type=bodies.STIX)


@router.get("objects/{stix_id}/sightings", summary="Sightings of an object", **gives(r.Sightings))
def sightings(request: ActorRequest, stix_id: StixId) -> HttpResponse:
    """How often an object was seen at work, and by how many organisations."""
    reader = request.actor.reader
    queries.object_version(stix_id, reader=reader)
    seen = queries.sightings_of([stix_id], reader=reader).get(stix_id, queries.NEVER_SEEN)
    return answering.json(translation.sightings(seen))


@router.get("objects/{stix_id}/feedback", summary="Feedback on it", **gives(r.FeedbackResource))
def feedback(request: ActorRequest, stix_id: StixId) -> HttpResponse:
    """What became of an object: counts, and for its producer who says so and why."""
    given = queries.feedback_on(stix_id, reader=request.actor.reader)
    return answering.json(translation.feedback(given))


def _envelope(page: FeedPage) -> bytes:
    next_ = msgspec.json.encode(page.next or None)
    return b'{"items":[%b],"next":%b}' % (b",".join(row.raw for row in page.rows), next_)


def _table(page: FeedPage) -> Iterator[tuple[object, ...]]:
    for row in page.rows:
        gist = msgspec.json.decode(row.raw, type=Gist)
        yield (
            row.stix_id, gist.type, row.version, translation.instant(row.added_at),
            gist.name or gist.value, gist.pattern, gist.valid_from, gist.valid_until,
        )  # fmt: skip
