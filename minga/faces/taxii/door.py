"""The door itself: what happens to every request, in the order the interoperability tests fix.

Who calls, then the method, then what he can hear; after that the view looks for the collection,
asks whether he may, and reads what he sent.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable
from typing import TypeAlias

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from minga.core.problems import NotSignedIn, Problem
from minga.faces.taxii import errors, media, resources
from minga.store.people.models import Key
from minga.web import machines
from minga.web.doors import Entrance, open_to

View: TypeAlias = Callable[..., HttpResponse]

# A packet holds about this much; smaller answers gain nothing.
GZIP_FROM_BYTES = 1400
# STIX shrinks to a tenth at the fastest level; higher ones cost more time than they save.
GZIP_LEVEL = 1


def door(**views: View) -> Callable[..., HttpResponseBase]:
    """One address: the view that answers each method, by its name in lower case.

    A view takes the request, `by` and what stands in the path. Machines carry a key with every
    request and no cookie, so cross-site requests gain nothing here.
    """
    if "get" in views:
        views["head"] = views["get"]

    @csrf_exempt
    @open_to(Entrance.KEYS, broken=_broken)
    def enter(request: HttpRequest, **path: str) -> HttpResponse:
        try:
            response = _answer_of(views, request, path)
        except Problem as problem:
            body = resources.encode(errors.resource_of(problem))
            status, headers = errors.status_of(problem), errors.headers_of(problem)
            response = answer(body, status=status, headers=headers)
        return _packed(request, response)

    return enter


def answer(
    body: bytes, *, status: int = 200, headers: dict[str, str] | None = None
) -> HttpResponse:
    """An answer in the one media type of TAXII 2.1."""
    return HttpResponse(body, status=status, headers=headers, content_type=media.TAXII)


def _broken(request_id: str) -> HttpResponse:
    return answer(resources.encode(errors.broken(request_id)), status=500)


def _answer_of(views: dict[str, View], request: HttpRequest, path: dict[str, str]) -> HttpResponse:
    by = machines.actor_of(request, door=Key.Door.TAXII)
    if by is None:
        raise NotSignedIn(
            "No valid key came with the request; send one as the password of HTTP Basic, or as "
            "Authorization: Bearer."
        )
    view = views.get((request.method or "").lower())
    if view is None:
        raise machines.MethodNotAllowed(request.method or "", allowed=views)
    media.check_accept(request.META.get("HTTP_ACCEPT", ""))
    return view(request, by, **path)


def _packed(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The same answer, gzipped if that was asked for and is worth it.

    Without a time in its header: equal answers are equal bytes.
    """
    response["Vary"] = "Authorization, Accept, Accept-Encoding"
    wants_gzip = media.accepts_gzip(request.META.get("HTTP_ACCEPT_ENCODING", ""))
    if wants_gzip and len(response.content) >= GZIP_FROM_BYTES:
        response.content = gzip.compress(response.content, GZIP_LEVEL, mtime=0)
        response["Content-Encoding"] = "gzip"
    response["Content-Length"] = str(len(response.content))
    return response
