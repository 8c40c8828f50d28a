"""What an actor may do beyond reading what is addressed to him."""

from __future__ import annotations

from enum import StrEnum


class Power(StrEnum):
    """One thing that an actor may do."""

    SHARE = "share"
    SIGN = "sign"
    ADMINISTER_OWN = "administer-own"
    ADMINISTER_HUB = "administer-hub"


OF_CLAUSES = frozenset({Power.SHARE})
"""Powers that an organisation has by the clauses it signed; the others come with a role alone."""
