"""A revoked key is over within a second, on every worker, while its tool is at work."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.servers import Hub

pytestmark = [pytest.mark.real_server, pytest.mark.slow]
PATH = "/taxii2/hub/collections/everything/objects/"
ACCEPT = "application/taxii+json;version=2.1"
CLIENTS = 8
"""Each asks on connections of its own, so both workers answer."""


def test_revoking_holds_within_a_second_on_every_worker(tmp_path):
    hub = Hub(tmp_path).set_up()
    made = hub.run("key", "add", "csirt", "poller")
    bearer = {"Authorization": f"Bearer {made['secret']}", "Accept": ACCEPT}
    with hub.serving("--workers", "2"), ThreadPoolExecutor(CLIENTS) as clients:
        for _ in clients.map(lambda _: hub.get(PATH, **bearer), range(4 * CLIENTS)):
            assert _[0] == 200
        hub.run("key", "revoke", made["identifier"])
        revoked = time.monotonic()

        after = list(clients.map(lambda _: hub.get(PATH, **bearer)[0], range(4 * CLIENTS)))

        assert time.monotonic() - revoked < 5
        assert set(after) == {401}, "asked in the second after the command returned"
