"""Leaving the agreement, with its consequences in words, and changing one's mind."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from minga.core.agreement import Exit
from minga.core.problems import NotFound
from minga.features.membership import queries, services
from minga.store import world
from minga.store.people.actors import Power
from minga.web.doors import Entrance, open_to
from minga.web.redirects import see
from minga.web.requests import ActorRequest


@open_to(Entrance.MEMBERS, fresh=True)
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: ActorRequest) -> HttpResponse:
    """GET, POST /agreement/leave: announce that the organisation leaves, and when that is."""
    actor = request.actor
    actor.require(Power.SIGN)
    if actor.organisation.is_hub:
        raise NotFound(_("The hub operates the agreement and cannot leave it."))
    if request.method != "POST":
        follows = services.consequences_of(actor.organisation, by=actor)
        ends_at = world.now() + follows.notice
        context = {
            "notice": follows.notice.days,
            "ends_at": ends_at,
            "return_by": ends_at + follows.retention,
            "fate": follows.fate.value,
            "may_ask": follows.fate is Exit.STAY,
            "people": queries.people(reader=actor.reader).count(),
            "keys": queries.keys(reader=actor.reader).count(),
            "circles": queries.circles(reader=actor.reader).count(),
        }
        return render(request, "membership/leave.html", context)
    left = services.announce_leaving(by=actor, asks_anonymity=request.POST.get("anonymous") == "on")
    if left.left_at is not None:
        return see(reverse("home"), request=request)
    messages.success(request, _("Announced. You can change your mind until then."))
    return see(reverse("agreement"), request=request)


@open_to(Entrance.MEMBERS)
@require_POST
def stay(request: ActorRequest) -> HttpResponse:
    """POST /agreement/stay: take the announcement back."""
    services.stay(by=request.actor)
    messages.success(request, _("Your organisation stays."))
    return see(reverse("agreement"), request=request)
