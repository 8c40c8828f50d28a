"""What became of what was handed in, object by object."""

from __future__ import annotations

from dataclasses import dataclass, replace

ADDED = "Added."
ALREADY = "Object already added"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One object's fate: its id and version as received, and words for its sender."""

    id: str
    version: str
    message: str

    def saying(self, message: str) -> Outcome:
        """The same object with these words."""
        return replace(self, message=message)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a bundle. `contributions` are the uuids of those it made or renewed."""

    successes: tuple[Outcome, ...] = ()
    failures: tuple[Outcome, ...] = ()
    contributions: tuple[str, ...] = ()

    def __add__(self, other: Receipt) -> Receipt:
        """Both together, each contribution once."""
        return Receipt(
            self.successes + other.successes,
            self.failures + other.failures,
            tuple(dict.fromkeys(self.contributions + other.contributions)),
        )
