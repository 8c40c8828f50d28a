"""From where the present change comes: known at the door, wanted in the journal.

The doors set it around everything they do, so that no service has to hand it on.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

CONSOLE, WORKER, PAGE = "console", "worker", "page"
LONGEST_DOOR, LONGEST_ADDRESS = 20, 64


@dataclass(frozen=True, slots=True)
class Origin:
    """A door, and the network address of who came through it; empty where there is none."""

    door: str = ""
    address: str = ""


_NOWHERE = Origin()
_PRESENT: ContextVar[Origin] = ContextVar("origin", default=_NOWHERE)


def present() -> Origin:
    """Where what is being done comes from, as far as it is known."""
    return _PRESENT.get()


@contextmanager
def coming_from(door: str, address: str = "") -> Iterator[None]:
    """Whatever is recorded inside comes through this door; what is too long is cut."""
    token = _PRESENT.set(Origin(door[:LONGEST_DOOR], address[:LONGEST_ADDRESS]))
    try:
        yield
    finally:
        _PRESENT.reset(token)
