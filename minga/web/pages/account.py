"""A person's own page, and the home page until roles have theirs."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from minga.store.people.models import CodeApp
from minga.web import codes, navigation
from minga.web.doors import Entrance, open_to
from minga.web.forms import has_password
from minga.web.pages.factors import own_person
from minga.web.redirects import HOME, own_path, see
from minga.web.requests import ActorRequest


@open_to(Entrance.MEMBERS)
@require_safe
def home(request: ActorRequest) -> HttpResponse:
    """GET /: the first place that is open to this person."""
    places = navigation.places("/", request.actor.powers)
    return see(places[0].path if places else reverse("account"), request=request)


@open_to(Entrance.MEMBERS)
@require_safe
def account(request: ActorRequest) -> HttpResponse:
    """GET /me/: who I am here, how I sign in, how I like my pages."""
    person = own_person(request.actor)
    context = {
        "passkeys": person.passkeys.order_by("created_at"),
        "app": CodeApp.objects.filter(person=person).first(),
        "codes_left": codes.recovery_codes_left(person),
        "has_password": has_password(person),
    }
    return render(request, "web/account.html", context)


@open_to(Entrance.MEMBERS, fresh=True)
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: ActorRequest) -> HttpResponse:
    """GET, POST /me/confirm?next=: asks for a fresh proof and leads on."""
    return see(own_path(request.GET.get("next", HOME)), request=request)
