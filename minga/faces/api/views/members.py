"""Who is who."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import get_language
from ninja import Query, Router

from minga.faces.api import answering, schemas, translation
from minga.faces.api import resources as r
from minga.faces.api.described import gives
from minga.faces.api.door import ActorRequest, listed_at
from minga.features.exchange import queries
from minga.features.membership import queries as membership

router = Router(tags=["members"])


@router.get("whoami", summary="Who I am", **gives(r.WhoAmI))
def whoami(request: ActorRequest) -> HttpResponse:
    """The organisation, person or key that calls, and what it may do."""
    return answering.json(translation.who_am_i(request.actor, hub=settings.HUB_NAME))


@router.get("agreement", summary="Read the agreement", **gives(r.AgreementResource))
def agreement(request: ActorRequest) -> HttpResponse:
    """The agreement in force, and by which clauses your organisation may do what it may.

    Its words are in the language of the page cookie, else in the hub's.
    """
    actor = request.actor
    _, text = membership.agreement_in_force(reader=actor.reader)
    held = membership.adherence_of(actor.organisation, reader=actor.reader)
    language = get_language() or settings.LANGUAGE_CODE
    return answering.json(translation.agreement(text, held, language))


@listed_at(router, "organisations", summary="List organisations", **gives(r.Parties, csv=True))
def organisations(request: ActorRequest, asked: Query[schemas.Paging]) -> HttpResponse:
    """The organisations that belong today, the hub first."""
    reader = request.actor.reader
    found = membership.organisations(reader=reader)
    rows, next_ = answering.page_of(found, asked, reader=reader, place="organisations")
    parties = tuple(translation.party(row) for row in rows)
    return answering.listing(
        request,
        lambda: r.Parties(parties, next_ or None),
        ("id", "slug", "name", "role"),
        lambda: ((p.id, p.slug, p.name, p.role) for p in parties),
        next_=next_,
        for_spreadsheet=asked.spreadsheet,
    )


@listed_at(router, "circles", summary="List circles", **gives(r.Circles, csv=True))
def circles(request: ActorRequest, asked: Query[schemas.Paging]) -> HttpResponse:
    """The circles you sit in or are steward of; you may address those you sit in."""
    reader = request.actor.reader
    found = membership.circles(reader=reader)
    rows, next_ = answering.page_of(found, asked, reader=reader, place="circles")
    known = tuple(translation.circle(row, reader=reader) for row in rows)
    return answering.listing(
        request,
        lambda: r.Circles(known, next_ or None),
        ("id", "slug", "name", "purpose", "seated"),
        lambda: ((c.id, c.slug, c.name, c.purpose, c.seated) for c in known),
        next_=next_,
        for_spreadsheet=asked.spreadsheet,
    )


@router.get("collections", summary="List collections", **gives(r.Collections))
def collections(request: ActorRequest) -> HttpResponse:
    """The lists of objects that you may read or write, as TAXII has them too."""
    found = queries.collections(reader=request.actor.reader)
    return answering.json(r.Collections(tuple(translation.collection(each) for each in found)))
