"""What a parsed pattern is made of."""

from __future__ import annotations

from dataclasses import dataclass, field

from minga.core.stix.patterns.tokens import Token

Step = str | int | None
"""A key, an index, or None for `[*]`, every element of a list."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """`type:steps operator literals`, such as `file:hashes.MD5 = '…'`.

    `operator` is a sign as written or a keyword; `literals` is one token, but for IN any number,
    and none for EXISTS.
    """

    type: str
    steps: tuple[Step, ...]
    operator: str
    negated: bool
    literals: tuple[Token, ...]


@dataclass(slots=True)
class Observation:
    """What stands between one pair of square brackets: comparisons about one observation."""

    comparisons: list[Comparison] = field(default_factory=list)
    has_or: bool = False
