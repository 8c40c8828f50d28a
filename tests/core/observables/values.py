"""Values for properties: canonical ones of each kind, and the texts they stand in."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from hypothesis import assume
from hypothesis import strategies as st

from minga.core.observables import Kind, Observable, refang

LABEL = st.from_regex(r"[a-z0-9](?:[a-z0-9-]{0,14}[a-z0-9])?", fullmatch=True).filter(
    lambda label: not label.startswith("xn--")
)
TOP = st.sampled_from(["cl", "com", "com.py", "example", "gob.cl", "test", "xn--p1ai", "io"])
HEX = "0123456789abcdef"
PATH = st.text("abcXYZ019-_~%/.?=&+#:@!$*,;ñ()", max_size=30)


@st.composite
def domains(draw: st.DrawFn) -> str:
    labels = draw(st.lists(LABEL, min_size=1, max_size=4))
    return ".".join([*labels, draw(TOP)])


@st.composite
def urls(draw: st.DrawFn) -> str:
    scheme = draw(st.sampled_from(["http", "https", "ftp", "wss"]))
    user = draw(st.sampled_from(["", "", "", "ana@", "ana:secreta@"]))
    host = draw(domains() | IPV4 | IPV6_HOST)
    port = draw(st.sampled_from(["", "", ":8080", ":1"]))
    url = f"{scheme}://{user}{host}{port}/{draw(PATH)}"
    assume(refang(url) == url)
    return url


IPV4 = st.integers(0, 2**32 - 1).map(lambda number: str(IPv4Address(number)))
IPV6 = st.integers(2**48, 2**128 - 1).map(lambda number: str(IPv6Address(number)))
IPV6_HOST = IPV6.map(lambda address: f"[{address}]")
CIDR = st.tuples(st.integers(0, 2**32 - 1), st.integers(0, 31)).map(
    lambda pair: str(IPv4Network(pair, strict=False))
) | st.tuples(st.integers(2**48, 2**128 - 1), st.integers(0, 127)).map(
    lambda pair: str(IPv6Network(pair, strict=False))
)
LINE = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=40)

CANONICAL: dict[Kind, st.SearchStrategy[str]] = {
    Kind.IPV4: IPV4,
    Kind.IPV6: IPV6,
    Kind.CIDR: CIDR,
    Kind.DOMAIN: domains(),
    Kind.URL: urls(),
    Kind.EMAIL: st.tuples(
        st.from_regex(r"[A-Za-z0-9][\w.+-]{0,20}", fullmatch=True).filter(str.isascii), domains()
    ).map("@".join),
    Kind.MD5: st.text(HEX, min_size=32, max_size=32),
    Kind.SHA1: st.text(HEX, min_size=40, max_size=40),
    Kind.SHA256: st.text(HEX, min_size=64, max_size=64),
    Kind.SHA512: st.text(HEX, min_size=128, max_size=128),
    Kind.SSDEEP: st.from_regex(
        r"[0-9]{1,6}:[A-Za-z0-9/+]{13,40}:[A-Za-z0-9/+]{3,40}", fullmatch=True
    ),
    Kind.ASN: st.integers(0, 2**32 - 1).map("AS{}".format),
    Kind.MAC: st.from_regex(r"[0-9a-f]{2}(?::[0-9a-f]{2}){5}", fullmatch=True),
    Kind.CVE: st.from_regex(r"CVE-20[0-9]{2}-[0-9]{4,7}", fullmatch=True),
    Kind.TECHNIQUE: st.from_regex(r"T1[1-6][0-9]{2}(?:\.[0-9]{3})?", fullmatch=True),
    Kind.FILE_NAME: st.from_regex(
        r"[a-z][a-z0-9_-]{0,12}(?:\.pdf)?\.(?:exe|docx|php|js)", fullmatch=True
    ),
    Kind.FILE_PATH: st.from_regex(r"[A-Z]:(?:\\[A-Za-z0-9_]{1,9}){1,4}\.exe", fullmatch=True),
    Kind.REGISTRY_KEY: st.from_regex(
        r"HKEY_LOCAL_MACHINE(?:\\[A-Za-z0-9_]{1,9}){1,4}", fullmatch=True
    ),
    Kind.MUTEX: st.from_regex(r"Global\\[A-Za-z0-9_-]{3,20}", fullmatch=True),
    Kind.BITCOIN: st.sampled_from(
        ["1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"]
    ),
}
"""One strategy for each kind whose form says what it is."""

FREE_TEXT = (
    Kind.PROCESS_NAME,
    Kind.COMMAND_LINE,
    Kind.USER_AGENT,
    Kind.EMAIL_SUBJECT,
)
"""Kinds that could be any text."""


def observables(*kinds: Kind) -> st.SearchStrategy[Observable]:
    """Canonical observables of these kinds, or of all whose form says what they are."""
    return st.one_of(
        [
            CANONICAL[kind].map(lambda value, kind=kind: Observable(kind, value))
            for kind in kinds or CANONICAL
        ]
    )
