"""The pages in which readers meet what was shared: one query, filtered before it is paged.

This is the SQL twin of `core.policy.may_read` for the ordered feed. A reader meets each version
once: the first publication he may see. What another author published later under an id that he
already knows is not shown to him, so nobody can speak over somebody else's object, or silence it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from itertools import accumulate
from typing import Any, Literal, NamedTuple, TypeAlias

from django.db import connection

from minga.core.policy import Reader

Which: TypeAlias = Literal["first", "last"] | int
# A reader with no more than this to read is served from his seats instead of the whole order:
# sorting that many takes milliseconds, walking past everybody else's things may take a second.
FEW = 2_000
# What the objects of one page may weigh together, so that a page of large ones fits in memory
# many times over; an object that is larger by itself is a page of its own.
MOST_BYTES = 16_000_000
# Larger objects are fetched once it is known that they fit.
AT_ONCE_BYTES = 16_000


@dataclass(frozen=True, slots=True)
class Selection:
    """What a reader asks for. Times are microseconds since 1970.

    `circle` and `kind` name a collection. `after` is where the page starts, exclusive;
    `added_after` is what the whole list is limited to, which "first" and "last" look at.
    `versions` lists "first", "last" and instants of `modified`; empty means all.
    """

    circle: int | None = None
    kind: int | None = None
    after: int = -1
    added_after: int = -1
    ids: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    versions: tuple[Which, ...] = ()


class Row(NamedTuple):
    """One version as a reader meets it; `raw` is empty unless it was asked for.

    A tuple, because a page makes a thousand of them.
    """

    added_at: int
    stix_id: str
    modified_us: int
    version: str
    raw: bytes = b""


@dataclass(frozen=True, slots=True)
class Page:
    """Rows in the order of `added_at`, and whether more follow."""

    rows: list[Row]
    more: bool


def read_page(selection: Selection, *, reader: Reader, limit: int, with_bytes: bool = True) -> Page:
    """The next `limit` versions that this reader may see, oldest publication first.

    Fewer, and more to follow, where their bytes would be over MOST_BYTES.
    """
    parameters = _parameters(selection, reader) | {
        "limit": limit + 1, "small": min(AT_ONCE_BYTES, MOST_BYTES // limit), "few": FEW + 1,
    }  # fmt: skip
    with connection.cursor() as cursor:
        shape = _Shape.of(selection, reader, with_bytes=with_bytes)
        way = _way(shape, parameters, cursor)
        cursor.execute(_statement(shape, way, connection.vendor), parameters)
        found = cursor.fetchall()
        if not with_bytes:
            return Page([Row(*row) for row in found[:limit]], more=len(found) > limit)
        rows = _with_bytes(found[:limit], cursor)
    return Page(rows, more=len(found) > len(rows))


def _with_bytes(found: Sequence[tuple[Any, ...]], cursor: Any) -> list[Row]:
    """As many of these from the first on as fit in a page, at least one, with all their bytes."""
    sizes = accumulate(size for *_, size, _ in found)
    fitting = max(1, sum(size <= MOST_BYTES for size in sizes))
    large = [pk for *_, raw, _, pk in found[:fitting] if raw is None]
    fetched: dict[int, bytes] = {}
    if large:
        marks = ", ".join(["%s"] * len(large))
        cursor.execute(f"SELECT id, raw FROM objects_version WHERE id IN ({marks})", large)
        fetched = dict(cursor.fetchall())
    return [
        Row(added_at, stix_id, modified_us, version, fetched[pk] if raw is None else raw)
        for added_at, stix_id, modified_us, version, raw, _, pk in found[:fitting]
    ]


class _Way(Enum):
    """Which index leads: the order of publications, one object's, or the reader's seats."""

    IN_ORDER = ""
    OF_OBJECTS = "publication_of_an_object"
    BY_SEATS = "publication_to_an_audience"


def _way(shape: _Shape, parameters: dict[str, Any], cursor: Any) -> _Way:
    if shape.ids:
        return _Way.OF_OBJECTS
    cursor.execute(_how_many(connection.vendor, has_ceiling=shape.has_ceiling), parameters)
    (count,) = cursor.fetchone()
    return _Way.IN_ORDER if count > FEW else _Way.BY_SEATS


@lru_cache(maxsize=4)
def _how_many(vendor: str, *, has_ceiling: bool) -> str:
    """How much there is to read from his seats, counted no further than it matters."""
    join, index = "JOIN", ""
    if vendor == "sqlite":
        join, index = "CROSS JOIN", "INDEXED BY publication_to_an_audience"
    labelled = f" {join} audiences_audience a ON {_LOW_AUDIENCE}" if has_ceiling else ""
    return (
        f"SELECT COUNT(*) FROM (SELECT 1 FROM audiences_seat s{labelled}"
        f" {join} objects_publication p {index} ON p.audience_id = s.audience_id"
        " AND p.added_at > %(after)s AND p.added_at >= s.since"
        " WHERE s.organisation_id = %(organisation)s LIMIT %(few)s) counted"
    )


# What a reader with a ceiling meets.
_LOW_AUDIENCE = "a.id = s.audience_id AND a.tlp <= %(ceiling)s"


class _Shape(NamedTuple):
    """All of a selection that its statement depends on; the rest are parameters."""

    kind: bool
    circle: bool
    ids: int
    types: int
    versions: tuple[str, ...]
    is_limited: bool
    with_bytes: bool
    has_ceiling: bool

    @classmethod
    def of(cls, selection: Selection, reader: Reader, *, with_bytes: bool) -> _Shape:
        versions = tuple(v if isinstance(v, str) else "at" for v in selection.versions)
        return cls(
            selection.kind is not None, selection.circle is not None, len(selection.ids),
            len(selection.types), versions, selection.added_after >= 0, with_bytes,
            reader.has_ceiling,
        )  # fmt: skip


def _parameters(selection: Selection, reader: Reader) -> dict[str, Any]:
    """What the names in a statement stand for."""
    return {
        "organisation": reader.organisation,
        "person": reader.person or 0,
        "ceiling": int(reader.ceiling),
        "kind": selection.kind,
        "circle": selection.circle,
        "after": selection.after,
        "since": selection.added_after,
        **{f"id{number}": each for number, each in enumerate(selection.ids)},
        **{f"type{number}": each for number, each in enumerate(selection.types)},
        **{f"version{number}": each for number, each in enumerate(selection.versions)},
    }


@lru_cache(maxsize=512)
def _statement(shape: _Shape, way: _Way, vendor: str) -> str:
    """The one query: filtered before it is paged."""
    index = f"INDEXED BY {way.value}" if vendor == "sqlite" and way.value else ""
    raw = ", CASE WHEN LENGTH(v.raw) <= %(small)s THEN v.raw END, LENGTH(v.raw), v.id"
    where = " AND ".join(_Query(shape, vendor).conditions(way))
    page = (
        "SELECT p.added_at, p.stix_id, p.modified_us, p.version_id"
        f" FROM objects_publication p {index} WHERE {where} ORDER BY p.added_at LIMIT %(limit)s"
    )
    return (
        f"SELECT p.added_at, p.stix_id, p.modified_us, v.version{raw if shape.with_bytes else ''}"
        f" FROM ({page}) p JOIN objects_version v ON v.id = p.version_id ORDER BY p.added_at"
    )


@dataclass(frozen=True, slots=True)
class _Query:
    """The conditions of one shape, as SQL with named parameters."""

    shape: _Shape
    vendor: str

    def conditions(self, way: _Way) -> Iterator[str]:
        """All that a version has to meet, as `p`."""
        yield "p.added_at > %(after)s"
        if way is _Way.BY_SEATS:
            yield (
                f"p.audience_id IN (SELECT s.audience_id FROM audiences_seat s{self._labelled()}"
                " WHERE s.organisation_id = %(organisation)s)"
            )
        if self.shape.ids:
            yield _one_of("p.stix_id", "id", self.shape.ids)
        if self.shape.types:
            yield _one_of("p.type", "type", self.shape.types)
        yield self._in_place("p")
        yield from self._met_first()
        if self.shape.versions:
            wanted = (self._version(w, number) for number, w in enumerate(self.shape.versions))
            yield f"({' OR '.join(f'({each})' for each in wanted)})"

    def _in_place(self, alias: str) -> str:
        """Visible to the reader, and in the collection he asks of."""
        parts = [
            self._exists(
                f"audiences_seat s{self._labelled()}", "s.organisation_id = %(organisation)s",
                f"s.audience_id = {alias}.audience_id", "s.person IN (0, %(person)s)",
                f"s.since <= {alias}.added_at",
            )
        ]  # fmt: skip
        if self.shape.kind:
            parts.append(f"{alias}.kind = %(kind)s")
        if self.shape.circle:
            parts.append(
                self._exists(
                    "audiences_audience_circles c", f"c.audience_id = {alias}.audience_id",
                    "c.circle_id = %(circle)s",
                )
            )  # fmt: skip
        return " AND ".join(parts)

    def _labelled(self) -> str:
        """Of the seats only those in audiences under the reader's ceiling."""
        return f" JOIN audiences_audience a ON {_LOW_AUDIENCE}" if self.shape.has_ceiling else ""

    def _exists(self, table: str, *conditions: str) -> str:
        """PostgreSQL would make a join of it and sort everything for one page: OFFSET forbids."""
        fence = " OFFSET 0" if self.vendor == "postgresql" else ""
        return f"EXISTS (SELECT 1 FROM {table} WHERE {' AND '.join(conditions)}{fence})"

    def _unless(self, alias: str, *conditions: str) -> str:
        """No other visible publication of the same object meets all the conditions."""
        same = f"{alias}.stix_id = p.stix_id"
        seen = self._in_place(alias)
        return f"NOT {self._exists(f'objects_publication {alias}', same, *conditions, seen)}"

    def _met_first(self) -> Iterator[str]:
        """The first copy of its version, by the author of the object's first version.

        Another author's copy counts only where it came before all that this author showed: what
        somebody else publishes later under the same id must not silence the author either. Each
        condition is a range of the index, or an object of many versions costs their square.
        """
        before = "e.added_at < p.added_at"
        authors_own = self._unless("f", "f.lineage = p.lineage", "f.added_at < e.added_at")
        yield self._unless("e", "e.lineage = p.lineage", "e.modified_us = p.modified_us", before)
        yield self._unless("e", "e.lineage < p.lineage", before, authors_own)
        yield self._unless("e", "e.lineage > p.lineage", before, authors_own)

    def _version(self, which: str, number: int) -> str:
        """`last` is the last among those added after the cursor's start, as medallion has it."""
        if which == "last":
            return self._unless("n", "n.modified_us > p.modified_us", *self._added("n"))
        if which == "first":
            return self._unless("n", "n.modified_us < p.modified_us", *self._added("n"))
        at = f"%(version{number})s"
        return f"p.modified_us = {at} OR (p.modified_us = 0 AND p.added_at = {at})"

    def _added(self, alias: str) -> Iterator[str]:
        """Met by the reader, for the first time, after the start of the list."""
        yield f"{alias}.lineage = p.lineage AND {alias}.added_at > %(since)s"
        if self.shape.is_limited:
            same = f"k.modified_us = {alias}.modified_us AND k.lineage = p.lineage"
            yield self._unless("k", "k.added_at <= %(since)s", same)


def _one_of(column: str, name: str, count: int) -> str:
    return f"{column} IN ({', '.join(f'%({name}{number})s' for number in range(count))})"
