"""What is wrong with an object, where, and what would have been right."""

from __future__ import annotations

from dataclasses import dataclass

MAX_FAULTS = 50
"""Faults listed for one object; one that has more is told of the first ones."""

MAX_QUOTE = 80
"""Characters of the received value that a fault repeats."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One rule that one property breaks.

    `place` is the path from the document's top, such as `objects[41].pattern`; `found` and
    `expected` are words that finish the sentence below.
    """

    place: str
    found: str
    expected: str

    def __str__(self) -> str:
        return f"{self.place}: found {self.found}; expected {self.expected}."


@dataclass(frozen=True, slots=True)
class Refused:
    """An object that breaks the standard or a limit, with everything that is wrong with it.

    `id`, `type` and `version` (the text of `modified`, else of `created`) are what could be
    read, and empty otherwise.
    """

    place: str
    id: str
    type: str
    version: str
    faults: tuple[Fault, ...]

    @property
    def message(self) -> str:
        return " ".join(str(fault) for fault in self.faults)


def quote(value: object) -> str:
    """The received value as a fault repeats it: short, on one line, without control characters."""
    text = repr(value) if isinstance(value, str) else _outline(value)
    return text if len(text) <= MAX_QUOTE else f"{text[: MAX_QUOTE - 1]}…"


def _outline(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return f"an object of {len(value)} properties" if value else "an empty object"
    if isinstance(value, (list, tuple)):
        return f"a list of {len(value)}" if value else "an empty list"
    return repr(value)


def shown(name: str) -> str:
    """A property name as a place shows it: hostile ones are quoted and cut."""
    return name if len(name) <= MAX_QUOTE and name.isprintable() else quote(name)
