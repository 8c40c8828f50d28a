"""Patterns to observables beside stix2-patterns: `python -m bench.patterns`.

Both sides judge each pattern and name what it asks for. Of stix2-patterns that is its validator
(the grammar and the check on hashes) and its inspection; ours also gives each observable its
canonical form. Real patterns come from the shared data; a second set of synthetic ones has several
terms each, and the same patterns of both sets are put before both sides. Rounds alternate, so that
a busy machine slows both; what counts is the ratio of medians. Ours reads every real pattern in
each round, and so does the peer on a random sample of them.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from stix2patterns.v21.pattern import Pattern
from stix2patterns.validator import validate

from minga.core.observables import recognise_many
from minga.core.stix.patterns import read

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "stix"
TARGET = 50
SEED = 7


def real_patterns() -> list[str]:
    """Of every indicator in the shared data."""
    documents = (json.loads(path.read_bytes()) for path in sorted(DATA.glob("*.json")))
    objects = (o for document in documents for o in document.get("objects", [document]))
    return [o["pattern"] for o in objects if o.get("type") == "indicator"]


def made_patterns(count: int) -> list[str]:
    """Three to five terms over two kinds, as tools write them for one campaign."""
    pick = random.Random(SEED)
    return [
        "["
        + " OR ".join(
            f"domain-name:value = 'h{pick.randrange(10**6)}.example'"
            if pick.random() < 0.5
            else f"ipv4-addr:value = '198.51.100.{pick.randrange(256)}'"
            for _ in range(pick.randrange(3, 6))
        )
        + "]"
        for _ in range(count)
    ]


def ours(patterns: Iterable[str]) -> None:
    for pattern in patterns:
        read(pattern)


def theirs(patterns: Iterable[str]) -> None:
    for pattern in patterns:
        if validate(pattern, "2.1"):
            Pattern(pattern).inspect()


def theirs_verdict_only(patterns: Iterable[str]) -> None:
    for pattern in patterns:
        validate(pattern, "2.1")


def rate(work: Callable[[list[str]], None], patterns: list[str]) -> float:
    """Patterns a second, once."""
    start = time.perf_counter()
    work(patterns)
    return len(patterns) / (time.perf_counter() - start)


def compare(name: str, patterns: list[str], *, rounds: int, sample: int) -> None:
    some = random.Random(SEED).sample(patterns, min(sample, len(patterns)))
    rates: dict[str, list[float]] = {"minga": [], "verdict": [], "both": []}
    for _ in range(rounds):
        rates["minga"].append(rate(ours, patterns))
        rates["verdict"].append(rate(theirs_verdict_only, some))
        rates["both"].append(rate(theirs, some))
    median = {side: statistics.median(found) for side, found in rates.items()}
    agreed = sum((read(pattern)[0] is None) == validate(pattern, "2.1") for pattern in patterns)
    print(f"{name}: {len(patterns)} patterns, {rounds} rounds, verdicts equal on {agreed}")
    print(f"  minga, verdict and observables            {median['minga']:>12,.0f} a second")
    print(f"  stix2-patterns, verdict                   {median['verdict']:>12,.0f} a second")
    print(f"  stix2-patterns, verdict and inspection    {median['both']:>12,.0f} a second")
    for side, words in (("verdict", "verdict alone"), ("both", "both")):
        ratio = median["minga"] / median[side]
        reached = "reached" if ratio >= TARGET else "not reached"
        print(f"  ratio of medians to its {words}: {ratio:.1f} (target {TARGET}: {reached})")


def recognition(rounds: int) -> None:
    """Pasted values recognised, for lookups: canonical ones, then the same in capitals."""
    pick = random.Random(SEED)
    values = [f"host{pick.randrange(10**6)}.example.cl" for _ in range(20_000)]
    values += [f"203.0.113.{pick.randrange(256)}" for _ in range(20_000)]
    values += [f"{pick.getrandbits(256):064x}" for _ in range(20_000)]
    for name, lines in (("canonical", values), ("in capitals", [v.upper() for v in values])):
        times = []
        for _ in range(rounds):
            start = time.perf_counter()
            recognise_many(lines)
            times.append(time.perf_counter() - start)
        print(f"recognise_many, {name}: {len(lines) / statistics.median(times):,.0f} a second")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--rounds", type=int, default=7)
    arguments.add_argument("--sample", type=int, default=500, help="patterns for the peer a round")
    chosen = arguments.parse_args()
    if DATA.is_dir():
        compare("real", real_patterns(), rounds=chosen.rounds, sample=chosen.sample)
    else:
        print(f"real: left out, there is no {DATA}")
    compare("several terms", made_patterns(500), rounds=chosen.rounds, sample=chosen.sample)
    recognition(chosen.rounds)


if __name__ == "__main__":
    main()
