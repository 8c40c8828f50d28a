from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stix2.v21 import (
    URL,
    AutonomousSystem,
    DomainName,
    EmailAddress,
    EmailMessage,
    File,
    IPv4Address,
    IPv6Address,
    MACAddress,
    Mutex,
    Process,
    WindowsRegistryKey,
)

from minga.core.observables import Kind, Observable, to_pattern, to_sco
from minga.core.stix import patterns
from tests.core.observables.values import FREE_TEXT, LINE, observables

TYPES = {
    "autonomous-system": AutonomousSystem,
    "domain-name": DomainName,
    "email-addr": EmailAddress,
    "email-message": EmailMessage,
    "file": File,
    "ipv4-addr": IPv4Address,
    "ipv6-addr": IPv6Address,
    "mac-addr": MACAddress,
    "mutex": Mutex,
    "process": Process,
    "url": URL,
    "windows-registry-key": WindowsRegistryKey,
}
ANY = observables() | st.builds(
    Observable, st.sampled_from([kind for kind in FREE_TEXT if kind is not Kind.PROCESS_NAME]), LINE
)


@given(ANY)
@settings(max_examples=200, deadline=None)
def test_the_pattern_of_an_observable_names_exactly_it(one):
    assert patterns.read(to_pattern(one)) == (None, (one,))


@given(ANY)
@settings(max_examples=100, deadline=None)
def test_its_object_is_one_that_stix2_accepts(one):
    properties = to_sco(one)
    if properties is not None:
        made = TYPES[properties["type"]](**{k: v for k, v in properties.items() if k != "type"})
        assert made.type == properties["type"]


@pytest.mark.parametrize(
    ("one", "pattern"),
    [
        (Observable(Kind.IPV4, "192.0.2.7"), "[ipv4-addr:value = '192.0.2.7']"),
        (Observable(Kind.CIDR, "2001:db8::/32"), "[ipv6-addr:value ISSUBSET '2001:db8::/32']"),
        (Observable(Kind.ASN, "AS64496"), "[autonomous-system:number = 64496]"),
        (Observable(Kind.MD5, "ab" * 16), f"[file:hashes.MD5 = '{'ab' * 16}']"),
        (Observable(Kind.SHA256, "ab" * 32), f"[file:hashes.'SHA-256' = '{'ab' * 32}']"),
        (Observable(Kind.URL, "http://a.cl/it's"), r"[url:value = 'http://a.cl/it\'s']"),
        (Observable(Kind.MUTEX, "Global\\A"), r"[mutex:name = 'Global\\A']"),
        (
            Observable(Kind.FILE_PATH, "C:\\a\\b.exe"),
            r"[file:name = 'b.exe' AND file:parent_directory_ref.path = 'C:\\a']",
        ),
        (Observable(Kind.FILE_PATH, "C:\\a\\"), r"[directory:path = 'C:\\a\\']"),
        (Observable(Kind.FILE_PATH, "a\\b/c"), r"[directory:path = 'a\\b/c']"),
    ],
)
def test_patterns_are_written_as_the_standard_wants_them(one, pattern):
    assert to_pattern(one) == pattern
    assert patterns.observables(pattern) == (one,)


def test_what_stix_has_no_object_for_has_none():
    kinds = (
        Kind.CVE,
        Kind.TECHNIQUE,
        Kind.FILE_PATH,
        Kind.USER_AGENT,
        Kind.PROCESS_NAME,
        Kind.BITCOIN,
    )
    assert [to_sco(Observable(kind, "x")) for kind in kinds] == [None] * len(kinds)


def test_hashes_go_by_the_names_of_the_standard():
    assert to_sco(Observable(Kind.SHA512, "ab" * 64)) == {
        "type": "file",
        "hashes": {"SHA-512": "ab" * 64},
    }
    assert to_sco(Observable(Kind.ASN, "AS64496")) == {"type": "autonomous-system", "number": 64496}
