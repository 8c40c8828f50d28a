"""What answers at each address: translate in, make one call, translate out."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from minga.core.problems import Forbidden, NotFound
from minga.faces.taxii import filters, media, resources, times
from minga.faces.taxii.door import answer
from minga.faces.taxii.filters import Asked
from minga.features.exchange import queries, services
from minga.features.exchange.queries import Collection, FeedPage
from minga.store.objects.models import Contribution
from minga.store.people.actors import Actor, Power
from minga.web import machines

DISCOVERY = "taxii2/"
ROOT = f"{DISCOVERY}hub/"


def discovery(_request: HttpRequest, _by: Actor) -> HttpResponse:
    """GET /taxii2/: where the API root is."""
    root = f"{settings.URL}/{ROOT}"
    found = resources.Discovery(
        title=settings.HUB_NAME,
        description="Threat information shared by the members of this hub.",
        default=root,
        api_roots=(root,),
    )
    return answer(resources.encode(found))


def api_root(_request: HttpRequest, _by: Actor) -> HttpResponse:
    """GET /taxii2/hub/: what this root speaks and takes."""
    root = resources.ApiRoot(
        title=settings.HUB_NAME,
        description="One collection of everything you may read, one per kind and per circle.",
        versions=(media.TAXII,),
        max_content_length=settings.BODY_LIMIT_BYTES,
    )
    return answer(resources.encode(root))


def status(_request: HttpRequest, by: Actor, uuid: str) -> HttpResponse:
    """GET status/{id}/: what became of what the caller posted."""
    submission = queries.submission(uuid, reader=by.reader)
    return answer(resources.encode(resources.status(submission)))


def collections(_request: HttpRequest, by: Actor) -> HttpResponse:
    """GET collections/: those the caller may know of, in the order of their ids."""
    listed = queries.collections(reader=by.reader)
    described = tuple(resources.collection(each, may_share=_may_share(by)) for each in listed)
    return answer(resources.encode(resources.Collections(described)))


def collection(_request: HttpRequest, by: Actor, collection: str) -> HttpResponse:
    """GET collections/{id}/: one of them."""
    found = queries.collection(collection, reader=by.reader)
    return answer(resources.encode(resources.collection(found, may_share=_may_share(by))))


def manifest(request: HttpRequest, by: Actor, collection: str) -> HttpResponse:
    """GET manifest/: id, date added and version of what passes the filters."""
    where = _readable(collection, by)
    page = _page(where, filters.read(request), by, with_bytes=False)
    return _listing(page, resources.manifest(page))


def objects(request: HttpRequest, by: Actor, collection: str) -> HttpResponse:
    """GET objects/: what passes the filters, as it was received."""
    page = _page(_readable(collection, by), filters.read(request), by)
    return _listing(page, resources.envelope(page))


def add_objects(request: HttpRequest, by: Actor, collection: str) -> HttpResponse:
    """POST objects/: 202 and what became, or will become, of each object."""
    where = _writable(collection, by)
    media.check_content_type(request.META.get("CONTENT_TYPE", ""))
    submission = services.submit(
        machines.read_body(request), by=by, door=Contribution.Door.TAXII, circle=where.circle
    )
    return answer(resources.encode(resources.status(submission)), status=202)


def object_(request: HttpRequest, by: Actor, collection: str, stix_id: str) -> HttpResponse:
    """GET objects/{id}/: one object in the versions asked for."""
    where = _readable(collection, by)
    asked = filters.read(request).for_object(stix_id)
    page = _page(where, asked, by)
    _expect(page, asked, where, stix_id, by)
    return _listing(page, resources.envelope(page))


def versions(request: HttpRequest, by: Actor, collection: str, stix_id: str) -> HttpResponse:
    """GET objects/{id}/versions/: which versions of one object there are."""
    where = _readable(collection, by)
    asked = filters.read(request).for_object(stix_id, every_version=True)
    page = _page(where, asked, by, with_bytes=False)
    _expect(page, asked, where, stix_id, by)
    return _listing(page, resources.versions(page))


def delete_object(request: HttpRequest, by: Actor, collection: str, stix_id: str) -> HttpResponse:
    """DELETE objects/{id}/: take the chosen versions, by default the last, out of a collection.

    Needs the right to read and to write; with neither the collection seems not to exist
    (interoperability test 3.12).
    """
    where = queries.collection(collection, reader=by.reader)
    may_write = where.can_write and _may_share(by)
    if not where.can_read and not may_write:
        raise _no_object(where, stix_id)
    if not where.can_read or not may_write:
        raise Forbidden(f"{where.title} lets you read or write, not both; deleting needs both.")
    asked = filters.read(request).for_object(stix_id)
    if not asked.matches_nothing:
        chosen = queries.selection(where, asked.filters)
        services.delete(stix_id, by=by, selection=chosen)
    elif not queries.holds(where, stix_id, reader=by.reader):
        raise _no_object(where, stix_id)
    return answer(b"")


def nothing(request: HttpRequest, _by: Actor) -> HttpResponse:
    """Any other address below /taxii2/."""
    raise NotFound(
        f"There is nothing at {request.path[:200]}; start at {settings.URL}/{DISCOVERY}."
    )


def _may_share(by: Actor) -> bool:
    return Power.SHARE in by.powers


def _readable(id_or_alias: str, by: Actor) -> Collection:
    found = queries.collection(id_or_alias, reader=by.reader)
    if not found.can_read:
        raise Forbidden(f"{found.title} cannot be read; what is posted there shows in the others.")
    return found


def _writable(id_or_alias: str, by: Actor) -> Collection:
    found = queries.collection(id_or_alias, reader=by.reader)
    if not found.can_write:
        raise Forbidden(f"{found.title} cannot be written; post to {queries.INBOX} or to a circle.")
    by.require(Power.SHARE)
    return found


def _page(where: Collection, asked: Asked, by: Actor, *, with_bytes: bool = True) -> FeedPage:
    if asked.matches_nothing:
        return FeedPage([], "")
    return queries.page(
        where,
        asked.filters,
        reader=by.reader,
        limit=asked.limit,
        cursor=asked.next,
        with_bytes=with_bytes,
    )


def _expect(page: FeedPage, asked: Asked, where: Collection, stix_id: str, by: Actor) -> None:
    """Tell an object that is not there from one that the filters left out."""
    if page.rows or (asked.is_narrowed and queries.holds(where, stix_id, reader=by.reader)):
        return
    raise _no_object(where, stix_id)


def _no_object(where: Collection, stix_id: str) -> NotFound:
    return NotFound(
        f"No object {stix_id[:300]} is visible to you in {where.title}. Check the identifier."
    )


def _listing(page: FeedPage, body: bytes) -> HttpResponse:
    """A page, with the dates of addition that pollers go on from."""
    if not page.rows:
        return answer(body)
    return answer(
        body,
        headers={
            "X-TAXII-Date-Added-First": times.text_of(page.rows[0].added_at),
            "X-TAXII-Date-Added-Last": times.text_of(page.reached_us),
        },
    )
