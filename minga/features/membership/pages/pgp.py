"""PGP keys: ours to show and take away, and another's to take along."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from minga.core.problems import NotFound, Problem
from minga.features.membership import queries, services
from minga.features.membership.forms import PgpForm
from minga.store.people.actors import Power
from minga.web.doors import Entrance, open_to
from minga.web.problems import tell
from minga.web.redirects import see
from minga.web.requests import ActorRequest


@open_to(Entrance.MEMBERS)
@require_http_methods(["GET", "HEAD", "POST"])
def pgp(request: ActorRequest) -> HttpResponse:
    """GET, POST /organisation/pgp: our PGP keys; another one to show."""
    actor = request.actor
    actor.require(Power.ADMINISTER_OWN)
    slug = actor.organisation.slug
    form = PgpForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.add_pgp_key(slug, form.cleaned_data["key"], by=actor)
        except Problem as problem:
            tell(problem, form)
        else:
            messages.success(request, _("Shown to whom sees your contact."))
            return see(reverse("pgp"), request=request)
    context = {"form": form, "keys": queries.pgp_keys_of(slug, reader=actor.reader)}
    status = 422 if form.errors else 200
    return render(request, "membership/pgp.html", context, status=status)


@open_to(Entrance.MEMBERS)
@require_POST
def remove(request: ActorRequest, fingerprint: str) -> HttpResponse:
    """POST /organisation/pgp/<fingerprint>/remove: show a key of ours no more."""
    services.remove_pgp_key(request.actor.organisation.slug, fingerprint, by=request.actor)
    messages.success(request, _("Taken away."))
    return see(reverse("pgp"), request=request)


@open_to(Entrance.MEMBERS)
@require_safe
def download(request: ActorRequest, slug: str, fingerprint: str) -> HttpResponse:
    """GET /members/<slug>/pgp/<fingerprint>.asc: a key, for whom sees the contact."""
    keys = queries.pgp_keys_of(slug, reader=request.actor.reader)
    found = keys.filter(fingerprint=fingerprint[:64]).first()
    if found is None:
        raise NotFound(_("No such key is shown to you."))
    answer = HttpResponse(found.armoured, content_type="application/pgp-keys")
    answer.headers["Content-Disposition"] = f'attachment; filename="{slug}.asc"'
    return answer
