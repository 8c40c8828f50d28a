"""Signing in and out.

A one-time link opens a page with a button, because programs that look into mail follow links: only
the button uses the link up. A link of the demo may be used again, so that one is followed at once.
"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from minga.store.people import credentials
from minga.store.people.models import Person
from minga.web import passwords, throttle
from minga.web.doors import Entrance, open_to
from minga.web.forms import SignInForm
from minga.web.pages.preferences import remember
from minga.web.redirects import HOME, own_path, see
from minga.web.requests import PageRequest
from minga.web.sessions import sign_in, sign_out


@open_to(Entrance.ANYONE)
@require_http_methods(["GET", "HEAD", "POST"])
def by_password(request: PageRequest) -> HttpResponse:
    """GET, POST /sign-in/: the door."""
    form = SignInForm(request.POST or None)
    following = own_path(request.POST.get("next") or request.GET.get("next") or HOME)
    status = 200
    if request.method == "POST" and form.is_valid():
        person, status = _try(form, request)
        if person is not None:
            return _let_in(person, request, way="password", following=following)
    elif request.method == "POST":
        status = 422
    return render(request, "web/sign_in.html", {"form": form, "next": following}, status=status)


@open_to(Entrance.ANYONE)
@require_http_methods(["GET", "HEAD", "POST"])
def by_link(request: PageRequest, token: str) -> HttpResponse:
    """GET, POST /sign-in/<token>/: the button that a link leads to, and its being pressed."""
    person = credentials.person_of_link(token)
    if person is None:
        return render(request, "web/link_gone.html", status=410)
    is_at_once = request.method == "GET" and credentials.is_reusable(token)
    if request.method != "POST" and not is_at_once:
        return render(request, "web/link.html", {"invited": person})
    used_by = credentials.use_link(token)
    if used_by is None:
        return render(request, "web/link_gone.html", status=410)
    return _let_in(used_by, request, way="link", following=HOME)


@open_to(Entrance.ANYONE)
@require_POST
def leave(request: PageRequest) -> HttpResponse:
    """POST /sign-out/: the session ends at the server."""
    sign_out(request)
    return see(settings.LOGIN_URL, request=request)


def _try(form: SignInForm, request: PageRequest) -> tuple[Person | None, int]:
    """Whose password it is, or what to answer instead; the same whether the address is known."""
    try:
        person = passwords.person_of(
            form.cleaned_data["email"], form.cleaned_data["password"], request=request
        )
    except passwords.TooManyTries:
        form.add_error(
            None,
            _("Too many tries. Wait %(minutes)d minutes, or ask for a sign-in link.")
            % {"minutes": throttle.WAIT_MINUTES},
        )
        return None, 429
    if person is None:
        form.add_error(None, _("Address and password do not match."))
        return None, 422
    return person, 200


def _let_in(person: Person, request: PageRequest, *, way: str, following: str) -> HttpResponse:
    sign_in(request, person, way=way)
    answer = see(following, request=request)
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        remember(answer, settings.LANGUAGE_COOKIE_NAME, person.language)
    return answer
