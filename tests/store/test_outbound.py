"""Calling out: only to where it may, and only as long as it may."""

import socket
import threading
import time
from contextlib import suppress

import pytest

from minga.store import outbound
from minga.store.outbound import Unreachable
from tests import tls

PRIVATE = [
    "https://127.0.0.1/", "https://[::1]/", "https://[::ffff:127.0.0.1]/", "https://0.0.0.0/",
    "https://169.254.169.254/latest", "https://10.0.0.1/", "https://192.168.1.1/",
    "https://100.64.0.1/", "https://[fe80::1]/", "https://[fc00::1]/", "https://224.0.0.1/",
    "https://[64:ff9b::7f00:1]/", "https://[2002:7f00:1::]/", "https://[::7f00:1]/",
    "https://localhost/", "https://255.255.255.255/", "https://198.18.0.1/",
    "https://[64:ff9b:1::1]/", "https://[2001:0:7f00:1::]/",
]  # fmt: skip
UNREADABLE = [
    "http://example.com/", "file:///etc/passwd", "gopher://example.com/", "https://", "//x/", "",
    "https://user@example.com/", "https://2130706433/", "https://0177.0.0.1/", "https://0x7f.1/",
    "https://example.com\\@127.0.0.1/", "https://example.com/\r\nX: y", "https://exa mple.com/",
    "https://[::1", "https://example.com:99999/", "https://127.1/", "https://127.0.0.0x1/",
    "https://ejemplo.com/ñ", "https://a..b/",
]  # fmt: skip


@pytest.fixture
def authority(tmp_path, monkeypatch):
    made = tls.Authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(made.file))
    return made


@pytest.fixture
def loopback_is_allowed(settings):
    settings.OUTBOUND_NETWORKS = "127.0.0.0/8 ::1/128"


def say(text, status=200, **headers):
    def answer(handler):
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(text)

    return answer


@pytest.mark.parametrize("url", PRIVATE)
def test_a_private_address_is_never_called_however_it_is_spelled(url):
    with pytest.raises(Unreachable, match="private network"):
        outbound.get(url)


@pytest.mark.parametrize("url", UNREADABLE)
def test_what_is_no_plain_https_address_is_refused_unasked(url):
    with pytest.raises(Unreachable):
        outbound.refuse_address(url)


def test_a_network_that_the_operator_named_is_called(authority, loopback_is_allowed):
    with tls.serving(say(b"hello"), authority.context_for("localhost")) as address:
        assert outbound.get(f"{address}/x") == outbound.Answer(200, b"hello")


def test_a_form_arrives_as_a_form(authority, loopback_is_allowed):
    def repeat(handler):
        length = int(handler.headers["Content-Length"])
        say(handler.rfile.read(length) + handler.headers["Content-Type"].encode())(handler)

    with tls.serving(repeat, authority.context_for("localhost")) as address:
        answer = outbound.post_form(address, {"código": "a&b"})

    assert answer.body == b"c%C3%B3digo=a%26bapplication/x-www-form-urlencoded"


def test_a_redirect_is_not_followed(authority, loopback_is_allowed):
    elsewhere = say(b"", status=302, Location="https://169.254.169.254/")
    with tls.serving(elsewhere, authority.context_for("localhost")) as address:
        assert outbound.get(address).status == 302


def test_a_server_whose_authority_nobody_knows_is_refused(
    authority, loopback_is_allowed, monkeypatch, tmp_path
):
    empty = tmp_path / "none.pem"
    empty.write_text("")
    monkeypatch.setenv("SSL_CERT_FILE", str(empty))
    with (
        tls.serving(say(b"hello"), authority.context_for("localhost")) as address,
        pytest.raises(Unreachable, match="does not prove who it is"),
    ):
        outbound.get(address)


@pytest.mark.parametrize(
    ("host", "ends"), [("other.example", tls.NOW + tls.DAY), ("localhost", tls.NOW - tls.DAY)]
)
def test_a_certificate_of_another_name_or_of_the_past_is_refused(
    authority, loopback_is_allowed, host, ends
):
    with (
        tls.serving(say(b"hello"), authority.context_for(host, ends=ends)) as address,
        pytest.raises(Unreachable, match="does not prove who it is"),
    ):
        outbound.get(address)


