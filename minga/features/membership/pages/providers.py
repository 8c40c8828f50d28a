"""The identity provider by which one's own people may sign in."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from minga.core.problems import NotFound, Problem
from minga.features.membership import queries, services
from minga.features.membership.forms import ProviderForm
from minga.store.people.actors import Power
from minga.web.doors import Entrance, open_to
from minga.web.problems import tell
from minga.web.redirects import see
from minga.web.requests import ActorRequest


@open_to(Entrance.MEMBERS, fresh=True)
@require_http_methods(["GET", "HEAD", "POST"])
def provider(request: ActorRequest) -> HttpResponse:
    """GET, POST /organisation/identity-provider: which one, and what to register there."""
    actor = request.actor
    actor.require(Power.ADMINISTER_OWN)
    found = queries.provider_of(actor.organisation, reader=actor.reader)
    sent = request.POST if request.method == "POST" else None
    form = ProviderForm(sent, provider=found)
    if request.method == "POST" and form.is_valid():
        try:
            services.set_provider(actor.organisation, by=actor, **form.cleaned_data)
        except Problem as problem:
            tell(problem, form)
        else:
            messages.success(request, _("Saved. Each person connects once, on his own page."))
            return see(reverse("provider"), request=request)
    context = {
        "form": form,
        "found": found,
        "connected": queries.connected_people(actor.organisation, reader=actor.reader),
        "hub_url": settings.URL,
    }
    return render(request, "membership/provider.html", context, status=422 if form.errors else 200)


@open_to(Entrance.MEMBERS, fresh=True)
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: ActorRequest) -> HttpResponse:
    """GET, POST /organisation/identity-provider/end: who is signed out by it, and ending it."""
    actor = request.actor
    actor.require(Power.ADMINISTER_OWN)
    found = queries.provider_of(actor.organisation, reader=actor.reader)
    if found is None:
        raise NotFound(_("Your organisation has no identity provider here."))
    if request.method == "POST":
        services.end_provider(actor.organisation, by=actor)
        messages.success(request, _("Ended. Nobody signs in by it any more."))
        return see(reverse("provider"), request=request)
    connected = queries.connected_people(actor.organisation, reader=actor.reader)
    context = {"found": found, "connected": connected}
    return render(request, "membership/provider_end.html", context)
