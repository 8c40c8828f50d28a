"""Non-interference: what a member may not see moves no byte of what he does see.

Two hubs live the same history, but for steps hidden from one member; whatever he asks, both answer
the same bytes. THREATS: Hriţcu et al., Testing Noninterference, Quickly.
"""

from __future__ import annotations

import os
import re
from random import Random
from typing import Any

import pytest

from tests.security.two_worlds.alphabet_of_houses import STEPS as ALPHABET
from tests.security.two_worlds.mutants_at_doors import PLANTS
from tests.security.two_worlds.worlds import World, both, two_worlds

STEPS = 300
PROBES_A_STEP = 17
"""5,100 pairs: two histories that differ in hidden steps alone, asked the same, and compared."""
STEPS_FOR_A_MUTANT = 700
PROBES_FOR_A_MUTANT = 8

# That the walk finds what was planted says how well it looks, which is the same on any database:
# SQLite looks for every leak, PostgreSQL for each sixth.
ONE_OF = 6 if os.environ.get("MINGA_DATABASE") else 1


def first_difference(
    worlds: tuple[World, World], *, steps: int, seed: int, probes: int, where: str = ""
) -> str:
    """Live that many steps, probing after each; what first told the worlds apart, or nothing.

    `where` narrows the probes to addresses that it matches.
    """
    random = Random(seed)
    routes = [route for route in both(worlds, "routes")[0] if re.search(where, route)]
    assert routes, f"no address matches {where!r}"
    names = sorted(ALPHABET)
    for number in range(1, steps + 1):
        name = random.choice(names)
        if ALPHABET[name].is_hidden:
            worlds[0].ask("step", name, number)
            worlds[1].ask("learn", *worlds[0].ask("hidden"))
        else:
            here, there = both(worlds, "step", name, number)
            if here != there:
                return f"step {number}, {name}: {unlike(here, there)}"
        asked = [(random.choice(routes), number * 100 + probe) for probe in range(probes)]
        for here, there in zip(*both(worlds, "probe_all", asked), strict=True):
            if here != there:
                return f"step {number}, after {name}: {unlike(here, there)}"
    return ""


def unlike(here: Any, there: Any) -> str:
    """Where two answers part, with what stands around it in each."""
    for part in ("asked", "status", "body", *here):
        one, two = here.get(part), there.get(part)
        if one != two:
            one, two = str(one), str(two)
            at = next(
                (i for i, pair in enumerate(zip(one, two, strict=False)) if pair[0] != pair[1]), 0
            )
            around = slice(max(0, at - 120), at + 120)
            return f"{here.get('asked', '')} {part}: {one[around]!r} is not {two[around]!r}"
    return f"{here!r} is not {there!r}"


@pytest.mark.slow
def test_no_hidden_step_moves_a_byte_that_the_prober_sees(origin):
    with two_worlds(origin) as worlds:
        assert first_difference(worlds, steps=STEPS, seed=1, probes=PROBES_A_STEP) == ""
        (asked, answered), _ = both(worlds, "coverage")
        routes, _ = both(worlds, "routes")
        assert set(routes) - asked == set()
        assert len(answered) > len(routes) / 2, "most probes met a closed door"


@pytest.mark.slow
@pytest.mark.parametrize("mutant", sorted(PLANTS)[::ONE_OF])
def test_a_planted_leak_is_found(origin, mutant):
    with two_worlds(origin, mutant) as worlds:
        found = first_difference(
            worlds,
            steps=STEPS_FOR_A_MUTANT,
            seed=2,
            probes=PROBES_FOR_A_MUTANT,
            where=PLANTS[mutant].where,
        )
    assert found, f"{mutant} was not found in {STEPS_FOR_A_MUTANT} steps"
