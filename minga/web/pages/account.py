"""A person's own page, and the home page until roles have theirs."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from minga.core.problems import Forbidden
from minga.web import navigation, passwords
from minga.web.doors import Entrance, open_to
from minga.web.forms import PasswordForm
from minga.web.redirects import see
from minga.web.requests import ActorRequest


@open_to(Entrance.MEMBERS)
@require_safe
def home(request: ActorRequest) -> HttpResponse:
    """GET /: the first place that is open to this person."""
    places = navigation.places("/", request.actor.powers)
    return see(places[0].path if places else reverse("account"), request=request)


@open_to(Entrance.MEMBERS)
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: ActorRequest) -> HttpResponse:
    """GET, POST /me/: who I am here, how I like my pages, my password."""
    person = request.actor.person
    if person is None:
        raise Forbidden("A key has no account; sign in as a person.")
    form = PasswordForm(request.POST or None, person=person)
    if request.method == "POST" and form.is_valid():
        passwords.choose(form.cleaned_data["new"], by=request.actor)
        update_session_auth_hash(request, person)
        messages.success(request, _("Password saved. Other sessions of yours have ended."))
        return see(reverse("account"), request=request)
    status = 422 if form.errors else 200
    return render(request, "web/account.html", {"form": form}, status=status)
