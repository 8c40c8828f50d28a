"""The one clock by which readers meet things. Stamps are given in the order of commits.

Whoever takes a stamp holds the clock's row until his transaction ends, so on PostgreSQL too who
stamps later commits later, and what carries an earlier stamp is there for everybody to see. SQLite
has one writer at a time anyway. Other locks (`store.locks`) come before this one, never after.
"""

from __future__ import annotations

from minga.store import world
from minga.store.objects.models import PublicationClock

MILLISECOND_US = 1_000


def hold() -> int:
    """Wait until every stamp given is committed, let nobody stamp until we end; the last stamp."""
    return PublicationClock.objects.select_for_update().get().last_us


def take(count: int) -> list[int]:
    """That many stamps, strictly increasing whatever the clock does, the last a whole millisecond.

    Take them last: from here to the commit every other writer waits.
    """
    first = max(world.now_us(), hold() + 1)
    last = first + count - 1
    last += -last % MILLISECOND_US
    PublicationClock.objects.update(last_us=last)
    return [*range(first, first + count - 1), last]
