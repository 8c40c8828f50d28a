"""Eight writers with random pauses, four ways of polling: nothing missed, nothing met twice.

A server that stamps what it stores before it commits loses what a slow writer stores: pollers have
passed its date by then. Audiences widen and a member joins a circle in the middle of it.
"""

import random
import threading
import time
from collections import Counter

import pytest
from django.db import connections, transaction

from minga.core import policy
from minga.core.stix import read_envelope
from minga.features.exchange import services
from minga.store.audiences import seats
from minga.store.objects import late_doors
from minga.store.objects.models import Contribution
from tests import factories
from tests.faces.taxii.conversation import Caller, encoded, envelope, indicator
from tests.faces.taxii.test_polling import LAST, in_milliseconds

pytestmark = pytest.mark.django_db(transaction=True)

WRITERS, COMMITS, LARGEST_COMMIT = 8, 5, 4
LONGEST_PAUSE_SECONDS = 0.02
OBJECTS = "collections/everything/objects/"
MANIFEST = "collections/everything/manifest/"
EVERY_VERSION = {"match_version": "all"}


def by_next(caller, state):
    """Follow `next`, and go on from the last date when there is none."""
    answer = caller.get(OBJECTS, limit=3, **EVERY_VERSION, **state)
    page = answer.json()
    if page.get("more"):
        return page, state | {"next": page["next"]}
    return page, since(answer, state)


def as_opencti(caller, state):
    """The same with dates in milliseconds, as OpenCTI keeps them."""
    page, state = by_next(caller, state)
    if "added_after" in state:
        state |= {"added_after": in_milliseconds(state["added_after"])}
    return page, state


def by_dates_alone(caller, state):
    answer = caller.get(OBJECTS, limit=3, **EVERY_VERSION, **state)
    return answer.json(), since(answer, state)


def by_manifest(caller, state):
    answer = caller.get(MANIFEST, limit=5, **EVERY_VERSION, **state)
    return answer.json(), since(answer, state)


def since(answer, state):
    last = answer.headers.get(LAST, state.get("added_after"))
    return {"added_after": last} if last else {}


class Poller(threading.Thread):
    """Polls until it is told that everything is written, and then to the end."""

    def __init__(self, poll, caller, written):
        super().__init__(daemon=True)
        self.poll, self.caller, self.written = poll, caller, written
        self.met = Counter()

    def run(self):
        try:
            state = {}
            while True:
                is_last_round = self.written.is_set()
                page, state = self.poll(self.caller, state)
                self.met.update(o["id"] for o in page.get("objects", []))
                if is_last_round and not page:
                    return
                time.sleep(random.uniform(0, LONGEST_PAUSE_SECONDS / 4))
        finally:
            connections.close_all()


class Writer(threading.Thread):
    """Shares with everybody or with a circle, and sits on its transaction for a while."""

    def __init__(self, number, actor, circle):
        super().__init__(daemon=True)
        self.chance, self.actor, self.circle = random.Random(number), actor, circle
        self.for_all, self.for_circle = set(), set()

    def run(self):
        try:
            for _ in range(COMMITS):
                self.share()
        finally:
            connections.close_all()

    def share(self):
        things = [indicator() for _ in range(self.chance.randint(1, LARGEST_COMMIT))]
        ids = {thing["id"] for thing in things}
        circle = self.chance.choice([None, self.circle])
        widens = circle is not None and self.chance.random() < 0.5
        reading = read_envelope(encoded(envelope(*things)))
        with transaction.atomic():
            receipt = services.receive(
                reading, by=self.actor, door=Contribution.Door.TAXII, circle=circle
            )
            assert len(receipt.successes) == len(things)
            time.sleep(self.chance.uniform(0, LONGEST_PAUSE_SECONDS))
        if widens:
            everybody = policy.Audience(policy.Tlp.AMBER, everyone=True)
            services.widen(receipt.contributions[0], by=self.actor, audience=everybody)
        (self.for_circle if circle and not widens else self.for_all).update(ids)


def joins(organisation, circle):
    """A member joins the circle, and what was there before is brought to it."""
    with transaction.atomic():
        doors = seats.seat_in_circle(circle, organisation)
    for door in doors:
        late_doors.bring_older(origin=door.origin, audience=door.audience, before_us=door.before_us)


def test_nobody_misses_anything_or_meets_it_twice(two):
    ways = (by_next, as_opencti, by_dates_alone, by_manifest)
    outsider, newcomer = factories.organisation(), factories.organisation()
    keys = {org: factories.key_of(org)[1] for org in (outsider, newcomer)}
    writers = []
    for number in range(WRITERS):
        actor, _ = factories.key_of()
        seats.seat_in_circle(two.circle, actor.organisation)
        writers.append(Writer(number, actor, two.circle))
    written = threading.Event()
    pollers = {
        who: [Poller(way, Caller(key), written) for way in ways]
        for who, key in (
            ("insider", two.reader_key), ("outsider", keys[outsider]), ("newcomer", keys[newcomer])
        )
    }  # fmt: skip
    everyone = [poller for group in pollers.values() for poller in group]

    for thread in [*everyone, *writers]:
        thread.start()
    writers[0].join()
    joins(newcomer, two.circle)
    for writer in writers:
        writer.join()
    written.set()
    for poller in everyone:
        poller.join(timeout=60)

    for_all = set().union(*(writer.for_all for writer in writers))
    for_circle = set().union(*(writer.for_circle for writer in writers))
    assert len(for_all) > WRITERS
    assert len(for_circle) > WRITERS
    expected = {"insider": for_all | for_circle, "newcomer": for_all | for_circle,
                "outsider": for_all}  # fmt: skip
    for who, group in pollers.items():
        for poller in group:
            assert poller.met == Counter(expected[who]), (who, poller.poll.__name__)
