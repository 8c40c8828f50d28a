"""Domain names: their canonical form, their parents, and what they may end in."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import idna
from publicsuffixlist import PSLFILE, PublicSuffixList

from minga.core.problems import Invalid

LONGEST_NAME = 253
_LABEL = r"(?!-)[a-z0-9_-]{1,63}+(?<!-)"
_TOP = r"(?:[a-z]{2,63}|xn--[a-z0-9-]{1,58}[a-z0-9])"
ASCII_HOST = rf"(?:{_LABEL}\.)++[a-z]{{2,63}}"
ASCII_NAME = rf"(?:{_LABEL}\.)++{_TOP}"
_ASCII_NAME = re.compile(ASCII_NAME)
_DOTS = re.compile("[\u3002\uff0e\uff61]")

# Names that resolve nowhere in the public tree and are still names: RFC 2606, 6761, 7686, 8375,
# 9476, ICANN's .internal, and what networks commonly use inside.
_SPECIAL = (
    "alt corp example home internal intranet invalid lan local localdomain localhost onion test"
)
SPECIAL_TOPS = frozenset(_SPECIAL.split())


def canonical_domain(text: str) -> str:
    """Lower case, A-labels (IDNA 2008 after UTS 46 mapping), no final dot, two labels or more.

    Underscores are tolerated (`_dmarc.example.com`): DNS carries them and malware uses them.
    An A-label that IDNA 2008 would not produce is kept, because it is what DNS carries.

    Raises Invalid for wildcards, single labels, addresses, and names over 253 characters.
    """
    name = text.strip().lower()
    if not name.isascii() and len(name) <= LONGEST_NAME:  # no A-label is shorter than its letters
        name = _ascii(name, text)
    name = name.removesuffix(".")
    if len(name) > LONGEST_NAME or not _ASCII_NAME.fullmatch(name):
        raise Invalid(
            f"{text[:80]!r} is not a domain name; expected labels of letters, digits, hyphens and "
            f"underscores joined by dots, {LONGEST_NAME} characters at most, such as "
            "login.example.com."
        )
    return name


def _ascii(name: str, text: str) -> str:
    try:
        mapped = _DOTS.sub(".", idna.uts46_remap(name, std3_rules=False))
        labels = (
            label if label.isascii() else idna.alabel(label).decode() for label in mapped.split(".")
        )
        return ".".join(labels)
    except idna.IDNAError as error:
        raise Invalid(
            f"{text[:80]!r} is not a domain name that IDNA 2008 allows ({error}). If it is in use "
            "all the same, write its labels as DNS carries them, beginning with xn--."
        ) from error


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


@cache
def known_tops() -> frozenset[str]:
    """The A-labels a name may end in: those of the public suffix list, and special ones.

    Read from the rules themselves, because some countries have rules for `co.za` and none for `za`.
    """
    with Path(PSLFILE).open(encoding="utf-8") as rules:
        lines = (line.strip() for line in rules)
        tops = {line.rpartition(".")[2] for line in lines if line and not line.startswith("//")}
    return SPECIAL_TOPS | {top if top.isascii() else idna.alabel(top).decode() for top in tops}


def is_known_top(label: str) -> bool:
    """Whether a name may end in this label: on the public suffix list, or special (RFC 6761)."""
    return label in known_tops()


def is_public_suffix(name: str) -> bool:
    """Whether strangers register names under this canonical name, as under `com.py`."""
    return bool(_suffixes().is_public(name, accept_unknown=False))


def parents(domain: str) -> tuple[str, ...]:
    """The canonical name itself and what is above it, up to the registrable domain.

    The private section of the public suffix list counts: `a.b.github.io` ends at `b.github.io`,
    since the tenants of github.io are strangers to each other. A name that is a public suffix
    itself, or that stands under no other, is alone in the answer.

        >>> parents("a.b.example.cl")
        ('a.b.example.cl', 'b.example.cl', 'example.cl')
    """
    registrable = _suffixes().privatesuffix(domain) or domain
    above = [domain]
    while len(above[-1]) > len(registrable):
        above.append(above[-1].partition(".")[2])
    return tuple(above)
