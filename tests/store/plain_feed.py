"""What `store.objects.reading` must answer, in plain Python over plain rows.

Written apart from the query and as simply as can be: it walks all publications in order and says
for each whether the reader meets it. The tests compare the two.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from minga.core.policy import Reader
from minga.store.objects.reading import Selection


@dataclass(frozen=True)
class Shown:
    """A publication, with the circles that its audience names and its audience's label."""

    added_at: int
    audience: int
    kind: int
    stix_id: str
    modified_us: int
    lineage: int
    circles: frozenset[int] = frozenset()
    label: int = 0

    @property
    def type(self) -> str:
        return self.stix_id.partition("--")[0]


@dataclass(frozen=True)
class Seated:
    """A seat: `person` is 0 for the whole organisation."""

    organisation: int
    audience: int
    person: int
    since: int


def met(
    shown: Iterable[Shown], seats: Sequence[Seated], reader: Reader, selection: Selection
) -> Iterator[Shown]:
    """What the reader meets in a collection, in order: each version of the first author once."""
    author: dict[str, int] = {}
    known: set[tuple[str, int]] = set()
    for each in sorted(shown, key=lambda each: each.added_at):
        if not _sees(each, seats, reader) or not _is_in(each, selection):
            continue
        version = (each.stix_id, each.modified_us)
        if author.setdefault(each.stix_id, each.lineage) == each.lineage and version not in known:
            known.add(version)
            yield each


def page(
    shown: Iterable[Shown],
    seats: Sequence[Seated],
    reader: Reader,
    selection: Selection,
    limit: int,
) -> tuple[list[Shown], bool]:
    """The page that `read_page` must give, and whether more follow."""
    added = [e for e in met(shown, seats, reader, selection) if e.added_at > selection.added_after]
    rest = [
        each
        for each in added
        if each.added_at > selection.after
        and (not selection.ids or each.stix_id in selection.ids)
        and (not selection.types or each.type in selection.types)
        and (not selection.versions or _is_wanted(each, added, selection))
    ]
    return rest[:limit], len(rest) > limit


def _sees(each: Shown, seats: Sequence[Seated], reader: Reader) -> bool:
    return each.label <= reader.ceiling and any(
        seat.organisation == reader.organisation
        and seat.person in {0, reader.person}
        and seat.audience == each.audience
        and seat.since <= each.added_at
        for seat in seats
    )


def _is_in(each: Shown, selection: Selection) -> bool:
    if selection.kind is not None and each.kind != selection.kind:
        return False
    return selection.circle is None or selection.circle in each.circles


def _is_wanted(each: Shown, added: Sequence[Shown], selection: Selection) -> bool:
    siblings = [other.modified_us for other in added if other.stix_id == each.stix_id]
    wanted = {"first": min(siblings), "last": max(siblings)}
    instant = each.modified_us or each.added_at  # an observable is as old as its addition
    return any(
        instant == which or each.modified_us == wanted.get(str(which))
        for which in selection.versions
    )
