"""Contributions: what was shared, and sharing."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from django.http import HttpResponse
from ninja import Header, Query, Router

from minga.faces.api import addressing, answering, schemas, translation
from minga.faces.api import resources as r
from minga.faces.api.described import gives
from minga.faces.api.door import ActorRequest, listed_at
from minga.features.exchange import queries, services
from minga.features.exchange.queries import ListFilters
from minga.features.exchange.queries.addressees import audience_of
from minga.features.exchange.queries.listing import contributions_page
from minga.store.objects.models import Contribution
from minga.web import fresh

router = Router(tags=["contributions"])
HEADER = (
    "id", "kind", "title", "tlp", "pap", "organisation", "vouched", "own", "created_at",
    "updated_at",
)  # fmt: skip


@listed_at(
    router, "contributions", summary="List contributions", **gives(r.Contributions, csv=True)
)
def contributions(request: ActorRequest, asked: Query[schemas.ContributionsAsked]) -> HttpResponse:
    """The contributions that you may see, the newest first, in no order of relevance."""
    filters = ListFilters(kind=asked.kind, tlp=asked.tlp, text=asked.q, own=asked.own)
    return _page(request, filters, asked)


@listed_at(router, "search", summary="Search", **gives(r.Contributions, csv=True))
def search(request: ActorRequest, asked: Query[schemas.SearchAsked]) -> HttpResponse:
    """The contributions in whose title, text or codes all these words occur."""
    return _page(request, ListFilters(text=asked.q), asked)


@router.post("contributions", summary="Share", **gives(r.ContributionResource, status=201))
def share(
    request: ActorRequest,
    body: schemas.Draft,
    idempotency_key: Annotated[schemas.RequestKey | None, Header()] = None,
) -> HttpResponse:
    """Share something with its audience, now.

    With the same Idempotency-Key again, the answer is the contribution of the first time.
    """
    actor = request.actor
    draft = addressing.draft(body, reader=actor.reader, request_key=idempotency_key or "")
    shared = services.share(draft, by=actor, door=Contribution.Door.API)
    return answering.json(translation.contribution(shared, reader=actor.reader), status=201)


@router.get(
    "contributions/{uuid:uuid}", summary="Read a contribution", **gives(r.ContributionResource)
)
def contribution(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """One contribution in full."""
    reader = request.actor.reader
    found = queries.contribution(str(uuid), reader=reader)
    return answering.json(translation.contribution(found, reader=reader))


@router.put(
    "contributions/{uuid:uuid}", summary="Revise a contribution", **gives(r.ContributionResource)
)
def revise(request: ActorRequest, uuid: UUID, body: schemas.Revision) -> HttpResponse:
    """Say it again, better: a new version for everybody who reads it."""
    actor = request.actor
    before = queries.contribution(str(uuid), reader=actor.reader)
    draft = addressing.revision(body, before, audience_of(before, reader=actor.reader))
    revised = services.revise(str(uuid), draft, by=actor)
    return answering.json(translation.contribution(revised, reader=actor.reader))


@router.post(
    "contributions/{uuid:uuid}/widen",
    summary="Widen a contribution",
    **gives(r.ContributionResource),
)
def widen(request: ActorRequest, uuid: UUID, body: schemas.Widening) -> HttpResponse:
    """Let more people read it: to them it is newly added, to the others unchanged."""
    actor = request.actor
    audience = addressing.audience(body.audience, reader=actor.reader)
    fresh.require(request, by=actor)
    widened = services.widen(str(uuid), by=actor, audience=audience)
    return answering.json(translation.contribution(widened, reader=actor.reader))


@router.get("contributions/{uuid:uuid}/readers", summary="Who reads it", **gives(r.Readers))
def readers(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Who may read a contribution today, in counts, and in names where you may know them."""
    reader = request.actor.reader
    found = queries.contribution(str(uuid), reader=reader)
    return answering.json(translation.readers(queries.readership_of(found, reader=reader)))


@listed_at(
    router,
    "contributions/{uuid:uuid}/objects",
    summary="List what it carries",
    **gives(r.Versions, csv=True),
)
def carried(request: ActorRequest, uuid: UUID, asked: Query[schemas.Paging]) -> HttpResponse:
    """The objects it carries, each in the newest version that you may see."""
    reader = request.actor.reader
    found = queries.contribution(str(uuid), reader=reader)
    return answering.versions(
        request,
        queries.objects_in(found, reader=reader),
        asked,
        reader=reader,
        place=f"objects of {uuid}",
    )


def _page(request: ActorRequest, filters: ListFilters, asked: schemas.Paging) -> HttpResponse:
    reader = request.actor.reader
    page = contributions_page(filters, reader=reader, limit=asked.limit, cursor=asked.cursor)
    items = translation.items(page.rows, reader=reader)
    return answering.listing(
        request,
        lambda: r.Contributions(tuple(items), page.next or None),
        HEADER,
        lambda: (
            (
                i.id, i.kind, i.title, i.tlp, i.pap, i.organisation.name, i.vouched, i.own,
                i.created_at, i.updated_at,
            )
            for i in items
        ),
        next_=page.next,
        for_spreadsheet=asked.spreadsheet,
    )  # fmt: skip
