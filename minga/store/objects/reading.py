"""The pages in which readers meet what was shared: one query, filtered before it is paged.

This is the SQL twin of `core.policy.may_read` for the ordered feed. A reader meets each version
once: the first publication he may see. What another author published later under an id that he
already knows is not shown to him, so nobody can speak over somebody else's object.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from django.db import connection

from minga.core.policy import Reader

Which: TypeAlias = Literal["first", "last"] | int
# A reader with no more than this to read is served from his seats instead of the whole order:
# sorting that many takes milliseconds, walking past everybody else's things may take a second.
FEW = 5_000


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


@dataclass(frozen=True, slots=True)
class Row:
    """One version as a reader meets it; `raw` is empty unless it was asked for."""

    added_at: int
    stix_id: str
    modified_us: int
    version: str
    raw: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Page:
    """Rows in the order of `added_at`, and whether more follow."""

    rows: list[Row]
    more: bool


def read_page(selection: Selection, *, reader: Reader, limit: int, with_bytes: bool = True) -> Page:
    """The next `limit` versions that this reader may see, oldest publication first."""
    query = _Query(selection, reader)
    raw = "v.raw" if with_bytes else "NULL"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT p.added_at, p.stix_id, p.modified_us, v.version, {raw}"
            f" FROM objects_publication p {_index(selection, reader, cursor)}"
            f" JOIN objects_version v ON v.id = p.version_id"
            f" WHERE {query.where} ORDER BY p.added_at LIMIT %s",
            [*query.parameters, limit + 1],
        )
        found = cursor.fetchall()
    rows = [Row(a, i, m, v, bytes(b) if b is not None else b"") for a, i, m, v, b in found[:limit]]
    return Page(rows, more=len(found) > limit)


def _index(selection: Selection, reader: Reader, cursor: Any) -> str:
    """Which index SQLite shall walk; PostgreSQL finds it by its statistics."""
    if connection.vendor != "sqlite":
        return ""
    if selection.ids:
        return "INDEXED BY publication_of_an_object"
    visible = _Sight(reader).of("p")
    cursor.execute(
        "SELECT COUNT(*) FROM (SELECT 1 FROM objects_publication p"
        " INDEXED BY publication_to_an_audience"
        " WHERE p.audience_id IN (SELECT audience_id FROM audiences_seat"
        f" WHERE organisation_id = %s) AND p.added_at > %s AND {visible.sql} LIMIT %s)",
        [reader.organisation, selection.after, *visible.parameters, FEW + 1],
    )
    (count,) = cursor.fetchone()
    return "INDEXED BY publication_to_an_audience" if count <= FEW else ""


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
        whole = _Part.all_of(self._conditions())
        self.where, self.parameters = whole.sql, whole.parameters

    def _conditions(self) -> Iterable[_Part]:
        selection = self.selection
        yield _Part("p.added_at > %s", (selection.after,))
        if selection.ids:
            yield _one_of("p.stix_id", selection.ids)
        if selection.types:
            yield _one_of("p.type", selection.types)
        yield self._in_place("p")
        yield self._unless(
            "e",
            "e.added_at < p.added_at AND (e.modified_us = p.modified_us OR e.lineage <> p.lineage)",
        )
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

    def _unless(self, alias: str, condition: str, *parameters: Any) -> _Part:
        """No other visible publication of the same object meets the condition."""
        place = self._in_place(alias)
        return _Part(
            f"NOT EXISTS (SELECT 1 FROM objects_publication {alias}"
            f" WHERE {alias}.stix_id = p.stix_id AND {condition} AND {place.sql})",
            (*parameters, *place.parameters),
        )

    def _version(self, which: Which) -> _Part:
        """`last` is the last among those added after the cursor's start, as medallion has it."""
        since = self.selection.added_after
        if which == "last":
            newer = "n.modified_us > p.modified_us AND n.lineage = p.lineage AND n.added_at > %s"
            return self._unless("n", newer, since)
        if which == "first":
            older = "o.modified_us < p.modified_us AND o.lineage = p.lineage AND o.added_at > %s"
            return self._unless("o", older, since)
        return _Part(
            "p.modified_us = %s OR (p.modified_us = 0 AND p.added_at = %s)", (which, which)
        )


def _one_of(column: str, values: tuple[str, ...]) -> _Part:
    marks = ", ".join(["%s"] * len(values))
    return _Part(f"{column} IN ({marks})", values)
