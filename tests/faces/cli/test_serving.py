"""`minga serve`: everything in one command, and a clean end."""

import contextlib
import errno
import json
import os
import signal
import socket
import subprocess
import time
from pathlib import Path

import pytest

from tests.databases import another_database
from tests.servers import MINGA, Hub

pytestmark = [pytest.mark.real_server, pytest.mark.xdist_group("serving")]
STOPS_WITHIN_SECONDS = 5
TAXII = "application/taxii+json;version=2.1"


@pytest.fixture(scope="module")
def hub(tmp_path_factory):
    with another_database("serving") as database:
        yield Hub(tmp_path_factory.mktemp("hub"), database).set_up()


@pytest.fixture
def eventually():
    """Ask again until it is so."""

    def wait(ask, *, within=20):
        until = time.monotonic() + within
        while not ask():
            assert time.monotonic() < until, "it did not come to be"
            time.sleep(0.1)

    return wait


def children_of(pid):
    of_each_thread = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for path in of_each_thread for child in path.read_text().split()]


def is_alive(pid):
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def refuses(port):
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == errno.ECONNREFUSED


def stop(process):
    """Ask it to end; how long that took."""
    started = time.monotonic()
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=30) == 0
    return time.monotonic() - started


def test_it_answers_on_loopback_alone(hub):
    with hub.serving():
        assert hub.get("/taxii2/", Accept=TAXII)[0] == 401
        others = [a[4][0] for a in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)]
        for address in {a for a in others if not a.startswith("127.")}:
            with pytest.raises(ConnectionRefusedError):
                socket.create_connection((address, hub.port), timeout=2)


def test_it_ends_within_five_seconds_of_sigterm_and_leaves_nobody_behind(hub):
    with (
        hub.serving() as process,
        contextlib.closing(socket.create_connection(("127.0.0.1", hub.port))) as idle,
    ):
        idle.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert idle.recv(100)
        family = children_of(process.pid)
        assert len(family) >= 2

        assert stop(process) < STOPS_WITHIN_SECONDS
        assert not any(is_alive(pid) for pid in family)


def test_a_request_in_flight_is_answered_before_the_end(hub):
    secret = hub.key("csirt", "--can-share")
    body = json.dumps({"objects": []}).encode()
    head = (
        "POST /taxii2/hub/collections/inbox/objects/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"Authorization: Bearer {secret}\r\nAccept: {TAXII}\r\nContent-Type: {TAXII}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    ).encode()

    with (
        hub.serving() as process,
        contextlib.closing(socket.create_connection(("127.0.0.1", hub.port))) as client,
    ):
        client.sendall(head + body[:5])
        time.sleep(0.5)
        process.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        client.sendall(body[5:])
        answer = client.recv(200)
        assert process.wait(timeout=30) == 0

    assert answer.startswith(b"HTTP/1.1 202"), answer


def test_a_client_that_stalls_does_not_keep_it_from_ending(hub):
    with (
        hub.serving() as process,
        contextlib.closing(socket.create_connection(("127.0.0.1", hub.port))) as client,
    ):
        client.sendall(
            b"POST /taxii2/hub/collections/inbox/objects/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            b"Content-Length: 1000\r\n\r\n{"
        )
        time.sleep(0.5)

        assert stop(process) < STOPS_WITHIN_SECONDS


def test_background_work_is_done_beside_the_pages(hub, eventually):
    hub.run("org", "add", "Banco", "--signed", "acta")
    hub.run("org", "add", "Otro", "--signed", "acta")
    hub.run("circle", "add", "Banca", "--steward", "banco")
    hub.run("share", "Antes de que llegara Otro", "--as", "banco", "--to", "circle:banca")
    hub.run("circle", "admit", "banca", "otro")
    secret = hub.key("otro")

    def arrived():
        _, body = hub.get(
            "/taxii2/hub/collections/circle-banca/objects/",
            Accept=TAXII, Authorization=f"Bearer {secret}",
        )  # fmt: skip
        return b"Antes de que llegara Otro" in body

    with hub.serving("--no-background"):
        time.sleep(1.5)
        assert not arrived()
    with hub.serving():
        eventually(arrived)


def test_background_work_that_dies_is_started_again(hub, eventually):
    with hub.serving() as process:
        workers = lambda: [p for p in children_of(process.pid) if "worker" in command_of(p)]  # noqa: E731
        eventually(workers)
        (first,) = workers()
        os.kill(first, signal.SIGKILL)
        eventually(lambda: workers() and workers() != [first])


def test_a_killed_master_leaves_no_orphans_on_its_port(hub, eventually):
    with hub.serving() as process:
        family = children_of(process.pid)
        process.kill()
        process.wait()
        eventually(lambda: not any(is_alive(pid) for pid in family))
        eventually(lambda: refuses(hub.port))


def test_a_port_that_is_taken_is_named(hub):
    with contextlib.closing(socket.create_server(("127.0.0.1", hub.port))):
        refused = hub.run("serve", "--port", str(hub.port), code=8)

    assert f"cannot listen on 127.0.0.1:{hub.port}" in refused["error"]["message"]


@pytest.mark.parametrize(
    ("setting", "value", "options", "words"),
    [
        ("MINGA_URL", "http://hub.example", (), "expected https:// unless it is on loopback"),
        ("MINGA_URL", "http://127.0.0.1", ("--host", "0.0.0.0"), "would travel in the clear"),
        ("MINGA_DEFAULT_TLP", "TLP:CLEAR", (), "expected TLP:GREEN or stricter"),
        ("MINGA_THREADS", "many", (), "expected a whole number, 1 to 256"),
        ("MINGA_DATABASE", "mysql://x/y", (), "expected postgresql://user@host/name"),
    ],
)
def test_an_unsafe_setting_keeps_it_from_serving_and_is_named(hub, setting, value, options, words):
    ended = subprocess.run(
        [*MINGA, "serve", *options, "--json"],
        env=hub.environment | {setting: value}, capture_output=True, text=True, timeout=60,
        check=False,
    )  # fmt: skip

    assert ended.returncode == 8
    assert words in json.loads(ended.stderr)["error"]["message"]


def test_a_secret_that_others_may_read_keeps_it_from_serving(hub):
    secret = hub.home / "secret.key"
    secret.chmod(0o644)
    try:
        message = hub.run("serve", code=8)["error"]["message"]
    finally:
        secret.chmod(0o600)

    assert "Others may read" in message
    assert f"chmod go-rwx {secret}" in message


def test_a_hub_that_is_not_set_up_does_not_serve(tmp_path):
    with another_database("not_set_up") as database:
        message = Hub(tmp_path / "home", database).run("serve", code=8)["error"]["message"]

    assert "run `minga init`" in message


def command_of(pid):
    with contextlib.suppress(FileNotFoundError):
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    return ""
