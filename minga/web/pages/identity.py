"""Signing in at the identity provider of one's organisation, and connecting oneself with it.

The question that was asked travels with the browser in a signed cookie, so nothing is stored for
who only looks at the door. The provider sends the browser back by GET; with a code of one use and
the cookie of the very browser that asked, it signs in.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from minga.core.problems import NotFound
from minga.store.people.models import Identity, IdentityProvider
from minga.web import identities, openid, passwords, throttle
from minga.web.doors import Entrance, open_to
from minga.web.openid import Question, Unproven
from minga.web.pages.door import TOO_MANY, let_in, wait
from minga.web.pages.preferences import remember
from minga.web.proofs import Way
from minga.web.redirects import HOME, own_path, see
from minga.web.requests import ActorRequest, PageRequest
from minga.web.sessions import actor_of
from minga.web.sources import address_of

ANSWERED_WITHIN_SECONDS = 600
COOKIE = "__Host-openid" if settings.IS_SECURE else "openid"
_SALT = "question to an identity provider"


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a browser carries to the provider and back: `connects` is the person who connects."""

    question: Question
    provider: str
    connects: str = ""
    following: str = HOME


@open_to(Entrance.ANYONE)
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_with(request: PageRequest, provider: uuid.UUID) -> HttpResponse:
    """GET, POST /sign-in/with/<provider>/: the button that leads to an organisation's own door."""
    found = _provider(provider)
    following = own_path(request.POST.get("next") or request.GET.get("next") or HOME)
    if request.method == "POST":
        question = Question.fresh(is_anew="anew" in request.POST)
        return _ask(_Asked(question, str(found.uuid), following=following), found)
    context = {"provider": found, "next": following, "is_anew": "anew" in request.GET}
    return _leading_to(found, render(request, "web/sign_in_with.html", context))


@open_to(Entrance.ANYONE)
@require_safe
def answered(request: PageRequest) -> HttpResponse:
    """GET /sign-in/with/return: the provider's answer; the cookie says what was asked."""
    if not throttle.take_an_answer(source=address_of(request)):
        return _unproven(request, wait(), status=TOO_MANY)
    asked = _asked(request)
    try:
        proof, provider = _proof(asked, request)
    except Unproven as problem:
        return _refused(request, problem)
    if asked is not None and asked.connects:
        return _connect(request, proof, provider, connects=asked.connects)
    person = identities.person_of(proof, provider=provider)
    if person is None:
        return _refused(request, Unproven(_("Nobody here is connected with that account.")))
    following = asked.following if asked is not None else HOME
    way = Way.PROVIDER_MFA if proof.has_two_factors else Way.PROVIDER
    answer = let_in(request, person, way=way, following=following, shown_at=proof.shown_at)
    remember(answer, identities.COOKIE, str(provider.uuid))
    return _without_question(answer)


@open_to(Entrance.MEMBERS, fresh=True)
@require_safe
def identity(request: ActorRequest) -> HttpResponse:
    """GET /me/identity/: whether I am connected with my organisation's provider."""
    provider = IdentityProvider.objects.filter(organisation=request.actor.organisation).first()
    connected = Identity.objects.filter(person=request.actor.person).first()
    context = {"provider": provider, "connected": connected}
    answer = render(request, "web/identity.html", context)
    return answer if provider is None else _leading_to(provider, answer)


@open_to(Entrance.MEMBERS, fresh=True)
@require_POST
def connect(request: ActorRequest) -> HttpResponse:
    """POST /me/identity/connect: off to the provider, to come back connected."""
    provider = IdentityProvider.objects.filter(organisation=request.actor.organisation).first()
    if provider is None or request.actor.person is None:
        raise NotFound("Your organisation has no identity provider here.")
    person = str(request.actor.person.uuid)
    return _ask(_Asked(Question.fresh(), str(provider.uuid), connects=person), provider)


