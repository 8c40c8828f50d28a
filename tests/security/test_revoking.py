"""What ended is over within a second, on every worker, while a tool is at work with it."""

from __future__ import annotations

import threading
import time

import pytest

from tests.databases import another_database
from tests.servers import Hub

pytestmark = [pytest.mark.real_server, pytest.mark.slow]
PATH = "/taxii2/hub/collections/everything/objects/"
ACCEPT = "application/taxii+json;version=2.1"
CLIENTS = 4
"""Each asks on connections of its own, so both workers answer."""
WITHIN_SECONDS = 1.0
POLLS_ON_SECONDS = 1.5


class Poll(threading.Thread):
    """Polls without pause; notes when each question began and how it was answered."""

    def __init__(self, hub: Hub, bearer: dict[str, str], stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self.hub, self.bearer, self.stop = hub, bearer, stop
        self.answers: list[tuple[float, int]] = []

    def run(self) -> None:
        while not self.stop.is_set():
            asked = time.monotonic()
            status, _ = self.hub.get(PATH, **self.bearer)
            self.answers.append((asked, status))


@pytest.fixture
def hub(tmp_path):
    with another_database("minga_revoking") as database:
        yield Hub(tmp_path / "home", database).set_up()


@pytest.mark.parametrize("end", ["revoke the key", "the organisation leaves"])
def test_what_ended_is_over_within_a_second_on_every_worker(hub, end):
    hub.run("org", "add", "Banco Azul", "--slug", "azul", "--signed", "Res. 1")
    made = hub.run("key", "add", "azul", "poller")
    bearer = {"Authorization": f"Bearer {made['secret']}", "Accept": ACCEPT}
    ends = {
        "revoke the key": ("key", "revoke", made["identifier"]),
        "the organisation leaves": ("org", "leave", "azul"),
    }
    stop = threading.Event()
    with hub.serving("--workers", "2"):
        polls = [Poll(hub, bearer, stop) for _ in range(CLIENTS)]
        for each in polls:
            each.start()
        time.sleep(1)
        hub.run(*ends[end])
        ended = time.monotonic()
        time.sleep(POLLS_ON_SECONDS)
        stop.set()
        for each in polls:
            each.join()

    answers = [answer for each in polls for answer in each.answers]
    assert {status for asked, status in answers if asked > ended} == {401}
    assert {status for _, status in answers} == {200, 401}
    last = max(asked for asked, status in answers if status == 200)
    assert last - ended < WITHIN_SECONDS
    assert all(200 in {status for _, status in each.answers} for each in polls)
