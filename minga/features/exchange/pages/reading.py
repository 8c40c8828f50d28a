"""One contribution: what happens, what to do, its indicators, what changed, how we know."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from minga.core.policy import Pap, Tlp
from minga.features.exchange import queries
from minga.features.exchange.forms.answers import TOLD, VERDICTS
from minga.features.exchange.forms.words import USES
from minga.features.exchange.pages import downloads
from minga.features.exchange.pages.changes import last_change
from minga.features.exchange.pages.contents import MOST_INDICATORS, contents_of
from minga.features.exchange.pages.handling import Handling
from minga.store.objects.models import Contribution
from minga.store.people.actors import Actor, Power
from minga.web.doors import Entrance, open_to
from minga.web.requests import ActorRequest

EVERY_INDICATOR = 2_000
AT_ONCE = timedelta(seconds=1)


@open_to(Entrance.MEMBERS)
@require_safe
def contribution(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """GET /alerts/<uuid>/: one contribution, in a fixed order."""
    reader = request.actor.reader
    found = queries.contribution(str(uuid), reader=reader)
    most = EVERY_INDICATOR if request.GET.get("indicators") == "all" else MOST_INDICATORS
    context = {
        "contribution": found,
        "speaker": queries.speaker(found, reader=reader),
        "readership": queries.readership_of(found, reader=reader),
        "reach": Tlp(found.audience.tlp),
        "contents": contents_of(found, reader=reader, most=most),
        "csv": downloads.of_contribution(uuid),
        "changes": last_change(found, reader=reader),
        "was_changed": found.updated_at - found.created_at > AT_ONCE,
        "use": USES[Pap(found.pap)][0],
        "is_withdrawn": _is_withdrawn(found, request.actor),
        "is_own": found.producer_id == request.actor.organisation.pk,
        "may_answer": Power.SHARE in request.actor.powers,
        "handling": Handling.of(found),
        **_answers(found, request.actor),
    }
    return render(request, "exchange/detail.html", context)


def _is_withdrawn(contribution: Contribution, actor: Actor) -> bool:
    """Whether its author ended it; loose objects end one by one."""
    root = contribution.root_id
    return bool(root) and queries.object_version(root, reader=actor.reader).revoked


def _answers(contribution: Contribution, actor: Actor) -> dict[str, Any]:
    """What organisations said back on the contribution as a whole."""
    if not contribution.root_id:
        return {"feedback": None}
    feedback = queries.feedback_on(contribution.root_id, reader=actor.reader)
    totals = [
        (*TOLD[verdict], count) for verdict, count in feedback.counts.items() if verdict in TOLD
    ]
    return {
        "feedback": feedback,
        "totals": totals,
        "told": [(TOLD[each.verdict][2], each) for each in feedback.told],
        "verdicts": [
            (value, words, hint, value in feedback.own) for value, (words, hint) in VERDICTS.items()
        ],
    }
