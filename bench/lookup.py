"""Lookup of 100,000 observables in 1,000,000: `python -m bench.lookup`.

Beside a dict of the same values, which is what a script would use and which knows no audience and
no kind, and beside one SQL join. Runs on SQLite in a folder of its own and, when MINGA_DATABASE
names a PostgreSQL server, in a database of its own there. `--observables` makes it smaller.

    in memory   canonical values against the index alone: "surely not" or "perhaps row n"
    lookup()    pasted values to answers: recognised, looked up, read for this reader
    HTTP        POST /api/v1/lookup in batches of 10,000, served by granian on loopback
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import hashlib
import http.client
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from ipaddress import IPv4Address
from pathlib import Path

from bench.databases import fresh_database

ROOT = Path(__file__).resolve().parents[1]
BATCH = 10_000
ASKED = 100_000
ROUNDS = 5
WORKERS = 2
KINDS = ("domain", "ipv4", "sha256", "url")
SHARES_KNOWN = (0.0, 0.01, 0.1, 1.0)


def main() -> None:
    """Run once for each database, in a process and a state folder of its own."""
    parser = argparse.ArgumentParser(description="Lookup beside a dict and a join.")
    parser.add_argument("--observables", type=int, default=1_000_000)
    parser.add_argument("--port", type=int, default=8340)
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.here:
        measure(options.observables, options.port)
        return
    apart("SQLite", "", options)
    if os.environ.get("MINGA_DATABASE"):
        with fresh_database(os.environ["MINGA_DATABASE"]) as made:
            apart("PostgreSQL", made, options)


def apart(name: str, database: str, options: argparse.Namespace) -> None:
    """Measure in a process that knows only this database."""
    print(f"\n{name}, {options.observables:,} observables", flush=True)
    with tempfile.TemporaryDirectory(prefix="minga-bench-") as home:
        environment = os.environ | {
            "MINGA_HOME": home,
            "MINGA_DATABASE": database,
            "MINGA_URL": f"http://127.0.0.1:{options.port}",
            "DJANGO_SETTINGS_MODULE": "minga.config.settings",
        }
        sizes = ["--observables", str(options.observables), "--port", str(options.port)]
        here = [sys.executable, "-m", "bench.lookup", "--here", *sizes]
        subprocess.run(here, cwd=ROOT, env=environment, check=True)


def value_of(number: int) -> str:
    """A canonical value: a fourth each of domains, addresses, hashes and URLs."""
    digest = hashlib.blake2b(number.to_bytes(8, "big"), digest_size=32).hexdigest()
    return (
        f"{digest[:10]}.{digest[10:14]}.example.com",
        str(IPv4Address(number * 2_654_435_761 % 2**32)),
        digest,
        f"https://{digest[:8]}.example.net/{digest[8:16]}/{digest[16:20]}",
    )[number % 4]


def measure(observables: int, port: int) -> None:
    """Fill the database, then print what each way of asking gives."""
    import django

    django.setup()
    secret = fill(observables)
    from minga.store.people import credentials
    from minga.store.people.models import Key

    actor = credentials.actor_of_key(secret, door=Key.Door.API, address="127.0.0.1")
    assert actor is not None
    in_memory(observables)
    joined(observables)
    answered(observables, actor.reader)
    over_http(observables, port, secret)


def fill(observables: int) -> str:
    """One indicator to every member for each observable; the secret of a key that reads them."""
    from django.core.management import call_command
    from django.db import transaction

    from minga.core.policy import Audience, Tlp
    from minga.store.audiences import seats
    from minga.store.people import credentials
    from minga.store.people.models import Organisation

    call_command("migrate", verbosity=0)
    organisation = Organisation.objects.create(name="Hub", slug="hub", role="hub")
    rule = Audience(Tlp.GREEN, everyone=True)
    audience = seats.intern(rule)
    start = time.perf_counter()
    for first in range(1, observables + 1, BATCH):
        with transaction.atomic():
            put(range(first, min(first + BATCH, observables + 1)), organisation.pk, audience.pk)
    print(f"  filled in {time.perf_counter() - start:.0f} s", flush=True)
    return credentials.create_key(organisation, name="bench", scope=credentials.READING)[1]


def put(numbers: range, producer: int, audience: int) -> None:
    """Rows as the exchange would leave them, without its checks."""
    from minga.store import bulk
    from minga.store.objects import keeping, models, publishing

    ids = {n: f"indicator--{n:08x}-0000-4000-8000-000000000000" for n in numbers}
    bulk.insert(models.Observable, ("id", "kind", "value"),
                [(n, KINDS[n % 4], value_of(n)) for n in numbers])  # fmt: skip
    bulk.insert(models.Version, keeping.COLUMNS, [
        (n, producer, ids[n], n, "", "indicator", b"{}", b"", 1, "", f"n{n}", False, None, None,
         None, 1, n) for n in numbers
    ])  # fmt: skip
    bulk.insert(models.Mention, ("observable_id", "version_id"), [(n, n) for n in numbers])
    bulk.insert(models.Publication, publishing.COLUMNS,
                [(n, n, audience, 5, ids[n], n, 1, "indicator") for n in numbers])  # fmt: skip


def sample(observables: int, known: float, count: int = ASKED) -> list[str]:
    """Values to ask for, of which this share is known, in no order."""
    chance = random.Random(11)
    some = [value_of(chance.randint(1, observables)) for _ in range(round(count * known))]
    some += [value_of(observables + n) for n in range(1, count - len(some) + 1)]
    chance.shuffle(some)
    return some


def asked_for(known: float) -> int:
    """Fewer where each of them is known and takes its time."""
    return ASKED if known < 0.5 else ASKED // 5


def rate(work: Callable[[], object], count: int) -> float:
    """How many a second, once."""
    start = time.perf_counter()
    work()
    return count / (time.perf_counter() - start)


def batches(values: Sequence[str]) -> Iterator[Sequence[str]]:
    for at in range(0, len(values), BATCH):
        yield values[at : at + BATCH]


def in_memory(observables: int) -> None:
    """The index beside a dict; the rounds alternate, so that a busy machine slows both."""
    from minga.store.objects import lookup_index

    tracemalloc.start()
    rows = {value_of(n): n for n in range(1, observables + 1)}
    of_dict, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    start = time.perf_counter()
    lookup_index.candidates([])
    loaded = time.perf_counter() - start
    layers = lookup_index._of_this_database().layers
    of_index = sum(layer.hashes.nbytes + layer.rows.nbytes for layer in layers)
    print(f"  memory: dict {of_dict / 1e6:.0f} MB, index {of_index / 1e6:.1f} MB,"
          f" {of_dict / of_index:.1f}x less; loaded in {loaded:.1f} s")  # fmt: skip
    for known in SHARES_KNOWN:
        values = sample(observables, known)
        sides: tuple[list[float], list[float]] = ([], [])
        for _ in range(ROUNDS):
            fresh = [value.encode().decode() for value in values]  # no hash kept from before
            sides[0].append(rate(lambda v=fresh: [rows.get(each) for each in v], ASKED))
            fresh = [value.encode().decode() for value in values]
            sides[1].append(rate(lambda v=fresh: lookup_index.candidates(v), ASKED))
        theirs, ours = (statistics.median(side) for side in sides)
        print(f"  in memory, {known:4.0%} known: dict {theirs:12,.0f}/s, index {ours:12,.0f}/s,"
              f" {ours / theirs:.2f}x (target 0.4x)", flush=True)  # fmt: skip


def joined(observables: int) -> None:
    """A bare SQL join, which knows no audience either."""
    from django.db import connection

    values = sample(observables, 0.1)
    table = "unnest(%s::text[]) AS asked(value)"
    asked: object = values
    if connection.vendor == "sqlite":
        table, asked = "json_each(%s) AS asked", json.dumps(values)
    with connection.cursor() as cursor:

        def join() -> list[object]:
            cursor.execute(
                f"SELECT o.id FROM {table} JOIN objects_observable o ON o.value = asked.value",
                [asked],
            )
            return cursor.fetchall()

        median = statistics.median(rate(join, ASKED) for _ in range(ROUNDS))
    print(f"  SQL join,   10% known: {median:12,.0f}/s", flush=True)


def answered(observables: int, reader: object) -> None:
    """Pasted values to answers for this reader, in one thread."""
    from minga.features.exchange import queries

    for known in SHARES_KNOWN:
        values = sample(observables, known, asked_for(known))

        def ask() -> None:
            for some in batches(values):  # noqa: B023 - used at once
                queries.lookup(some, reader=reader)  # type: ignore[arg-type]

        ask()
        median = statistics.median(rate(ask, len(values)) for _ in range(ROUNDS))
        print(f"  lookup(),  {known:4.0%} known: {median:12,.0f}/s", flush=True)


def over_http(observables: int, port: int, secret: str) -> None:
    """As many clients as workers, each asking for one batch of 10,000 values after the other."""
    server = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "granian", "--interface", "wsgi",
         "--port", str(port), "--workers", str(WORKERS), "--blocking-threads", "1",
         "--no-access-log", "--log-level", "error", "minga.config.wsgi:application"],
        cwd=ROOT,
    )  # fmt: skip
    try:
        wait_for(port)
        for known in SHARES_KNOWN:
            count = asked_for(known)
            bodies = [json.dumps({"values": b}) for b in batches(sample(observables, known, count))]
            clients = [bodies[at::WORKERS] for at in range(WORKERS)]

            ask = functools.partial(talk, port, secret, clients)
            ask()
            median = statistics.median(rate(ask, count) for _ in range(ROUNDS))
            print(f"  HTTP,      {known:4.0%} known: {median:12,.0f}/s"
                  f" with {WORKERS} workers (target 300,000)", flush=True)  # fmt: skip
    finally:
        server.terminate()
        server.wait()


def talk(port: int, secret: str, clients: list[list[str]]) -> None:
    """All clients at once, each with its own bodies."""
    with ThreadPoolExecutor(len(clients)) as pool:
        list(pool.map(lambda bodies: post(port, secret, bodies), clients))


def wait_for(port: int) -> None:
    import socket

    for _ in range(300):
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        time.sleep(0.1)
    raise SystemExit("The server did not start.")


def post(port: int, secret: str, bodies: list[str]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}
    for body in bodies:
        connection.request("POST", "/api/v1/lookup", body, headers)
        response = connection.getresponse()
        answer = response.read()
        assert response.status == 200, (response.status, answer[:300])
    connection.close()


if __name__ == "__main__":
    main()
