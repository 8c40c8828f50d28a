"""Circles: those the reader may know, who sits in them, and letting in and out."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from minga.core.problems import NotFound, Problem
from minga.features.membership import queries, services
from minga.features.membership.forms import AdmitForm, CircleForm, JoiningForm
from minga.features.membership.pages.actions import words
from minga.store.audiences.models import Circle
from minga.store.people.actors import Actor, Power
from minga.store.people.models import Organisation
from minga.web.doors import Entrance, open_to
from minga.web.problems import tell
from minga.web.redirects import see
from minga.web.requests import ActorRequest

HISTORY = {
    "circle-created": gettext_lazy("The circle was made"),
    "circle-joining-changed": gettext_lazy("Another way to come in"),
    "circle-asked": gettext_lazy("Asked to come in"),
    "circle-proposed": gettext_lazy("Was proposed"),
    "circle-sponsored": gettext_lazy("Found a sponsor"),
    "circle-declined": gettext_lazy("Was not let in"),
    "circle-admitted": gettext_lazy("Came in"),
    "circle-expelled": gettext_lazy("Was taken out"),
}
"""What happened, as the circle's own page says it; the journal says who did it."""


@open_to(Entrance.MEMBERS)
@require_safe
def circles(request: ActorRequest) -> HttpResponse:
    """GET /circles/: the circles that the reader may know, and those he may ask to join."""
    reader = request.actor.reader
    asked = queries.asked_for(reader=reader)
    listed = [(each, asked.get(each.pk)) for each in queries.listed_circles(reader=reader)]
    context = {
        "lines": queries.circle_lines(reader=reader),
        "listed": listed,
        "may_ask": Power.ADMINISTER_OWN in request.actor.powers,
        "may_create": Power.ADMINISTER_HUB in request.actor.powers,
    }
    return render(request, "membership/circles.html", context)


@open_to(Entrance.HUB)
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: ActorRequest) -> HttpResponse:
    """GET, POST /circles/new: a new circle, with its steward and how others come to it."""
    actor = request.actor
    actor.require(Power.ADMINISTER_HUB)
    offered = list(queries.organisations(reader=actor.reader))
    form = CircleForm(request.POST or None, offered=offered)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        steward = queries.organisation(said["steward"], reader=actor.reader)
        try:
            made = services.create_circle(
                said["name"], by=actor, purpose=said["purpose"], steward=steward,
                joining=form.joining,
            )  # fmt: skip
        except Problem as problem:
            tell(problem, form)
        else:
            messages.success(request, _("The circle is there."))
            return see(reverse("circle", args=[made.slug]), request=request)
    status = 422 if form.errors else 200
    return render(request, "membership/circle_new.html", {"form": form}, status=status)


@open_to(Entrance.HUB, fresh=True)
@require_http_methods(["GET", "HEAD", "POST"])
def joining(request: ActorRequest, slug: str) -> HttpResponse:
    """GET, POST /circles/<slug>/joining: how organisations come to sit in a circle, said anew."""
    actor = request.actor
    actor.require(Power.ADMINISTER_HUB)
    found = queries.circle(slug, reader=actor.reader)
    form = JoiningForm(request.POST or None, initial=JoiningForm.said_of(found))
    if request.method == "POST" and form.is_valid():
        try:
            services.change_joining(slug, form.joining, by=actor)
        except Problem as problem:
            tell(problem, form)
        else:
            messages.success(request, _("Saved. Seats follow from now on."))
            return see(reverse("circle", args=[slug]), request=request)
    status = 422 if form.errors else 200
    context = {"form": form, "found": found}
    return render(request, "membership/circle_joining.html", context, status=status)


@open_to(Entrance.MEMBERS, fresh_to_change=True)
@require_http_methods(["GET", "HEAD", "POST"])
def circle(request: ActorRequest, slug: str) -> HttpResponse:
    """GET, POST /circles/<slug>/: one circle; its steward lets an organisation in."""
    actor = request.actor
    found = queries.circle(slug, reader=actor.reader)
    inside = list(queries.members_of(found, reader=actor.reader))
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
        "form": form if offered else None,
        **_standing(found, inside, by=actor),
    }
    return render(request, "membership/circle.html", context, status=422 if form.errors else 200)


@open_to(Entrance.MEMBERS, fresh=True)
@require_http_methods(["GET", "HEAD", "POST"])
def expel(request: ActorRequest, slug: str, member: str) -> HttpResponse:
    """GET, POST /circles/<slug>/members/<member>/expel: out of the circle, after saying so."""
    actor = request.actor
    found = queries.circle(slug, reader=actor.reader)
    services.require_stewardship(found, by=actor)
    leaving = _seated(member, list(queries.members_of(found, reader=actor.reader)))
    if leaving == found.steward or found.stored_rule is not None:
        raise NotFound(_("The steward stays in his circle, and a rule seats the others."))
    if request.method != "POST":
        return render(request, "membership/expel.html", {"found": found, "leaving": leaving})
    services.expel_from_circle(slug, by=actor, organisation=leaving)
    messages.success(request, _("%(name)s is out of the circle.") % {"name": leaving.name})
    return see(reverse("circle", args=[slug]), request=request)


def _standing(found: Circle, inside: list[Organisation], *, by: Actor) -> dict[str, Any]:
    """What this actor may do in a circle, who waits for it, and what happened in it."""
    by_hand = found.stored_rule is None
    keeps = services.may_admit_to(found, by=by)
    sits = by.organisation in inside and Power.ADMINISTER_OWN in by.powers
    history = queries.history_of(found, reader=by.reader)
    return {
        "may_expel": keeps and by_hand,
        "may_admit": keeps and by_hand and found.admission == Circle.Admission.STEWARD,
        "may_propose": sits and by_hand and found.admission != Circle.Admission.STEWARD,
        "may_object": keeps,
        "may_change": Power.ADMINISTER_HUB in by.powers,
        "waiting": queries.waiting_for(found, reader=by.reader),
        "history": [(HISTORY.get(each.action) or words(each.action), each) for each in history],
    }


def _seated(slug: str, inside: list[Organisation]) -> Organisation:
    for each in inside:
        if each.slug == slug:
            return each
    raise NotFound(_("No such organisation sits in this circle."))
