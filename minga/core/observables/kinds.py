"""What an observable is: a kind and a canonical value, nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What was seen. The value is stored, served and typed in filters: it never changes.

    Two things are left out on purpose. JA3, JARM and the like have no place in STIX 2.1 that
    other tools would read. Telephone numbers, bank accounts and national identity numbers are
    personal data: they belong in a report with its audience, not in a shared index.
    """

    IPV4 = "ipv4"
    IPV6 = "ipv6"
    CIDR = "cidr"
    DOMAIN = "domain"
    URL = "url"
    EMAIL = "email"
    MD5 = "md5"
    SHA1 = "sha1"
    SHA256 = "sha256"
    SHA512 = "sha512"
    SSDEEP = "ssdeep"
    ASN = "asn"
    MAC = "mac"
    CVE = "cve"
    TECHNIQUE = "technique"
    FILE_NAME = "file-name"
    FILE_PATH = "file-path"
    REGISTRY_KEY = "registry-key"
    MUTEX = "mutex"
    PROCESS_NAME = "process-name"
    COMMAND_LINE = "command-line"
    USER_AGENT = "user-agent"
    EMAIL_SUBJECT = "email-subject"
    BITCOIN = "bitcoin"


CASE_IGNORED = frozenset(
    {Kind.EMAIL, Kind.FILE_NAME, Kind.FILE_PATH, Kind.PROCESS_NAME, Kind.REGISTRY_KEY}
)
"""Kinds whose canonical value keeps the case it was found in, though the case means nothing."""


@dataclass(frozen=True, slots=True)
class Observable:
    """One thing that can be seen on a network or a machine.

    `value` is canonical when it comes from this package: built by hand, pass it through
    `canonical` first. Homoglyphs stay distinct: `gооgle.com` with Cyrillic letters is not
    `google.com`; see `skeleton`.
    """

    kind: Kind
    value: str

    @property
    def key(self) -> str:
        """The value to index and to compare by: equal keys of one kind are the same thing.

        Differs from `value` only for kinds that ignore case but should be shown, and shared, as
        they were found (STIX 2.1, 6.17: the case of a registry key is to be preserved).
        """
        return self.value.casefold() if self.kind in CASE_IGNORED else self.value

    def __str__(self) -> str:
        return f"{self.kind.value} {self.value}"
