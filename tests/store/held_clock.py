"""A clock that stands until the test moves it, forwards or backwards."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from minga.store.world import World


class HeldClock(World):
    """The real randomness under a clock of the test's own."""

    def __init__(self) -> None:
        self.instant = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.instant

    def move(self, **by: float) -> None:
        """Move by so many hours, seconds, microseconds…; below zero is backwards."""
        self.instant += timedelta(**by)
