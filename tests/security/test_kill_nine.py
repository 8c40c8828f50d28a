"""Acknowledged means kept: the whole hub is killed, over and over, while machines post to it."""

from __future__ import annotations

import contextlib
import json
import random
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter

import pytest

from tests.databases import another_database
from tests.security.posting import Bundle, Key, Poller, Poster, completed, everything
from tests.servers import Hub

pytestmark = [pytest.mark.real_server, pytest.mark.slow]

POSTERS = 8
ROUNDS = 20
LEAST_ROUNDS = 6
LONGEST_SECONDS = 55
"""A slow machine kills less often, so that the test stays bounded."""
LONGEST_LIFE_SECONDS = 1.2


@pytest.fixture
def hub(tmp_path):
    with another_database("minga_kill_nine") as database:
        yield Hub(tmp_path / "home", database).set_up()


def keys_of(hub: Hub, *, count: int) -> list[Key]:
    ended = subprocess.run(
        [sys.executable, "-m", "tests.security.members_with_keys", str(count)],
        env=hub.environment | {"DJANGO_SETTINGS_MODULE": "minga.config.settings"},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [Key(hub, secret) for secret in json.loads(ended.stdout)]


def kill_and_start_again(hub: Hub) -> int:
    """Let the hub live for random moments; each ends by SIGKILL to all its processes. How many."""
    chance, until = random.Random(9), time.monotonic() + LONGEST_SECONDS
    for lives in range(ROUNDS):
        if time.monotonic() > until:
            return lives
        with hub.serving():
            time.sleep(chance.uniform(0, LONGEST_LIFE_SECONDS))
    return ROUNDS


def test_what_was_acknowledged_outlives_every_kill_and_nothing_is_doubled(hub):
    *posting, reading = keys_of(hub, count=POSTERS + 1)
    stop = threading.Event()
    # One of them posts bundles so large that they are taken in after the acknowledgement.
    posters = [
        Poster(number, key, stop, large_every=0 if number else 4)
        for number, key in enumerate(posting)
    ]
    poller = Poller(reading, stop)
    for thread in (*posters, poller):
        thread.start()

    lives = kill_and_start_again(hub)

    assert lives >= LEAST_ROUNDS
    with hub.serving():
        stop.set()
        posted = {poster.key: poster.finish() for poster in posters}
        for key, bundles in posted.items():
            hold_receipts_to_their_word(key, bundles)
        sent = Counter(i for bundles in posted.values() for b in bundles for i in b.ids)
        assert everything(reading) == sent
        assert poller.finish() == sent
        resend_some(posted)
        assert everything(reading) == sent
    look_into(hub, [bundle for bundles in posted.values() for bundle in bundles])


def hold_receipts_to_their_word(key: Key, bundles: list[Bundle]) -> None:
    """Every acknowledgement is still known, and says in the end that all went in."""
    for bundle in bundles:
        receipt = completed(key, bundle.receipt)
        assert receipt["success_count"] == receipt["total_count"] == len(bundle.ids)
        assert {each["id"] for each in receipt["successes"]} == {*bundle.ids}


def resend_some(posted: dict[Key, list[Bundle]]) -> None:
    """Who lost the answer sends again; it is success and changes nothing."""
    for key, bundles in posted.items():
        for bundle in bundles[:: max(1, len(bundles) // 5)]:
            again = completed(key, key.ask("POST", "/taxii2/hub/collections/inbox/objects/",
                                           bundle.body)[0])  # fmt: skip
            told = {each["message"] for each in again["successes"]}
            assert (again["failure_count"], told) == (0, {"Object already added"})


def look_into(hub: Hub, bundles: list[Bundle]) -> None:
    """The database is whole, holds one contribution for each bundle, and owes no work."""
    assert some_were_cut_off(bundles)
    assert rows(hub, "SELECT COUNT(*) FROM objects_contribution") == [(len(bundles),)]
    assert rows(hub, "SELECT COUNT(*) FROM exchange_submission WHERE state <> 'complete'") == [(0,)]
    if not hub.database:
        assert rows(hub, "PRAGMA integrity_check") == [("ok",)]
        assert rows(hub, "PRAGMA foreign_key_check") == []


def some_were_cut_off(bundles: list[Bundle]) -> bool:
    """Otherwise the kills came at moments when nobody wrote, and prove nothing."""
    return any(bundle.attempts > 1 for bundle in bundles)


def rows(hub: Hub, statement: str) -> list[tuple]:
    if hub.database:
        import psycopg

        with psycopg.connect(hub.database) as connection:
            return connection.execute(statement).fetchall()
    with contextlib.closing(sqlite3.connect(hub.home / "minga.sqlite3")) as connection:
        return connection.execute(statement).fetchall()
