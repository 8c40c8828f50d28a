"""The door itself: what happens to every request, in this order.

Who calls; what he sends, within the limits; whether a change really comes from him; then the
view. Whatever goes wrong on the way is told as problem details.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.views.decorators.csrf import csrf_exempt
from ninja import Router

from minga.core.problems import Malformed, Problem, StorageFull
from minga.faces.api import answering, bodies, problems, sign_in
from minga.faces.api.problems import MethodNotAllowed
from minga.store.people.actors import Actor
from minga.web.doors import Entrance, open_to

View: TypeAlias = Callable[..., HttpResponse]
DISK_FULL = ("disk is full", "no space left", "could not extend file")


class ActorRequest(HttpRequest):
    """A request once the door has let it in."""

    actor: Actor


def door(view: View, *, media_types: frozenset[str]) -> View:
    """The view behind this door. `media_types` are those of the bodies it takes."""

    @csrf_exempt
    @open_to(Entrance.KEYS)
    def enter(request: HttpRequest, **path: Any) -> HttpResponse:
        try:
            _let_in(request, media_types)
            response = _seen(request, view, path)
        except Problem as problem:
            response = problems.response_of(problem)
        except OperationalError as error:
            if not any(words in str(error).lower() for words in DISK_FULL):
                raise
            response = problems.response_of(
                StorageFull("The hub's disk is full. Nothing was stored and nothing was lost.")
            )
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
    if "\0" in request.path or any("\0" in each for pair in request.GET.items() for each in pair):
        raise Malformed("The address holds a NUL character; take it out.")
    if request.method not in sign_in.READING:
        body = bodies.read(request, media_types=media_types)
        request._body = body  # where Django looks first: it would read without our limits
    sign_in.require_proof_of_origin(request, actor)
    request.actor = actor  # type: ignore[attr-defined] # see ActorRequest


def _seen(request: HttpRequest, view: View, path: dict[str, Any]) -> HttpResponse:
    """What the view answers; HEAD is GET without the body."""
    asked = request.method
    if asked == "HEAD":
        request.method = "GET"
    response = view(request, **path)
    if isinstance(response, HttpResponseNotAllowed):
        allowed = response["Allow"]
        refused = MethodNotAllowed(f"{asked} is not for this address; try {allowed}.")
        response = problems.response_of(refused)
        response["Allow"] = allowed
    response = answering.unless_known(request, response)
    if asked == "HEAD":
        response["Content-Length"] = str(len(response.content))
        response.content = b""
    return response
