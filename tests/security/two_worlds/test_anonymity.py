"""Anonymity by swap: who sent what the hub vouches for shows in no byte of what others see.

Two hubs live the same history, but each contribution that the hub vouches for comes from Beta in
one and from Delta in the other. Whatever another member asks, both answer the same bytes.
"""

from random import Random

import pytest

from tests.security.two_worlds.test_two_worlds import unlike
from tests.security.two_worlds.worlds import both, two_worlds

STEPS = 60
PROBES_A_STEP = 20
"""1,200 pairs: two histories that differ in who sent, asked the same, and compared."""


@pytest.mark.slow
def test_who_sent_what_the_hub_vouches_for_shows_nowhere(origin):
    random = Random(3)
    with two_worlds(origin) as worlds:
        routes, _ = both(worlds, "routes")
        for step in range(1, STEPS + 1):
            for world, who in zip(worlds, random.sample(["beta", "delta"], 2), strict=True):
                world.ask("vouch", who, step)
            asked = [(random.choice(routes), step * 100 + n) for n in range(PROBES_A_STEP)]
            for here, there in zip(*both(worlds, "probe_all", asked), strict=True):
                assert here == there, f"step {step}: {unlike(here, there)}"


@pytest.mark.slow
def test_who_sent_in_his_own_name_shows(origin):
    """So that the test above cannot pass because nothing is looked at."""
    with two_worlds(origin, "the_hub_vouches_for_nobody") as worlds:
        worlds[0].ask("vouch", "beta", 1)
        worlds[1].ask("vouch", "delta", 1)
        asked = [("alerts/", 100 + number) for number in range(10)]
        here, there = both(worlds, "probe_all", asked)
        assert here != there
