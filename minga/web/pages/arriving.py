"""Arriving: the second factor is asked for, or set up. A half session opens these pages alone."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from minga.web import enrolling, passkeys, trying
from minga.web.doors import Entrance, open_to
from minga.web.forms import AppForm, PasskeyForm
from minga.web.pages.door import let_in
from minga.web.problems import WAITS_AT
from minga.web.proofs import Standing
from minga.web.redirects import see
from minga.web.requests import ArrivalRequest


@open_to(Entrance.ARRIVING)
@require_http_methods(["GET", "HEAD", "POST"])
def second(request: ArrivalRequest) -> HttpResponse:
    """GET, POST /sign-in/second: the second factor of who has one."""
    arrival = request.arrival
    if arrival.standing is not Standing.SECOND:
        return _on(request)
    ways = trying.ways_of(arrival.person)
    outcome = trying.Outcome()
    if request.method == "POST":
        outcome = trying.try_proof(request, arrival.person, ways=ways, is_inside=False)
        if outcome.way is not None:
            following = arrival.following
            return let_in(request, arrival.person, way=outcome.way, following=following)
    context = {
        "ways": ways,
        "said": outcome.says,
        "is_hub": arrival.person.organisation.is_hub,
        "elsewhere": passkeys.elsewhere(request),
    }
    return render(request, "web/second.html", context, status=outcome.status)


@open_to(Entrance.ARRIVING)
@require_safe
def enrol(request: ArrivalRequest) -> HttpResponse:
    """GET /sign-in/enrol: which second factor to set up."""
    if request.arrival.standing is not Standing.ENROL:
        return _on(request)
    return _choices(request)


@open_to(Entrance.ARRIVING)
@require_POST
def passkey_options(request: ArrivalRequest) -> HttpResponse:
    """POST /sign-in/enrol/passkey/options: what the browser needs to make one."""
    if request.arrival.standing is not Standing.ENROL:
        return JsonResponse({}, status=403)
    return JsonResponse(passkeys.ask_for_new(request, request.arrival.person))


@open_to(Entrance.ARRIVING)
@require_POST
def enrol_passkey(request: ArrivalRequest) -> HttpResponse:
    """POST /sign-in/enrol/passkey: the passkey that the browser made; then he is inside."""
    arrival = request.arrival
    if arrival.standing is not Standing.ENROL:
        return _on(request)
    form = PasskeyForm(request.POST, browser=request.headers.get("User-Agent", ""))
    try:
        if form.is_valid():
            answer, name = form.cleaned_data["new_passkey"], form.cleaned_data["name"]
            codes = enrolling.add_passkey(request, arrival.person, answer=answer, name=name)
            return _inside(request, codes)
    except passkeys.Refused:
        pass  # said below, as what cannot be read is
    return _choices(request, said=str(PasskeyForm.REFUSED), status=422)


@open_to(Entrance.ARRIVING)
@require_http_methods(["GET", "HEAD", "POST"])
def enrol_app(request: ArrivalRequest) -> HttpResponse:
    """GET, POST /sign-in/enrol/app: the picture for the app, and its first code."""
    person = request.arrival.person
    if request.arrival.standing is not Standing.ENROL or person.organisation.is_hub:
        return _on(request)
    form = AppForm(request.POST or None, person=person)
    if request.method == "POST" and form.is_valid():
        codes = enrolling.add_app(request, person, sealed=form.sealed, code=form.code)
        if codes is not None:
            return _inside(request, codes)
        form.add_error("app_code", AppForm.WRONG)
    context = {"form": form, "layout": "web/door.html", "back": reverse("enrol")}
    return render(request, "web/app_new.html", context, status=422 if form.errors else 200)


def _choices(request: ArrivalRequest, *, said: str = "", status: int = 200) -> HttpResponse:
    person = request.arrival.person
    context = {
        "person": person,
        "said": said,
        "is_hub": person.organisation.is_hub,
        "elsewhere": passkeys.elsewhere(request) if request.method != "POST" else "",
    }
    return render(request, "web/enrol.html", context, status=status)


def _inside(request: ArrivalRequest, codes: list[str]) -> HttpResponse:
    """The recovery codes, this once; then on to where he wanted to go."""
    following = request.arrival.following
    if not codes:
        return see(following, request=request)
    context = {"codes": codes, "layout": "web/door.html", "following": following}
    return render(request, "web/recovery_codes.html", context, status=201)


def _on(request: ArrivalRequest) -> HttpResponse:
    return see(reverse(WAITS_AT[request.arrival.standing]), request=request)
