"""URLs: what every program agrees on is normalised, the rest is kept byte for byte."""

from __future__ import annotations

import re
from urllib.parse import unquote

from minga.core.observables.addresses import browser_ipv4, spelled_ipv6
from minga.core.observables.names import canonical_domain
from minga.core.problems import Invalid

LONGEST_URL = 8192
# scheme :// [userinfo @] host [: port] [rest]; each part excludes what ends it, so this is linear.
_URL = re.compile(
    r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]{1,31})://"
    r"(?P<authority>[^/?#\s\\\x00-\x1f\x7f]+)"
    r"(?P<rest>[/?#][^\s\x00-\x1f\x7f]*)?"
)
_HOST_AND_PATH = re.compile(r"[^\s/?#@:\\]+\.[^\s/?#@:\\]+(?::[0-9]{1,5})?/\S*")
_DEFAULT_PORTS = {"http": "80", "https": "443", "ftp": "21", "ws": "80", "wss": "443"}
_SINGLE_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")


def canonical_url(text: str) -> str:
    """Scheme and host in lower case, default port dropped, an empty path of http, https, ftp, ws
    and wss written `/`. User, path, query and fragment are kept byte for byte: servers may tell
    their case and escapes apart, and phishing kits route by fragment.

    The host becomes what a browser would connect to: escapes undone, IDNA A-labels, IPv6
    as RFC 5952, `http://0x7f.1` as `http://127.0.0.1/`. Sources: RFC 3986 6.2.2.1
    and 6.2.3, WHATWG URL 3.5.

    A host with a dot and a path, `evil.example/gate.php`, is a URL whose scheme got lost: http is
    assumed. Raises Invalid without a host, with blanks, or over 8,192 characters.
    """
    written = text.strip()
    if len(written) <= LONGEST_URL and _HOST_AND_PATH.fullmatch(written):
        written = "http://" + written
    parts = _URL.fullmatch(written) if len(written) <= LONGEST_URL else None
    if parts is None:
        raise Invalid(
            f"{text[:80]!r} is not a URL; expected a scheme, :// and a host, without blanks, "
            f"{LONGEST_URL:,} characters at most, such as https://login.example.com/a."
        )
    scheme, rest = parts["scheme"].lower(), parts["rest"] or ""
    user, at, place = parts["authority"].rpartition("@")
    host, port = _host_and_port(place)
    if port == _DEFAULT_PORTS.get(scheme):
        port = ""
    if scheme in _DEFAULT_PORTS and not rest.startswith("/"):
        rest = "/" + rest
    return f"{scheme}://{user}{at}{_host(host)}{port and ':'}{port}{rest}"


def _host_and_port(place: str) -> tuple[str, str]:
    """Host as written, port without leading zeros or empty."""
    if place.startswith("["):
        host, bracket, after = place.partition("]")
        host += bracket
        colon, port = after[:1], after[1:]
    else:
        host, colon, port = place.partition(":")
    if colon not in ("", ":") or not re.fullmatch(r"[0-9]{0,5}", port) or int(port or "0") > 65535:
        raise Invalid(
            f"{place[:80]!r} is not a host and port; expected such as login.example.com:8443 or "
            "[2001:db8::7]:8443."
        )
    return host, port.lstrip("0") or port[:1]


def _host(text: str) -> str:
    if text.startswith("["):
        return f"[{spelled_ipv6(text)}]"
    name = unquote(text).lower()
    address = browser_ipv4(name)
    if address is not None:
        return address
    if _SINGLE_LABEL.fullmatch(name):
        return name  # such as http://intranet/: a name inside some network, still a URL
    return canonical_domain(name)


def host_of(url: str) -> str:
    """The host of a canonical URL: a name or an address, IPv6 without its brackets."""
    authority = re.split(r"[/?#]", url.partition("://")[2], maxsplit=1)[0]
    place = authority.rpartition("@")[2]
    if place.startswith("["):
        return place[1:].partition("]")[0]
    return place.partition(":")[0]
