"""The journal, as far as the reader may know it.

An organisation reads what its people and keys did, and what others did that concerns it, there
without who at theirs did it and from where. The hub reads everything, and the chain: a number in it
counts what everybody did.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from uuid import UUID

from django.db.models import Q, QuerySet

from minga.core.policy import Reader
from minga.store import world
from minga.store.journal import chain
from minga.store.journal.models import Entry, Link
from minga.store.objects import cursors
from minga.store.people.models import Key, Organisation, Person

AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class JournalFilters:
    """What the journal is narrowed to: an action, part of a name or address, from–until."""

    action: str = ""
    who: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One line as its reader may know it. `values` are those of `journal.chain.values_of`.

    `link` is None but for the hub.
    """

    at: datetime
    values: dict[str, object]
    organisation: str
    person: str
    key: str
    link: Link | None


@dataclass(frozen=True, slots=True)
class JournalPage:
    """Lines, the newest first. `next` is the cursor of the page that follows, or empty."""

    lines: list[Line]
    next: str


def journal_page(
    filters: JournalFilters, *, reader: Reader, limit: int, cursor: str = ""
) -> JournalPage:
    """The next `limit` lines that pass the filters, the newest first.

    Those of the very same instant stay together, so a page may be longer than `limit`. Raises
    Malformed for a cursor that was altered or made for other filters.
    """
    place = f"journal {filters}"
    parts = _readable(filters, reader)
    before = world.from_us(cursors.unseal(cursor, reader=reader, place=place)) if cursor else None
    rows, last = _next(parts, before=before, limit=limit)
    following = cursors.seal(world.to_us(last), reader=reader, place=place) if last else ""
    return JournalPage([_told(each, reader) for each in rows], following)


def journal_lines(filters: JournalFilters, *, reader: Reader) -> Iterator[Line]:
    """Every line that passes the filters, the newest first, in constant memory."""
    parts = _readable(filters, reader)
    rows, last = _next(parts, before=None, limit=AT_ONCE)
    while rows:
        yield from (_told(each, reader) for each in rows)
        if last is None:
            return
        rows, last = _next(parts, before=last, limit=AT_ONCE)


def names_of(subjects: Iterable[str], *, reader: Reader) -> dict[str, str]:
    """What the organisations, people and keys among these subjects are called.

    Everybody here knows the organisations; people and keys are named to their own and to the hub.
    """
    wanted = set(subjects)
    uuids = {known: text for text in wanted if (known := _uuid(text))}
    own = Q() if reader.is_hub else Q(organisation=reader.organisation or 0)
    people = Person.objects.filter(own, uuid__in=uuids).values_list("uuid", "name")
    named = {uuids[uuid]: name for uuid, name in people}
    named.update(Key.objects.filter(own, locator__in=wanted).values_list("locator", "name"))
    organisations = Organisation.objects.filter(uuid__in=uuids).values_list("uuid", "name")
    named.update({uuids[uuid]: name for uuid, name in organisations})
    return named


def _readable(filters: JournalFilters, reader: Reader) -> list[QuerySet[Entry]]:
    """What the reader may read, in parts that each have an index."""
    entries = Entry.objects.select_related("organisation", "concerns", "person", "key")
    entries = entries.filter(_narrowed(filters)).order_by("-at", "-pk")
    names = Q()
    if filters.who:
        who = filters.who
        names = Q(person__name__icontains=who) | Q(person__email__icontains=who)
        names |= Q(key__name__icontains=who)
    if reader.is_hub:
        return [entries.filter(names).select_related("link")]
    own = Organisation.objects.filter(pk=reader.organisation or 0).first()
    if own is None:
        return []
    done = entries.filter(names, organisation=own)
    suffered = entries.filter(concerns=own)
    return [done] if filters.who else [done, suffered]


def _narrowed(filters: JournalFilters) -> Q:
    found = Q()
    if filters.action:
        found &= Q(action=filters.action)
    if filters.since:
        found &= Q(at__gte=filters.since)
    if filters.until:
        found &= Q(at__lt=filters.until)
    return found


def _next(
    parts: Sequence[QuerySet[Entry]], *, before: datetime | None, limit: int
) -> tuple[list[Entry], datetime | None]:
    """The next rows of all parts together, and the instant of the last when more follow."""
    rest = [part.filter(at__lt=before) if before else part for part in parts]
    rows = list(islice(_merged([part[: limit + 1] for part in rest]), limit + 1))
    if len(rows) <= limit:
        return rows, None
    last = rows[limit - 1].at
    together = _merged([part.filter(at=last) for part in rest])
    rows = [*(row for row in rows if row.at > last), *together]
    more = any(part.filter(at__lt=last).exists() for part in rest)
    return rows, last if more else None


def _merged(parts: Iterable[Iterable[Entry]]) -> Iterator[Entry]:
    return heapq.merge(*parts, key=lambda each: (each.at, each.pk), reverse=True)


def _told(entry: Entry, reader: Reader) -> Line:
    values = chain.values_of(entry)
    link = getattr(entry, "link", None) if reader.is_hub else None
    person, key = entry.person, entry.key
    if not (reader.is_hub or entry.organisation_id == reader.organisation):
        values |= {"person": None, "key": None, "door": "", "source": ""}
        person = key = None
    return Line(
        at=entry.at, values=values, organisation=entry.organisation.name,
        person=person.name if person else "", key=key.name if key else "", link=link,
    )  # fmt: skip


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text.rpartition("--")[2])
    except ValueError:
        return None
