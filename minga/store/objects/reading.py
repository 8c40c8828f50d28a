"""The pages in which readers meet what was shared: one query, filtered before it is paged.

This is the SQL twin of `core.policy.may_read` for the ordered feed. A reader meets each version
once: the first publication he may see. What another author published later under an id that he
already knows is not shown to him, so nobody can speak over somebody else's object, or silence it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
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
    query = _Query(selection, reader)
    small = min(AT_ONCE_BYTES, MOST_BYTES // limit)
    raw = f", CASE WHEN LENGTH(v.raw) <= {small} THEN v.raw END, LENGTH(v.raw), v.id"
    with connection.cursor() as cursor:
        index, narrowed = _way(query, cursor)
        where = _Part.all_of((*narrowed, query.where))
        cursor.execute(
            f"SELECT p.added_at, p.stix_id, p.modified_us, v.version{raw if with_bytes else ''}"
            f" FROM objects_publication p {index}"
            f" JOIN objects_version v ON v.id = p.version_id"
            f" WHERE {where.sql} ORDER BY p.added_at LIMIT %s",
            [*where.parameters, limit + 1],
        )
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


def _way(query: _Query, cursor: Any) -> tuple[str, tuple[_Part, ...]]:
    """Which index SQLite shall walk, and what leads into it; PostgreSQL goes by its statistics."""
    if connection.vendor != "sqlite":
        return "", ()
    if query.selection.ids:
        return "INDEXED BY publication_of_an_object", ()
    organisation, after = query.sight.reader.organisation, query.selection.after
    cursor.execute(
        "SELECT COUNT(*) FROM (SELECT 1 FROM audiences_seat s CROSS JOIN objects_publication p"
        " INDEXED BY publication_to_an_audience"
        " ON p.audience_id = s.audience_id AND p.added_at > MAX(%s, s.since - 1)"
        " WHERE s.organisation_id = %s LIMIT %s)",
        [after, organisation, FEW + 1],
    )
    (count,) = cursor.fetchone()
    if count > FEW:
        return "", ()
    seated = "p.audience_id IN (SELECT audience_id FROM audiences_seat WHERE organisation_id = %s)"
    return "INDEXED BY publication_to_an_audience", (_Part(seated, (organisation,)),)


@dataclass(frozen=True, slots=True)
class _Part:
    """A condition in SQL and its parameters."""

    sql: str
    parameters: tuple[Any, ...] = ()

    @classmethod
    def all_of(cls, parts: Iterable[_Part]) -> _Part:
        kept = tuple(parts)
        return cls(
            " AND ".join(part.sql for part in kept),
            tuple(parameter for part in kept for parameter in part.parameters),
        )


@dataclass(frozen=True, slots=True)
class _Sight:
    """What a reader may see, for a publication under any alias."""

    reader: Reader

    def of(self, alias: str) -> _Part:
        people = (0,) if self.reader.person is None else (0, self.reader.person)
        marks = ", ".join(["%s"] * len(people))
        return _Part(
            "EXISTS (SELECT 1 FROM audiences_seat s WHERE s.organisation_id = %s"
            f" AND s.audience_id = {alias}.audience_id AND s.person IN ({marks})"
            f" AND s.since <= {alias}.added_at)",
            (self.reader.organisation, *people),
        )


class _Query:
    """The whole condition for one selection of one reader."""

    def __init__(self, selection: Selection, reader: Reader) -> None:
        self.selection = selection
        self.sight = _Sight(reader)
        self.where = _Part.all_of(self._conditions())

    def _conditions(self) -> Iterable[_Part]:
        selection = self.selection
        yield _Part("p.added_at > %s", (selection.after,))
        if selection.ids:
            yield _one_of("p.stix_id", selection.ids)
        if selection.types:
            yield _one_of("p.type", selection.types)
        yield self._in_place("p")
        yield self._met_first()
        if selection.versions:
            wanted = tuple(self._version(which) for which in selection.versions)
            either = " OR ".join(f"({part.sql})" for part in wanted)
            yield _Part(f"({either})", tuple(v for part in wanted for v in part.parameters))

    def _in_place(self, alias: str) -> _Part:
        """Visible to the reader, and in the collection he asks of."""
        parts = [self.sight.of(alias)]
        if self.selection.kind is not None:
            parts.append(_Part(f"{alias}.kind = %s", (self.selection.kind,)))
        if self.selection.circle is not None:
            parts.append(
                _Part(
                    "EXISTS (SELECT 1 FROM audiences_audience_circles c"
                    f" WHERE c.audience_id = {alias}.audience_id AND c.circle_id = %s)",
                    (self.selection.circle,),
                )
            )
        return _Part.all_of(parts)

    def _unless(self, alias: str, *conditions: _Part) -> _Part:
        """No other visible publication of the same object meets all the conditions."""
        whole = _Part.all_of((*conditions, self._in_place(alias)))
        return _Part(
            f"NOT EXISTS (SELECT 1 FROM objects_publication {alias}"
            f" WHERE {alias}.stix_id = p.stix_id AND {whole.sql})",
            whole.parameters,
        )

    def _met_first(self) -> _Part:
        """The first copy of its version, by the author of the object's first version.

        Another author's copy counts only where it came before all that this author showed: what
        somebody else publishes later under the same id must not silence the author either.
        """
        before = _Part("e.added_at < p.added_at")
        authors_own = self._unless("f", _Part("f.lineage = p.lineage AND f.added_at < e.added_at"))
        same = _Part("e.lineage = p.lineage AND e.modified_us = p.modified_us")
        # Each a range of the index, or an object of many versions costs their square.
        earlier_author, later_author = (_Part(f"e.lineage {way} p.lineage") for way in "<>")
        return _Part.all_of(
            (
                self._unless("e", same, before),
                self._unless("e", earlier_author, before, authors_own),
                self._unless("e", later_author, before, authors_own),
            )
        )

    def _version(self, which: Which) -> _Part:
        """`last` is the last among those added after the cursor's start, as medallion has it."""
        if which == "last":
            return self._unless("n", _Part("n.modified_us > p.modified_us"), *self._added("n"))
        if which == "first":
            return self._unless("n", _Part("n.modified_us < p.modified_us"), *self._added("n"))
        return _Part(
            "p.modified_us = %s OR (p.modified_us = 0 AND p.added_at = %s)", (which, which)
        )

    def _added(self, alias: str) -> Iterable[_Part]:
        """Met by the reader, for the first time, after the start of the list."""
        since = self.selection.added_after
        yield _Part(f"{alias}.lineage = p.lineage AND {alias}.added_at > %s", (since,))
        if since >= 0:
            same = f"k.modified_us = {alias}.modified_us AND k.lineage = p.lineage"
            yield self._unless("k", _Part(f"k.added_at <= %s AND {same}", (since,)))


def _one_of(column: str, values: tuple[str, ...]) -> _Part:
    marks = ", ".join(["%s"] * len(values))
    return _Part(f"{column} IN ({marks})", values)
