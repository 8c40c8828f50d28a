"""Which rows a request changed, and whose they are."""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Callable, Container, Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias

from django.apps import apps
from django.db import connection, models

from minga.store.people.models import Organisation
from tests.security.doors.asking import undone

Row: TypeAlias = tuple[str, Any]
"""A table and a primary key."""
WRITING = re.compile(
    r'\b(?:insert(?:\s+or\s+\w+)?\s+into|replace\s+into|update|delete\s+from)\s+"?(\w+)',
    re.IGNORECASE,
)
UNTOLD = {"objects_publicationclock", "audiences_seat", "people_tries"}
"""Tables that are nobody's: the clock of publications, counts of tries, and who reads which
audience, which follows from the others. Work for later is Django's."""
USE = {
    "people_key.last_used_at", "people_person.last_login", "people_session.seen_at",
    "people_session.session_data", "people_session.expire_date",
}  # fmt: skip
"""Columns that say when somebody was last here."""
OWNERS = ("circle", "organisation", "producer", "said_by", "seen_by", "steward", "person",
          "contribution", "entry")  # fmt: skip
"""What leads from a row to its organisation; a seat in a circle is its steward's to give."""


@contextmanager
def written() -> Iterator[set[str]]:
    """The tables that statements name to write to, as they are executed.

    No trigger and no foreign key of ours writes to another table by itself.
    """
    seen: set[str] = set()

    def note(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        seen.update(WRITING.findall(sql))
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        yield seen


def changed_by(
    act: Callable[[], Any],
    before: dict[Row, tuple],
    *,
    concerns: Callable[[Any], bool] = lambda _: True,
) -> tuple[Any, set[Row]]:
    """What an act returned, and which rows it changed, added or took away; all is undone after.

    Tables that no statement wrote to are as they were. Nothing is compared when the answer concerns
    nobody.
    """
    with undone(), written() as tables:
        made = act()
        touched = set(tables) if concerns(made) else set()
        after = everything(touched)
    rows = {row for row in before if row[0] in touched} | after.keys()
    return made, {row for row in rows if before.get(row) != after.get(row)}


def everything(tables: Container[str] | None = None) -> dict[Row, tuple]:
    """Every row that is somebody's, but for what says when it was last used; or of these tables."""
    return {
        (model._meta.db_table, pk): values
        for model in _models()
        if tables is None or model._meta.db_table in tables
        for pk, *values in model.objects.values_list("pk", *_columns(model))
    }


@functools.cache
def _models() -> list[type[models.Model]]:
    found = apps.get_models(include_auto_created=True)
    ours = [each for each in found if each.__module__.startswith("minga.")]
    return [each for each in ours if each._meta.db_table not in UNTOLD]


@functools.cache
def _columns(model: type[models.Model]) -> tuple[str, ...]:
    table = model._meta.db_table
    return tuple(
        field.attname
        for field in model._meta.concrete_fields
        if f"{table}.{field.column}" not in USE
        and not isinstance(field, models.CompositePrimaryKey)
    )


def owner_of(row: Row) -> str | None:
    """The short name of the organisation whose row this is; None when it is nobody's."""
    table, pk = row
    model = next(each for each in _models() if each._meta.db_table == table)
    found: Any = model.objects.filter(pk=pk).first()
    while found is not None and not isinstance(found, Organisation):
        names = [name for name in OWNERS if hasattr(type(found), name)]
        found = next((getattr(found, name) for name in names), None)
    return found.slug if found else None


def others_rows(changed: set[Row], before: dict[Row, tuple], *, than: str) -> list[str]:
    """Those of the changed rows that stood before and belong to somebody else."""
    return sorted(
        f"{row[0]} of {owner}"
        for row in changed & before.keys()
        if (owner := owner_of(row)) not in {than, None}
    )


def as_values(rows: dict[Row, tuple], before: dict[Row, tuple]) -> Counter[tuple]:
    """What rows say, without their own keys, and with `new` where they point to a new row.

    The same act done twice, each time undone, says the same.
    """

    def told(table: str, values: tuple) -> tuple:
        model = next(each for each in _models() if each._meta.db_table == table)
        fields = [model._meta.get_field(name) for name in _columns(model)]
        return tuple(
            "new" if _points_to_new(field, value, before) else _told(field, value)
            for field, value in zip(fields, values, strict=True)
            if not field.primary_key
        )

    return Counter((table, *told(table, values)) for (table, _), values in rows.items())


def _points_to_new(field: Any, value: Any, before: dict[Row, tuple]) -> bool:
    if not field.is_relation or value is None:
        return False
    return (field.related_model._meta.db_table, value) not in before


def _told(field: models.Field[Any, Any], value: Any) -> str:
    """A value in words; of a password only how it is kept, because its salt is never the same."""
    return value.partition("$")[0][:1] if field.name == "password" else repr(value)
