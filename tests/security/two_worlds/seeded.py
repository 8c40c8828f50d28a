"""A world without chance: the clock ticks when the test says, randomness follows from the step."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

from minga.store.world import World

BEGINNING = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


class SeededWorld(World):
    """The same step has the same instant and the same random bytes in both worlds."""

    def __init__(self) -> None:
        self.at_step("set-up", 0)

    def at_step(self, name: str, number: int) -> None:
        """Begin a step: the clock moves on by ten seconds, the random stream is the step's own."""
        self.instant = BEGINNING + timedelta(seconds=10 * number)
        self.stream, self.drawn = f"{name} {number}", 0

    def at_probe(self, number: int) -> None:
        """Begin a probe at the instant of the step it follows: probes take no time."""
        self.instant = BEGINNING + timedelta(seconds=10 * (number // 100))
        self.stream, self.drawn = f"probe {number}", 0

    def now(self) -> datetime:
        return self.instant

    def random_bytes(self, count: int) -> bytes:
        self.drawn += 1
        return hashlib.shake_128(f"{self.stream} {self.drawn}".encode()).digest(count)
