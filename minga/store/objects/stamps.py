"""The one clock by which readers meet things. Stamps are given in the order of commits.

Whoever takes a stamp holds the clock's row until his transaction ends, so on PostgreSQL too who
stamps later commits later, and what carries an earlier stamp is there for everybody to see. SQLite
has one writer at a time anyway. Other locks (`store.locks`) come before this one, never after.
"""

from __future__ import annotations

from collections.abc import Collection

from minga.store import world
from minga.store.objects.models import PublicationClock

MILLISECOND_US = 1_000


def hold() -> int:
    """Wait until every stamp given is committed, let nobody stamp until we end; the last stamp."""
    clock, _ = PublicationClock.objects.select_for_update().get_or_create(id=1)
    return clock.last_us


def take(count: int, *, ends: Collection[int] = ()) -> list[int]:
    """That many stamps, strictly increasing whatever the clock does.

    The last one, and those at the positions in `ends`, are whole milliseconds. Take them last:
    from here to the commit every other writer waits.
    """
    stamp = max(world.now_us(), hold() + 1) - 1
    stamps = []
    for position in range(count):
        stamp += 1
        if position in ends or position == count - 1:
            stamp = end_of_millisecond(stamp)
        stamps.append(stamp)
    PublicationClock.objects.update(last_us=stamp)
    return stamps


def end_of_millisecond(stamp: int) -> int:
    """The first whole millisecond from a stamp on. No later commit stamps anything up to it."""
    return stamp + -stamp % MILLISECOND_US
