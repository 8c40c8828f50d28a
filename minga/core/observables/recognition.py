"""One pasted value: which kind of observable is it?"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from minga.core.observables.addresses import (
    DOTTED_QUAD,
    canonical_address,
    canonical_cidr,
    is_single,
)
from minga.core.observables.canonical import DEFANGED, canonical
from minga.core.observables.file_names import is_file_name
from minga.core.observables.identifiers import LONGEST_TEXT
from minga.core.observables.kinds import Kind, Observable
from minga.core.observables.names import ASCII_HOST, ASCII_NAME, LONGEST_NAME, is_known_top
from minga.core.observables.refanging import refang
from minga.core.problems import Invalid

# Values that are canonical already, which is what machines send. Each alternative must accept
# canonical values only: a test compares this path with the slow one.
_CANONICAL = re.compile(
    rf"(?P<ipv4>{DOTTED_QUAD})"
    r"|(?P<sha256>[0-9a-f]{64})|(?P<md5>[0-9a-f]{32})|(?P<sha1>[0-9a-f]{40})"
    r"|(?P<sha512>[0-9a-f]{128})"
    rf"|(?P<domain>{ASCII_NAME})"
    rf"|(?P<url>https?://(?P<host>{ASCII_HOST})/[A-Za-z0-9/_.?&=%+~-]*)"
)
_WRAPPING = " \t\r\n\"'`<>«»“”‘’,;"
_ADDRESS = re.compile(r"\[?[0-9A-Fa-f:]*[.:][0-9A-Fa-f:.]*(?:%\w{1,32})?\]?(?:/[0-9]{1,3})?")
_HEX = re.compile(r"[0-9A-Fa-f]+|[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){15,63}")
_BY_HEX_LENGTH = {32: Kind.MD5, 40: Kind.SHA1, 64: Kind.SHA256, 128: Kind.SHA512}
_MAC = re.compile(
    r"[0-9A-Fa-f]{2}([:-])(?:[0-9A-Fa-f]{2}\1){4}[0-9A-Fa-f]{2}|(?:[0-9A-Fa-f]{4}\.){2}[0-9A-Fa-f]{4}"
)
_NOT_IN_A_NAME = re.compile(r'[\s/\\:*?"<>|@]')
_PORT_OR_PATH = re.compile(
    r"(?P<host>[^\s/:@]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?(?P<path>/\S+)?/?"
)
_KIND_OF_GROUP: dict[str | None, Kind] = {kind.value: kind for kind in Kind}
_AT_A_GLANCE = frozenset({Kind.DOMAIN, Kind.URL, Kind.MD5, Kind.SHA1, Kind.SHA256, Kind.SHA512})
_SHAPES: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (Kind.URL, re.compile(r"[A-Za-z][A-Za-z0-9+.-]{1,31}://\S+")),
    (Kind.CVE, re.compile(r"CVE[-‐‑‒–—−].+", re.IGNORECASE)),
    (Kind.TECHNIQUE, re.compile(r"T[0-9]{4}(?:\.[0-9]{3})?", re.IGNORECASE)),
    (Kind.ASN, re.compile(r"ASN? ?[0-9.]+", re.IGNORECASE)),
    (Kind.MAC, _MAC),
    (Kind.REGISTRY_KEY, re.compile(r"HK[A-Z_]+:?(?:\\.*)?", re.IGNORECASE)),
    (Kind.MUTEX, re.compile(r"(?:Global|Local)\\[^\\]+")),
    (Kind.USER_AGENT, re.compile(r"(?:Mozilla/[0-9]|Opera/[0-9]|Dalvik/[0-9]|curl/[0-9]|Wget/).*")),
    (Kind.SSDEEP, re.compile(r"[0-9]+:[A-Za-z0-9/+]+:[A-Za-z0-9/+]+(?:,.*)?")),
    (Kind.BITCOIN, re.compile(r"[13][A-Za-z0-9]{25,34}|(?:bc1|BC1)[A-Za-z0-9]{11,87}")),
    (Kind.EMAIL, re.compile(r"[^\s@]+@[^\s@]+")),
    (
        Kind.FILE_PATH,
        re.compile(r"[A-Za-z]:\\.+|\\\\[^\\]+\\.+|%[A-Za-z_()0-9]+%\\.+|(?:/[^/]+){2,}|~/.+"),
    ),
)


def recognise(text: str) -> Observable | None:
    """The observable that a pasted value is, refanged and canonical; None when nothing fits.

    Takes one value, not a text: for that there is `extract`. Blanks, quotation marks and a comma
    around it are dropped. A range of one address is that address, an IPv4-mapped IPv6 address is
    IPv4, and a name that could be a file or a host is judged by its ending. Mutexes, subjects,
    command lines and process names look like anything and are recognised only where their form
    says so: `Global\\name`.
    """
    quick = at_a_glance(text)
    if quick is not None:
        return quick
    return _examine(text) if len(text) <= LONGEST_TEXT else None


def recognise_many(lines: Iterable[str]) -> list[Observable | None]:
    """`recognise` for each value, in order; for batches of a lookup."""
    return [at_a_glance(line) or recognise(line) for line in lines]


def at_a_glance(text: str) -> Observable | None:
    """The answer for a value in canonical spelling, or None when it needs a closer look."""
    found = _CANONICAL.fullmatch(text)
    if found is None:
        return None
    group = found.lastgroup
    if group == "domain":
        if len(text) > LONGEST_NAME or not _is_plain_top(text[text.rfind(".") + 1 :]):
            return None
    elif group == "url" and (len(found["host"]) > LONGEST_NAME or len(text) > LONGEST_TEXT):
        return None
    return Observable(_KIND_OF_GROUP[group], text)


@lru_cache(maxsize=8192)
def _is_plain_top(label: str) -> bool:
    """Whether names ending so are hosts, without asking whether they might be files."""
    return is_known_top(label) and not is_file_name(f"a.{label}")


def _examine(text: str) -> Observable | None:
    text = text.strip(_WRAPPING)
    plain = refang(text)
    return (
        address(plain)
        or by_hex_length(plain)
        or _by_shape(text, plain)
        or host_or_file(plain, was_defanged=plain != text)
        or _with_port_or_path(plain)
    )


def address(text: str) -> Observable | None:
    """An IP address or range."""
    if len(text) > 64 or not _ADDRESS.fullmatch(text):
        return None
    try:
        if "/" in text:
            cidr = canonical_cidr(text)
            if not is_single(cidr):
                return Observable(Kind.CIDR, cidr)
            text = cidr.partition("/")[0]
        value = canonical_address(text)
    except Invalid:
        return None
    return Observable(Kind.IPV6 if ":" in value else Kind.IPV4, value)


def by_hex_length(text: str) -> Observable | None:
    """A hash, by how many hexadecimal digits it has; colons between pairs do not count."""
    digits = text.replace(":", "") if _HEX.fullmatch(text) else ""
    kind = _BY_HEX_LENGTH.get(len(digits))
    return Observable(kind, digits.lower()) if kind else None


def _by_shape(text: str, plain: str) -> Observable | None:
    for kind, shape in _SHAPES:
        if shape.fullmatch(plain):
            found = attempt(kind, plain if kind in DEFANGED else text)
            if found:
                return found
    return None


def attempt(kind: Kind, text: str) -> Observable | None:
    """The observable of this kind, or None where `canonical` would refuse."""
    if kind in _AT_A_GLANCE:
        quick = at_a_glance(text)
        if quick is not None and quick.kind is kind:
            return quick
    try:
        return Observable(kind, canonical(kind, text))
    except Invalid:
        return None


def host_or_file(name: str, *, was_defanged: bool) -> Observable | None:
    """A bare word with a dot: a host under a known top-level domain, or a file's name.

    Nobody defangs the name of a file, so what was defanged is a host.
    """
    quick = at_a_glance(name)
    if quick is not None and quick.kind is Kind.DOMAIN:
        return quick
    if not was_defanged and is_file_name(name):
        return attempt(Kind.FILE_NAME, name)
    if "." not in name or _NOT_IN_A_NAME.search(name):
        return None
    found = attempt(Kind.DOMAIN, name)
    return found if found and is_known_top(found.value.rpartition(".")[2]) else None


def _with_port_or_path(text: str) -> Observable | None:
    """`host:port` is the host. `host/path` is a URL whose scheme went missing: http is assumed."""
    parts = _PORT_OR_PATH.fullmatch(text)
    if parts is None:
        return None
    host = address(parts["host"]) or host_or_file(parts["host"], was_defanged=False)
    if host is None or host.kind is Kind.FILE_NAME:
        return None
    return attempt(Kind.URL, text) if parts["path"] else host
