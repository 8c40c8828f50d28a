"""Circles by rule: whoever is of a sector, a region or a class sits in them, and nobody else."""

from __future__ import annotations

from dataclasses import dataclass

from minga.core.problems import Invalid
from minga.core.sectors import REGIONS

MOST_SECTORS = 40
LONGEST_SECTOR = 40


@dataclass(frozen=True, slots=True)
class Standing:
    """What a rule looks at. `adheres` is whether a member has signed and has not left."""

    sector: str = ""
    region: str = ""
    is_essential: bool = False
    is_vital: bool = False
    adheres: bool = True


@dataclass(frozen=True, slots=True)
class CircleRule:
    """Who sits in a circle. Every condition that is named must hold; of a list, one of it.

    `is_essential` and `is_vital` ask for that class of Ley 21.663; False asks for nothing.
    """

    sectors: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()
    is_essential: bool = False
    is_vital: bool = False

    def check(self) -> None:
        """Raise Invalid for a rule that names nothing, or what there is not."""
        if self == CircleRule():
            raise Invalid("The rule names nothing; name a sector, a region or a class.")
        unknown = sorted(self.regions - REGIONS.keys())
        if unknown:
            known = ", ".join(REGIONS)
            raise Invalid(f"Region is {unknown[0]!r}; expected one of {known}.", field="regions")
        too_long = [each for each in self.sectors if not 1 <= len(each) <= LONGEST_SECTOR]
        if too_long or len(self.sectors) > MOST_SECTORS:
            raise Invalid(
                f"There are {len(self.sectors)} sectors; expected {MOST_SECTORS} at most, each of "
                f"1 to {LONGEST_SECTOR} characters.",
                field="sectors",
            )

    def admits(self, standing: Standing) -> bool:
        """Whether who stands like this sits in the circle."""
        return (
            standing.adheres
            and (not self.sectors or standing.sector in self.sectors)
            and (not self.regions or standing.region in self.regions)
            and (not self.is_essential or standing.is_essential)
            and (not self.is_vital or standing.is_vital)
        )

    def as_stored(self) -> dict[str, object]:
        """The rule as JSON."""
        return {
            "sectors": sorted(self.sectors), "regions": sorted(self.regions),
            "is_essential": self.is_essential, "is_vital": self.is_vital,
        }  # fmt: skip

    @classmethod
    def read(cls, stored: dict[str, object]) -> CircleRule:
        """The rule that was stored."""
        return cls(
            frozenset(map(str, _list(stored["sectors"]))),
            frozenset(map(str, _list(stored["regions"]))),
            bool(stored["is_essential"]),
            bool(stored["is_vital"]),
        )


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []
