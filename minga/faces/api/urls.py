"""At which address? Everything below /api/v1/ asks who calls first, whatever is there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path, re_path

from minga.core.problems import NotFound
from minga.faces.api import bodies, docs
from minga.faces.api.api import api
from minga.faces.api.door import door

ROOT = "api/v1/"
JSON = frozenset({bodies.JSON})
ROUTES_OF_STIX = frozenset({"bundles"})


def nothing(request: HttpRequest, **_path: Any) -> HttpResponse:
    """Any other address below /api/v1/."""
    raise NotFound(f"There is nothing at {request.path[:200]}; /api/docs shows what there is.")


def _doors() -> Iterator[URLPattern]:
    for each in api.urls[0]:
        route = str(each.pattern)
        if isinstance(each, URLPattern) and each.name != "api-root":
            takes = JSON | {bodies.STIX} if route in ROUTES_OF_STIX else JSON
            yield path(f"{ROOT}{route}", door(each.callback, media_types=takes))


urlpatterns: list[URLPattern | URLResolver] = [
    path("api/docs", docs.page, name="api-docs"),
    path("api/openapi.json", docs.document, name="api-document"),
    *_doors(),
    re_path(rf"^{ROOT}", door(nothing, media_types=JSON)),
]
