"""The keys of an organisation's tools: which there are, a new one, and ending one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from minga.core.problems import NotFound
from minga.features.membership import queries, services
from minga.features.membership.forms import KeyForm
from minga.store import world
from minga.store.people.actors import Actor, Power
from minga.store.people.models import Key
from minga.web.doors import Entrance, open_to
from minga.web.redirects import see
from minga.web.requests import ActorRequest


@open_to(Entrance.MEMBERS)
@require_safe
def keys(request: ActorRequest) -> HttpResponse:
    """GET /keys/: the keys of one's own organisation, how far each reaches and its last use."""
    actor = request.actor
    actor.require(Power.ADMINISTER_OWN)
    found = queries.keys_of(actor.organisation, reader=actor.reader)
    return render(request, "membership/keys.html", {"keys": found, "now": world.now()})


@open_to(Entrance.MEMBERS, fresh=True)
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: ActorRequest) -> HttpResponse:
    """GET, POST /keys/new: how far a new key reaches; then its secret, in this one answer.

    The answer is to the POST itself: the secret is kept nowhere that a later page could find it.
    """
    actor = request.actor
    actor.require(Power.ADMINISTER_OWN)
    may_share = Power.SHARE in actor.powers
    form = KeyForm(request.POST or None, may_share=may_share)
    if request.method == "POST" and form.is_valid():
        name, days = form.cleaned_data["name"], form.cleaned_data["days"]
        key, secret = services.create_key(
            actor.organisation, by=actor, name=name, scope=form.scope, days=days
        )
        return render(request, "membership/key_secret.html", {"key": key, "secret": secret})
    return render(
        request, "membership/key_new.html", {"form": form}, status=422 if form.errors else 200
    )


@open_to(Entrance.MEMBERS)
@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: ActorRequest, locator: str) -> HttpResponse:
    """GET, POST /keys/<locator>/revoke: what stops, and ending the key at once."""
    actor = request.actor
    actor.require(Power.ADMINISTER_OWN)
    key = _own_key(locator, by=actor)
    if request.method != "POST":
        return render(request, "membership/key_revoke.html", {"key": key})
    services.revoke_key(key.locator, by=actor)
    messages.success(request, _("Revoked. The key opens nothing any more."))
    return see(reverse("keys"), request=request)


def _own_key(locator: str, *, by: Actor) -> Key:
    """One of the reader's own organisation; the hub's page is no place to end a member's keys."""
    found = queries.keys_of(by.organisation, reader=by.reader).filter(locator=locator).first()
    if found is None:
        raise NotFound(_("Your organisation has no such key in force."))
    return found
