"""Who may enter at an address. A view that does not say so answers nobody.

The middleware `Doors` asks before every view; `tests/architecture` walks the table of addresses.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeAlias, TypeVar

from django.http import HttpResponse

View = TypeVar("View", bound=Callable[..., Any])
Broken: TypeAlias = Callable[[str], HttpResponse]


class Entrance(StrEnum):
    """Who may pass a door; what he may see behind it, the rule of reading decides."""

    ANYONE = "anyone"
    ARRIVING = "arriving"
    MEMBERS = "members"
    HUB = "hub"
    KEYS = "keys"


class Fresh(StrEnum):
    """When a page asks whoever is signed in to show again who he is."""

    NEVER = ""
    TO_CHANGE = "to change"
    ALWAYS = "always"


def open_to(
    entrance: Entrance,
    *,
    fresh: bool = False,
    fresh_to_change: bool = False,
    broken: Broken | None = None,
) -> Callable[[View], View]:
    """Declare who may enter at a view.

    `ANYONE` needs no sign-in. `ARRIVING` are people who showed a first factor and owe the second.
    `MEMBERS` are signed-in people of any organisation, `HUB` those of the hub. `KEYS` are doors of
    machines, which ask for a credential in their own protocol, and say in it too that something
    broke: `broken` makes that answer from the request's id.

    `fresh`: whoever enters, by GET or POST, showed within 15 minutes who he is, or is asked to;
    what he typed comes along, but for passwords and files (see `web.fresh`). `fresh_to_change` is
    for pages that everybody reads: only a POST asks. Keys have nothing to show; doors of machines
    ask people by `fresh.require` instead.
    """
    asks = Fresh.ALWAYS if fresh else Fresh.TO_CHANGE if fresh_to_change else Fresh.NEVER

    def declare(view: View) -> View:
        view.entrance = entrance  # type: ignore[attr-defined] # a mark on the function itself
        view.fresh = asks  # type: ignore[attr-defined] # another
        view.broken = broken  # type: ignore[attr-defined] # another
        return view

    return declare


def entrance_of(view: Callable[..., Any]) -> Entrance | None:
    """Who may enter at this view, or None when nobody said."""
    return getattr(view, "entrance", None)


def freshness_of(view: Callable[..., Any]) -> Fresh:
    """When this view asks for a proof younger than 15 minutes."""
    return getattr(view, "fresh", Fresh.NEVER)


def broken_of(view: Callable[..., Any]) -> Broken | None:
    """How this view's door says that something broke, or None when it leaves that to a page."""
    return getattr(view, "broken", None)
