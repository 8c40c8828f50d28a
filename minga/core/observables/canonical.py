"""One spelling for each observable, so that equal things are equal strings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from minga.core.observables import identifiers as ids
from minga.core.observables.addresses import canonical_cidr, canonical_ipv4, canonical_ipv6
from minga.core.observables.kinds import Kind
from minga.core.observables.names import canonical_domain
from minga.core.observables.refanging import refang
from minga.core.observables.urls import canonical_url
from minga.core.observables.wallets import canonical_bitcoin
from minga.core.problems import Invalid

# Kinds that people defang, because a program may make a link of them.
DEFANGED = frozenset({Kind.IPV4, Kind.IPV6, Kind.CIDR, Kind.DOMAIN, Kind.URL, Kind.EMAIL})

_RULES: Mapping[Kind, Callable[[str], str]] = {
    Kind.IPV4: canonical_ipv4,
    Kind.IPV6: canonical_ipv6,
    Kind.CIDR: canonical_cidr,
    Kind.DOMAIN: canonical_domain,
    Kind.URL: canonical_url,
    Kind.EMAIL: ids.canonical_email,
    **{kind: partial(ids.canonical_hash, kind) for kind in ids.HEX_LENGTH},
    Kind.SSDEEP: ids.canonical_ssdeep,
    Kind.ASN: ids.canonical_asn,
    Kind.MAC: ids.canonical_mac,
    Kind.CVE: ids.canonical_cve,
    Kind.TECHNIQUE: ids.canonical_technique,
    Kind.FILE_NAME: ids.canonical_file_name,
    Kind.FILE_PATH: ids.canonical_file_path,
    Kind.REGISTRY_KEY: ids.canonical_registry_key,
    Kind.MUTEX: partial(ids.canonical_text, Kind.MUTEX),
    Kind.PROCESS_NAME: ids.canonical_file_name,
    Kind.COMMAND_LINE: partial(ids.canonical_text, Kind.COMMAND_LINE),
    Kind.USER_AGENT: partial(ids.canonical_text, Kind.USER_AGENT),
    Kind.EMAIL_SUBJECT: partial(ids.canonical_text, Kind.EMAIL_SUBJECT),
    Kind.BITCOIN: canonical_bitcoin,
}


def canonical(kind: Kind, text: str) -> str:
    """The one spelling of a value of this kind; a canonical value is its own.

    Addresses, ranges, domains, URLs and e-mail addresses may be defanged. For what is normalised
    and what is kept, see the rule of each kind in this package.

    Raises Invalid, saying what was found and what was expected.

        >>> canonical(Kind.URL, "hxxps://EVIL[.]example:443/A")
        'https://evil.example/A'
    """
    if kind in DEFANGED:
        text = _plain(text)
    value = _RULES[kind](text)
    if len(value) > ids.LONGEST_TEXT:  # grown by what was spelled out
        raise Invalid(
            f"{text[:80]!r} has {len(value):,} characters when written in full; expected "
            f"{ids.LONGEST_TEXT:,} at most."
        )
    return value


def _plain(text: str) -> str:
    """Refanged until nothing is left to refang: `[[.]]` takes two passes."""
    for _ in range(3):
        plain = refang(text)
        if plain == text:
            return text
        text = plain
    raise Invalid(f"{text[:80]!r} is defanged more than twice; write it with plain dots.")
