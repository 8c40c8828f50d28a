"""Parse and validate STIX beside stix2.parse: `python -m bench.stix_parse`.

Both sides start from the bytes of a bundle and end with checked objects. Ours also proves that no
key repeats, bounds depth, numbers and strings, and keeps the received bytes of each object; stix2
also checks patterns, which here are the business of core/stix/patterns, so indicators are given
to stix2 with a pattern type that it leaves alone, and once more with the pattern it came with.
Rounds alternate, so that a busy machine slows both; what counts is the ratio of medians.
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import stix2

from minga.core.stix import read_envelope, stream_objects

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "stix"
FILES = ("amnesty-pegasus.json", "attack-ics-18.1.json")
TARGET = 50


def rate(work: Callable[[], object], objects: int) -> float:
    """Objects a second, once."""
    start = time.perf_counter()
    work()
    return objects / (time.perf_counter() - start)


def bundle_of(objects: list[dict[str, object]], *, patterns: bool) -> str:
    if not patterns:
        objects = [o | ({"pattern_type": "none"} if "pattern" in o else {}) for o in objects]
    bundle_id = "bundle--3b1c9a2e-7c55-4c0f-9a80-0c2f4f0d2a11"
    return json.dumps({"type": "bundle", "id": bundle_id, "objects": objects})


def compare(path: Path, *, rounds: int, sample: int) -> None:
    data = path.read_bytes()
    objects = json.loads(data)["objects"]
    some = random.Random(11).sample(objects, min(sample, len(objects)))
    bare, full = bundle_of(some, patterns=False), bundle_of(some, patterns=True)
    chunks = [data[i : i + 65_536] for i in range(0, len(data), 65_536)]
    sides: dict[str, Callable[[], float]] = {
        "minga read_envelope": lambda: rate(lambda: read_envelope(data), len(objects)),
        "minga stream_objects": lambda: rate(lambda: drain(chunks), len(objects)),
        "stix2.parse, no patterns": lambda: rate(lambda: parse(bare), len(some)),
        "stix2.parse": lambda: rate(lambda: parse(full), len(some)),
    }
    read_envelope(data)
    rates: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(rounds):
        for name, measure in sides.items():
            rates[name].append(measure())
    report(path.name, len(objects), len(data), rates)


def drain(chunks: list[bytes]) -> int:
    return sum(1 for _ in stream_objects(chunks))


def parse(text: str) -> object:
    return stix2.parse(text, allow_custom=True)


def report(name: str, objects: int, size: int, rates: dict[str, list[float]]) -> None:
    medians = {side: statistics.median(values) for side, values in rates.items()}
    print(f"\n{name}: {objects} objects, {size / objects:.0f} bytes each")
    for side, median in medians.items():
        low, high = min(rates[side]), max(rates[side])
        print(f"  {side:26} {median:10,.0f} objects/s   ({low:,.0f} to {high:,.0f})")
    for ours, theirs in itertools.product(list(medians)[:2], list(medians)[2:]):
        print(f"  {ours} / {theirs}: {medians[ours] / medians[theirs]:.0f}x (target {TARGET}x)")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--sample", type=int, default=400, help="objects that stix2 gets a round")
    options = parser.parse_args()
    paths = [DATA / name for name in FILES if (DATA / name).exists()]
    if not paths:
        print(f"No STIX files in {DATA}; nothing to measure.", file=sys.stderr)
        return 1
    for path in paths:
        compare(path, rounds=options.rounds, sample=options.sample)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
