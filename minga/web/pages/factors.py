"""One's own factors: passkeys, an app, recovery codes, a password. All ask for a fresh proof."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from minga.core.problems import Forbidden, Invalid, NotFound
from minga.store.people.actors import Actor
from minga.store.people.models import Person
from minga.web import enrolling, passkeys, passwords, sessions
from minga.web.doors import Entrance, open_to
from minga.web.forms import AppForm, PasskeyForm, PasswordForm
from minga.web.problems import words_of
from minga.web.redirects import see
from minga.web.requests import ActorRequest

ACCOUNT, FRAME = "account", "web/frame.html"


@open_to(Entrance.MEMBERS, fresh=True)
@require_POST
def passkey_options(request: ActorRequest) -> HttpResponse:
    """POST /me/passkeys/options: what the browser needs to make one."""
    return JsonResponse(passkeys.ask_for_new(request, own_person(request.actor)))


@open_to(Entrance.MEMBERS, fresh=True)
@require_http_methods(["GET", "HEAD", "POST"])
def add_passkey(request: ActorRequest) -> HttpResponse:
    """GET, POST /me/passkeys/new: another passkey."""
    person = own_person(request.actor)
    form = PasskeyForm(request.POST or None, browser=request.headers.get("User-Agent", ""))
    if request.method == "POST" and form.is_valid():
        answer, name = form.cleaned_data["new_passkey"], form.cleaned_data["name"]
        try:
            made = enrolling.add_passkey(request, person, answer=answer, name=name)
        except passkeys.Refused:
            form.add_error(None, PasskeyForm.REFUSED)
        else:
            messages.success(request, _("Passkey kept. Other sessions of yours have ended."))
            return _on(request, made)
    elsewhere = passkeys.elsewhere(request) if request.method != "POST" else ""
    context = {"form": form, "elsewhere": elsewhere}
    return render(request, "web/passkey_new.html", context, status=422 if form.errors else 200)


@open_to(Entrance.MEMBERS, fresh=True)
@require_http_methods(["GET", "HEAD", "POST"])
def remove_passkey(request: ActorRequest, passkey: UUID) -> HttpResponse:
    """GET, POST /me/passkeys/<uuid>/remove: one passkey less."""
    person = own_person(request.actor)
    found = person.passkeys.filter(uuid=passkey).first()
    if found is None:
        raise NotFound("You have no such passkey.")
    said = ""
    if request.method == "POST":
        try:
            enrolling.remove_passkey(request, found, by=request.actor)
        except Invalid as problem:
            said = words_of(problem)
        else:
            messages.success(request, _("Removed. Other sessions of yours have ended."))
            return see(reverse(ACCOUNT), request=request)
    context = {"passkey": found, "said": said}
    return render(request, "web/factor_remove.html", context, status=422 if said else 200)


@open_to(Entrance.MEMBERS, fresh=True)
@require_http_methods(["GET", "HEAD", "POST"])
def add_app(request: ActorRequest) -> HttpResponse:
    """GET, POST /me/app/new: an app that shows codes, in place of the one there was."""
    person = own_person(request.actor)
    if person.organisation.is_hub:
        raise Forbidden(_("Staff of the hub sign in with passkeys alone."))
    form = AppForm(request.POST if "sealed_secret" in request.POST else None, person=person)
    if form.is_bound and form.is_valid():
        made = enrolling.add_app(request, person, sealed=form.sealed, code=form.code)
        if made is not None:
            messages.success(request, _("App kept. Other sessions of yours have ended."))
            return _on(request, made)
        form.add_error("app_code", AppForm.WRONG)
    context = {"form": form, "layout": FRAME, "back": reverse(ACCOUNT)}
    return render(request, "web/app_new.html", context, status=422 if form.errors else 200)


@open_to(Entrance.MEMBERS, fresh=True)
@require_http_methods(["GET", "HEAD", "POST"])
def remove_app(request: ActorRequest) -> HttpResponse:
    """GET, POST /me/app/remove: no more codes of an app."""
    said = ""
    if request.method == "POST":
        try:
            enrolling.remove_app(request, own_person(request.actor), by=request.actor)
        except Invalid as problem:
            said = words_of(problem)
        else:
            messages.success(request, _("Removed. Other sessions of yours have ended."))
            return see(reverse(ACCOUNT), request=request)
    return render(request, "web/factor_remove.html", {"said": said}, status=422 if said else 200)


@open_to(Entrance.MEMBERS, fresh=True)
@require_http_methods(["GET", "HEAD", "POST"])
def recovery_codes(request: ActorRequest) -> HttpResponse:
    """GET, POST /me/recovery-codes: ten new ones, in place of those there were."""
    if request.method != "POST":
        return render(request, "web/recovery_codes_new.html")
    person = own_person(request.actor)
    return _on(request, enrolling.renew_recovery_codes(request, person, by=request.actor))


@open_to(Entrance.MEMBERS, fresh=True)
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: ActorRequest) -> HttpResponse:
    """GET, POST /me/password: a password for who wants one; a second factor is asked for still."""
    person = own_person(request.actor)
    form = PasswordForm(request.POST or None, person=person)
    if request.method == "POST" and form.is_valid():
        passwords.choose(form.cleaned_data["new"], by=request.actor)
        update_session_auth_hash(request, person)
        sessions.end_others(request, by=request.actor)
        messages.success(request, _("Password saved. Other sessions of yours have ended."))
        return see(reverse(ACCOUNT), request=request)
    return render(request, "web/password.html", {"form": form}, status=422 if form.errors else 200)


def own_person(actor: Actor) -> Person:
    """The person who acts. Raises Forbidden for a key."""
    if actor.person is None:
        raise Forbidden("A key has no account; sign in as a person.")
    return actor.person


def _on(request: ActorRequest, made: list[str]) -> HttpResponse:
    """The new recovery codes, this once; or back to the account when there are none to show."""
    if not made:
        return see(reverse(ACCOUNT), request=request)
    context = {"codes": made, "layout": FRAME, "following": reverse(ACCOUNT)}
    return render(request, "web/recovery_codes.html", context, status=201)
