"""How big a document may be before it is refused."""

from __future__ import annotations

from dataclasses import dataclass

MAX_INTEGER = 2**53
"""The largest integer every JSON reader keeps exactly (RFC 8259, section 6)."""

MAX_NUMBER_LENGTH = 64
"""Characters of one number. The longest useful double takes 25; more is an attack or a mistake."""

MIN_DEPTH = 8


@dataclass(frozen=True, slots=True)
class Limits:
    """What one body may hold. Sizes are bytes, string lengths characters.

    `string` holds for names, values and every other property; `text` for the properties that
    carry prose or code (`LONG_TEXT`), so that a YARA rule or a full report still fits.
    A property whose name ends in `_bin` is bounded by the body alone. `depth` counts the brackets
    around the innermost value of one object; the types of the standard need 8.
    """

    body: int = 10_000_000
    objects: int = 10_000
    depth: int = 64
    string: int = 65_536
    text: int = 1_048_576

    def __post_init__(self) -> None:
        if self.depth < MIN_DEPTH:
            raise ValueError(f"depth is {self.depth}; expected {MIN_DEPTH} or more.")


LONG_TEXT = frozenset(
    {
        "abstract",
        "body",
        "command_line",
        "content",
        "decryption_key",
        "definition",
        "description",
        "explanation",
        "objective",
        "pattern",
        "request_value",
        "statement",
        "swid",
    }
)
"""Properties that carry prose, code or a message, at any depth."""
