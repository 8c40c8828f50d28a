"""The resources of TAXII 2.1, and how what the exchange says becomes one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from minga.faces.taxii import media, times
from minga.features.exchange.queries import Collection, FeedPage, Row, Submission


class Discovery(msgspec.Struct, frozen=True):
    """Section 4.1.1."""

    title: str
    description: str
    default: str
    api_roots: tuple[str, ...]


class ApiRoot(msgspec.Struct, frozen=True):
    """Section 4.2.1."""

    title: str
    description: str
    versions: tuple[str, ...]
    max_content_length: int


class CollectionResource(msgspec.Struct, frozen=True):
    """Section 5.2.1."""

    id: str
    title: str
    description: str
    alias: str
    can_read: bool
    can_write: bool
    media_types: tuple[str, ...] = (media.STIX,)


class Collections(msgspec.Struct, frozen=True, omit_defaults=True):
    """Section 5.1.1."""

    collections: tuple[CollectionResource, ...] = ()


class Record(msgspec.Struct, frozen=True, gc=False):
    """One version in a manifest, section 5.3.1."""

    id: str
    date_added: str
    version: str
    media_type: str = media.STIX


class Detail(msgspec.Struct, frozen=True):
    """What became of one object that was posted, section 4.3.1."""

    id: str
    version: str
    message: str


class Status(msgspec.Struct, frozen=True):
    """Section 4.3.1. A list stands only when it has as many members as its count."""

    id: str
    status: str
    request_timestamp: str
    total_count: int
    success_count: int
    failure_count: int
    pending_count: int
    successes: tuple[Detail, ...] | UnsetType = UNSET
    failures: tuple[Detail, ...] | UnsetType = UNSET


def encode(resource: msgspec.Struct) -> bytes:
    """A resource as JSON."""
    return msgspec.json.encode(resource)


def collection(of: Collection, *, may_share: bool) -> CollectionResource:
    """A collection as this caller may use it."""
    return CollectionResource(
        id=of.id,
        title=of.title,
        description=of.description,
        alias=of.alias,
        can_read=of.can_read,
        can_write=of.can_write and may_share,
    )


def envelope(page: FeedPage) -> bytes:
    """The objects of a page, each as it was received. Section 3.7."""
    return _listing(page, "objects", [row.raw for row in page.rows])


def manifest(page: FeedPage) -> bytes:
    """Which versions a page holds, oldest addition first. Section 5.3."""
    records = [
        Record(row.stix_id, times.text_of(row.added_at), version_of(row)) for row in page.rows
    ]
    return _listing(page, "objects", [msgspec.json.encode(records)[1:-1]])


def versions(page: FeedPage) -> bytes:
    """The versions of one object, the newest of the page first. Section 5.8.

    Pages follow the order of addition, so that pollers by date lose nothing; inside a page the
    order is that of the reference server.
    """
    newest_first = sorted(page.rows, key=_instant, reverse=True)
    told = msgspec.json.encode([version_of(row) for row in newest_first])
    return _listing(page, "versions", [told[1:-1]])


def status(submission: Submission) -> Status:
    """What became of what was posted."""
    received = times.text_of_instant(submission.received_at)
    done = len(submission.successes) + len(submission.failures)
    return Status(
        id=str(submission.uuid),
        status=submission.state,
        request_timestamp=received,
        total_count=submission.total,
        success_count=len(submission.successes),
        failure_count=len(submission.failures),
        pending_count=submission.total - done,
        successes=_details(submission.successes, received),
        failures=_details(submission.failures, received),
    )


def version_of(row: Row) -> str:
    """`modified` as its author wrote it; objects without one have the date they were added."""
    return row.version or times.text_of(row.added_at)


def _instant(row: Row) -> int:
    return row.modified_us or row.added_at


def _listing(page: FeedPage, name: str, members: list[bytes]) -> bytes:
    """A page around its members, copied once: a thousand objects are half a megabyte."""
    if not page.rows:
        return b"{}"
    more = f'"more":true,"next":"{page.next}"' if page.next else '"more":false'
    members[0] = f'{{{more},"{name}":['.encode() + members[0]
    members[-1] += b"]}"
    return b",".join(members)


def _details(outcomes: Iterable[Sequence[Any]], received: str) -> tuple[Detail, ...] | UnsetType:
    """An object without a version is told by the time of the request, as the standard has it."""
    told = tuple(Detail(id_, version or received, message) for id_, version, message in outcomes)
    return told or UNSET
