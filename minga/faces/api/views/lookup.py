"""Is this known? Nothing of what is asked is kept, or shown to anybody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.http import HttpResponse
from ninja import Query, Router

from minga.core.observables import Kind
from minga.faces.api import answering, bodies, schemas, translation
from minga.faces.api import resources as r
from minga.faces.api.described import gives, takes
from minga.faces.api.door import ActorRequest, listed_at
from minga.features.exchange import queries
from minga.features.exchange.queries import Answer

router = Router(tags=["lookup"])
HEADER = (
    "asked", "verdict", "kind", "value", "events", "organisations", "last_seen_at", "tlp",
    "confidence", "valid_until", "objects", "contributions",
)  # fmt: skip
_answers = gives(r.Answers, csv=True)
_answers["openapi_extra"] |= takes(schemas.Lookup.model_json_schema(), bodies.JSON)


@router.post("lookup", summary="Look up many values", **_answers)
def look_up(request: ActorRequest) -> HttpResponse:
    """What you may know of each of up to 10,000 values, defanged or not, in their order.

    What is known beside a value (its parents, host or ranges) comes with up to 100 values.
    """
    values = bodies.values_of(request.body)
    return _answered(request, values, for_spreadsheet=False)


@listed_at(router, "lookup", summary="Look up a few values", **gives(r.Answers, csv=True))
def look_up_few(request: ActorRequest, asked: Query[schemas.LookupAsked]) -> HttpResponse:
    """The same for up to 100 values, each as `q`."""
    return _answered(request, asked.q, for_spreadsheet=asked.spreadsheet)


@router.get(
    "observables/{kind}", summary="The history of an observable", **gives(r.DossierResource)
)
def observable(
    request: ActorRequest, kind: Kind, asked: Query[schemas.ObservableAsked]
) -> HttpResponse:
    """What you may know of one observable, and its sightings day by day."""
    dossier = queries.observable(kind, asked.value, reader=request.actor.reader, days=asked.days)
    return answering.json(translation.dossier(dossier))


def _answered(
    request: ActorRequest, values: Sequence[str], *, for_spreadsheet: bool
) -> HttpResponse:
    answers = queries.lookup(values, reader=request.actor.reader)
    return answering.listing(
        request,
        lambda: r.Answers(tuple(map(translation.answer, answers))),
        HEADER,
        lambda: _table(answers),
        for_spreadsheet=for_spreadsheet,
    )


def _table(answers: Sequence[Answer]) -> Iterator[tuple[object, ...]]:
    for answer in answers:
        hits, seen = answer.hits, answer.observable
        yield (
            answer.asked,
            answer.verdict.value,
            seen.kind.value if seen else None,
            seen.value if seen else None,
            answer.sightings.events,
            answer.sightings.organisations,
            translation.instant(answer.last_seen_us or None),
            max(hit.tlp for hit in hits).label if hits else None,
            max((hit.confidence or 0 for hit in hits), default=None),
            translation.instant(max((hit.valid_until_us or 0 for hit in hits), default=0) or None),
            " ".join(hit.stix_id for hit in hits),
            " ".join(dict.fromkeys(source.uuid for hit in hits for source in hit.contributions)),
        )
