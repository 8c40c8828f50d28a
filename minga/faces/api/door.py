"""The door itself: what happens to every request, in this order.

Who calls; what he sends, within the limits; whether a change really comes from him; then the
view. Whatever goes wrong on the way is told as problem details.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from django.core.exceptions import TooManyFieldsSent
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.views.decorators.csrf import csrf_exempt
from ninja import Router

from minga.core.problems import Malformed, Problem
from minga.faces.api import answering, bodies, problems, sign_in
from minga.store.people.actors import Actor
from minga.web.doors import Entrance, open_to
from minga.web.machines import MethodNotAllowed

View: TypeAlias = Callable[..., HttpResponse]


class ActorRequest(HttpRequest):
    """A request once the door has let it in."""

    actor: Actor


def door(view: View, *, media_types: frozenset[str]) -> View:
    """The view behind this door. `media_types` are those of the bodies it takes."""

    @csrf_exempt
    @open_to(Entrance.KEYS, broken=problems.broken)
    def enter(request: HttpRequest, **path: Any) -> HttpResponse:
        try:
            _let_in(request, media_types)
            response = _seen(request, view, path)
        except Problem as problem:
            response = problems.response_of(problem)
        response["Vary"] = "Authorization, Cookie, Accept"
        return response

    return enter


def listed_at(router: Router, path: str, **described: Any) -> Callable[[View], View]:
    """A list at this path, which answers CSV at the same path with .csv."""

    def register(view: View) -> View:
        router.get(f"{path}{answering.CSV_SUFFIX}", include_in_schema=False)(view)
        return router.get(path, **described)(view)

    return register


def _let_in(request: HttpRequest, media_types: frozenset[str]) -> None:
    actor = sign_in.actor_of(request)
    _check_address(request)
    if request.method not in sign_in.READING:
        body = bodies.read(request, media_types=media_types)
        request._body = body  # where Django looks first: it would read without our limits
    sign_in.require_proof_of_origin(request, actor)
    request.actor = actor  # type: ignore[attr-defined] # see ActorRequest


def _check_address(request: HttpRequest) -> None:
    try:
        given = [text for key, values in request.GET.lists() for text in (key, *values)]
    except TooManyFieldsSent as error:
        raise Malformed("The query string has too many parameters.") from error
    if any("\0" in text for text in (request.path, *given)):
        raise Malformed("The address holds a NUL character; take it out.")


def _seen(request: HttpRequest, view: View, path: dict[str, Any]) -> HttpResponse:
    """What the view answers; HEAD is GET without the body."""
    asked = request.method
    if asked == "HEAD":
        request.method = "GET"
    response = view(request, **path)
    if isinstance(response, HttpResponseNotAllowed):
        raise MethodNotAllowed(asked or "", allowed=response["Allow"].split(", "))
    response = answering.unless_known(request, response)
    if response.status_code != 304:
        response["Content-Length"] = str(len(response.content))
    if asked == "HEAD":
        response.content = b""
    return response
