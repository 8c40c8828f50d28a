"""Many writers at once, late admissions, widenings and skewed clocks, with pauses that hurt."""

from __future__ import annotations

import itertools
import json
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connections

from minga.core import policy
from minga.core.policy import Tlp
from minga.core.stix import read_envelope
from minga.features.exchange import services
from minga.features.exchange.services import outcomes
from minga.features.membership import services as membership
from minga.store import world
from minga.store.audiences.models import Circle
from minga.store.objects import publishing, stamps
from minga.store.objects.models import Contribution
from minga.store.people.actors import Actor
from minga.store.people.models import Organisation
from minga.store.work import loop
from tests.security.polling import Client

COMMITS = 6
LARGEST_COMMIT = 4
LONGEST_PAUSE_SECONDS = 0.015
LONGEST_STOP_SECONDS = 0.15
MOST_SKEW = timedelta(milliseconds=40)
EVERYBODY = policy.Audience(Tlp.AMBER, everyone=True)
RED = "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1"
TAKEN = {outcomes.ADDED, outcomes.ALREADY}
OUTSIDE_AUTHOR = "identity--00000000-0000-4000-8000-0000000000aa"

_numbers = itertools.count(1)


class SkewedClock(world.World):
    """Each thread's clock is a little wrong, as the clocks of several machines are."""

    def __init__(self, seed: int) -> None:
        self.chance, self.own = random.Random(seed), threading.local()

    def now(self) -> datetime:
        if not hasattr(self.own, "skew"):
            self.own.skew = self.chance.uniform(-1, 1) * MOST_SKEW
        return super().now() + self.own.skew


class Pausing:
    """The hub's own stamps, with a pause before each taking and one between it and the commit."""

    def __init__(self, take: Callable[..., list[int]], chance: random.Random) -> None:
        self.take_, self.chance = take, chance
        self.hold = stamps.hold

    def take(self, count: int, **options: Any) -> list[int]:
        self._pause()
        taken = self.take_(count, **options)
        self._pause()
        return taken

    def _pause(self) -> None:
        """Mostly next to nothing, sometimes so long that every client polls meanwhile."""
        time.sleep(self.chance.random() ** 4 * LONGEST_STOP_SECONDS)


@dataclass
class Told:
    """What was acknowledged: versions, and by which rules they may be read."""

    rules: dict[tuple[str, int], set[policy.Audience]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, versions: set[tuple[str, int]], rule: policy.Audience) -> None:
        with self.lock:
            for version in versions:
                self.rules.setdefault(version, set()).add(rule)

    def readable_by(self, reader: policy.Reader) -> set[tuple[str, int]]:
        """What the pure rule lets this reader read of all that was acknowledged."""
        return {
            version
            for version, rules in self.rules.items()
            if any(policy.may_read(reader, rule) for rule in rules)
        }


class Worker(threading.Thread):
    """A thread with database connections of its own, whose error the test raises."""

    def __init__(self, work: Callable[[], None]) -> None:
        super().__init__(daemon=True)
        self.work, self.error = work, None

    def run(self) -> None:
        try:
            self.work()
        except Exception as error:  # noqa: BLE001 - `finish` raises it in the test's own thread
            self.error = error
        finally:
            connections.close_all()

    def finish(self, *, within_seconds: float = 60) -> None:
        self.join(within_seconds)
        assert not self.is_alive(), "it did not end"
        if self.error is not None:
            raise self.error


