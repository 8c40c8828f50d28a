"""Our people: who they are, inviting, another role, a new link, closing out.

The hub's administrators do the same for any member, from the member's page.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from minga.core.problems import NotFound, Problem
from minga.features.membership import queries, services
from minga.features.membership.forms import InviteForm, RoleForm, TransferForm
from minga.features.membership.services import NewPerson
from minga.store.people.actors import Actor, Power
from minga.store.people.models import Organisation, Person
from minga.web import links
from minga.web.doors import Entrance, open_to
from minga.web.problems import tell, words_of
from minga.web.redirects import see
from minga.web.requests import ActorRequest


@dataclass(frozen=True, slots=True)
class Line:
    """A person of the list, and whether the reader may change anything about him."""

    person: Person
    may_change: bool


@open_to(Entrance.MEMBERS)
@require_safe
def people(request: ActorRequest) -> HttpResponse:
    """GET /people/: who acts for our organisation."""
    actor = request.actor
    ours = queries.people_of(actor.organisation, reader=actor.reader)
    keeps = Power.ADMINISTER_OWN in actor.powers
    context = {
        "lines": [Line(each, may_change(each, by=actor)) for each in ours],
        "closed": queries.closed_out(reader=actor.reader) if keeps else [],
        "keeps": keeps,
    }
    return render(request, "membership/people.html", context)


@open_to(Entrance.MEMBERS, fresh=True)
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: ActorRequest, slug: str = "") -> HttpResponse:
    """GET, POST /people/invite, /members/<slug>/invite: a new person, and the link to hand over."""
    home = _home(slug, by=request.actor)
    form = InviteForm(request.POST or None, roles=services.roles_to_give(home, by=request.actor))
    if request.method == "POST" and form.is_valid():
        try:
            person, token = services.invite_person(
                NewPerson(**form.cleaned_data), by=request.actor, organisation=home
            )
        except Problem as problem:
            tell(problem, form)
        else:
            return show_link(request, person, token)
    context = {"form": form, "home": home, "is_own": home == request.actor.organisation}
    return render(request, "membership/invite.html", context, status=422 if form.errors else 200)


@open_to(Entrance.MEMBERS, fresh_to_change=True)
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: ActorRequest, person: UUID) -> HttpResponse:
    """GET, POST /people/<uuid>/: one person; another role for him."""
    actor = request.actor
    found = queries.person_with(person, reader=actor.reader)
    if request.method == "POST":
        services.require_dominance(found, by=actor)
    roles = services.roles_to_give(found.organisation, by=actor)
    form = RoleForm(request.POST or None, roles=roles, initial={"role": found.role})
    if request.method == "POST" and form.is_valid():
        try:
            services.change_role(str(found.uuid), form.cleaned_data["role"], by=actor)
        except Problem as problem:
            tell(problem, form)
        else:
            messages.success(request, _("Role changed. The sessions begun before have ended."))
            return see(reverse("person", args=[person]), request=request)
    context = {
        "found": found,
        "form": form,
        "may_change": may_change(found, by=actor),
        "is_own": found.organisation_id == actor.organisation.pk,
        "is_me": found == actor.person,
        "elsewhere": queries.of_the_same_address(found, reader=actor.reader),
        "may_transfer": Power.ADMINISTER_HUB in actor.powers and found != actor.person,
    }
    return render(request, "membership/person.html", context, status=422 if form.errors else 200)


@open_to(Entrance.MEMBERS, fresh=True)
@require_POST
def link(request: ActorRequest, person: UUID) -> HttpResponse:
    """POST /people/<uuid>/link: a new sign-in link, shown once."""
    found = queries.person_with(person, reader=request.actor.reader)
    token = services.create_sign_in_link(str(found.uuid), by=request.actor)
    return show_link(request, found, token)


@open_to(Entrance.MEMBERS, fresh=True)
@require_http_methods(["GET", "HEAD", "POST"])
def reset(request: ActorRequest, person: UUID) -> HttpResponse:
    """GET, POST /people/<uuid>/factors: for who lost every factor; then the link to begin anew."""
    actor = request.actor
    found = queries.person_with(person, reader=actor.reader)
    services.require_dominance(found, by=actor)
    if request.method != "POST":
        context = {"found": found, "is_me": found == actor.person}
        return render(request, "membership/reset_factors.html", context)
    found, token = services.reset_factors(str(found.uuid), by=actor)
    return show_link(request, found, token)


@open_to(Entrance.MEMBERS, fresh=True)
@require_http_methods(["GET", "HEAD", "POST"])
def close_out(request: ActorRequest, person: UUID) -> HttpResponse:
    """GET, POST /people/<uuid>/close: close the hub to a person, after saying what that means."""
    actor = request.actor
    found = queries.person_with(person, reader=actor.reader)
    services.require_dominance(found, by=actor)
    status, said = 200, ""
    if request.method == "POST":
        try:
            services.deactivate_person(str(found.uuid), by=actor)
        except Problem as problem:
            status, said = 422, words_of(problem)
        else:
            messages.success(request, _("Closed out. Sessions and links have ended."))
            return see(_list_of(found.organisation, by=actor), request=request)
    context = {"found": found, "said": said, "is_me": found == actor.person}
    return render(request, "membership/close_out.html", context, status=status)


@open_to(Entrance.MEMBERS, fresh=True)
@require_POST
def let_back(request: ActorRequest, person: UUID) -> HttpResponse:
    """POST /people/<uuid>/back: let somebody who was closed out come back, by a new link."""
    back, token = services.let_back_in(person, by=request.actor)
    return show_link(request, back, token)


@open_to(Entrance.HUB, fresh=True)
@require_http_methods(["GET", "HEAD", "POST"])
def transfer(request: ActorRequest, person: UUID) -> HttpResponse:
    """GET, POST /people/<uuid>/transfer: move a person to another organisation."""
    actor = request.actor
    actor.require(Power.ADMINISTER_HUB)
    found = queries.person_with(person, reader=actor.reader)
    services.require_dominance(found, by=actor)
    everybody = queries.organisations(reader=actor.reader).exclude(pk=found.organisation_id)
    roles = services.roles_to_give(found.organisation, by=actor)
    form = TransferForm(
        request.POST or None, roles=roles, offered=list(everybody), initial={"role": found.role}
    )
    if request.method == "POST" and form.is_valid():
        chosen = queries.organisation(form.cleaned_data["organisation"], reader=actor.reader)
        try:
            moved, token = services.transfer_person(
                str(found.uuid), by=actor, organisation=chosen, role=form.cleaned_data["role"]
            )
        except Problem as problem:
            tell(problem, form)
        else:
            return show_link(request, moved, token)
    context = {"found": found, "form": form}
    status = 422 if form.errors else 200
    return render(request, "membership/transfer.html", context, status=status)


def may_change(found: Person, *, by: Actor) -> bool:
    """Whether this actor may touch a person at all: he administers him and dominates him."""
    try:
        services.require_dominance(found, by=by)
    except Problem:
        return False
    return True


def _home(slug: str, *, by: Actor) -> Organisation:
    """The organisation that somebody is invited to, if `by` may invite there."""
    if not slug or slug == by.organisation.slug:
        by.require(Power.ADMINISTER_OWN)
        return by.organisation
    if Power.ADMINISTER_HUB not in by.powers:
        raise NotFound(_("You invite people to your own organisation."))
    return queries.organisation(slug, reader=by.reader)


def _list_of(home: Organisation, *, by: Actor) -> str:
    is_own = home == by.organisation
    return reverse("people") if is_own else reverse("member", args=[home.slug])


def show_link(request: ActorRequest, found: Person, token: str, *, back: str = "") -> HttpResponse:
    """The page that shows a link, this once: it is kept nowhere but as a hash."""
    address = links.one_time_link(token)
    context = {
        "found": found,
        "address": address,
        "back": back or _list_of(found.organisation, by=request.actor),
    }
    return render(request, "membership/link.html", context, status=201)
