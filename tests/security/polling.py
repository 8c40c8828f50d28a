"""Clients that keep up with a hub, each in its own way, and may be stopped and go on elsewhere.

Run as a program, it goes on with clients that were stopped in another process:
`python -m tests.security.polling DATABASE` reads them from standard input as JSON, polls to the
end and writes what each met. A cursor that lived in memory, or a key of the process, would show.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass, field
from random import Random

MILLISECOND_US = 1_000
LARGEST_PAGES = (1, 2, 7)
WAYS = ("by next", "as OpenCTI", "by dates", "newest only")


@dataclass
class Client:
    """A member's client: whose it is, how it polls, where it stands and what it met.

    `met` has (id, modified, added) of every version, in order, as often as it came.
    """

    way: str
    organisation: int
    seed: int
    added_after: int = -1
    next: str = ""
    met: list[tuple[str, int, int]] = field(default_factory=list)

    def poll(self) -> bool:
        """Ask for one page; whether anything was on it."""
        from minga.features.exchange import queries
        from minga.store.people.actors import Actor
        from minga.store.people.models import Organisation

        reader = Actor(Organisation.objects.get(pk=self.organisation)).reader
        versions = ("last",) if self.way == "newest only" else ()
        page = queries.page(
            queries.collection("everything", reader=reader),
            queries.Filters(added_after=self.added_after, versions=versions),
            reader=reader,
            limit=self._limit(),
            cursor=self.next,
            with_bytes=False,
        )
        self.met += [(row.stix_id, row.modified_us, row.added_at) for row in page.rows]
        self._go_on(page.next)
        return bool(page.rows)

    def _limit(self) -> int:
        """Some ask for one thing at a time and lag behind; the others for a few more or less."""
        largest = LARGEST_PAGES[self.seed % len(LARGEST_PAGES)]
        return Random(f"{self.seed} {len(self.met)}").randint(1, largest)

    def _go_on(self, following: str) -> None:
        """OpenCTI and others send their first date with every `next`, until there is none."""
        self.next = following if self.way in {"by next", "as OpenCTI"} else ""
        if self.next or not self.met:
            return
        last = max(added for _, _, added in self.met)
        self.added_after = last - last % MILLISECOND_US if self.way == "as OpenCTI" else last

    def finish(self) -> None:
        """Poll until nothing new comes."""
        known = -1
        while known != len(set(self.met)) or self.next:
            known = len(set(self.met))
            self.poll()


def stored(clients: list[Client]) -> str:
    """What the clients would write down before they end."""
    return json.dumps([asdict(client) for client in clients])


def restored(text: str) -> list[Client]:
    """The clients as they were written down."""
    return [
        Client(**each | {"met": [tuple(version) for version in each["met"]]})
        for each in json.loads(text)
    ]


def main() -> None:
    """Go on with the clients on standard input, in this process, to the end."""
    import django
    from django.conf import settings

    settings.DATABASES["default"]["NAME"] = sys.argv[1]
    django.setup()
    clients = restored(sys.stdin.read())
    for client in clients:
        client.finish()
    print(stored(clients))


if __name__ == "__main__":
    main()
