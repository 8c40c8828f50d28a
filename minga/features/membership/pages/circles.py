"""Circles: those the reader may know, who sits in them, and letting in and out."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from minga.core.problems import NotFound
from minga.features.membership import queries, services
from minga.features.membership.forms import AdmitForm
from minga.store.people.models import Organisation
from minga.web.doors import Entrance, open_to
from minga.web.redirects import see
from minga.web.requests import ActorRequest


@open_to(Entrance.MEMBERS)
@require_safe
def circles(request: ActorRequest) -> HttpResponse:
    """GET /circles/: the circles that the reader may know."""
    reader = request.actor.reader
    return render(
        request, "membership/circles.html", {"lines": queries.circle_lines(reader=reader)}
    )


@open_to(Entrance.MEMBERS)
@require_http_methods(["GET", "HEAD", "POST"])
def circle(request: ActorRequest, slug: str) -> HttpResponse:
    """GET, POST /circles/<slug>/: one circle; its steward lets an organisation in."""
    actor = request.actor
    found = queries.circle(slug, reader=actor.reader)
    inside = list(queries.members_of(found, reader=actor.reader))
    may_admit = services.may_admit_to(found, by=actor)
    known = list(queries.belonging(reader=actor.reader))
    offered = [each for each in known if each not in inside]
    form = AdmitForm(request.POST or None, offered=offered)
    if request.method == "POST":
        services.require_stewardship(found, by=actor)
        if form.is_valid():
            chosen = queries.organisation(form.cleaned_data["organisation"], reader=actor.reader)
            services.admit_to_circle(slug, by=actor, organisation=chosen)
            messages.success(request, _("%(name)s sits in the circle now.") % {"name": chosen.name})
            return see(reverse("circle", args=[slug]), request=request)
    context = {
        "found": found,
        "inside": inside,
        "shown": {each.pk for each in known},
        "may_admit": may_admit,
        "form": form if may_admit and offered else None,
    }
    return render(request, "membership/circle.html", context, status=422 if form.errors else 200)


@open_to(Entrance.MEMBERS)
@require_http_methods(["GET", "HEAD", "POST"])
def expel(request: ActorRequest, slug: str, member: str) -> HttpResponse:
    """GET, POST /circles/<slug>/members/<member>/expel: out of the circle, after saying so."""
    actor = request.actor
    found = queries.circle(slug, reader=actor.reader)
    services.require_stewardship(found, by=actor)
    leaving = _seated(member, list(queries.members_of(found, reader=actor.reader)))
    if leaving == found.steward:
        raise NotFound(_("The steward stays in his circle."))
    if request.method != "POST":
        return render(request, "membership/expel.html", {"found": found, "leaving": leaving})
    services.expel_from_circle(slug, by=actor, organisation=leaving)
    messages.success(request, _("%(name)s is out of the circle.") % {"name": leaving.name})
    return see(reverse("circle", args=[slug]), request=request)


def _seated(slug: str, inside: list[Organisation]) -> Organisation:
    for each in inside:
        if each.slug == slug:
            return each
    raise NotFound(_("No such organisation sits in this circle."))