def test_an_answer_over_the_limit_is_refused(authority, loopback_is_allowed, monkeypatch):
    monkeypatch.setattr(outbound, "MOST_BYTES", 10)
    with (
        tls.serving(say(b"x" * 11), authority.context_for("localhost")) as address,
        pytest.raises(Unreachable, match="more than 10 bytes"),
    ):
        outbound.get(address)


@pytest.mark.parametrize("in_its", ["head", "body"])
def test_one_that_drips_is_cut_when_its_time_is_over(
    authority, loopback_is_allowed, monkeypatch, in_its
):
    monkeypatch.setattr(outbound, "SECONDS", 0.5)

    def drip(handler):
        if in_its == "body":
            say(b"")(handler)
        for _ in range(50):
            handler.wfile.write(b"x")
            time.sleep(0.1)

    with tls.serving(drip, authority.context_for("localhost")) as address:
        began = time.monotonic()
        with pytest.raises(Unreachable, match="did not answer"):
            outbound.get(address)

    assert time.monotonic() - began < 2


def test_one_that_is_slow_to_greet_does_not_drip_for_ever_afterwards(
    authority, loopback_is_allowed, monkeypatch
):
    """Its time may be over while it connects or greets, when there is nothing to cut yet."""
    monkeypatch.setattr(outbound, "SECONDS", 0.5)
    connect = socket.create_connection

    def slowly(*args, **kwargs):
        time.sleep(0.6)
        return connect(*args, **kwargs)

    def drip(handler):
        for _ in range(50):
            handler.wfile.write(b"x")
            time.sleep(0.1)

    monkeypatch.setattr(socket, "create_connection", slowly)
    with tls.serving(drip, authority.context_for("localhost")) as address:
        began = time.monotonic()
        with pytest.raises(Unreachable, match="did not answer"):
            outbound.get(address)

    assert time.monotonic() - began < 2


@pytest.mark.parametrize("silent_for", [0.4, 5])
def test_a_slow_greeting_is_within_the_time(
    authority, loopback_is_allowed, monkeypatch, silent_for
):
    """A network that takes a while, then a server that does: together no longer than one alone."""
    monkeypatch.setattr(outbound, "SECONDS", 0.5)
    connect = socket.create_connection

    def slowly(*args, **kwargs):
        time.sleep(0.3)
        return connect(*args, **kwargs)

    def greet_late(listener):
        wire, _ = listener.accept()
        with suppress(OSError), wire:
            time.sleep(silent_for)
            with authority.context_for("localhost").wrap_socket(wire, server_side=True) as spoken:
                for _ in range(50):
                    spoken.send(b"x")
                    time.sleep(0.1)

    monkeypatch.setattr(socket, "create_connection", slowly)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=greet_late, args=(listener,), daemon=True).start()
        began = time.monotonic()
        with pytest.raises(Unreachable, match="did not answer"):
            outbound.get(f"https://localhost:{listener.getsockname()[1]}/")

    assert time.monotonic() - began < 1.5


@pytest.mark.parametrize("silent_for", [0.4, 3])
def test_a_slow_name_server_is_within_the_time(
    authority, loopback_is_allowed, monkeypatch, silent_for
):
    """Whoever names the address also runs its name servers, and lets them take their time."""
    monkeypatch.setattr(outbound, "SECONDS", 0.5)
    resolve = socket.getaddrinfo

    def slowly(*args, **kwargs):
        if threading.current_thread().name == "resolving":
            time.sleep(silent_for)
        return resolve(*args, **kwargs)

    def drip(handler):
        for _ in range(50):
            handler.wfile.write(b"x")
            time.sleep(0.1)

    with tls.serving(drip, authority.context_for("localhost")) as address:
        monkeypatch.setattr(socket, "getaddrinfo", slowly)
        began = time.monotonic()
        with pytest.raises(Unreachable, match=r"did not answer|Nobody told"):
            outbound.get(address)
        took = time.monotonic() - began

    assert took < 0.8


def test_a_name_that_leads_nowhere_is_told():
    with pytest.raises(Unreachable, match="leads nowhere"):
        outbound.get("https://nothing.invalid/")
