"""Parse and validate STIX beside stix2.parse: `python -m bench.stix_parse`.

Both sides start from the bytes of a bundle and end with checked objects, patterns included; a
second row of ours leaves patterns out. Checked by us besides what stix2 checks: the order of
created and modified, empty lists, confidence, repeated keys, depth, numbers, strings, and the
form of custom types, which stix2 hands back unread. We also keep the received bytes.

Times are of the processor, not the clock, and rounds alternate, so that a busy machine slows both
sides alike; what counts is the ratio of medians.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import stix2

from minga.core.stix import Document, read_envelope, stream_objects
from minga.core.stix.objects.domain import Indicator
from minga.core.stix.patterns import verdict

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "stix"
FILES = ("amnesty-pegasus.json", "attack-ics-18.1.json")
PEER = "stix2.parse"
TARGET = 50


def rate(work: Callable[[], object], objects: int) -> float:
    """Objects a second of processor time, once."""
    start = time.process_time()
    work()
    return objects / (time.process_time() - start)


def with_patterns(found: Iterable[Document]) -> int:
    """Read the pattern of every indicator too; how many are wrong."""
    indicators = (each.object for each in found if isinstance(each.object, Indicator))
    return sum(verdict(it.pattern, pattern_type=it.pattern_type) is not None for it in indicators)


def sides_for(data: bytes, sample: int) -> dict[str, Callable[[], float]]:
    """What is measured, by name. The peer gets a sample, for it takes its time."""
    objects = json.loads(data)["objects"]
    some = random.Random(11).sample(objects, min(sample, len(objects)))
    bundle_id = "bundle--3b1c9a2e-7c55-4c0f-9a80-0c2f4f0d2a11"
    text = json.dumps({"type": "bundle", "id": bundle_id, "objects": some})
    chunks = [data[start : start + 65_536] for start in range(0, len(data), 65_536)]
    whole, part = len(objects), len(some)
    return {
        "read_envelope": lambda: rate(lambda: with_patterns(read_envelope(data).documents), whole),
        "read_envelope, no patterns": lambda: rate(lambda: read_envelope(data), whole),
        "stream_objects": lambda: rate(lambda: with_patterns(stream_objects(chunks)), whole),
        PEER: lambda: rate(lambda: stix2.parse(text, allow_custom=True), part),
    }


def compare(path: Path, *, rounds: int, sample: int) -> None:
    data = path.read_bytes()
    sides = sides_for(data, sample)
    rates: dict[str, list[float]] = {name: [] for name in sides}
    for round_ in range(rounds + 1):
        for name, measure in sides.items():
            speed = measure()
            if round_:  # the first warms caches up
                rates[name].append(speed)
    peer = statistics.median(rates[PEER])
    print(f"\n{path.name}, {len(data) / 1e6:.1f} MB")
    for name, speeds in rates.items():
        median = statistics.median(speeds)
        spread = f"{min(speeds):,.0f} to {max(speeds):,.0f}"
        print(f"  {name:28} {median:9,.0f} objects/s  {median / peer:5.1f}x   ({spread})")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--sample", type=int, default=400, help="objects for the peer a round")
    options = parser.parse_args()
    paths = [DATA / name for name in FILES if (DATA / name).exists()]
    if not paths:
        print(f"No STIX files in {DATA}; nothing to measure.", file=sys.stderr)
        return 1
    for path in paths:
        compare(path, rounds=options.rounds, sample=options.sample)
    print(f"\nTarget: {TARGET}x {PEER}.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