@open_to(Entrance.MEMBERS, fresh=True)
@require_POST
def disconnect(request: ActorRequest) -> HttpResponse:
    """POST /me/identity/disconnect: that account opens nothing here any more."""
    identities.disconnect(by=request.actor)
    messages.success(request, _("Disconnected. That account opens nothing here any more."))
    return see(reverse("identity"), request=request)


def _provider(uuid_: uuid.UUID | str) -> IdentityProvider:
    found = IdentityProvider.objects.filter(uuid=uuid_, organisation__left_at=None)
    provider = found.select_related("organisation").first()
    if provider is None:
        raise NotFound("There is no such door.")
    return provider


def _ask(asked: _Asked, provider: IdentityProvider) -> HttpResponse:
    url = openid.asking_url(
        provider, asked.question, redirect_uri=_return_address(), language=get_language() or "es"
    )
    answer = HttpResponseRedirect(url, status=303)
    kept = {
        "question": asked.question.as_dict(),
        "provider": asked.provider,
        "connects": asked.connects,
        "following": asked.following,
    }
    answer.set_cookie(
        COOKIE, signing.dumps(kept, salt=_SALT), max_age=ANSWERED_WITHIN_SECONDS,
        httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip
    return answer


def _asked(request: PageRequest) -> _Asked | None:
    """What this browser asked within the last ten minutes, if it asked at all."""
    try:
        kept: dict[str, Any] = signing.loads(
            request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=ANSWERED_WITHIN_SECONDS
        )
    except signing.BadSignature:
        return None
    question = Question(**kept["question"])
    return _Asked(question, kept["provider"], kept["connects"], kept["following"])


def _proof(asked: _Asked | None, request: PageRequest) -> tuple[openid.Proof, IdentityProvider]:
    """Who the provider says it is. Raises Unproven, in words for the person at the door."""
    said = request.GET
    if asked is None or not openid.is_state_of(asked.question, said.get("state", "")):
        raise Unproven(_("This answer belongs to no question of this browser; begin again."))
    provider = _provider(asked.provider)
    if said.get("iss", provider.issuer) != provider.issuer:  # RFC 9207
        raise Unproven(_("Another identity provider answered than was asked; begin again."))
    if "error" in said or not said.get("code"):
        raise Unproven(_("Your identity provider did not let you in; begin again or ask its help."))
    proof = openid.proof_of(
        provider, identities.secret_of(provider), asked.question, code=said["code"],
        redirect_uri=_return_address(),
    )  # fmt: skip
    return proof, provider


def _connect(
    request: PageRequest, proof: openid.Proof, provider: IdentityProvider, *, connects: str
) -> HttpResponse:
    """Connect who asked, if it is he who is signed in still."""
    actor = actor_of(request)
    if actor is None or actor.person is None or str(actor.person.uuid) != connects:
        return _refused(request, Unproven(_("Sign in first, then connect again.")))
    identities.connect(proof, by=actor, provider=provider)
    messages.success(request, _("Connected. From now on you may sign in at your organisation."))
    return _without_question(see(reverse("identity"), request=request))


def _refused(request: PageRequest, problem: Unproven) -> HttpResponse:
    passwords.note_failure("", way=Way.PROVIDER, reason=problem.message)
    return _unproven(request, problem.message, status=403)


def _unproven(request: PageRequest, reason: str, *, status: int) -> HttpResponse:
    context = {"reason": reason}
    return _without_question(render(request, "web/unproven.html", context, status=status))


def _leading_to(provider: IdentityProvider, answer: HttpResponse) -> HttpResponse:
    """Let this one page's form lead to the provider; every other page's stay at home."""
    parts = urlsplit(provider.authorization_endpoint)
    answer._csp_update = {  # type: ignore[attr-defined] # django-csp reads it from the answer
        "form-action": f"{parts.scheme}://{parts.netloc}"
    }
    return answer


def _return_address() -> str:
    return settings.URL + reverse("sign-in-answered")


def _without_question(answer: HttpResponse) -> HttpResponse:
    answer.delete_cookie(COOKIE, samesite="Lax")
    return answer
