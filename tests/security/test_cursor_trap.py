"""The lost datum: a slow writer stamps early, commits late, and pollers have passed it by then.

Most TAXII servers that stamp what they store fall into this trap where several can write at once.
Here eight write at once, with pauses at the worst moments, while audiences widen and members join
circles; whatever way a client polls, and wherever it is stopped and started again, it must meet
everything that it may read, each version once.
"""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.db import connection

from minga.core.stix import read_envelope
from minga.features.exchange import services
from minga.features.membership.services import admit_to_circle
from minga.store.audiences.models import Circle
from minga.store.objects import stamps
from minga.store.objects.models import Contribution
from minga.store.people.actors import Actor
from minga.store.people.models import Organisation
from minga.store.work import loop
from tests import factories
from tests.security import polling, storm
from tests.security.polling import WAYS, Client
from tests.security.storm import Told, Worker, Writer
from tests.store.writers import cross

pytestmark = pytest.mark.django_db(transaction=True)
WRITERS = 8
Taking = Callable[..., list[int]]


@dataclass
class Aftermath:
    """What a storm left: what was acknowledged, and what each client met."""

    told: Told
    clients: list[Client]

    def expected(self, client: Client) -> set[tuple[str, int]]:
        organisation = Organisation.objects.get(pk=client.organisation)
        readable = self.told.readable_by(Actor(organisation).reader)
        if client.way != "newest only":
            return readable
        newest: dict[str, int] = {}
        for stix_id, modified in readable:
            newest[stix_id] = max(modified, newest.get(stix_id, 0))
        return set(newest.items())

    def missed(self, client: Client) -> set[tuple[str, int]]:
        return self.expected(client) - {(stix_id, at) for stix_id, at, _ in client.met}

    def met_again(self, client: Client) -> list[tuple[str, int, int]]:
        """What came twice, but for the millisecond that a client cut off by itself."""
        times = Counter(client.met)
        return [
            version
            for version, count in times.items()
            if count > 1 and not (client.way == "as OpenCTI" and version[2] % 1000)
        ]


def storm_over(take: Taking, *, seed: int) -> Aftermath:
    """Write, admit and poll all at once; clients are stopped before the last writers end."""
    hub = Actor(factories.hub())
    members = [factories.organisation() for _ in range(WRITERS)]
    circles = [factories.circle(*members), factories.circle(*members)]
    outsider, *newcomers = (factories.organisation() for _ in range(3))
    told = Told()
    numbers = itertools.count(seed)
    writers = [
        Worker(Writer(factories.member(m), circles, told, seed=next(numbers)).write)
        for m in members
    ]
    clients = [
        Client(way, organisation.pk, next(numbers))
        for organisation in (members[0], outsider, *newcomers)
        for way in WAYS
    ]
    enough, written = threading.Event(), threading.Event()
    pollers = [Worker(storm.polling_until(enough, client)) for client in clients]
    admitting = Worker(storm.admissions(hub, newcomers, circles))
    working = Worker(storm.jobs_until(written))
    with storm.disturbed(take, seed=seed):
        for thread in (*pollers, *writers, admitting, working):
            thread.start()
        try:
            for thread in writers[: WRITERS - 2]:
                thread.finish()
            enough.set()
            for thread in (*writers, admitting, *pollers):
                thread.finish()
        finally:
            enough.set()
            written.set()
            working.finish()
    return Aftermath(told, clients)


def go_on_elsewhere(clients: list[Client]) -> list[Client]:
    """The same clients to their end, after the hub was started again."""
    ended = subprocess.run(  # noqa: PLW1510 - what it complains of is shown below
        [sys.executable, "-m", "tests.security.polling", str(connection.settings_dict["NAME"])],
        input=polling.stored(clients), capture_output=True, text=True, timeout=60,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "minga.config.settings"},
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    return polling.restored(ended.stdout)


@pytest.mark.slow
def test_every_client_meets_everything_it_may_read_and_each_version_once():
    after = storm_over(stamps.take, seed=1)
    assert any(client.next for client in after.clients), "no client was stopped between two pages"

    after.clients = go_on_elsewhere(after.clients)

    for client in after.clients:
        assert len(after.expected(client)) > WRITERS
        assert after.missed(client) == set(), client.way
        assert after.met_again(client) == [], client.way


class Careless:
    """Takes stamps as naive servers do: distinct, but given before others have committed."""

    def __init__(self, *, instant: str) -> None:
        self.instant = instant
        self.given: set[int] = set()
        self.lock = threading.Lock()

    def take(self, count: int, **_options) -> list[int]:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT (EXTRACT(EPOCH FROM {self.instant}) * 1000000)::bigint")
            (stamp,) = cursor.fetchone()
        taken = []
        with self.lock:
            while len(taken) < count:
                stamp += 1
                if stamp not in self.given:
                    taken.append(stamp)
            self.given.update(taken)
        return taken


@pytest.mark.slow
@pytest.mark.parametrize(
    "instant",
    [
        pytest.param("transaction_timestamp()", id="when the transaction begins"),
        pytest.param("clock_timestamp()", id="without the clock's row"),
    ],
)
def test_the_storm_finds_stamps_that_are_taken(instant):
    """A test that cannot fail proves nothing: two planted faults, and both lose something."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time, so that any stamp is in commit order")

    after = storm_over(Careless(instant=instant).take, seed=2)

    for client in after.clients:
        client.finish()
    assert any(after.missed(client) for client in after.clients)


def shared_by(author: Actor, *, circle: Circle | None = None) -> str:
    """Share one indicator; its id."""
    made = storm.indicator()
    reading = read_envelope(json.dumps({"objects": [made]}).encode())
    services.receive(reading, by=author, door=Contribution.Door.TAXII, circle=circle)
    return made["id"]


def indicators_met(client: Client) -> list[str]:
    return [stix_id for stix_id, _, _ in client.met if stix_id.startswith("indicator")]


def test_a_slow_commit_is_met_by_who_polls_before_it():
    factories.hub()
    slow, fast, reader = factories.member(), factories.member(), factories.organisation()
    client = Client("by dates", reader.pk, seed=1)

    def share_and_poll():
        shared = shared_by(fast)
        client.finish()
        return shared

    first, second = cross(
        lambda: shared_by(slow), share_and_poll, before='INSERT INTO "objects_publication"'
    )

    client.finish()
    assert sorted(indicators_met(client)) == sorted([first, second])


def test_what_is_shared_while_somebody_is_admitted_reaches_him_though_he_polls_meanwhile():
    hub, newcomer, author = factories.hub(), factories.organisation(), factories.member()
    circle = factories.circle(author.organisation)
    before = shared_by(author, circle=circle)
    client = Client("by dates", newcomer.pk, seed=1)

    def share_and_poll():
        shared = [shared_by(author, circle=circle), shared_by(author)]
        client.finish()
        return shared

    _, meanwhile = cross(
        lambda: admit_to_circle(circle.slug, by=Actor(hub), organisation=newcomer),
        share_and_poll,
        before='INSERT INTO "audiences_seat"',
    )
    loop.work_off()

    client.finish()
    assert sorted(indicators_met(client)) == sorted([before, *meanwhile])
