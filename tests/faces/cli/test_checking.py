"""`minga check`: what is looked at before a hub serves."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connection

from minga.faces.cli import safety
from minga.store import world
from minga.store.objects.models import PublicationClock
from tests.features.membership.documents.authority import Authority

FINE = [
    "address",
    "default TLP",
    "state folder",
    "secret",
    "sealing key",
    "database",
    "durability",
    "migrations",
    "hub",
    "clock",
    "disk",
]


@pytest.fixture(autouse=True)
def _hub(hub):
    """A hub that is set up."""


def wrong(host="127.0.0.1"):
    """What is not fine, by subject."""
    return {f.subject: f.says for f in safety.look(host) if not f.is_fine}


def test_a_hub_that_was_just_set_up_is_fit(minga):
    ended = minga("check", "--json")

    assert ended.code == 0
    assert all(finding["fine"] for finding in ended.json)
    assert [finding["subject"] for finding in ended.json] == FINE


def test_what_is_wrong_is_marked_and_the_code_says_so(minga, settings):
    settings.IS_LOOPBACK = False
    settings.URL = "http://hub.example"

    ended = minga("check")

    assert ended.code == 8
    assert "✗ address" in ended.out
    assert "✓ clock" in ended.out


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "hub.example"])
def test_listening_beyond_loopback_needs_https(host, settings):
    assert "would travel in the clear" in wrong(host)["address"]

    settings.IS_SECURE, settings.URL = True, "https://hub.example"
    assert wrong(host) == {}


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.1", "::1", "localhost"])
def test_loopback_needs_no_https(host):
    assert wrong(host) == {}


def test_debugging_is_unsafe(settings):
    settings.DEBUG = True

    assert "DEBUG is on" in wrong()["address"]


def test_a_database_that_may_forget_is_unsafe():
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            pytest.skip("SQLite refuses to change it inside a transaction; see the next test")
        cursor.execute("SET LOCAL synchronous_commit = off")

    assert "synchronous_commit is off" in wrong()["durability"]


@pytest.mark.django_db(transaction=True)
def test_sqlite_without_full_syncing_is_unsafe():
    if connection.vendor != "sqlite":
        pytest.skip("about SQLite")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous = NORMAL")
        try:
            found = wrong()
        finally:
            cursor.execute("PRAGMA synchronous = FULL")

    assert "synchronous is 1; expected 2 or 3" in found["durability"]


def test_a_clock_behind_what_was_published_is_unsafe():
    future = world.now() + timedelta(minutes=5)
    PublicationClock.objects.update(last_us=world.to_us(future))

    assert "Set the clock right first" in wrong()["clock"]


def test_a_clock_apart_from_the_databases_is_unsafe(monkeypatch):
    monkeypatch.setattr(safety, "_database_now", lambda: world.now() - timedelta(seconds=20))

    assert "20 s apart" in wrong()["clock"]


def test_migrations_that_wait_are_unsafe(monkeypatch):
    monkeypatch.setattr(safety, "_migrations_waiting", lambda: 2)

    found = wrong()
    assert "2 migrations are not applied" in found["migrations"]


def test_a_disk_that_is_nearly_full_is_told_and_not_unsafe(monkeypatch, minga):
    usage = SimpleNamespace(total=10, used=9, free=1)
    monkeypatch.setattr("shutil.disk_usage", lambda _path: usage)

    assert "or writes will be refused" in wrong()["disk"]
    assert minga("check").code == 0


def test_a_folder_that_others_may_read_is_unsafe(settings, tmp_path):
    settings.HOME = tmp_path
    (tmp_path / "secret.key").write_bytes(b"k")
    (tmp_path / "secret.key").chmod(0o640)
    (tmp_path / "seal.pem").write_bytes(b"k")
    (tmp_path / "seal.pem").chmod(0o604)
    tmp_path.chmod(0o755)

    found = wrong()
    assert "chmod go-rwx" in found["state folder"]
    assert "chmod go-rwx" in found["secret"]
    assert "chmod go-rwx" in found["sealing key"]


def test_a_folder_of_roots_without_any_is_told_and_not_unsafe(settings, tmp_path):
    settings.SIGNATURE_ROOTS = str(tmp_path)
    assert "holds no certificate" in wrong()["signature roots"]

    (tmp_path / "ca.pem").write_bytes(b"not a certificate")
    assert "signature roots" in wrong()

    (tmp_path / "ca.pem").write_bytes(Authority().pem)
    assert "signature roots" not in wrong()
