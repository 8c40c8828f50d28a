"""Contributions that resemble each other, invented from the sentences of a family.

Each sentence is used once before any is used again, so no two of a family read alike.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from functools import cache

from minga.core import observables
from minga.faces.cli.community import script
from minga.faces.cli.community.company import Company
from minga.faces.cli.community.script import Family, Told
from minga.faces.cli.community.seeded import chance

_SLOT = re.compile(r"\{([a-z]+)(\d*)\}")
_DOCUMENTATION = ("192.0.2", "198.51.100", "203.0.113")
OF_THE_DAY = {"fecha", "dia", "mes", "aa", "anno"}
OFFICE_OPENS, OFFICE_CLOSES = 8, 19


class Bag:
    """Things to be drawn one after the other, and again only when all were."""

    def __init__(self, things: Sequence[str], source: random.Random) -> None:
        self._things = tuple(things)
        self._source = source
        self._left: list[str] = []

    def draw(self) -> str:
        """The next thing."""
        if not self._left:
            self._left = list(self._things)
            self._source.shuffle(self._left)
        return self._left.pop()


def invent(family: Family, company: Company, *, seed: int) -> Iterator[Told]:
    """The contributions of a family, oldest first."""
    source = chance(seed, f"family {family.name}")
    writer = _Writer(family, source)
    authors, labels = Bag(family.by, source), Bag(family.tlp, source)
    for number in range(family.count):
        by = authors.draw()
        writer.begin(number, {"yo": company.parts[company.home_of[by]].name})
        yield Told(
            name=f"{family.name} {number}",
            when=_time(family, number, source),
            by=by,
            kind=family.kind,
            tlp=labels.draw(),  # type: ignore[arg-type] # the bag holds labels only
            to=family.to,
            pap=family.pap,
            door=family.door,
            title=writer.filled(family.title),
            text=writer.filled(writer.shapes.draw()),
            codes=tuple(writer.filled(code) for code in family.codes),
            also=tuple(writer.filled(each) for each in family.also),
            confidence=source.choice(family.confidences) if family.confidences else None,
        )


class _Writer:
    """Fills a family's blanks; within one contribution a blank keeps what it was given."""

    def __init__(self, family: Family, source: random.Random) -> None:
        self.shapes = Bag(family.shapes, source)
        bags = {**family.bags, "ip": _free_addresses()}
        self._bags = {name: Bag(things, source) for name, things in bags.items()}
        self._places = [
            (names, Bag([str(n) for n in range(len(family.bags[names[0]]))], source))
            for names in family.together
        ]
        self._family = family
        self._given: dict[str, str] = {}

    def begin(self, number: int, given: dict[str, str]) -> None:
        """Go on to the contribution of this number."""
        self._given = dict(given)
        for name in self._family.in_order:
            self._given[name] = self._family.bags[name][number]
        for names, places in self._places:
            place = int(places.draw())
            self._given.update({name: self._family.bags[name][place] for name in names})

    def filled(self, text: str) -> str:
        """The text without blanks, but for those of its day and those of hashes."""
        return _SLOT.sub(self._word, text)

    def _word(self, found: re.Match[str]) -> str:
        slot, bag = found[1] + found[2], found[1]
        if bag in OF_THE_DAY:
            return found[0]
        if slot not in self._given:
            self._given[slot] = self._bags[bag].draw()
        return self.filled(self._given[slot])


@cache
def _free_addresses() -> tuple[str, ...]:
    """Addresses for documentation that no story tells of: nothing should match by accident."""
    told = script.every_word()
    taken = {find.observable.value for find in observables.extract(told)}
    every = [f"{net}.{host}" for net in _DOCUMENTATION for host in range(2, 255)]
    return tuple(address for address in every if address not in taken)


def _time(family: Family, number: int, source: random.Random) -> str:
    """When the contribution of this number is told: the days evenly used, in office hours."""
    first, last = int(family.first.rstrip("d")), int(family.last.rstrip("d"))
    step = (first - last) / max(1, family.count - 1)
    day = max(1, round(first - step * number + source.uniform(-0.45, 0.45) * step))
    hour, minute = source.randrange(OFFICE_OPENS, OFFICE_CLOSES), source.randrange(60)
    return f"{day}d {hour:02d}:{minute:02d}"
