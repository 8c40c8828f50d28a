"""A world whose clock is set and whose chance is repeatable."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from minga.store import world
from minga.store.world import World

TICK = timedelta(milliseconds=1)


class SeededWorld(World):
    """Time stands where the story is; chance comes from the seed and the scene.

    Each scene draws from a source of its own, so that a line added to one leaves the identifiers
    of all others as they were.
    """

    def __init__(self, seed: int, *, begins_at: datetime) -> None:
        self._seed = seed
        self._now = begins_at
        self._chance = chance(seed, "prologue")
        self._is_unpredictable = False

    def now(self) -> datetime:
        """When the scene plays."""
        return self._now

    def random_bytes(self, count: int) -> bytes:
        """The next bytes of the scene."""
        if self._is_unpredictable:
            return super().random_bytes(count)
        return self._chance.randbytes(count)

    def turn(self, *, to: datetime, scene: str) -> None:
        """Go on to the next scene. The clock never goes back, and never stands still."""
        self._now = max(to, self._now + TICK)
        self._chance = chance(self._seed, scene)

    @contextmanager
    def unpredictable(self) -> Iterator[None]:
        """Real chance for a while: for secrets, which a reader of this code must not know."""
        self._is_unpredictable = True
        try:
            yield
        finally:
            self._is_unpredictable = False


@contextmanager
def seeded_world(seed: int, *, begins_at: datetime) -> Iterator[SeededWorld]:
    """Put a seeded world in place of the real one, for the whole process, and take it away."""
    placed = SeededWorld(seed, begins_at=begins_at)
    before = world.replace(placed)
    try:
        yield placed
    finally:
        world.replace(before)


def chance(seed: int, purpose: str) -> random.Random:
    """A source of chance that is the same for the same seed and purpose."""
    return random.Random(f"{seed} {purpose}")  # noqa: S311 - an invented story needs no secrecy
