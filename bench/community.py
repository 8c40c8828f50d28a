"""Pages in a small community and in a large one: `python -m bench.community`.

The same hundred contributions to every member are read by a counterpart among 16 organisations of
3 people and 4 circles, and among 500 of 20 people and 50 circles. What deciding a person's powers
costs is measured beside it. Runs on SQLite and, when MINGA_DATABASE names a PostgreSQL server, in
databases of its own there.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.databases import fresh_database

ROOT = Path(__file__).resolve().parents[1]
CONTRIBUTIONS = 100
ROUNDS = 40
DECISIONS = 20_000
READ = "198.51.100.7"


@dataclass(frozen=True)
class Size:
    """So many organisations, of so many people each, in so many circles of a tenth of them."""

    organisations: int
    people: int
    circles: int


@dataclass(frozen=True)
class Cost:
    """What a page takes: milliseconds at its best tenth, queries, and bytes of its body."""

    ms: float
    queries: int
    size: int


SIZES = (Size(16, 3, 4), Size(500, 20, 50))
PAGES = (
    "/alerts/", "ALERT", "/share", f"/lookup?q={READ}", "/members/", "/members/org-7/", "/people/",
    "/circles/", "/circles/circle-1/", "/agreement/", "/keys/", "/journal/", "/me/",
)  # fmt: skip


def main() -> None:
    """Measure each community in a process and a database of its own, then both side by side."""
    parser = argparse.ArgumentParser(description="Pages in a small and in a large community.")
    parser.add_argument("--here", nargs=3, type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.here:
        measure(Size(*options.here))
        return
    for name, address in (("SQLite", ""), ("PostgreSQL", os.environ.get("MINGA_DATABASE", ""))):
        if name == "SQLite" or address:
            compare(name, [apart(size, address) for size in SIZES])


def apart(size: Size, address: str) -> dict[str, Cost]:
    """Milliseconds, queries and bytes of each page, measured in a process of its own."""
    asked = (str(size.organisations), str(size.people), str(size.circles))
    command = (sys.executable, "-m", "bench.community", "--here", *asked)
    with fresh_database(address) as database, tempfile.TemporaryDirectory() as home:
        environment = os.environ | {
            "MINGA_HOME": home,
            "MINGA_DATABASE": database,
            "DJANGO_SETTINGS_MODULE": "minga.config.settings",
        }
        said = subprocess.run(
            command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True
        )
    rows = (line.split("\t") for line in said.stdout.splitlines())
    return {name: Cost(float(ms), int(asked), int(size)) for name, ms, asked, size in rows}


def compare(name: str, found: list[dict[str, Cost]]) -> None:
    """Print what each page costs in both communities."""
    small, large = found
    words = " | ".join(f"{s.organisations} × {s.people} × {s.circles}" for s in SIZES)
    print(f"\n{name}: page | ms among {words} | ratio | queries | kB")
    for page, few in small.items():
        many = large[page]
        print(
            f"{page} | {few.ms:.3g} | {many.ms:.3g} | {many.ms / few.ms:.2f} | "
            f"{few.queries}, {many.queries} | {few.size / 1000:.1f}, {many.size / 1000:.1f}"
        )


def measure(size: Size) -> None:
    """Make the community, read every page, and print a line for each."""
    import django

    django.setup()
    from django.core.management import call_command

    with contextlib.redirect_stdout(io.StringIO()):
        call_command("migrate", verbosity=0)
        person, alert = fill(size)
    deciding(person)
    client = signed_in(person)
    for page in PAGES:
        path = alert if page == "ALERT" else page
        tell(page, reading(client, path))


def tell(name: str, cost: Cost) -> None:
    """One line for whoever compares."""
    print(f"{name}\t{cost.ms}\t{cost.queries}\t{cost.size}")


def reading(client: Any, path: str) -> Cost:
    """What one page costs. The best tenth of its rounds: neighbours only ever add."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    taken = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        answer = client.get(path)
        taken.append((time.perf_counter() - start) * 1000)
        assert answer.status_code == 200, (path, answer.status_code)
    with CaptureQueriesContext(connection) as asked:
        client.get(path)
    return Cost(statistics.quantiles(taken, n=10)[0], len(asked), len(answer.content))


def deciding(person: Any) -> None:
    """What it costs to know a person's powers once the row of his organisation was read."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from minga.store.people.actors import Actor

    with CaptureQueriesContext(connection) as asked:
        start = time.perf_counter()
        for _ in range(DECISIONS):
            _ = Actor(person.organisation, person=person).powers
        taken = (time.perf_counter() - start) * 1_000 / DECISIONS
    tell("powers, each", Cost(taken, len(asked), 0))


def signed_in(person: Any) -> Any:
    """A client in a session of this person."""
    from django.conf import settings
    from django.test import Client

    from minga.store.people import credentials

    client = Client(headers={"host": settings.ALLOWED_HOSTS[0]})
    token = credentials.create_link(person, may_be_reused=True)
    assert client.get(f"/sign-in/{token}/").status_code == 303
    return client


def fill(size: Size) -> tuple[Any, str]:
    """The community, with its contributions; a counterpart in it and the page of one alert."""
    from minga.core import observables, policy
    from minga.core.policy import Audience, Tlp
    from minga.features.exchange import services as exchange
    from minga.features.membership import services as membership
    from minga.store.audiences import seats
    from minga.store.objects.models import Contribution
    from minga.store.people.actors import Actor
    from minga.store.people.models import Organisation, Person

    hub = Actor(membership.found_hub(membership.NewOrganisation("CSIRT")))
    membership.put_in_force(membership.load_shipped_agreement("model", by=hub).version, by=hub)
    organisations = Organisation.objects.bulk_create(
        Organisation(
            name=f"Organisation {n}", slug=f"org-{n}", sector=("banking", "energy")[n % 2],
            granted=" ".join(sorted(policy.OF_CLAUSES)), reads_up_to=Tlp.RED,
        )
        for n in range(size.organisations)
    )  # fmt: skip
    for each in organisations:
        seats.welcome(each)
    people = Person.objects.bulk_create(
        Person(
            organisation=each, name=f"Person {n}", email=f"p{n}@{each.slug}.example",
            role="counterpart" if n == 0 else "analyst",
        )
        for each in organisations
        for n in range(size.people)
    )  # fmt: skip
    reader = people[7 * size.people]
    for n in range(size.circles):
        circle = membership.create_circle(f"Circle {n}", by=hub, slug=f"circle-{n}")
        for each in organisations[n % 10 :: 10] + [reader.organisation] * (n < 4):
            seats.seat_in_circle(circle, each)
    sender = Actor(people[0].organisation, person=people[0])
    found = observables.recognise(READ)
    for n in range(CONTRIBUTIONS):
        draft = exchange.Draft(
            title=f"Alert {n}", text="It scans.", kind=Contribution.Kind.ALERT,
            audience=Audience(Tlp.GREEN, everyone=True), observables=(found,) if found else (),
        )  # fmt: skip
        shared = exchange.share(draft, by=sender, door=Contribution.Door.PAGE)
    return reader, f"/alerts/{shared.uuid}/"


if __name__ == "__main__":
    main()
