"""The two things the program takes from outside: the time and chance.

Everything asks here, so that a test can hold the clock and two runs can be compared byte by byte.
"""

from __future__ import annotations

import secrets
import uuid
from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class World:
    """The real clock and the system's randomness."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        return datetime.now(UTC)

    def random_bytes(self, count: int) -> bytes:
        """`count` unpredictable bytes."""
        return secrets.token_bytes(count)


class _Present:
    world = World()


def replace(world: World) -> World:
    """Put another world in place and return the one before it; tests put that back."""
    before, _Present.world = _Present.world, world
    return before


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return _Present.world.now()


def now_us() -> int:
    """The present instant as whole microseconds since 1970."""
    return to_us(now())


def to_us(instant: datetime) -> int:
    """An aware instant as whole microseconds since 1970."""
    return (instant - EPOCH) // timedelta(microseconds=1)


LAST_US = to_us(datetime.max.replace(tzinfo=UTC))


def from_us(microseconds: int) -> datetime:
    """Whole microseconds since 1970 as an aware instant in UTC.

    STIX can name a leap second after the end of the year 9999; it counts as that end.
    """
    return EPOCH + timedelta(microseconds=min(microseconds, LAST_US))


def stix_time(instant: datetime) -> str:
    """An aware instant as STIX writes it, with the milliseconds it recommends."""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def random_bytes(count: int) -> bytes:
    """`count` unpredictable bytes."""
    return _Present.world.random_bytes(count)


def random_uuid() -> uuid.UUID:
    """A version 4 UUID. Identifiers that leave the hub are random: none counts anything."""
    return uuid.UUID(bytes=random_bytes(16), version=4)
