"""The forms that strings of STIX take: identifiers, references, timestamps, hex and their like.

A form is one regular expression that is linear in its input, and the words that a fault uses for
it. Structs name the form of each property in their annotations, so that the fast check and the
one that explains read the same declaration.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from msgspec import Meta

UUID = "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[1-8][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}"
"""RFC 4122 and RFC 9562: versions 1 to 8 of the variant that begins with 8, 9, a or b."""

TYPE_NAME = "[a-z][a-z0-9]*+(?:-[a-z0-9]++)*+"
"""STIX 2.1, sections 3.1 and 11.2: ASCII lower case, digits and single hyphens."""

MAX_IDENTIFIER = 250 + 2 + 36

ANY_IDENTIFIER = f"(?=.{{41,{MAX_IDENTIFIER}}}(?!.)){TYPE_NAME}--{UUID}"
"""An identifier whose type name has its 3 to 250 characters."""

_DATE = (
    "(?:(?!0000)[0-9]{4}-"
    "(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])"
    "|(?:0[13-9]|1[0-2])-(?:29|30)"
    "|(?:0[13578]|1[02])-31)"
    "|(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:0[48]|[2468][048]|[13579][26])00)-02-29)"
)
_TIME = "T(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]|23:59:60)"


@dataclass(frozen=True, slots=True)
class Form:
    """What a string must look like. `expected` finishes the sentence `expected …`.

    `recurs` says of an identifier that a few come again and again, so verdicts are remembered.
    """

    pattern: str
    expected: str
    recurs: bool = False
    holds: Callable[[str], object] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        matches = re.compile(self.pattern).fullmatch
        remembered = lru_cache(maxsize=4096)(matches)

        def holds(text: str) -> object:
            return len(text) <= MAX_IDENTIFIER and remembered(text)

        object.__setattr__(self, "holds", holds if self.recurs else matches)


def shaped(form: Form) -> Meta:
    """The annotation that gives a property its form."""
    return Meta(extra={"form": form})


def reference_to(*types: str, recurs: bool = False) -> Form:
    """A reference to an object of one of `types` and of no other, custom or not."""
    named = " or ".join(types)
    expected = f"the identifier of {_article(named)} {named}"
    return Form(f"(?:{'|'.join(types)})--{UUID}", expected, recurs)


def reference_except(*forbidden: str, expected: str) -> Form:
    """A reference to anything, custom types included, but the `forbidden` types."""
    return Form(f"(?!(?:{'|'.join(forbidden)})--){ANY_IDENTIFIER}", expected)


def _article(noun: str) -> str:
    return "an" if noun[0] in "aeio" else "a"


IDENTIFIER = Form(ANY_IDENTIFIER, "an identifier of the form type--UUID")

TIMESTAMP = Form(
    rf"{_DATE}{_TIME}(?:\.[0-9]{{1,9}})?Z",
    "a UTC timestamp such as 2026-01-31T23:59:59.123Z, to the nanosecond at most",
)
"""RFC 3339 as STIX 2.1, section 3.16 narrows it. The limit of nine digits is ours."""

CREATION = Form(
    rf"{_DATE}{_TIME}\.[0-9]{{3,9}}Z",
    "a UTC timestamp with milliseconds, such as 2026-01-31T23:59:59.123Z",
)
"""`created` and `modified` are precise to the millisecond at least (section 3.2)."""

HEX = Form("(?:[0-9a-fA-F]{2})++", "an even number of hexadecimal digits")
BINARY = Form(
    "(?:[A-Za-z0-9+/]{4})*+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?",
    "base64 with its padding (RFC 4648)",
)
LANGUAGE = Form(
    "[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*+", "a language tag such as es or pt-BR (RFC 5646)"
)
SELECTOR = Form(
    r"(?:[a-z0-9_-]{3,250}|id)(?:\.(?:\[[0-9]{1,9}\]|[a-zA-Z0-9_-]{1,250}))*+",
    "a selector such as description or external_references.[0].url",
)
TYPE = Form(
    f"(?=.{{3,250}}(?!.)){TYPE_NAME}",
    "a type name of lower case letters, digits and single hyphens, 3 to 250",
)
MAX_PROPERTY_NAME = 250
PROPERTY_NAME = Form(
    f"[a-z0-9_]{{3,{MAX_PROPERTY_NAME}}}|id",
    "a property name of lower case letters, digits and _, 3 to 250",
)
DICTIONARY_KEY = Form(
    "[a-zA-Z0-9_-]{1,250}", "a dictionary key of ASCII letters, digits, - and _, up to 250"
)
RELATIONSHIP_TYPE = Form("[a-z0-9-]++", "lower case letters, digits and hyphens")

_OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
IPV4 = Form(
    rf"{_OCTET}(?:\.{_OCTET}){{3}}(?:/(?:3[0-2]|[12]?[0-9]))?",
    "an IPv4 address such as 198.51.100.3, or a range such as 198.51.100.0/24",
)
MAC = Form(
    "(?:[0-9a-f]{2}:){5}[0-9a-f]{2}", "a MAC address in lower case, such as d2:fb:49:24:37:18"
)
REGISTRY_KEY = Form(
    r"(?is:(?!HK(?:LM|CC|CR|CU|U)(?:\\|\Z)).++)",
    r"a registry key with its hive in full, such as HKEY_LOCAL_MACHINE\Software",
)

HASHES = {
    "MD5": Form("[0-9a-fA-F]{32}", "an MD5 of 32 hexadecimal digits"),
    "SHA-1": Form("[0-9a-fA-F]{40}", "a SHA-1 of 40 hexadecimal digits"),
    "SHA-256": Form("[0-9a-fA-F]{64}", "a SHA-256 of 64 hexadecimal digits"),
    "SHA-512": Form("[0-9a-fA-F]{128}", "a SHA-512 of 128 hexadecimal digits"),
    "SHA3-256": Form("[0-9a-fA-F]{64}", "a SHA3-256 of 64 hexadecimal digits"),
    "SHA3-512": Form("[0-9a-fA-F]{128}", "a SHA3-512 of 128 hexadecimal digits"),
}
"""Algorithms with one spelling of their value. Fuzzy ones (SSDEEP, TLSH) have several."""


_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - both sides of the subtraction are UTC without saying so


@lru_cache(maxsize=65_536)
def microseconds(timestamp: str) -> int:
    """Microseconds since 1970 of a well-formed timestamp; finer digits are cut off.

    A leap second counts as the first instant of the next minute.
    """
    leap = timestamp[17:19] == "60"
    whole = datetime.fromisoformat(f"{timestamp[:17]}59" if leap else timestamp[:19]) - _EPOCH
    seconds = whole.days * 86_400 + whole.seconds + (1 if leap else 0)
    return seconds * 1_000_000 + int(f"{timestamp[20:-1]}000000"[:6])


def earlier(one: str, other: str) -> bool:
    """Whether the well-formed timestamp `one` is an instant before `other`, to the last digit."""
    return one < other if len(one) == len(other) else _padded(one) < _padded(other)


def _padded(timestamp: str) -> str:
    return f"{timestamp[:19]}{timestamp[20:-1]:0<9}"
