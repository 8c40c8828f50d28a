"""Machines that post bundles to a hub that is killed under them, and one that polls it."""

from __future__ import annotations

import contextlib
import http.client
import itertools
import json
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from urllib.parse import urlencode

from tests.servers import Hub

TAXII = "application/taxii+json;version=2.1"
INBOX = "/taxii2/hub/collections/inbox/objects/"
OBJECTS = "/taxii2/hub/collections/indicators/objects/"
STATUS = "/taxii2/hub/status/"
LAST = "X-TAXII-Date-Added-Last"
WORKED_OFF_LATER = 2_001
"""As many objects as are acknowledged before they are taken in."""
PATIENCE_SECONDS = 30


class Down(Exception):
    """The hub did not answer, or not to the end: nobody knows what became of the request."""


@dataclass(frozen=True)
class Key:
    """A key of a member, at the hub's door."""

    hub: Hub = field(hash=False)
    secret: str

    def ask(self, method: str, path: str, body: bytes = b"") -> tuple[dict, Message]:
        """A whole answer, as JSON and headers. Raises Down when there is none."""
        connection = http.client.HTTPConnection(
            "127.0.0.1", self.hub.port, timeout=PATIENCE_SECONDS
        )
        headers = {
            "Authorization": f"Bearer {self.secret}", "Accept": TAXII, "Content-Type": TAXII,
        }  # fmt: skip
        try:
            with contextlib.closing(connection):
                connection.request(method, path, body, headers)
                answer = connection.getresponse()
                status, said = answer.status, answer.read()
        except (OSError, http.client.HTTPException) as error:
            raise Down(str(error)) from error
        assert status < 300, f"{status}: {said[:500]!r}"
        return json.loads(said), answer.headers


@dataclass
class Bundle:
    """A bundle, and the receipt with which the hub acknowledged it."""

    ids: list[str]
    body: bytes
    receipt: dict = field(default_factory=dict)
    attempts: int = 0


class Poster(threading.Thread):
    """Posts one bundle after the other, each again and again until it is acknowledged."""

    def __init__(self, number: int, key: Key, stop: threading.Event, *, large_every: int) -> None:
        super().__init__(daemon=True)
        self.number, self.key, self.stop, self.large_every = number, key, stop, large_every
        self.chance = random.Random(number)
        self.bundles: list[Bundle] = []
        self.error: Exception | None = None
        self._numbers = itertools.count()

    def run(self) -> None:
        try:
            while not self.stop.is_set():
                self.bundles.append(self._bundle())
                self._post(self.bundles[-1])
        except Exception as error:  # noqa: BLE001 - `finish` raises it in the test's own thread
            self.error = error

    def finish(self) -> list[Bundle]:
        """What it posted, all of it acknowledged."""
        self.join(PATIENCE_SECONDS)
        if self.error is not None:
            raise self.error
        assert not self.is_alive(), "a bundle was never acknowledged"
        return self.bundles

    def _bundle(self) -> Bundle:
        is_large = self.large_every and len(self.bundles) % self.large_every == 1
        count = WORKED_OFF_LATER if is_large else self.chance.randint(1, 4)
        things = [indicator(self.number, next(self._numbers)) for _ in range(count)]
        return Bundle([t["id"] for t in things], json.dumps({"objects": things}).encode())

    def _post(self, bundle: Bundle) -> None:
        while not bundle.receipt:
            bundle.attempts += 1
            try:
                bundle.receipt, _ = self.key.ask("POST", INBOX, bundle.body)
            except Down:
                time.sleep(0.05)


class Poller(threading.Thread):
    """Follows the hub by dates alone, across all its deaths."""

    def __init__(self, key: Key, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self.key, self.stop = key, stop
        self.met: Counter[str] = Counter()
        self.after = ""
        self.error: Exception | None = None

    def run(self) -> None:
        try:
            while not self.stop.is_set():
                with contextlib.suppress(Down):
                    self.poll()
                time.sleep(0.1)
        except Exception as error:  # noqa: BLE001 - `finish` raises it in the test's own thread
            self.error = error

    def poll(self) -> bool:
        query = {"match[version]": "all"} | ({"added_after": self.after} if self.after else {})
        page, headers = self.key.ask("GET", f"{OBJECTS}?{urlencode(query)}")
        met = [each["id"] for each in page.get("objects", [])]
        self.met.update(met)
        self.after = headers.get(LAST, self.after)
        return bool(met)

    def finish(self) -> Counter[str]:
        """How often it met each object, to the end."""
        self.join(PATIENCE_SECONDS)
        if self.error is not None:
            raise self.error
        while self.poll():
            pass
        return indicators(self.met)


def everything(key: Key) -> Counter[str]:
    """How often each indicator stands in the collection, read from the beginning."""
    found: Counter[str] = Counter()
    for page in pages(key):
        found.update(each["id"] for each in page.get("objects", []))
    return indicators(found)


def pages(key: Key) -> Iterator[dict]:
    """Every page, by following `next`."""
    query = {"match[version]": "all"}
    while True:
        page, _ = key.ask("GET", f"{OBJECTS}?{urlencode(query)}")
        yield page
        if not page.get("more"):
            return
        query |= {"next": page["next"]}


def indicators(found: Counter[str]) -> Counter[str]:
    """Without the identities and markings that travel along."""
    return Counter({k: n for k, n in found.items() if k.startswith("indicator--")})


def completed(key: Key, receipt: dict) -> dict:
    """A receipt once the hub has worked it off."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        now, _ = key.ask("GET", f"{STATUS}{receipt['id']}/")
        if now["status"] == "complete":
            return now
        time.sleep(0.2)
    raise AssertionError(f"still pending: {receipt['id']}")


def indicator(poster: int, number: int) -> dict:
    return {
        "type": "indicator", "spec_version": "2.1",
        "id": f"indicator--{poster:08d}-0000-4000-8000-{number:012d}",
        "created": "2026-01-01T00:00:00.000Z", "modified": "2026-01-01T00:00:00.000Z",
        "pattern": f"[domain-name:value = 'n{number % 500}.example']", "pattern_type": "stix",
        "valid_from": "2026-01-01T00:00:00Z",
    }  # fmt: skip
