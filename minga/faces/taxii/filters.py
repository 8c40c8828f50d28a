"""What a caller asks of a list: the query string, read strictly. TAXII 2.1, section 3.4."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from django.conf import settings
from django.core.exceptions import TooManyFieldsSent
from django.http import HttpRequest, QueryDict

from minga.core.problems import Malformed
from minga.faces.taxii import times
from minga.features.exchange.queries import Filters, Which

Value = TypeVar("Value")

# Objects here are all of STIX 2.1; somebody who asks for others finds none.
SPEC_VERSION = "2.1"
# What one filter may list; URLs carry about as many ids, and SQLite nests no deeper than 1000.
MOST_VALUES = 500
LIMIT_DIGITS = 18
WORDS: dict[str, Which] = {"first": "first", "last": "last"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A page as it was asked for: filters, size, and the cursor it continues from, or ""."""

    filters: Filters
    limit: int
    next: str
    spec_versions: tuple[str, ...] = ()
    is_narrowed: bool = False

    @property
    def matches_nothing(self) -> bool:
        """Whether only versions of STIX that we do not keep are asked for."""
        return bool(self.spec_versions) and SPEC_VERSION not in self.spec_versions

    def for_object(self, stix_id: str, *, every_version: bool = False) -> Asked:
        """The same of one object: its id replaces the filters that choose among objects."""
        narrow = replace(self.filters, ids=(stix_id,), types=())
        return replace(self, filters=replace(narrow, versions=()) if every_version else narrow)


def read(request: HttpRequest) -> Asked:
    """What this request asks for.

    Raises Malformed for a value that cannot be understood and for a key that stands twice
    (interoperability test 3.13.1.10). Keys that we do not know are ignored.
    """
    given = _once_each(request)
    return Asked(
        filters=Filters(
            added_after=_added_after(given),
            ids=_values(given, "match[id]", _plain),
            types=_values(given, "match[type]", _plain),
            versions=_versions(given),
        ),
        limit=_limit(given),
        next=given.get("next", ""),
        spec_versions=_values(given, "match[spec_version]", _spec_version),
        is_narrowed=bool(given),
    )


def _once_each(request: HttpRequest) -> dict[str, str]:
    try:
        given: QueryDict = request.GET
    except TooManyFieldsSent as error:
        raise Malformed("The query string has too many keys; send each filter once.") from error
    for key, values in given.lists():
        if len(values) > 1:
            raise Malformed(
                f"{key[:60]} stands {len(values)} times; send it once, its values with commas.",
                field=key[:60],
            )
    return {key: str(value) for key, value in given.items()}


def _added_after(given: dict[str, str]) -> int:
    text = given.get("added_after")
    if text is None:
        return -1
    return _instant("added_after", text)


def _limit(given: dict[str, str]) -> int:
    """How many to give at most; more than the hub's own limit is quietly the hub's own."""
    text = given.get("limit")
    if text is None:
        return settings.PAGE_LIMIT
    if not (text.isascii() and text.isdigit() and len(text) <= LIMIT_DIGITS) or int(text) == 0:
        raise _unreadable("limit", text, "a whole number from 1")
    return min(int(text), settings.PAGE_LIMIT)


def _versions(given: dict[str, str]) -> tuple[Which, ...]:
    """`last` unless told otherwise; `all` beside anything else is still all."""
    wanted = _values(given, "match[version]", _version)
    if None in wanted:
        return ()
    return tuple(which for which in wanted if which is not None) or ("last",)


def _version(key: str, text: str) -> Which | None:
    """Which version is meant; None is all of them."""
    if text == "all":
        return None
    return WORDS.get(text) or _instant(key, text)


def _instant(key: str, text: str) -> int:
    instant = times.read(text)
    if instant is None:
        raise _unreadable(key, text, "a UTC timestamp such as 2026-01-31T23:59:59.123456Z")
    return instant


def _plain(key: str, text: str) -> str:
    if not text.isprintable():
        raise _unreadable(key, text, "printable characters")
    return text


def _spec_version(key: str, text: str) -> str:
    if not (text.isascii() and text.replace(".", "", 1).isdigit()):
        raise _unreadable(key, text, "versions of STIX such as 2.1")
    return text


def _values(
    given: dict[str, str], key: str, read_one: Callable[[str, str], Value]
) -> tuple[Value, ...]:
    """The values of one filter, each once, in an order that does not depend on the caller's."""
    text = given.get(key)
    if text is None:
        return ()
    texts = text.split(",")
    if not all(texts):
        raise _unreadable(key, text, "one or more values with commas between")
    if len(texts) > MOST_VALUES:
        raise Malformed(
            f"{key} lists {len(texts)} values; the limit is {MOST_VALUES}. Ask more than once.",
            field=key,
        )
    return tuple(sorted({read_one(key, one) for one in texts}, key=str))


def _unreadable(key: str, text: str, expected: str) -> Malformed:
    return Malformed(f"{key} is {text[:100]!r}; expected {expected}.", field=key)
