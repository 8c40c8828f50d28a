"""What happens around every view."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.handlers.exception import convert_exception_to_response
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.module_loading import import_string

from minga.core.problems import Forbidden, NotSignedIn, Problem
from minga.store import world
from minga.store.journal import origins
from minga.web import fresh, languages, problems
from minga.web.doors import Entrance, Fresh, entrance_of, freshness_of
from minga.web.sessions import actor_of, arrival_of
from minga.web.sources import address_of

Answer = Callable[[HttpRequest], HttpResponse]
READING = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
# A browser that is shown a machine's answer all the same runs nothing of it.
OF_MACHINES = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Frame-Options": "DENY",
}


class RequestMarks:
    """Gives each request an id, and keeps answers out of every cache unless a view says more.

    What is recorded meanwhile comes from the door and the address of the request.
    """

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, marked."""
        request.id = world.random_uuid().hex  # type: ignore[attr-defined] # read by logs and errors
        with origins.coming_from(_door(request.path), address_of(request)):
            response = self.answer(request)
        response.headers.setdefault("Cache-Control", "no-store")
        return response


class AroundPages:
    """Does for pages what browsers need, and spares it who comes with a key to a machine's door.

    Sessions, messages, languages and policies for scripts are half the work of a small answer.
    """

    def __init__(self, answer: Answer) -> None:
        layered: Callable[[HttpRequest], Any] = answer
        for name in reversed(settings.PAGE_MIDDLEWARE):
            layered = convert_exception_to_response(import_string(name)(layered))
        self.to_machine = answer
        self.to_browser: Answer = layered

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer by the short way or the long one."""
        at_a_machines_door = request.path.startswith(settings.MACHINE_PATHS)
        if not (at_a_machines_door and "HTTP_AUTHORIZATION" in request.META):
            return self.to_browser(request)
        response = self.to_machine(request)
        for name, value in OF_MACHINES.items():
            response.headers.setdefault(name, value)
        return response


class PersonLanguage:
    """Speaks the reader's language: the one he chose, else the hub's."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in his language."""
        with translation.override(languages.chosen(request)):
            return self.answer(request)


class Doors:
    """Lets nobody in at an address that does not say who may enter, and tells what went wrong.

    Doors of machines (`Entrance.KEYS`) know their own credentials and errors; this leaves them
    alone.
    """

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer as the view does; the check comes once the view is known.

        Pages send no Referer abroad, but `no-referrer` would go too far: under it browsers post
        forms with `Origin: null`, which the check against forged requests has to refuse.
        """
        response = self.answer(request)
        response.headers.setdefault("Referrer-Policy", "same-origin")
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        """Close what nobody opened, and ask who it is where only members enter."""
        entrance = entrance_of(view)
        if entrance is None:
            return problems.page(404, request)
        if entrance is Entrance.KEYS:
            return None
        if _comes_from_elsewhere(request):
            return problems.page_of(Forbidden("The request came from another site."), request)
        actor = actor_of(request)
        request.actor = actor  # type: ignore[attr-defined] # see `web.requests.ActorRequest`
        if entrance is Entrance.ANYONE:
            return None
        if entrance is Entrance.ARRIVING:
            return _let_arrive(request)
        if actor is None:
            return problems.sign_in_first(request)
        if entrance is Entrance.HUB and not actor.organisation.is_hub:
            return problems.page(404, request)
        asks = freshness_of(view)
        if asks is Fresh.ALWAYS or (asks is Fresh.TO_CHANGE and request.method not in READING):
            return fresh.page_that_asks(request)
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Turn a problem into its page; what is no problem travels on and is logged."""
        match = request.resolver_match
        if not isinstance(exception, Problem) or match is None:
            return None
        if entrance_of(match.func) in {None, Entrance.KEYS}:
            return None
        if isinstance(exception, NotSignedIn):
            return problems.sign_in_first(request)
        return problems.page_of(exception, request)


def _let_arrive(request: HttpRequest) -> HttpResponse | None:
    """Let in who is arriving, as `request.arrival`; to who is inside, it is not there."""
    arrival = arrival_of(request)
    if arrival is None and actor_of(request) is None:
        return problems.sign_in_first(request)
    if arrival is None:
        return problems.page(404, request)
    request.arrival = arrival  # type: ignore[attr-defined] # see `web.requests.ArrivalRequest`
    return None


def _door(path: str) -> str:
    """The door's name in the journal: `taxii2`, `api`, or a page."""
    return path.split("/", 2)[1] if path.startswith(settings.MACHINE_PATHS) else origins.PAGE


def _comes_from_elsewhere(request: HttpRequest) -> bool:
    """Whether a browser says that another site makes it send this change.

    A second lock beside the token: browsers cannot be made to lie in `Sec-Fetch-Site`. What sends
    none is no recent browser, and meets the token alone.
    """
    if request.method in READING:
        return False
    return request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}
