"""At which address? Every path answers with and without its last slash, without a redirect:
a redirect turns a POST into a GET and drops the key.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from django.http import HttpResponse
from django.urls import URLPattern, re_path

from minga.faces.taxii import views
from minga.faces.taxii.door import door

METHODS = ("get", "post", "put", "patch", "delete", "options", "trace")


def at(path: str, **by_method: Callable[..., HttpResponse]) -> URLPattern:
    """An address in which each `<name>` stands for one part of the path."""
    pattern = re.sub(r"<(\w+)>", lambda part: f"(?P{part[0]}{SHAPES[part[1]]})", path.rstrip("/"))
    return re_path(rf"^{pattern}/?\Z", door(**by_method))


SHAPES = {
    "collection": r"[^/\x00]+",
    "stix_id": r"[^/\x00]+",
    "uuid": r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}",
}
COLLECTION = f"{views.ROOT}collections/<collection>/"
OBJECTS = f"{COLLECTION}objects/"
OBJECT = f"{OBJECTS}<stix_id>/"

urlpatterns = [
    at(views.DISCOVERY, get=views.discovery),
    at(OBJECTS, get=views.objects, post=views.add_objects),
    at(f"{COLLECTION}manifest/", get=views.manifest),
    at(OBJECT, get=views.object_, delete=views.delete_object),
    at(f"{OBJECT}versions/", get=views.versions),
    at(COLLECTION, get=views.collection),
    at(f"{views.ROOT}collections/", get=views.collections),
    at(f"{views.ROOT}status/<uuid>/", get=views.status),
    at(views.ROOT, get=views.api_root),
    re_path(rf"^{views.DISCOVERY}", door(**dict.fromkeys(METHODS, views.nothing))),
]
