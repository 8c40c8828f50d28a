"""Bundles: whole documents of STIX, handed in at once."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from ninja import Query, Router

from minga.faces.api import answering, bodies, schemas, translation
from minga.faces.api import resources as r
from minga.faces.api.described import gives, takes
from minga.faces.api.door import ActorRequest
from minga.features.exchange import queries, services
from minga.features.membership import queries as membership
from minga.store.objects.models import Contribution

router = Router(tags=["bundles"])
_answer = gives(r.Receipt, status=202)
_answer["openapi_extra"] |= takes({"type": "object"}, bodies.JSON, bodies.STIX)


@router.post("bundles", summary="Import a bundle", **_answer)
def submit(request: ActorRequest, asked: Query[schemas.Addressed]) -> HttpResponse:
    """Take in a STIX bundle, for every member or for a circle. Sending it again is success.

    Each object succeeds or fails by itself. A large bundle is worked off later; ask for its
    receipt until it is complete.
    """
    actor = request.actor
    circle = membership.circle(asked.circle, reader=actor.reader) if asked.circle else None
    submission = services.submit(request.body, by=actor, door=Contribution.Door.API, circle=circle)
    return answering.json(translation.receipt(submission), status=202)


@router.get("bundles/{uuid:uuid}", summary="Read a receipt", **gives(r.Receipt))
def receipt(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """What became of a bundle that your organisation handed in."""
    found = queries.submission(str(uuid), reader=request.actor.reader)
    return answering.json(translation.receipt(found))
