"""Where the frame leads. An entry shows when its address is there: a closed room has no door.

Pages of features are named here by address only; this room knows no feature.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from minga.store.people.actors import Power


@dataclass(frozen=True, slots=True)
class Entry:
    """A place in the rail: its words, its icon, the name of its address and the key after G.

    `within` names the lists that are part of it though their addresses begin otherwise.
    """

    words: str | Promise
    icon: str
    name: str
    key: str
    needs: Power | None = None
    within: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """An entry that can be gone to, and whether the reader is there."""

    words: str | Promise
    icon: str
    path: str
    key: str
    is_here: bool


ENTRIES = (
    Entry(_("Alerts"), "alert", "alerts", "a"),
    Entry(_("Look up"), "search", "lookup", "c"),
    Entry(_("Share"), "share", "share", "n", needs=Power.SHARE),
    Entry(_("Agreement"), "agreement", "agreement", "v", within=("ceremonies", "keys")),
    Entry(
        _("Members"), "members", "members", "m",
        within=("circles", "people", "organisation", "departures"),
    ),
)  # fmt: skip


def places(path: str, powers: frozenset[Power]) -> list[Place]:
    """The entries open to somebody with these powers who reads the page at `path`."""
    found = []
    for entry in ENTRIES:
        target = address(entry.name)
        if target and (entry.needs is None or entry.needs in powers):
            is_here = any(_is_under(name, path) for name in (entry.name, *entry.within))
            found.append(Place(entry.words, entry.icon, target, entry.key, is_here))
    return found


def _is_under(name: str, path: str) -> bool:
    """Whether a page is the one of this name, or below it when that is a list."""
    target = address(name)
    return path == target or (target.endswith("/") and path.startswith(target))


def address(name: str) -> str:
    """The path of a page by its name, or nothing when no feature brings it."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
