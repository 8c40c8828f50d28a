"""Answers: JSON or CSV, page by page, and nothing again to who has it already."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

import msgspec
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.http import parse_etags

from minga.core.policy import Reader
from minga.faces.api import bodies, resources, schemas, translation
from minga.store.objects import cursors
from minga.store.objects.models import Version
from minga.web import tables

Row = TypeVar("Row", bound=Model)
CSV_SUFFIX = ".csv"


def json(resource: object, *, status: int = 200) -> HttpResponse:
    """A resource as JSON."""
    return raw(msgspec.json.encode(resource), status=status)


def raw(body: bytes, *, status: int = 200, media_type: str = bodies.JSON) -> HttpResponse:
    """Bytes as they are."""
    return HttpResponse(body, status=status, content_type=media_type)


def wants_csv(request: HttpRequest) -> bool:
    """Whether the caller asked for CSV, by the end of the path or by preferring it."""
    if request.path.endswith(CSV_SUFFIX):
        return True
    preferred = request.get_preferred_type(["application/json", "text/csv"])
    return preferred == "text/csv"


def listing(
    request: HttpRequest,
    resource: Callable[[], object],
    header: Sequence[str],
    rows: Callable[[], Iterable[Sequence[object]]],
    *,
    next_: str = "",
    for_spreadsheet: bool = False,
) -> HttpResponse:
    """A page of a list in the form asked for, with a link to the page that follows."""
    if wants_csv(request):
        body = tables.table(header, rows(), for_spreadsheet=for_spreadsheet)
        response = raw(body, media_type=tables.MEDIA_TYPE)
    else:
        found = resource()
        response = raw(found) if isinstance(found, bytes) else json(found)
    if next_:
        following = request.GET.copy()
        following["cursor"] = next_
        response["Link"] = f'<{request.path}?{following.urlencode()}>; rel="next"'
    return response


def versions(
    request: HttpRequest,
    found: QuerySet[Version],
    asked: schemas.Paging,
    *,
    reader: Reader,
    place: str,
) -> HttpResponse:
    """A page of versions of objects."""
    rows, next_ = page_of(found.defer("raw"), asked, reader=reader, place=place)
    shown = tuple(translation.version(row) for row in rows)
    return listing(
        request,
        lambda: resources.Versions(shown, next_ or None),
        ("id", "type", "name", "modified", "revoked", "tlp"),
        lambda: ((v.id, v.type, v.name, v.modified, v.revoked, v.tlp) for v in shown),
        next_=next_,
        for_spreadsheet=asked.spreadsheet,
    )


def page_of(
    found: QuerySet[Row], asked: schemas.Paging, *, reader: Reader, place: str
) -> tuple[list[Row], str]:
    """A page of a list that changes rarely, and the cursor of the next one.

    The cursor is a position, so who adds to the list in between may show a row twice. Raises
    Malformed for a cursor that was altered or made for another list.
    """
    start = cursors.unseal(asked.cursor, reader=reader, place=place) if asked.cursor else 0
    rows = list(found[start : start + asked.limit + 1])
    if len(rows) <= asked.limit:
        return rows, ""
    return rows[: asked.limit], cursors.seal(start + asked.limit, reader=reader, place=place)


def unless_known(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The answer with its tag; or none, when the caller names that tag as what he has.

    The tag is a hash of what this reader sees, so it changes when that does and not otherwise.
    """
    if request.method not in {"GET", "HEAD"} or response.status_code != 200:
        return response
    tag = f'"{hashlib.blake2b(response.content, digest_size=16).hexdigest()}"'
    known = parse_etags(request.META.get("HTTP_IF_NONE_MATCH", ""))
    if tag in {each.removeprefix("W/") for each in known}:
        response = HttpResponseNotModified()
    response["ETag"] = tag
    return response
