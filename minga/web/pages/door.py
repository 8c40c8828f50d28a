"""Signing in and out: a passkey, a link, a password.

A one-time link opens a page with a button, because programs that look into mail follow links: only
the button uses the link up. A link of the demo may be used again, so that one is followed at once.
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from minga.store.people import credentials
from minga.store.people.models import Person
from minga.web import identities, passkeys, passwords, sessions, throttle
from minga.web.doors import Entrance, open_to
from minga.web.forms import SignInForm
from minga.web.pages.preferences import remember
from minga.web.problems import WAITS_AT
from minga.web.proofs import Standing, Way
from minga.web.redirects import HOME, own_path, see
from minga.web.requests import PageRequest
from minga.web.sources import address_of

TOO_MANY = 429


@open_to(Entrance.ANYONE)
@require_http_methods(["GET", "HEAD", "POST"])
def by_password(request: PageRequest) -> HttpResponse:
    """GET, POST /sign-in/: the door; a password, where somebody chose one."""
    form = SignInForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        person, status = _try(form, request)
        if person is not None:
            return let_in(request, person, way=Way.PASSWORD, following=_following(request))
    elif request.method == "POST":
        status = 422
    return _door(request, form, status=status)


@open_to(Entrance.ANYONE)
@require_POST
def passkey_options(request: PageRequest) -> HttpResponse:
    """POST /sign-in/passkey/options: a challenge, for whoever sits there or is known to already."""
    if not throttle.take_a_challenge(source=address_of(request)):
        return JsonResponse({}, status=TOO_MANY)
    arrival, actor = sessions.arrival_of(request), sessions.actor_of(request)
    known = arrival.person if arrival else actor.person if actor else None
    return JsonResponse(passkeys.ask_for_known(request, known))


@open_to(Entrance.ANYONE)
@require_POST
def by_passkey(request: PageRequest) -> HttpResponse:
    """POST /sign-in/passkey: both factors at once; who it is, the passkey says itself."""
    form = SignInForm()
    if not throttle.take_a_passkey(source=address_of(request)):
        return _door(request, form, status=TOO_MANY, said=wait())
    try:
        passkey = passkeys.whose(request, answer=request.POST.get("proof_passkey", ""))
    except passkeys.Refused as refusal:
        passwords.note_failure("", way=Way.PASSKEY, reason=str(refusal))
        said = _("That passkey opens nothing here. Try again, or use another way.")
        return _door(request, form, status=422, said=said)
    return let_in(request, passkey.person, way=Way.PASSKEY, following=_following(request))


@open_to(Entrance.ANYONE)
@require_http_methods(["GET", "HEAD", "POST"])
def by_link(request: PageRequest, token: str) -> HttpResponse:
    """GET, POST /sign-in/<token>/: the button that a link leads to, and its being pressed."""
    person = credentials.person_of_link(token)
    if person is None:
        return render(request, "web/link_gone.html", status=410)
    is_reusable = credentials.is_reusable(token)
    if request.method != "POST" and not (request.method == "GET" and is_reusable):
        context = {"invited": person, "elsewhere": passkeys.elsewhere(request)}
        return render(request, "web/link.html", context)
    used_by = credentials.use_link(token)
    if used_by is None:
        return render(request, "web/link_gone.html", status=410)
    way = Way.DEMO_LINK if is_reusable else Way.LINK
    return let_in(request, used_by, way=way, following=HOME)


@open_to(Entrance.ANYONE)
@require_POST
def leave(request: PageRequest) -> HttpResponse:
    """POST /sign-out/: the session ends at the server."""
    sessions.sign_out(request)
    return see(settings.LOGIN_URL, request=request)


def let_in(
    request: PageRequest,
    person: Person,
    *,
    way: Way,
    following: str,
    shown_at: datetime | None = None,
) -> HttpResponse:
    """Begin a session by this way, and lead to where it goes on: the page asked for, or a factor.

    What an identity provider says comes in here too, with when he showed it there (`shown_at`).
    """
    reached = sessions.arrive(request, person, ways={way}, following=following, shown_at=shown_at)
    path = following if reached is Standing.FULL else reverse(WAITS_AT[reached])
    answer = see(path, request=request)
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        remember(answer, settings.LANGUAGE_COOKIE_NAME, person.language)
    return answer


def _try(form: SignInForm, request: PageRequest) -> tuple[Person | None, int]:
    """Whose password it is, or what to answer instead; the same whether the address is known."""
    try:
        person = passwords.person_of(
            form.cleaned_data["email"], form.cleaned_data["password"], request=request
        )
    except passwords.TooManyTries:
        form.add_error(None, wait())
        return None, TOO_MANY
    if person is None:
        form.add_error(None, _("Address and password do not match."))
        return None, 422
    return person, 200


def _door(request: PageRequest, form: SignInForm, *, status: int, said: str = "") -> HttpResponse:
    context = {
        "form": form,
        "next": _following(request),
        "said": said,
        "provider": identities.remembered(request),
        "elsewhere": passkeys.elsewhere(request) if request.method != "POST" else "",
    }
    return render(request, "web/sign_in.html", context, status=status)


def _following(request: PageRequest) -> str:
    return own_path(request.POST.get("next") or request.GET.get("next") or HOME)


def wait() -> str:
    """What to say to who tried too often."""
    words = _("Too many tries. Wait %(minutes)d minutes, or ask for a sign-in link.")
    return words % {"minutes": throttle.WAIT_MINUTES}
