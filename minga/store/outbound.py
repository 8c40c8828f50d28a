"""The one place from which the hub calls out, and what it never calls.

Addresses come from members and peers, so each is asked where it leads before a byte is sent: only
https to a verified name, only to public addresses or to networks that the operator named, to the
very address that was judged, without following redirects, within a size and a time.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from threading import Event, Thread, Timer
from urllib.parse import urlencode, urlsplit

import idna
from django.conf import settings

from minga.core import networks
from minga.core.problems import Problem

MOST_BYTES = 1_000_000
SECONDS = 10
_FORM = "application/x-www-form-urlencoded"
# Spellings that carry another address inside: RFC 6052, 3056, 4380 and 4291 (section 2.5.5.1).
_CARRIERS = tuple(
    ipaddress.ip_network(each)
    for each in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96")
)


class Unreachable(Problem):
    """Another server could not be called, may not be called, or did not answer as it must."""

    code = "unreachable"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the other server said: its status, and its body of at most the bytes allowed."""

    status: int
    body: bytes


@dataclass(frozen=True, slots=True)
class _Place:
    host: str
    port: int
    target: str


def get(url: str, *, headers: Mapping[str, str] | None = None) -> Answer:
    """What stands at an https address; at most 1 MB, within ten seconds.

    A redirect is an answer like any other. Raises Unreachable, with a message for whoever set
    the address.
    """
    return _call("GET", url, body=None, headers=headers or {})


def post_form(
    url: str, fields: Mapping[str, str], *, headers: Mapping[str, str] | None = None
) -> Answer:
    """What an https address answers to a form; limits and errors as `get`."""
    body = urlencode(fields).encode()
    return _call("POST", url, body=body, headers={"Content-Type": _FORM} | dict(headers or {}))


def refuse_address(url: str) -> None:
    """Raise Unreachable for an address that the hub would not call, as far as it can be told
    without asking where its name leads.
    """
    _read(url)


def _call(method: str, url: str, *, body: bytes | None, headers: Mapping[str, str]) -> Answer:
    place, ends = _read(url), time.monotonic() + SECONDS
    address = _judged_address(place, within=SECONDS)
    left = max(ends - time.monotonic(), 0.001)
    connection = _Pinned(place.host, place.port, address, within=left)
    asked = {"Accept-Encoding": "identity", "User-Agent": "Minga"} | dict(headers)
    try:
        with _no_longer_than(left, connection):
            connection.request(method, place.target, body=body, headers=asked)
            response = connection.getresponse()
            content = response.read(MOST_BYTES + 1)
    except ssl.SSLCertVerificationError as error:
        raise Unreachable(
            f"{place.host} does not prove who it is: {error.verify_message}."
        ) from None
    except (OSError, http.client.HTTPException, ValueError):
        raise Unreachable(
            f"{place.host} did not answer within {SECONDS} seconds as a web server does."
        ) from None
    finally:
        connection.close()
    if len(content) > MOST_BYTES:
        raise Unreachable(f"{place.host} answered more than {MOST_BYTES} bytes.")
    return Answer(response.status, content)


class _Pinned(http.client.HTTPSConnection):
    """A connection to the address that was judged, verified against the name that was asked."""

    def __init__(self, host: str, port: int, address: str, *, within: float) -> None:
        self._trust = ssl.create_default_context()
        super().__init__(host, port, timeout=within, context=self._trust)
        self._within = within
        self._address = address
        self._wire: socket.socket | None = None  # `sock` is forgotten while a body is read
        self._is_cut = False

    def connect(self) -> None:
        wire = socket.create_connection((self._address, self.port), timeout=self._within)
        self._hold(wire)
        spoken = self._trust.wrap_socket(
            wire, server_hostname=self.host, do_handshake_on_connect=False
        )
        self._hold(spoken)
        spoken.do_handshake()

    def cut(self) -> None:
        """End it from another thread, whatever it is waiting for, also before it is connected."""
        self._is_cut = True
        if self._wire is not None:
            with suppress(OSError):  # it may have ended by itself just now
                socket.socket.shutdown(self._wire, socket.SHUT_RDWR)

    def _hold(self, wire: socket.socket) -> None:
        """From here on `cut` and `close` end this one; what was cut before it was there, here."""
        self.sock = self._wire = wire
        if self._is_cut:
            raise TimeoutError


@contextmanager
def _no_longer_than(seconds: float, connection: _Pinned) -> Iterator[None]:
    """Cut the connection when its time is over; one that drips bytes would never time out."""

    is_over = Event()

    def end() -> None:
        is_over.set()
        connection.cut()

    deadline = Timer(seconds, end)
    deadline.daemon = True
    deadline.start()
    try:
        yield
    finally:
        deadline.cancel()
    if is_over.is_set():  # what was read until then may look whole
        raise TimeoutError


def _read(url: str) -> _Place:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Unreachable("The address cannot be read; expected https://name/path.") from None
    if parts.scheme != "https" or not parts.hostname or not url.isascii() or not url.isprintable():
        raise Unreachable(f"The address is {url[:100]!r}; expected https:// and a name, in ASCII.")
    if "@" in parts.netloc or " " in url or "\\" in url:
        raise Unreachable("The address names a user or holds a space; write it without.")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return _Place(_name(parts.hostname), port or http.client.HTTPS_PORT, target)


def _name(host: str) -> str:
    """The host as a server is asked for it: a name or an address in its one spelling."""
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        pass
    last = host.rstrip(".").rpartition(".")[2]
    if last.isdigit() or last.startswith("0x"):  # 2130706433, 0177.1, 127.0.0.0x1
        raise Unreachable(f"The host is {host[:100]!r}; expected a name or a plain address.")
    try:
        return idna.encode(host, uts46=True).decode()
    except idna.IDNAError:
        raise Unreachable(f"The host is {host[:100]!r}; expected a name.") from None


def _judged_address(place: _Place, *, within: float) -> str:
    """One address of the place, once all of them may be called."""
    addresses = _addresses(place, within=within)
    if not addresses or not all(map(_may_be_called, addresses)):
        raise Unreachable(
            f"{place.host} leads into a private network; the operator allows such networks in "
            "MINGA_OUTBOUND_NETWORKS."
        )
    return addresses[0]


def _addresses(place: _Place, *, within: float) -> list[str]:
    """Where a name leads. Whose name servers take longer than so many seconds is not waited for.

    The system's resolver knows no deadline and nothing ends it from outside, so it is asked in a
    thread that is left behind; it gives up by itself after a while.
    """
    found: list[str] = []
    failures: list[OSError] = []

    def ask() -> None:
        try:
            rows = socket.getaddrinfo(place.host, place.port, type=socket.SOCK_STREAM)
        except OSError as error:
            failures.append(error)
        else:
            found.extend(str(each[4][0]).partition("%")[0] for each in rows)

    asking = Thread(target=ask, name="resolving", daemon=True)
    asking.start()
    asking.join(within)
    if asking.is_alive():
        raise Unreachable(
            f"Nobody told within {SECONDS} seconds where the name {place.host} leads."
        )
    if failures:
        raise Unreachable(f"The name {place.host} leads nowhere.")
    return found


def _may_be_called(text: str) -> bool:
    if networks.is_from(text, settings.OUTBOUND_NETWORKS):
        return True
    address = ipaddress.ip_address(text)
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return _may_be_called(str(address.ipv4_mapped))
        if any(address in carrier for carrier in _CARRIERS):
            return False
    return address.is_global and not (address.is_multicast or address.is_reserved)
