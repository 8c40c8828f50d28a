"""Giving back: I saw it too, and what became of it."""

from __future__ import annotations

from django.http import HttpResponse
from ninja import Router

from minga.faces.api import answering, schemas, translation
from minga.faces.api import resources as r
from minga.faces.api.described import gives
from minga.faces.api.door import ActorRequest
from minga.features.exchange import queries, services

router = Router(tags=["giving back"])


@router.post("sightings", summary="Report a sighting", **gives(r.SightingResource, status=201))
def report_sighting(request: ActorRequest, body: schemas.SightingReport) -> HttpResponse:
    """Say that your organisation saw an object at work. The same report again is the same one."""
    sighting = services.report_sighting(
        body.object_id,
        by=request.actor,
        count=body.count,
        first_seen_at=body.first_seen_at,
        last_seen_at=body.last_seen_at,
        is_named=body.named,
    )
    return answering.json(translation.sighting(sighting), status=201)


@router.post("feedback", summary="Give feedback", **gives(r.FeedbackResource, status=201))
def give_feedback(request: ActorRequest, body: schemas.FeedbackGiven) -> HttpResponse:
    """Tell an object's producer what became of it. Saying it again replaces the note."""
    actor = request.actor
    services.give_feedback(body.object_id, by=actor, verdict=body.verdict, note=body.note)
    given = queries.feedback_on(body.object_id, reader=actor.reader)
    return answering.json(translation.feedback(given), status=201)
