"""Where a form may send its reader back to: only addresses of this hub's own table."""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import Resolver404, resolve
from django_htmx.http import HttpResponseClientRedirect

HOME = "/"
_PATH = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]{0,2000}")


def own_path(candidate: str) -> str:
    """The path when it names a page of this hub, else the home page.

    `//host`, `/\\host`, whole URLs, control characters and paths that no view answers come back
    as home, so nobody is led away by a link that begins here.
    """
    path = candidate.partition("?")[0]
    if not _PATH.fullmatch(candidate):
        return HOME
    try:
        resolve(path)
    except Resolver404:
        return HOME
    return candidate


def see(path: str, *, request: HttpRequest) -> HttpResponse:
    """Send the reader to a path of ours, to be fetched by GET; htmx follows as a browser does."""
    if getattr(request, "htmx", False):
        return HttpResponseClientRedirect(path)
    return HttpResponseRedirect(path, status=303)
