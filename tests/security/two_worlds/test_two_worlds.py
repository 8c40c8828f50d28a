"""Non-interference: what a member may not see moves no byte of what he does see.

Two hubs live the same history, but for steps hidden from one member; whatever he asks, both answer
the same bytes. THREATS: Hriţcu et al., Testing Noninterference, Quickly.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import re
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any
from unittest import mock

import pytest

from minga.features.membership.documents.sealing import new_seal
from tests.databases import another_database
from tests.security.two_worlds import alphabet, hub, mutants

STEPS = 700
PROBES_A_STEP = 4
STEPS_FOR_A_MUTANT = 700
PROBES_FOR_A_MUTANT = 8


class World:
    """The parent's end of one world."""

    def __init__(self, home: Path, database: str, mutant: str = "") -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        environment = {"MINGA_HOME": str(home), "MINGA_DATABASE": database}
        self.process = context.Process(target=hub.live, args=(theirs, environment, mutant))
        with mock.patch.dict(os.environ, PYTHONHASHSEED="0"):  # sets in one order in both
            self.process.start()
        theirs.close()

    def send(self, call: str, *arguments: Any) -> None:
        self.pipe.send((call, arguments))

    def receive(self) -> Any:
        return self.pipe.recv()

    def ask(self, call: str, *arguments: Any) -> Any:
        self.send(call, *arguments)
        return self.receive()

    def end(self) -> None:
        self.pipe.close()
        self.process.join(5)
        self.process.kill()


@contextlib.contextmanager
def two_worlds(folder: Path, mutant: str = "") -> Iterator[tuple[World, World]]:
    """Two hubs that begin alike: the same secret, seal, names and time."""
    worlds = []
    seal = new_seal("CSIRT")
    with contextlib.ExitStack() as stack:
        for name in ("one", "two"):
            home = folder / name
            home.mkdir()
            (home / "secret.key").write_bytes(b"the same in both worlds, for bytes".ljust(32)[:32])
            (home / "seal.pem").write_bytes(seal)
            database = stack.enter_context(another_database(f"world_{name}_{os.getpid()}"))
            worlds.append(World(home, database, mutant))
        try:
            for world in worlds:
                assert world.receive() == "ready"
            yield worlds[0], worlds[1]
        finally:
            for world in worlds:
                world.end()


def both(worlds: tuple[World, World], call: str, *arguments: Any) -> tuple[Any, Any]:
    """Ask both worlds at the same time."""
    for world in worlds:
        world.send(call, *arguments)
    return worlds[0].receive(), worlds[1].receive()


def first_difference(
    worlds: tuple[World, World], *, steps: int, seed: int, probes: int, where: str = ""
) -> str:
    """Live that many steps, probing after each; what first told the worlds apart, or nothing.

    `where` narrows the probes to addresses that it matches.
    """
    random = Random(seed)
    routes = [route for route in both(worlds, "routes")[0] if re.search(where, route)]
    assert routes, f"no address matches {where!r}"
    names = sorted(alphabet.STEPS)
    for number in range(1, steps + 1):
        name = random.choice(names)
        if alphabet.STEPS[name].is_hidden:
            worlds[0].ask("step", name, number)
            worlds[1].ask("learn", *worlds[0].ask("hidden"))
        else:
            here, there = both(worlds, "step", name, number)
            if here != there:
                return f"step {number}, {name}: {unlike(here, there)}"
        for probe in range(probes):
            route = random.choice(routes)
            here, there = both(worlds, "probe", route, number * 100 + probe)
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
def test_no_hidden_step_moves_a_byte_that_the_prober_sees(tmp_path):
    with two_worlds(tmp_path) as worlds:
        assert first_difference(worlds, steps=STEPS, seed=1, probes=PROBES_A_STEP) == ""
        asked, _ = both(worlds, "coverage")
        routes, _ = both(worlds, "routes")
        assert set(routes) - asked == set()


@pytest.mark.slow
@pytest.mark.parametrize("mutant", sorted(mutants.PLANTS))
def test_a_planted_leak_is_found(tmp_path, mutant):
    with two_worlds(tmp_path, mutant) as worlds:
        found = first_difference(
            worlds,
            steps=STEPS_FOR_A_MUTANT,
            seed=2,
            probes=PROBES_FOR_A_MUTANT,
            where=mutants.PLANTS[mutant].where,
        )
    assert found, f"{mutant} was not found in {STEPS_FOR_A_MUTANT} steps"
