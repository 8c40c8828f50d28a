"""What the bar above a page says about how far it may go."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from minga.core.policy import Tlp
from minga.store.objects.models import Contribution


@dataclass(frozen=True, slots=True)
class Handling:
    """The label of a page; `up_to` when it mixes labels and this is the strictest."""

    tlp: Tlp
    up_to: bool = False

    @classmethod
    def of(cls, contribution: Contribution) -> Handling:
        """The label of one contribution."""
        return cls(Tlp(contribution.audience.tlp))

    @classmethod
    def of_all(cls, labels: Iterable[int]) -> Handling | None:
        """The label of a page that shows several things; none when it shows nothing."""
        found = set(labels)
        return cls(Tlp(max(found)), up_to=len(found) > 1) if found else None