class Writer:
    """A member that shares, revises, relays and widens, with everybody, a circle or the hub."""

    def __init__(self, actor: Actor, circles: list[Circle], told: Told, *, seed: int) -> None:
        self.actor, self.circles, self.told = actor, circles, told
        self.chance = random.Random(seed)
        self.own: list[dict] = []
        self.closed: list[tuple[str, set[tuple[str, int]]]] = []

    def write(self) -> None:
        for _ in range(COMMITS):
            time.sleep(self.chance.uniform(0, LONGEST_PAUSE_SECONDS))
            self.chance.choice([self.share, self.share, self.share, self.revise, self.widen])()

    def share(self) -> None:
        made = [indicator() for _ in range(self.chance.randint(1, LARGEST_COMMIT))]
        if self.chance.random() < 0.3:
            made.append(relayed(self.chance.randint(1, 3)))
        secret = [indicator(object_marking_refs=[RED])] if self.chance.random() < 0.3 else []
        circle = self.chance.choice([None, *self.circles])
        self.send(made, secret, circle)
        self.own += made

    def revise(self) -> None:
        """Later versions of own objects, perhaps for others than read the ones before."""
        if not self.own:
            return self.share()
        later = f"2026-02-01T00:00:00.{next(_numbers) % 1000:03d}Z"
        chosen = [o for o in self.own if "created_by_ref" not in o][-2:]
        return self.send(
            [o | {"modified": later} for o in chosen], [], self.chance.choice([None, *self.circles])
        )

    def send(self, made: list[dict], secret: list[dict], circle: Circle | None) -> None:
        """Post a bundle. Of what others relayed before, some is refused and some only repeated."""
        body = json.dumps({"objects": [*made, *secret]}).encode()
        receipt = services.receive(
            read_envelope(body), by=self.actor, door=Contribution.Door.TAXII, circle=circle
        )
        assert all(o.id.startswith("malware") for o in receipt.failures), receipt.failures
        taken = {o.id for o in receipt.successes if o.message in TAKEN}
        shown = {version for version in versions_of(made) if version[0] in taken}
        self.told.add(shown, self.rule(circle))
        self.told.add(versions_of(secret), self.rule(None, tlp=Tlp.RED))
        if circle and not secret and len(receipt.contributions) == 1:
            self.closed.append((receipt.contributions[0], shown))

    def rule(self, circle: Circle | None, *, tlp: Tlp = Tlp.AMBER) -> policy.Audience:
        """Who may read what is posted to a circle, to everybody, or marked TLP:RED."""
        if tlp == Tlp.RED:
            return policy.Audience(tlp, hub=True).naming(self.actor.organisation.pk)
        if circle is None:
            return EVERYBODY
        closed = policy.Audience(tlp, circles=frozenset({circle.pk}))
        return closed.naming(self.actor.organisation.pk)

    def widen(self) -> None:
        if not self.closed:
            return self.share()
        uuid, carried = self.closed.pop()
        services.widen(uuid, by=self.actor, audience=EVERYBODY)
        return self.told.add(carried, EVERYBODY)


def indicator(**properties: Any) -> dict:
    number = next(_numbers)
    return {
        "type": "indicator", "spec_version": "2.1",
        "id": f"indicator--00000000-0000-4000-8000-{number:012d}",
        "created": "2026-01-01T00:00:00.000Z", "modified": "2026-01-01T00:00:00.000Z",
        "pattern": f"[domain-name:value = 'n{number % 20}.example']", "pattern_type": "stix",
        "valid_from": "2026-01-01T00:00:00Z",
    } | properties  # fmt: skip


def relayed(number: int) -> dict:
    """What several members bring: the same bytes by the same author outside."""
    return {
        "type": "malware", "spec_version": "2.1",
        "id": f"malware--00000000-0000-4000-8000-{number:012d}", "is_family": True,
        "created": "2026-01-01T00:00:00.000Z", "modified": "2026-01-01T00:00:00.000Z",
        "created_by_ref": OUTSIDE_AUTHOR, "name": f"outside {number}",
    }  # fmt: skip


def versions_of(objects: list[dict]) -> set[tuple[str, int]]:
    return {(o["id"], world.to_us(datetime.fromisoformat(o["modified"]))) for o in objects}


def jobs_until(stop: threading.Event) -> Callable[[], None]:
    """What a worker of the hub does: the jobs that admissions queue."""

    def work() -> None:
        while not stop.wait(LONGEST_PAUSE_SECONDS):
            loop.work_off()
        loop.work_off()

    return work


def polling_until(stop: threading.Event, client: Client) -> Callable[[], None]:
    """A client that polls on and on; every third is cut off between two pages."""
    chance = random.Random(client.seed)

    def work() -> None:
        while not stop.is_set() and not (client.seed % 3 == 0 and client.next):
            client.poll()
            time.sleep(chance.uniform(0, 2 * LONGEST_PAUSE_SECONDS))

    return work


def admissions(hub: Actor, newcomers: list[Organisation], circles: list[Circle]):
    """Each newcomer joins each circle while the others write."""

    def work() -> None:
        for organisation, circle in itertools.product(newcomers, circles):
            time.sleep(4 * LONGEST_PAUSE_SECONDS)
            membership.admit_to_circle(circle.slug, by=hub, organisation=organisation)

    return work


@contextmanager
def disturbed(take: Callable[..., list[int]], *, seed: int) -> Iterator[None]:
    """The hub under a skewed clock, whose publishing takes stamps this way and pauses around it."""
    before = world.replace(SkewedClock(seed))
    publishing.stamps = Pausing(take, random.Random(seed))
    try:
        yield
    finally:
        publishing.stamps = stamps
        world.replace(before)
