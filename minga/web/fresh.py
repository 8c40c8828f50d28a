"""Asking whoever is signed in to show again who he is, before something that reaches far.

A view says so by `open_to(…, fresh=True)`; the middleware `Doors` asks here. The page that asks
stands in the place of the one that was wanted, and what was typed comes along in hidden fields: the
proof and the form are sent together, to the same address, and the view never knows. Passwords and
files do not come along; they are given again.
"""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from minga.core.problems import Forbidden
from minga.store.people.actors import Actor
from minga.web import identities, passkeys, sessions, trying
from minga.web.proofs import Way
from minga.web.redirects import HOME, own_path, see
from minga.web.trying import Outcome

# Every field of a form that a person types a secret into has one of these names; a test looks.
SECRETS = frozenset({"password", "current", "new", "again", "secret"})
NOT_REPEATED = SECRETS | {"csrfmiddlewaretoken", *trying.FIELDS}
FORBIDDEN = 403


def page_that_asks(request: HttpRequest) -> HttpResponse | None:
    """None when whoever is signed in showed lately who he is, or does so with this request.

    Otherwise the page that asks him to.
    """
    actor = sessions.actor_of(request)
    if actor is None or sessions.is_fresh(request):
        return None
    outcome = Outcome(status=FORBIDDEN)
    if trying.is_tried(request):
        outcome = _try(request, by=actor)
        if outcome.way is not None:
            sessions.prove(request, by=actor, way=outcome.way)
            return None
    if getattr(request, "htmx", False):
        shown = urlsplit(request.headers.get("HX-Current-URL", "")).path
        return see(confirming(own_path(shown)), request=request)
    return _page(request, outcome, by=actor)


def require(request: HttpRequest, *, by: Actor) -> None:
    """Raise Forbidden unless a key acts, or a person who showed lately who he is.

    For doors of machines, where a session may come too and no page can ask.
    """
    if by.key is None and not sessions.is_fresh(request):
        address = f"{settings.URL}{reverse('confirm')}"
        raise Forbidden(f"Show first who you are, at {address}; then send it again.")


def confirming(following: str) -> str:
    """The address that asks for a proof and leads on to this path."""
    return f"{reverse('confirm')}?{urlencode({'next': following})}"


def ways_open_to(actor: Actor) -> frozenset[Way]:
    """By which ways he can show it; staff of the hub by a passkey alone."""
    if actor.person is None:
        return frozenset()
    found = trying.ways_of(actor.person)
    return found & {Way.PASSKEY} if actor.organisation.is_hub else found


def _try(request: HttpRequest, *, by: Actor) -> Outcome:
    if by.person is None:
        return Outcome(status=FORBIDDEN)
    return trying.try_proof(request, by.person, ways=ways_open_to(by), is_inside=True)


def _page(request: HttpRequest, outcome: Outcome, *, by: Actor) -> HttpResponse:
    """The page that asks. A form is sent again where it was going, a page is led to."""
    is_form = request.method == "POST"
    typed = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in NOT_REPEATED
        for value in values
    ]
    context = {
        "goes_to": request.get_full_path() if is_form else confirming(request.get_full_path()),
        "typed": typed,
        "had_files": bool(is_form and request.FILES),
        "was_typed": bool(is_form and typed),
        "said": outcome.says,
        "ways": ways_open_to(by),
        "provider": identities.remembered(request),
        "back": HOME if is_form else request.get_full_path(),
        "elsewhere": "" if is_form else passkeys.elsewhere(request),
    }
    return render(request, "web/fresh.html", context, status=outcome.status)
