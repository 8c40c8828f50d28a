"""Timestamps as TAXII writes them: always six digits, so that text and instant sort alike."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from minga.core.stix.forms import TIMESTAMP, microseconds
from minga.store import world

MICROSECONDS = 1_000_000


def text_of(instant_us: int) -> str:
    """Microseconds since 1970 as `YYYY-MM-DDTHH:MM:SS.ffffffZ`."""
    seconds, rest = divmod(instant_us, MICROSECONDS)
    return f"{_second(seconds)}.{rest:06d}Z"


def text_of_instant(instant: datetime) -> str:
    """An aware instant in the same form."""
    return text_of(world.to_us(instant))


def read(text: str) -> int | None:
    """Microseconds since 1970 of a timestamp with 0 to 9 fractional digits, or None.

    Finer digits are cut off: what was added is stamped in whole microseconds.
    """
    return microseconds(text) if TIMESTAMP.holds(text) else None


@lru_cache(maxsize=1024)
def _second(seconds: int) -> str:
    """Objects come in batches, so most of a page shares its second."""
    return world.from_us(seconds * MICROSECONDS).isoformat()[:19]
